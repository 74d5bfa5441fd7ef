// The object selected in the graph: what is wrong with it, its numbers, the next act.
import { html, nothing } from "lit-html";
import { features, path } from "../api.js";
import { alternateSheet, bindSheet, exchangeSheet, publishSheet } from "../forms.js";
import { lacks, lacksTag } from "../rights.js";
import { button, kv, status, tag, tagList } from "../components/basic.js";
import { code } from "../components/code.js";
import { refusedCallout } from "../components/refused.js";
import { bytes, count, dayTime, exchangeName, perSecond, plural } from "../format.js";
import { inventory, keyOf } from "../inventory.js";
import { deathRates, lettersLost } from "../letters.js";
import { watch } from "../live.js";
import { alternate, droppedBy, isBound } from "../bound.js";
import { exchangeRates, queueRates, typeOf } from "../model.js";
import { queueTags } from "../words.js";
import { exchangeLink, link, queueLink } from "../router.js";
import { bindExample, bindLine } from "../snippets.js";
import { exchangeTags } from "./exchanges.js";
import { deathsText } from "./topology-model.js";

/** So many are shown. */
const PEEKED = 3;

/** The last messages of the selected exchange that were dropped, asked for while it is selected. */
export class DroppedPeek {
  look(x) {
    const key = x && features.has("dropped") ? keyOf(x) : null;
    if (key === this.key) return;
    this.close();
    this.key = key;
    if (key) this.source = watch({ where: path("dev", "dropped", x.vhost, exchangeName(x.name)), params: () => ({ limit: PEEKED }), interval: 2000, onData: (d) => (this.dropped = d) });
  }

  close() {
    this.source?.close();
    Object.assign(this, { key: null, source: null, dropped: null });
  }
}

/** `dropped` is what the server keeps of what the exchange dropped; null for unknown. */
export function sidePanel(n, graph, dropped) {
  if (n.kind === "x") return n.object.missing ? missingExchange(n.object) : exchangeSide(n.object, graph, n, dropped);
  if (n.kind === "q") return queueSide(n, graph);
  return clientSide(n);
}

const missingExchange = (x) => html`<h2><bdi>${x.name}</bdi></h2>
  <div class="callout bad-c"><b>This exchange does not exist.</b> Dead letters sent to it are lost.</div>
  <div class="row">${button("Declare exchange", () => exchangeSheet({ vhost: x.vhost, name: x.name }), { kind: "primary", lack: lacks("configure", x.vhost, x.name, "exchange") })}</div>`;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });

function lastDropped(x, dropped) {
  if (!dropped?.items?.length) return nothing;
  return html`<div class="peek"><h3>Last dropped, kept for a look</h3>
    <dl class="kv kv3 small">${dropped.items.map((m) => html`<dt class="num" title=${dayTime(m.time)}>${clock.format(m.time)}</dt><dd class="mono"><bdi>${m.routing_key || "(empty)"}</bdi></dd><dd class="muted">${bytes(m.payload_bytes)}</dd>`)}</dl>
    <a class="small" href=${exchangeLink(x.vhost, x.name, "dropped")}>Show ${dropped.kept === 1 ? "it" : `all ${count(dropped.kept)}`}</a></div>`;
}

/** An alternate exchange for one that exists is a policy; a declaration can't be changed. */
function alternateButton(x) {
  if (x.name === "" || x.name.startsWith("amq.") || alternate(x)) return nothing;
  return button("Set alternate exchange", () => alternateSheet(x), { title: "By a policy: what matches no binding goes there", lack: lacksTag("administrator", "policymaker") });
}

function bindCode(x, dropped) {
  const [queue, key] = bindExample(x, inventory.queues, dropped);
  return bindLine(queue, x.name, key);
}

