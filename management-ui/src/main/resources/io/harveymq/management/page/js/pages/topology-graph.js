// The drawing: publishers, exchanges (round), queues (square), consumers; width grows with the logarithm of the rate.
import { html, nothing, svg } from "lit-html";
import { count, perSecond, plural } from "../format.js";
import { H, NODE } from "./topology-layout.js";
import { deathsText } from "./topology-model.js";

const width = (rate) => (rate > 0 ? Math.min(6, 1.5 + Math.log10(1 + rate) * 1.35).toFixed(2) : 1.25);
const mid = (n) => n.y + H / 2;
const right = (n) => NODE[n.kind].x + NODE[n.kind].w;
const left = (n) => NODE[n.kind].x;

const marker = (id) => svg`<marker id=${"a-" + id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class=${"mk-" + id} d="M0 .5 7.5 4 0 7.5z"></path></marker>`;

function path(e, from, to) {
  if (e.kind === "dl") return deadLetterPath(from, to);
  if (e.kind === "xx") return `M${right(from)} ${mid(from)}C${right(from) + 46} ${mid(from)} ${right(to) + 46} ${mid(to)} ${right(to)} ${mid(to)}`;
  const x1 = right(from);
  const x2 = left(to);
  const bend = (x1 + x2) / 2;
  return `M${x1} ${mid(from)}C${bend} ${mid(from)} ${bend} ${mid(to)} ${x2} ${mid(to)}`;
}

/** Through the gutter right of the queues, then above the dead-letter exchange, and down into it. */
function deadLetterPath(from, to) {
  const y = mid(from) + 13;
  const over = to.y - 22;
  const down = over > y;
  const gutter = right(from) + 30;
  const r = down ? 12 : -12;
  const x = NODE.x.x + 130;
  if (Math.abs(over - y) < 26) return `M${left(from)} ${y}H${right(to) - 6}`;
  return `M${right(from)} ${y}h18q12 0 12 ${r}V${over - r}q0 ${r} -12 ${r}H${x + 12}q-12 0 -12 12V${to.y - 1}`.replace("q12 0 12 ", `q12 0 ${gutter - right(from) - 18} `);
}

/** Where the label of a dead-letter edge stands: on its level part. */
function deadLetterMiddle(from, to) {
  const y = mid(from) + 13;
  const over = to.y - 22;
  if (Math.abs(over - y) < 26) return { x: (left(from) + right(to)) / 2, y };
  return { x: (NODE.x.x + 142 + right(from)) / 2, y: over };
}

function deadLetterLabel(e, from, to) {
  const { short, all } = deathsText(e.deaths);
  if (!short) return nothing;
  const { x, y } = deadLetterMiddle(from, to);
  return label(short, x, y, `${from.name} to ${to.name}\n${all}`);
}

function label(text, x, y, title) {
  const wide = text.length * 6.4 + 12;
  return svg`<g><title>${title}</title><rect class="keybg" x=${x - wide / 2} y=${y - 9} width=${wide} height="18" rx="4"></rect><text class="key" x=${x} y=${y + 4} text-anchor="middle">${text}</text></g>`;
}

