// The quieter tabs of a queue: bindings, consumers, settings.
import { html, nothing } from "lit-html";
import { ageInSeconds, sinceThen } from "../ages.js";
import { bindSheet } from "../forms.js";
import { argument, showArgument } from "../arguments.js";
import { features, path, send } from "../api.js";
import { actNow } from "../components/act.js";
import { confirmLoss } from "../components/dialog.js";
import { button, empty, isOff, kv, meter, problem, skeleton, tag, unless } from "../components/basic.js";
import { code } from "../components/code.js";
import { table } from "../components/table.js";
import { toast } from "../components/toast.js";
import { age, bytes, clientName, count, dayTime, exchangeName, rate, value } from "../format.js";
import { icon } from "../icons.js";
import { inventory, setting } from "../inventory.js";
import { exchangeLink, link } from "../router.js";
import { argumentTags } from "../words.js";
import { asksFor, withAsked } from "./asked.js";
import { lacks, lacksByNow, learn, needs } from "../rights.js";
import { pikaBind, pikaConsume } from "../snippets.js";
import "../icons-more.js";

/** Removes one binding; harmless enough to do at once, with a way back. */
export async function unbind(b, after) {
  const both = path("bindings", b.vhost, "e", b.source, b.destination_type === "queue" ? "q" : "e", b.destination);
  const shown = ["Show exchange", exchangeLink(b.vhost, b.source)];
  const names = (how) => html`<b><bdi>${b.destination}</bdi></b> is ${how} to <b><bdi>${b.source}</bdi></b>`;
  const bindAgain = async () => {
    const body = { routing_key: b.routing_key, arguments: b.arguments };
    if (await actNow({ method: "POST", where: both, body }, "Not bound.", () => ({ text: names("bound again"), link: shown }))) after?.();
  };
  const call = { method: "DELETE", where: both + path("", b.properties_key) };
  if (await actNow(call, "Not unbound.", () => ({ text: names("no longer bound"), link: shown, undo: bindAgain }))) after?.();
}

const lacksUnbind = (b) => lacksByNow("read", b.vhost, b.source, "exchange") ?? lacksByNow("write", b.vhost, b.destination, b.destination_type);

/** There may be thousands: the rights to one are asked for once somebody gets near it. */
function learnUnbind(b) {
  learn(b.vhost, b.source, "exchange");
  learn(b.vhost, b.destination, b.destination_type);
}

export function unbindButton(b, after) {
  const lack = lacksUnbind(b);
  return html`<span @pointerenter=${() => learnUnbind(b)} @focusin=${() => learnUnbind(b)}><button type="button" class="iconbtn" title=${lack ?? "Unbind"} aria-disabled=${isOff(lack)} aria-label="Unbind" @click=${unless(lack, () => unbind(b, after))}>${icon("trash")}</button></span>`;
}

/** Statistics of two between which nothing went. */
export const NONE_PASSED = { publish: 0, publish_details: { rate: 0 } };

/** With `passed`, which gives the statistics of what went from the one to the other, by all bindings of the two; undefined if unknown. */
export const bindingColumns = (other, after, passed) => [
  { head: other.head, cls: "c-name", cell: other.cell },
  { head: "Routing key", cls: "c-st", cell: (b) => html`<span class="mono"><bdi>${b.routing_key || "(empty)"}</bdi></span>` },
  { head: "Arguments", cell: (b) => argumentTags(b.arguments) },
  ...(passed ? [{ head: "Passed /s", n: true, hide: "hide-t", cell: (b) => rate(passed(b)?.publish_details?.rate) }, { head: "Passed", n: true, hide: "hide-t", cell: (b) => count(passed(b)?.publish) }] : []),
  { head: "", n: true, cls: "c-ready", cell: (b) => unbindButton(b, after) },
];

export function bindingsTab(page, q) {
  const bindings = (page.bindings ?? []).filter((b) => b.source !== "");
  const bind = () => bindSheet({ vhost: q.vhost, destination: q.name, done: () => page.bindingsWatch.again() });
  const after = () => page.bindingsWatch.again();
  if (!page.bindings) return skeleton(3);
  return html`<section class="panel"><header><h2>Bindings</h2><span class="right">${button("Bind to an exchange", bind, { kind: "sm", glyph: "plus", lack: lacks("write", q.vhost, q.name) })}</span></header>
    ${bindings.length ? table({
      columns: bindingColumns({ head: "From exchange", cell: (b) => html`<a class="name" href=${exchangeLink(b.vhost, b.source)}><bdi>${exchangeName(b.source)}</bdi></a>` }, after, (b) => page.passed.of(b) ?? (q.incoming && (q.incoming.find((i) => i.exchange?.name === b.source)?.stats ?? NONE_PASSED))),
      rows: bindings, key: (b) => b.source + "\u0000" + b.properties_key, label: "Bindings",
    }) : empty("No binding", html`Only messages sent to the default exchange with key <span class="mono">${q.name}</span> reach it.`, nothing, code(pikaBind(q.vhost, q.name, "orders", "order.*.paid")))}</section>${keysPanel(page, q)}`;
}