function exchangeSide(x, graph, n, dropped) {
  const r = exchangeRates(x);
  const all = !isBound(x);
  const lost = droppedBy(x);
  const drop = r.drop + lettersLost(x);
  const total = x.message_stats?.drop_unroutable ?? 0;
  const publishers = graph.edges.filter((e) => e.to === n.id && e.from.startsWith("p:")).map((e) => graph.nodes.get(e.from));
  return html`<div class="row"><h2><a href=${exchangeLink(x.vhost, x.name)}><bdi>${exchangeName(x.name)}</bdi></a></h2>${tag(x.type)}${tagList(exchangeTags(x))}</div>${refusedCallout("exchange", x)}
    ${drop > 0 || lost ? html`<div class="callout ${drop > 0 ? "bad-c" : ""}"><b>${drop > 0 ? (all ? "Every message is dropped." : "Messages are dropped.") : plural(lost, "message was dropped.", "messages were dropped.")}</b> ${all
      ? html`No queue or exchange is bound, and no alternate exchange is set. A publisher that does not ask for returns (<span class="mono">mandatory=false</span>) is not told.` : "Their keys match no binding."}</div>` : nothing}
    <div class="row">${x.name === "" ? nothing : button("Bind a queue", () => bindSheet({ vhost: x.vhost, source: x.name }), { kind: drop > 0 || lost ? "primary" : "", lack: lacks("read", x.vhost, x.name, "exchange") })}
      ${alternateButton(x)}
      ${x.internal ? nothing : button("Publish message", () => publishSheet({ vhost: x.vhost, exchange: x.name }), { lack: lacks("write", x.vhost, x.name, "exchange") })}</div>
    ${kv([
      ["Published", html`${perSecond(r.in)}${publishers.length ? html` by ${publishers.map((p, i) => html`${i ? ", " : ""}<a href=${link("connections", p.object.connection ?? "")}><bdi>${p.name}</bdi></a>`)}` : nothing}`],
      ["Routed", perSecond(r.out)],
      n.through > 0 && ["From exchanges", perSecond(n.through)],
      n.letters > 0 && ["Dead letters in", perSecond(n.letters)],
      (drop > 0 || total > 0) && ["Dropped", html`<span class=${drop > 0 || lost ? "bad strong" : ""}>${[total && count(total), drop > 0 && perSecond(drop)].filter(Boolean).join(", ")}</span>`],
      alternate(x) && ["Alternate", html`<a href=${exchangeLink(x.vhost, alternate(x))}><bdi>${alternate(x)}</bdi></a> gets what matches no binding`],
      x.user_who_performed_action && ["Declared by", x.user_who_performed_action],
    ])}
    ${lastDropped(x, dropped)}
    ${all && x.name !== "" ? html`<div><h3>Bind it from code</h3>${code(bindCode(x, dropped))}</div>` : nothing}`;
}

function queueSide(n, graph) {
  const q = n.object;
  const r = queueRates(q);
  const consumer = graph.nodes.get("c:" + q.vhost + "\u0000" + q.name);
  return html`<div class="row"><h2><a href=${queueLink(q)}><bdi>${q.name}</bdi></a></h2>${tag(typeOf(q))}${tagList(queueTags(q))}</div>${refusedCallout("queue", q)}
    <div>${status(n.status)}${n.status.cause ? html` <span class="muted small">${n.status.cause}</span>` : nothing}</div>
    <div class="row"><a class="btn" href=${queueLink(q)}>Show messages</a>${button("Bind to an exchange", () => bindSheet({ vhost: q.vhost, destination: q.name }), { lack: lacks("write", q.vhost, q.name) })}</div>
    ${kv([
      ["Ready", count(q.messages_ready)], ["Unacked", count(q.messages_unacknowledged)], ["In", r.letters > 0 ? `${perSecond(r.in)}, ${r.published > 0 ? perSecond(r.letters) + " of it" : "all"} dead letters` : perSecond(r.in)], ...deathRows(q), ["Out", perSecond(r.out)], ["Acked", perSecond(r.ack)],
      ["Consumers", consumer?.object.names ? consumer.object.names.join(", ") : count(q.consumers)], ["Bodies", bytes(q.message_bytes)],
    ])}`;
}

const deathRows = (q) => {
  const { all } = deathsText(deathRates(q));
  return all ? [["Dead-lettered", all.replaceAll("\n", ", ")]] : [];
};

const clientSide = (n) => html`<h2><bdi>${n.name}</bdi></h2><p class="muted">${n.sub}</p>
  ${n.object.names?.length > 1 ? html`<p>${n.object.names.join(", ")}</p>` : nothing}
  ${n.object.connection ? html`<div class="row"><a class="btn" href=${link("connections", n.object.connection)}>Show client</a></div>` : nothing}`;
