// The life story of one message: what happened to it, when, and how long each stage lasted.
import { html, nothing } from "lit-html";
import { age, bytes, clientName, count, exchangeName, plural } from "../format.js";
import { inventory } from "../inventory.js";
import { exchangeLink, link, queueLink } from "../router.js";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });

/** Milliseconds as exactly as they are of interest: 41 ms, 7.757 s, 14 min. */
const span = (ms) => (ms < 1 ? "under 1 ms" : ms >= 1000 && ms < 60_000 ? (ms / 1000).toFixed(3) + " s" : age(ms));

/** Who had to do with it, by the name of the client if there is one. */
export function party(by) {
  if (by.connection === "HTTP") return html`<b><bdi>${by.user}</bdi></b> over HTTP`;
  const name = by.client ?? clientName(inventory.connections.get(by.connection) ?? { name: by.connection });
  return html`<a href=${link("connections", by.connection)}><bdi>${name}</bdi></a>`;
}

const inQueue = (vhost, name) => html`<a href=${queueLink({ vhost, name })}><bdi>${name}</bdi></a>`;
const toExchange = (vhost, name) => html`<a href=${exchangeLink(vhost, name)}><bdi>${exchangeName(name)}</bdi></a>`;
const key = (text) => html`<span class="mono"><bdi>${text || "(empty key)"}</bdi></span>`;

const goesOn = (s, vhost) => html`to ${toExchange(vhost, s.exchange)} with ${key(s.routing_key)}, ${s.routed_to ? "to " + plural(s.routed_to, "queue") : html`<b>where no queue takes it</b>`}`;
const holder = (s) => (s.connection ? party(s) : "its client");
const reader = (s) => html`channel ${s.channel}${s.consumer_tag ? html`, consumer ${key(s.consumer_tag)}` : nothing}${s.no_ack ? ", needs no acknowledgement" : ""}`;

/** By event: what happened, whether it is bad, and what is to be said besides. `stage` is how the time since the last step was spent. */
const EVENTS = {
  unroutable: { bad: true, what: () => "Dropped: it reached no queue" },
  returned: { bad: true, what: () => "Returned to its publisher: it reached no queue" },
  rolled_back: { bad: true, what: () => "Its transaction was rolled back" },
  delayed: { what: () => "Kept by a delayed exchange" },
  entered: { what: (s, v) => html`Entered ${inQueue(v, s.queue)}`, sub: (s) => (s.position ? `${count(s.position)} ${s.position === 1 ? "message" : "messages"} before it` : "nothing before it") },
  refused: { bad: true, what: (s, v) => html`Refused by ${inQueue(v, s.queue)}: the queue is full` },
  dropped: { bad: true, what: (s, v) => html`Dropped by ${inQueue(v, s.queue)}: its time to live is 0 and nobody takes it at once` },
  delivered: { what: (s) => html`Delivered ${s.redelivered ? "again " : ""}to ${party(s)}`, stage: "waited", sub: reader },
  got: { what: (s) => html`Fetched ${s.redelivered ? "again " : ""}by ${party(s)}`, stage: "waited", sub: reader },
  acked: { what: (s) => html`Acknowledged by ${holder(s)}`, stage: "held" },
  rejected: { bad: true, what: (s) => html`Rejected by ${holder(s)}, not to be requeued`, stage: "held" },
  requeued: { bad: true, what: (s) => html`Given back by ${holder(s)}`, stage: "held" },
  taken_back: { bad: true, what: (s) => html`Taken back from ${holder(s)}: too slow, or by hand`, stage: "held" },
  channel_closed: { bad: true, what: (s) => html`Came back: the channel of ${holder(s)} ended`, stage: "held" },
  expired: { bad: true, what: (s, v) => html`Expired in ${inQueue(v, s.queue)}`, stage: "waited" },
  maxlen: { bad: true, what: (s, v) => html`Pushed out of ${inQueue(v, s.queue)}: the queue was full`, stage: "waited" },
  delivery_limit: { bad: true, what: (s, v) => html`Given up by ${inQueue(v, s.queue)}: delivered too often` },
  dead_lettered: { bad: true, what: (s, v) => html`Dead-lettered by ${inQueue(v, s.queue)}`, sub: goesOn },
  dead_letter_lost: { bad: true, what: (s, v) => html`Lost: the dead letter exchange of ${inQueue(v, s.queue)} does not exist` },
  dead_letter_cycle: { bad: true, what: (s, v) => html`Not put into ${inQueue(v, s.queue)} again: it would go round in a circle` },
  held: { bad: true, what: (s, v) => html`Kept by ${inQueue(v, s.queue)} until a queue takes the dead letter` },
  purged: { bad: true, what: (s, v) => html`${inQueue(v, s.queue)} was purged`, stage: "waited" },
  queue_deleted: { bad: true, what: (s, v) => html`${inQueue(v, s.queue)} was deleted`, stage: "waited" },
  deleted: { bad: true, what: (s, v) => (s.queue ? html`Deleted from ${inQueue(v, s.queue)} by hand` : "Deleted by hand while it was delayed"), stage: "waited" },
  moved: { what: (s, v) => html`Moved from ${inQueue(v, s.queue)} by hand`, stage: "waited", sub: goesOn },
};

