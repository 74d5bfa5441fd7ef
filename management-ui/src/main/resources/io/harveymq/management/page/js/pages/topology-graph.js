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

/** Through the gutter right of the queues, each exchange's in a lane of its own, then between two rows of queues, and down into the exchange. */
function deadLetterPath(from, to) {
  const y = mid(from) + 13;
  const over = levelOf(to);
  const gutter = right(from) + 22 + 8 * to.lane;
  const r = Math.min(12, Math.abs(over - y) / 2) * Math.sign(over - y);
  const x = NODE.x.x + NODE.x.w - 20;
  return `M${right(from)} ${y}H${gutter - 12}q12 0 12 ${r}V${over - r}q0 ${r} -12 ${r}H${x + 12}q-12 0 -12 12V${to.y - 1}`;
}

/** The height at which dead letters come to an exchange: the layout keeps queues away from it. */
const levelOf = (to) => to.y - 30;

function deadLetterLabel(e, from, to) {
  const short = to.object.missing ? "lost" : deathsText(e.deaths).short;
  if (!short) return nothing;
  return label(short, (NODE.x.x + NODE.x.w - 8 + right(from)) / 2, levelOf(to), edgeTitle(e, from, to));
}

const wideOf = (text) => text.length * 6.7 + 10;

function label(text, x, y, title) {
  const wide = wideOf(text);
  return svg`<g><title>${title}</title><rect class="keybg" x=${x - wide / 2} y=${y - 9} width=${wide} height="18" rx="4"></rect><text class="key" x=${x} y=${y + 4} text-anchor="middle">${text}</text></g>`;
}

function edge(e, graph, lit) {
  const from = graph.nodes.get(e.from);
  const to = graph.nodes.get(e.to);
  const idle = e.rate === 0 && e.kind !== "dl";
  const kind = e.kind === "d" ? "d" : e.kind === "dl" ? "l" : "p";
  const on = lit && (e.alternate ? lit.passedOn.has(e.from) : e.bindings.some((b) => lit.matched.has(b)));
  const cls = [e.kind === "dl" ? "dl" : e.kind === "d" ? "d" : "", idle ? "idle" : "", on ? "lit" : lit ? "dim" : ""].join(" ");
  const reason = lit && e.bindings.map((b) => lit.reasons.get(b)).filter(Boolean).join("; ");
  return svg`<path class=${"e " + cls} stroke-width=${e.kind === "dl" ? 2.25 : width(e.rate)} d=${path(e, from, to)} marker-end=${`url(#a-${idle ? "i" : kind})`}><title>${edgeTitle(e, from, to, reason)}</title></path>`;
}

const passing = (e, to) => (e.kind !== "dl" ? perSecond(e.rate) : to.object.missing ? "dead letters are lost: no such exchange" : deathsText(e.deaths).all || perSecond(0));
const edgeTitle = (e, from, to, reason) => reason || `${from.name} to ${to.name}, ${passing(e, to)}`;

/** Where the keys of edges between exchanges stand, by edge: each in a gap between two exchanges of its own, as near to where it starts as there is one. */
function placesBetween(graph) {
  const column = [...graph.nodes.values()].filter((n) => n.kind === "x").sort((a, b) => a.y - b.y);
  const ends = (e) => [column.indexOf(graph.nodes.get(e.from)), column.indexOf(graph.nodes.get(e.to))];
  const far = (e) => Math.abs(ends(e)[0] - ends(e)[1]);
  const taken = new Set();
  const places = new Map();
  for (const e of graph.edges.filter((one) => one.kind === "xx" && far(one) > 0).sort((a, b) => far(a) - far(b))) {
    const [from, to] = ends(e);
    const gaps = from < to ? range(from, to) : range(to, from).reverse();
    const gap = gaps.find((i) => !taken.has(i)) ?? gaps[0];
    taken.add(gap);
    places.set(e, from < to ? column[gap].y + H + 12 : column[gap + 1].y - 12);
  }
  return places;
}

const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);