function edge(e, graph, lit) {
  const from = graph.nodes.get(e.from);
  const to = graph.nodes.get(e.to);
  const idle = e.rate === 0 && e.kind !== "dl";
  const kind = e.kind === "d" ? "d" : e.kind === "dl" ? "l" : "p";
  const on = lit && e.bindings.some((b) => lit.matched.has(b));
  const cls = [e.kind === "dl" ? "dl" : e.kind === "d" ? "d" : "", idle ? "idle" : "", on ? "lit" : lit && e.kind !== "d" && e.kind !== "dl" && e.bindings.length ? "dim" : ""].join(" ");
  const reason = lit && e.bindings.map((b) => lit.reasons.get(b)).filter(Boolean).join("; ");
  return svg`<path class=${"e " + cls} stroke-width=${e.kind === "dl" ? 2.25 : width(e.rate)} d=${path(e, from, to)} marker-end=${`url(#a-${idle ? "i" : kind})`}><title>${edgeTitle(e, from, to, reason)}</title></path>`;
}

const edgeTitle = (e, from, to, reason) => reason || `${from.name} to ${to.name}, ${e.kind === "dl" ? deathsText(e.deaths).all || perSecond(0) : perSecond(e.rate)}`;

function keyLabel(e, graph, lit) {
  if (e.kind === "dl") return deadLetterLabel(e, graph.nodes.get(e.from), graph.nodes.get(e.to));
  const fanout = graph.nodes.get(e.from).object.type === "fanout";
  const keys = fanout ? [] : e.keys.filter((k) => k !== "");
  if (!keys.length) return nothing;
  const from = graph.nodes.get(e.from);
  const to = graph.nodes.get(e.to);
  const text = cut(keys.length > 1 ? `${keys[0]} +${keys.length - 1}` : keys[0], 17);
  const x = e.kind === "xx" ? right(from) + 40 : (right(from) + left(to)) / 2;
  const y = (mid(from) + mid(to)) / 2;
  const reason = lit && e.bindings.map((b) => lit.reasons.get(b)).filter(Boolean).join("; ");
  return label(text, x, y, reason || keys.join("\n"));
}

const cut = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

function node(n, selected, on) {
  const { x, w } = NODE[n.kind];
  const round = n.kind === "x";
  const inner = x + (round ? 16 : 12);
  return svg`<g class="n" tabindex="0" role="button" data-id=${n.id} aria-label=${`${n.name}, ${n.sub}`}
      @click=${() => on.select(n)} @dblclick=${() => on.open(n)} @keydown=${(e) => on.key(e, n)} @pointerdown=${(e) => on.drag(e, n)}>
    <title>${n.name}${n.status?.cause ? "\n" + n.status.word + ": " + n.status.cause : ""}</title>
    <rect class=${`node ${n.cls} ${selected === n.id ? "on" : ""}`} x=${x} y=${n.y} width=${w} height=${H} rx=${round ? 23 : 7}></rect>
    <svg x=${inner} y=${n.y} width=${w - (inner - x) - 8} height=${H}><text class="name" x="0" y="19">${cut(n.name, (round ? 16 : 17) - (n.suffix?.length ?? 0))}${n.suffix ?? ""}</text><text class=${`t2 ${n.bad ? "tdrop" : ""}`} x="0" y="35">${cut(n.sub, round ? 22 : 24)}</text></svg></g>`;
}

function dropStub(n, totals) {
  const x = NODE.x.x + NODE.x.w / 2;
  return svg`<path class="e drop" stroke-width="3" d=${`M${x} ${n.y + H}v30`} marker-end="url(#a-x)"></path>
    <text class="tdrop" x=${x} y=${n.y + H + 46} text-anchor="middle">${totals > 0 ? `${count(totals)} dropped` : "dropped"}</text>`;
}

const idleNode = (kind, y, name, sub, act) => {
  const { x, w } = NODE[kind];
  return svg`<g class="n" tabindex="0" role="button" aria-label=${`${name}, ${sub}`} @click=${act} @keydown=${(e) => e.key === "Enter" && act()}><rect class="node off" x=${x} y=${y} width=${w} height=${H} rx=${kind === "x" ? 23 : 7}></rect>
    <text class="name" x=${x + (kind === "x" ? 16 : 12)} y=${y + 19}>${cut(name, 17)}</text><text class="t2" x=${x + (kind === "x" ? 16 : 12)} y=${y + 35}>${cut(sub, 22)}</text></g>`;
};

function idleRow(graph, y, on) {
  const { queues, exchanges, clients } = graph.idle;
  return svg`${clients.length ? idleNode("p", y, clients.length === 1 ? clients[0] : plural(clients.length, "client"), graph.idle.sending ? "connected, sending" : "connected, silent", () => on.go("#/connections")) : nothing}
    ${exchanges.length ? idleNode("x", y, exchanges.length === 1 ? exchanges[0].name : plural(exchanges.length, "exchange"), exchanges.length === 1 ? `${exchanges[0].type} · not in use` : "not in use", () => on.go("#/exchanges")) : nothing}
    ${queues.length ? idleNode("q", y, plural(queues.length, "idle queue"), queues.slice(0, 3).map((q) => q.name).join(", "), () => on.all()) : nothing}`;
}

/** `on` has select, open, key, drag, go, all; `lit` is the dry run: { matched: Set, reasons: Map }. */
export function graphOf(graph, height, { selected, lit, on, dragging, label }) {
  const idle = graph.idle.queues.length || graph.idle.exchanges.length || graph.idle.clients.length;
  const total = Math.max(160, height + (idle ? 60 : 0));
  const nodes = [...graph.nodes.values()];
  return html`<svg class="graph" viewBox="0 0 860 ${total}" width="100%" role="group" aria-label=${label}>
    <defs>${["p", "d", "i", "x", "l"].map(marker)}</defs>
    <text class="col" x="14" y="22">Publishers</text><text class="col" x="200" y="22">Exchanges</text><text class="col" x="486" y="22">Queues</text><text class="col" x="708" y="22">Consumers</text>
    ${graph.edges.map((e) => edge(e, graph, lit))}
    ${nodes.filter((n) => n.drop > 0).map((n) => dropStub(n, n.object.message_stats?.drop_unroutable ?? 0))}
    ${graph.edges.map((e) => keyLabel(e, graph, lit))}
    ${nodes.map((n) => node(n, selected, on))}
    ${idle ? idleRow(graph, height + 4, on) : nothing}
    ${dragging ? svg`<path class="e lit" d=${`M${dragging.x1} ${dragging.y1}L${dragging.x2} ${dragging.y2}`}></path>` : nothing}</svg>`;
}
