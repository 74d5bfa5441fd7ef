// Back to where they died, or to another place: what goes where is shown before anything moves.
import { html } from "lit-html";
import { button } from "../components/basic.js";
import { curlButton } from "../components/copy.js";
import { choice, field } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { toast, toastError } from "../components/toast.js";
import { curl } from "../curl.js";
import { sameInCode } from "../forms/code.js";
import { namesOf } from "../forms/names.js";
import { count, plural } from "../format.js";
import { icon } from "../icons.js";
import { inventory } from "../inventory.js";
import { redraw } from "../redraw.js";
import { exchangeLink, queueLink } from "../router.js";
import "../icons-more.js";

/** Chosen messages by the queue they died in. */
function targets(messages) {
  const groups = new Map();
  for (const m of messages) {
    const d = m.properties?.headers?.["x-death"]?.[0];
    const key = d?.queue ?? "";
    const group = groups.get(key) ?? { queue: d?.queue, reasons: new Set(), n: 0 };
    group.n++;
    if (d) group.reasons.add(d.reason);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What may go wrong again. */
function caution(group, vhost) {
  if (!group.queue) return "they have no x-death header and stay";
  const q = inventory.queues.find((one) => one.name === group.queue && one.vhost === vhost);
  if (inventory.ready && !q) return "the queue no longer exists; they stay";
  if (group.reasons.has("maxlen")) return "was full, and may be so again";
  if (group.reasons.has("expired")) return "without their TTL, else they expire again";
  if (group.reasons.has("rejected") && q) return q.consumers ? `its ${plural(q.consumers, "consumer")} may reject them again` : "nobody consumes there at the moment";
  return "";
}

/** Some came back from their consumers since they were counted. */
async function moved(tab, title) {
  await tab.chooseAll();
  toast({ title, text: `More messages are ready than were shown; counted anew: ${count(tab.amount(tab.chosen()))}.`, bad: true });
}

/** Text of the toast, how many were chosen, and its link: where each went is told if all of them went. */
function redriven({ done, failed }, tab, groups, n) {
  const went = tab.all || done < n || Object.keys(failed ?? {}).length ? [] : groups;
  const text = html`${plural(done, "message")} redriven${went.slice(0, 3).map((g, i) => html`${i ? ", " : ": "}${went.length > 1 ? count(g.n) + " " : ""}to <b><bdi>${g.queue}</bdi></b>`)}${went.length > 3 ? ", …" : ""}`;
  return [text, n, went.length ? [done === 1 ? "Follow it" : "Follow them", queueLink({ vhost: tab.page.vhost, name: went[0].queue }, "messages")] : undefined];
}

/** Below the table, while redriving: targets with counts, and the button. */
export function redrivePanel(tab) {
  const chosen = tab.chosen();
  const n = tab.amount(chosen);
  const run = async () => {
    tab.busy = true;
    redraw();
    try {
      const answer = await tab.run("redrive", n, tab.selection(chosen));
      if (answer) tab.report(answer, ...redriven(answer, tab, targets(chosen), n));
      else await moved(tab, "Not redriven.");
    } catch (error) {
      toastError("Not redriven.", error);
    }
    tab.busy = false;
    redraw();
  };
  return html`<div class="sheet"><div class="row"><h2 class="grow">Redrive ${plural(n, "message")} to where ${n === 1 ? "it" : "they"} died</h2><button type="button" class="iconbtn" aria-label="Close" title="Close (Esc)" @click=${() => tab.closeRedrive()}>${icon("x")}</button></div>
    <div class="route small">${tab.all ? html`<b class="num">${count(n)}</b>${icon("right")}<span>each to the queue its x-death names</span>` : targets(chosen).map((g) => html`
      <b class="num">${count(g.n)}</b>${icon("right")}<span><b><bdi>${g.queue ?? "nowhere"}</bdi></b> <span class="muted">${caution(g, tab.page.vhost)}</span></span>`)}</div>
    <div class="row">${button(`Redrive ${plural(n, "message")}`, run, { kind: "primary", glyph: "redo", disabled: tab.busy })}
      ${button("Other target…", () => moveSheet(tab, chosen))}${curlButton(() => ({ method: "POST", where: tab.act("redrive", n), body: tab.selection(chosen) }))}
      <span class="small muted">Routing keys and headers stay. A confirm is awaited before each one leaves this queue.</span></div></div>`;
}

export function moveSheet(tab, chosen) {
  const n = tab.amount(chosen);
  const state = { to: "queue", queue: "", exchange: "", key: "", names: namesOf(tab.page.vhost) };
  const asked = (s) => ({ ...tab.selection(chosen), ...(s.to === "queue" ? { exchange: "", routing_key: s.queue } : { exchange: s.exchange, ...(s.key ? { routing_key: s.key } : {}) }) });
  openSheet({
    title: `Move ${plural(n, "message")}`, act: "Move " + plural(n, "message"), refused: "Not moved.", state,
    blocked: (s) => (s.to === "queue" ? !s.queue : !s.exchange),
    body: (s) => html`${choice(s, "to", "To", [["queue", "a queue"], ["exchange", "an exchange, with a routing key"]])}
      ${s.to === "queue" ? field(s, "queue", "Queue", { list: s.names.queues, bad: unknown(s, "queues", s.queue), hint: unknown(s, "queues", s.queue) ? "No such queue." : "" })
        : html`${field(s, "exchange", "Exchange", { list: s.names.exchanges })}${field(s, "key", "Routing key", { mono: true, hint: "Empty keeps each message's own key." })}`}${sameInCode({ curl: () => curl("POST", tab.act("move", n), asked(s)) })}`,
    run: async (s) => {
      const answer = await tab.run("move", n, asked(s));
      if (answer) tab.report(answer, html`${plural(answer.done, "message")} moved to <b><bdi>${s.queue || s.exchange}</bdi></b>`, n, s.to === "queue" ? ["Show queue", queueLink({ vhost: tab.page.vhost, name: s.queue })] : ["Show exchange", exchangeLink(tab.page.vhost, s.exchange)]);
      else await moved(tab, "Not moved.");
    },
  });
}

const unknown = (s, list, name) => s.names.loaded && !s.names.more && !!name && !s.names[list].includes(name);