/** What reaches the queue, whatever is bound: exchanges and keys of the messages that came last. */
function keysPanel(page, q) {
  if (!features.has("keys")) return nothing;
  const keys = page.keysSeen;
  return html`<section class="panel"><header><h2>Keys that reached this queue lately</h2></header>
    ${page.keysFailure && !keys ? problem("Not shown.", page.keysFailure, needs(lacks("read", q.vhost, q.name))) : !keys ? skeleton(2) : keys.length ? table({
      label: "Keys that reached this queue lately", rows: keys, key: (k) => k.exchange + "\u0000" + k.routing_key,
      columns: [
        { head: "From exchange", cls: "c-name", cell: (k) => html`<a class="name" href=${exchangeLink(q.vhost, k.exchange)}><bdi>${exchangeName(k.exchange)}</bdi></a>` },
        { head: "Routing key", cls: "c-st", cell: (k) => html`<span class="mono cut wide" title=${k.routing_key}><bdi>${k.routing_key || "(empty)"}</bdi></span>` },
        { head: "Last came", n: true, cls: "c-ready muted", cell: (k) => html`<span title=${dayTime(k.seen)}>${ageInSeconds(sinceThen(k.seen))} ago</span>` },
      ],
    }) : empty("No key yet", "Exchange and routing key of each message that comes show here, the last 16. A restart forgets them.")}</section>`;
}

/** A client by its connection's name, linked. */
export const clientCell = (name) => html`<a href=${link("connections", name ?? "")}><bdi>${clientName(inventory.connections.get(name) ?? { name })}</bdi></a>`;

/** Unacked by consumer are known only where there is one consumer. */
const held = (c, q) => c.unacked ?? (q.consumers === 1 ? q.messages_unacknowledged : undefined);

function prefetch(c, q) {
  if (!c.prefetch_count) return html`<span class="muted">no limit</span>`;
  const used = held(c, q);
  if (used === undefined) return count(c.prefetch_count);
  return html`<svg class="bar inline" preserveAspectRatio="none" viewBox="0 0 100 4" aria-hidden="true"><rect class="bar-0" width="100" height="4"></rect><rect class="bar-1" width=${Math.min(100, (100 * used) / c.prefetch_count)} height="4"></rect></svg>${count(used)} of ${count(c.prefetch_count)}`;
}

/** Cancels a consumer; the client is told, if it understands that. */
function cancelConsumer(q, c) {
  const client = clientName(inventory.connections.get(c.channel_details?.connection_name) ?? { name: c.channel_details?.connection_name });
  const where = "dev/" + path("queues", q.vhost, q.name) + "/consumers/cancel";
  const body = { channel: c.channel_details?.name, consumer_tag: c.consumer_tag };
  confirmLoss({
    title: html`Cancel consumer <bdi>${c.consumer_tag}</bdi>?`,
    text: html`<p><b><bdi>${client}</bdi></b> gets no more messages of <b><bdi>${q.name}</bdi></b>. What it holds stays with it until it acknowledges. Most clients do not consume again by themselves.</p>`,
    act: "Cancel consumer", keep: "Keep consumer", refused: "Not cancelled.", call: { method: "POST", where, body },
    run: async () => {
      const { told } = await send("POST", where, body);
      toast({ text: html`The consumer of <b><bdi>${client}</bdi></b> is cancelled${told ? "" : "; the client does not understand basic.cancel and was not told"}`, link: ["Show client", link("connections", c.channel_details?.connection_name ?? "")] });
    },
  });
}

/** Milliseconds as 3 ms, 2.1 s, then as an age. */
export const took = (ms) => (ms >= 1000 && ms < 60_000 ? rate(ms / 1000) + " s" : ms < 1 ? "< 1 ms" : age(ms));

/** Prefetch and ack time on a phone: 5 of 5 · 754 ms. */
function brief(c, q) {
  const used = held(c, q);
  const prefetch = !c.prefetch_count ? "no limit" : used === undefined ? `prefetch ${count(c.prefetch_count)}` : `${count(used)} of ${count(c.prefetch_count)}`;
  return [prefetch, c.ack_required ? c.ack_time_ms !== undefined && took(c.ack_time_ms) : "automatic acks"].filter(Boolean).join(" · ");
}