function keyLabel(e, graph, lit, places) {
  if (e.kind === "dl") return deadLetterLabel(e, graph.nodes.get(e.from), graph.nodes.get(e.to));
  const fanout = graph.nodes.get(e.from).object.type === "fanout";
  const keys = fanout ? [] : e.keys.filter((k) => k !== "");
  if (!keys.length) return nothing;
  const from = graph.nodes.get(e.from);
  const to = graph.nodes.get(e.to);
  const more = keys.length > 1 ? ` +${keys.length - 1}` : "";
  const text = cut(keys[0], Math.floor((NODE.q.x - NODE.x.x - NODE.x.w) / 8) - more.length) + more;
  const x = e.kind === "xx" ? right(from) + 36 - wideOf(text) / 2 : (right(from) + left(to)) / 2 + 6;
  const y = places.get(e) ?? (mid(from) + mid(to)) / 2;
  const reason = lit && e.bindings.map((b) => lit.reasons.get(b)).filter(Boolean).join("; ");
  return label(text, x, y, reason || keys.join("\n"));
}

const cut = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

const pen = document.createElement("canvas").getContext("2d");
const family = getComputedStyle(document.body).fontFamily;
const wider = (text, room, font) => {
  pen.font = `${font} ${family}`;
  return pen.measureText(text).width > room;
};

/** As much of a text as there is room for. Names often differ in their ends only: of one that is too long the middle is left out. */
function fitted(text, room, font, middle) {
  if (!wider(text, room, font)) return text;
  const all = [...text];
  const shorter = (n) => (middle ? [...all.slice(0, Math.ceil(n / 2)), "…", ...all.slice(all.length - Math.floor(n / 2))] : [...all.slice(0, n), "…"]).join("");
  let n = Math.min(all.length - 1, 40);
  while (n > 1 && wider(shorter(n), room, font)) n--;
  return shorter(n);
}

const NAME = "600 12px";
const SUB = "500 11px";
const nameIn = (text, room) => fitted(text, room, NAME, true);
const subIn = (text, room, bad) => fitted(text, room, bad ? "600 11px" : SUB, false);

function node(n, selected, on) {
  const { x, w } = NODE[n.kind];
  const round = n.kind === "x";
  const room = w - (round ? 26 : 20);
  const suffix = n.suffix ?? "";
  return svg`<g class="n" tabindex="0" role="button" data-id=${n.id} aria-label=${`${n.name}, ${n.sub}${n.refused ? `, ${n.refused.text}` : ""}`}
      @click=${() => on.select(n)} @dblclick=${() => on.open(n)} @keydown=${(e) => on.key(e, n)} @pointerdown=${(e) => on.drag(e, n)}>
    <title>${n.name}${"\n"}${n.sub}${n.status?.cause ? "\n" + n.status.word + ": " + n.status.cause : ""}${n.refused ? "\n" + n.refused.text : ""}</title>
    <rect class=${`node ${n.cls} ${selected === n.id ? "on" : ""}`} x=${x} y=${n.y} width=${w} height=${H} rx=${round ? 23 : 7}></rect>
    <text class="name" x=${x + (round ? 16 : 12)} y=${n.y + 19}>${nameIn(n.name, room - suffix.length * 8)}${suffix}</text><text class=${`t2 ${n.bad ? "tdrop" : ""}`} x=${x + (round ? 16 : 12)} y=${n.y + 35}>${subIn(n.sub, room, n.bad)}</text>${mark(n)}</g>`;
}

/** Of an object that a client was refused: the reply code. */
function mark(n) {
  if (!n.refused) return nothing;
  const x = left(n) + 12;
  return svg`<rect class="node hot" x=${x} y=${n.y - 15} width="36" height="18" rx="9"></rect><text class="tdrop" x=${x + 18} y=${n.y - 2} text-anchor="middle">${n.refused.evidence.code}</text>`;
}