/** The last step in words without links, for a list. */
const SHORT = {
  unroutable: "dropped, no queue", returned: "returned, no queue", rolled_back: "rolled back", delayed: "delayed", refused: "refused, queue full", dropped: "dropped, no consumer", acked: "acknowledged",
  rejected: "rejected", expired: "expired", maxlen: "pushed out", delivery_limit: "delivered too often", dead_lettered: "dead-lettered, no queue", dead_letter_lost: "dead letter lost", dead_letter_cycle: "dead letter lost", held: "kept as a dead letter",
  purged: "purged", queue_deleted: "queue deleted", deleted: "deleted by hand", moved: "moved by hand", delivered: "delivered", got: "fetched",
};

/** Where a message of a list is now, or how it ended: [text, bad]. */
export function outcome(m) {
  const with_ = m.places.filter((p) => p.state === "unacked");
  const ready = m.places.filter((p) => p.state === "ready");
  if (ready.length || with_.length) {
    const parts = [];
    if (ready.length) parts.push("waits in " + (ready.length === 1 ? ready[0].queue : plural(ready.length, "queue")));
    if (with_.length) parts.push("unacked in " + (with_.length === 1 ? with_[0].queue : plural(with_.length, "queue")));
    return [parts.join(", "), false];
  }
  const event = m.last?.event;
  return [SHORT[event] ?? "published", Boolean(EVENTS[event]?.bad)];
}

function step(s, before, start, vhost) {
  const e = EVENTS[s.event] ?? { what: () => s.event };
  const spent = e.stage && before ? `${e.stage} ${span(s.time - before.time)}` : null;
  const more = e.sub?.(s, vhost);
  return html`<li class=${e.bad ? "bad" : ""}><span>${e.what(s, vhost)}</span><time title=${clock.format(s.time)}>+${s.time > start ? span(s.time - start) : "0 ms"}</time>
    ${spent || more ? html`<span class="sub">${spent}${spent && more ? ", " : ""}${more}</span>` : nothing}</li>`;
}

function places(story, vhost) {
  const now = Date.now();
  return story.places.filter((p) => p.state !== "gone").map((p) => {
    const since = p.since <= now ? age(now - p.since) : "";
    return html`<li class="now"><span>${p.state === "ready" ? html`Waits in ${inQueue(vhost, p.queue)}` : html`Not acknowledged yet, of ${inQueue(vhost, p.queue)}`}</span><time>${since}</time></li>`;
  });
}

/** The section of a viewer that tells it, first step first. */
export function storySection(story, vhost) {
  const lastIn = new Map();
  const steps = story.steps.map((s) => {
    const before = lastIn.get(s.queue);
    if (s.queue) lastIn.set(s.queue, s);
    return step(s, before, story.time, vhost);
  });
  const remarks = [
    story.left_out && `${plural(story.left_out, "step")} in between ${story.left_out === 1 ? "is" : "are"} not kept.`,
    story.unfollowed && `${plural(story.unfollowed, "further queue")} got it, too; what happened there is not kept.`,
    story.hidden && `What happened in ${plural(story.hidden, "further queue")} you may not see: it needs read there.`,
  ].filter(Boolean);
  return html`<section><h3>Life story</h3><ol class="story small" aria-label="Life story">
    <li><span>Published by ${party(story)}</span><time>${clock.format(story.time)}</time>
      <span class="sub">to ${toExchange(vhost, story.exchange)} with ${key(story.routing_key)}, ${bytes(story.payload_bytes)}, ${story.routed_to ? "routed to " + plural(story.routed_to, "queue") : "routed to no queue"}</span></li>
    ${steps}${places(story, vhost)}</ol>
    ${remarks.map((r) => html`<p class="muted small gap">${r}</p>`)}</section>`;
}