export function consumersTab(q) {
  const list = q.consumer_details ?? [];
  if (!list.length) return html`<section class="panel">${empty("No consumer", "Nobody takes messages from this queue. From Python:", nothing, code(pikaConsume(q.vhost, q.name)))}</section>`;
  return html`<section class="panel"><header><h2>Consumers</h2></header>${table({
    label: "Consumers", rows: list, key: (c) => c.consumer_tag + c.channel_details?.name,
    columns: [
      { head: "Consumer tag", cls: "c-name", cell: (c) => html`<span class="mono"><bdi>${c.consumer_tag}</bdi></span>` },
      { head: "Client", cls: "c-st", cell: (c) => clientCell(c.channel_details?.connection_name) },
      { head: "Channel", cls: "c-more", cell: (c) => html`<a href=${link("channels", c.channel_details?.name ?? "")}>channel ${c.channel_details?.number}</a>` },
      { head: "User", hide: "hide-t", cls: "muted", cell: (c) => c.channel_details?.user },
      { head: "Prefetch", cell: (c) => prefetch(c, q) },
      { head: "Ack time", n: true, cell: (c) => html`<span class=${c.ack_time_ms > 30_000 ? "warn" : ""} title="From a delivery to its ack, lately">${c.ack_required ? took(c.ack_time_ms) : nothing}</span>` },
      { head: "Acks", hide: "hide-t", cls: "muted", cell: (c) => (c.ack_required ? "by the client" : "automatic") },
      { head: "State", cell: (c) => [c.exclusive ? tag("exclusive") : nothing, q.single_active_consumer_tag || c.active === false ? tag(c.active ? "active" : "waits its turn") : nothing, argumentTags(c.arguments)] },
      features.has("consumers") && { head: "", n: true, cls: "c-ready", cell: (c) => button("Cancel consumer…", () => cancelConsumer(q, c), { kind: "sm", lack: lacks("configure", q.vhost, q.name) }) },
      { head: "", cls: "c-rate only-s", hide: "only-s", cell: (c) => brief(c, q) },
    ].filter(Boolean),
  })}</section>`;
}

/** Each setting with its value, where it comes from, and what it does; `asked` is what a client wanted instead, see asked.js. */
export function settingsTab(q, asked) {
  const rows = [];
  for (const [name, v] of Object.entries(q.arguments ?? {})) rows.push([name, v, "declare"]);
  for (const [name, v] of Object.entries(q.effective_policy_definition ?? {})) {
    const over = setting(q, name) !== v && q.arguments?.["x-" + name] !== undefined;
    rows.push([name, v, over ? "policy, not in force: the declaration says otherwise" : "policy " + (q.policy || q.operator_policy || "")]);
  }
  const all = withAsked(rows, asked);
  return html`<div class="grid g-main"><section class="panel"><header><h2>Arguments</h2></header>
    ${all.length ? table({
      label: "Arguments", rows: all, key: (r) => r[0] + r[2],
      columns: [
        { head: "Name", cls: "c-name", cell: ([name]) => html`<span class="mono">${name}</span>` },
        { head: "Value", cls: "c-ready", cell: ([name, v, from]) => html`<bdi title=${value(v)}>${showArgument(name, v)}</bdi>${asksFor(asked, name, from)}` },
        { head: "From", cls: "c-st wrap", cell: ([, , from]) => from },
        { head: "What it does", cls: "muted help", cell: ([name]) => argument(name)?.help ?? "" },
      ],
    }) : empty("No argument", "The queue was declared without arguments, and no policy matches it.")}</section>
    <section class="panel"><header><h2>The queue</h2></header><div class="body">${kv([
      ["Virtual host", html`<bdi>${q.vhost}</bdi>`],
      ["Durable", html`${q.durable ? "yes, survives a restart" : "no, gone after a restart"}${asksFor(asked, "durable")}`],
      ["Auto-delete", html`${q.auto_delete ? "yes, when its last consumer goes" : "no"}${asksFor(asked, "auto_delete")}`],
      ["Exclusive", q.exclusive || q.owner_pid_details ? html`yes, of ${q.owner_pid_details ? clientCell(q.owner_pid_details.name) : "one connection"}` : "no"],
      ["Policy", q.policy ? html`<a href=${link("policies", q.vhost, q.policy)}>${q.policy}</a>` : "none"],
      ["Operator policy", q.operator_policy ? html`<a href=${link("operator-policies", q.vhost, q.operator_policy)}>${q.operator_policy}</a>` : "none"],
      ["State", q.state ?? "running"],
      ["Node", q.node],
      ["Bodies", bytes(q.message_bytes)],
      ["Memory", html`${bytes(q.memory)}`],
      q.message_stats?.dropped_maxlen && ["Dropped at its limit", count(q.message_stats.dropped_maxlen)],
      q.message_stats?.rejected_maxlen && ["Refused while full", count(q.message_stats.rejected_maxlen)],
      q.idle_since && ["Idle since", Number.isNaN(Date.parse(q.idle_since)) ? q.idle_since : dayTime(Date.parse(q.idle_since))],
      q.consumer_utilisation !== undefined && q.consumer_utilisation !== null && ["Consumer use", html`${Math.round(q.consumer_utilisation * 100)} %${meter(q.consumer_utilisation, 1, "Consumer use")}`],
    ])}</div></section></div>`;
}