function dropStub(n, totals) {
  const x = NODE.x.x + NODE.x.w / 2;
  return svg`<path class="e drop" stroke-width="3" d=${`M${x} ${n.y + H}v40`} marker-end="url(#a-x)"></path>
    <text class="tdrop" x=${x} y=${n.y + H + 58} text-anchor="middle">${totals > 0 ? `${count(totals)} dropped` : "dropped"}</text>`;
}

/** Of each text the first that fits is shown: `names` and `subs` have the whole ones first. */
const idleNode = (kind, y, names, subs, act) => {
  const { x, w } = NODE[kind];
  const [name, sub] = [names[0], subs[0]];
  const fitting = (texts, font) => texts.find((text) => !wider(text, w - 24, font)) ?? texts.at(-1);
  const inner = x + (kind === "x" ? 16 : 12);
  return svg`<g class="n" tabindex="0" role="button" aria-label=${`${name}, ${sub}`} @click=${act} @keydown=${(e) => {
    if (e.key !== "Enter" && e.key !== " ") return;
    e.preventDefault();
    act();
  }}><title>${name}${"\n"}${sub}</title><rect class="node off" x=${x} y=${y} width=${w} height=${H} rx=${kind === "x" ? 23 : 7}></rect>
    <text class="name" x=${inner} y=${y + 19}>${nameIn(fitting(names, NAME), w - 24)}</text><text class="t2" x=${inner} y=${y + 35}>${subIn(fitting(subs, SUB), w - 24)}</text></g>`;
};

function idleRow(graph, y, on) {
  const { queues, exchanges, clients } = graph.idle;
  return svg`${clients.length ? idleNode("p", y, [clients.length === 1 ? clients[0] : plural(clients.length, "client")], graph.idle.sending ? ["connected, sending", "sending"] : ["connected, silent", "silent"], () => on.go("#/connections")) : nothing}
    ${exchanges.length ? idleNode("x", y, [exchanges.length === 1 ? exchanges[0].name : plural(exchanges.length, "exchange")], [exchanges.length === 1 ? `${exchanges[0].type} · not in use` : "not in use"], () => on.go("#/exchanges")) : nothing}
    ${queues.length ? idleNode("q", y, [plural(queues.length, "idle queue"), plural(queues.length, "queue")], [queues.slice(0, 3).map((q) => q.name).join(", ")], () => on.all()) : nothing}`;
}

/** `on` has select, open, key, drag, go, all; `lit` is the dry run: { matched: Set, reasons: Map, passedOn: Set of exchanges whose alternate gets it }. */
export function graphOf(graph, height, { selected, lit, on, dragging, label }) {
  const idle = graph.idle.queues.length || graph.idle.exchanges.length || graph.idle.clients.length;
  const total = Math.max(160, height + (idle ? 48 : 0));
  const nodes = [...graph.nodes.values()];
  const places = placesBetween(graph);
  return html`<svg class=${NODE.all < 700 ? "graph close" : "graph"} viewBox="0 0 ${NODE.all} ${total}" width="100%" role="group" aria-label=${label}>
    <defs>${["p", "d", "i", "x", "l"].map(marker)}</defs>
    ${[["p", "Publishers"], ["x", "Exchanges"], ["q", "Queues"], ["c", "Consumers"]].map(([kind, head]) => svg`<text class="col" x=${NODE[kind].x} y="22">${head}</text>`)}
    ${graph.edges.map((e) => edge(e, graph, lit))}
    ${nodes.filter((n) => n.drop > 0).map((n) => dropStub(n, n.object.message_stats?.drop_unroutable ?? 0))}
    ${graph.edges.map((e) => keyLabel(e, graph, lit, places))}
    ${nodes.map((n) => node(n, selected, on))}
    ${idle ? idleRow(graph, height - 8, on) : nothing}
    ${dragging ? svg`<path class="e lit" d=${`M${dragging.x1} ${dragging.y1}L${dragging.x2} ${dragging.y2}`}></path>` : nothing}</svg>`;
}
