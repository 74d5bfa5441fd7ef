// The topology page: the graph, "Where would it go?", and the selected object beside it.
import { html, nothing } from "lit-html";
import { bindSheet } from "../forms.js";
import { get } from "../api.js";
import { freeValue } from "../arguments.js";
import { button, empty, segments, skeleton, status } from "../components/basic.js";
import { menu } from "../components/menu.js";
import { context, showsSeveral, targetVhost, vhostOfAddress } from "../context.js";
import { topologyLink } from "../topology-link.js";
import { count, exchangeName, perSecond, plural } from "../format.js";
import { icon } from "../icons.js";
import { inventory, useInventory } from "../inventory.js";
import { isStill } from "../live.js";
import { queueRates } from "../model.js";
import { nearestNames } from "../nearest.js";
import { redraw } from "../redraw.js";
import { exchangeLink, go, link, queueLink, setQuery } from "../router.js";
import { dryRun } from "../routing.js";
import { exportDefinitions } from "./definitions-io.js";
import { Page } from "./page.js";
import { missing } from "./parts.js";
import { exportMermaid, exportSvg } from "./topology-export.js";
import { graphOf } from "./topology-graph.js";
import { H, Layout, NODE, spread } from "./topology-layout.js";
import { isIt, model, publishersFrom } from "./topology-model.js";
import { DroppedPeek, sidePanel } from "./topology-side.js";
import "../icons-more.js";

/** As long as it holds, what is selected stands below the graph. */
const narrow = matchMedia("(max-width: 1100px)");

export default class Topology extends Page {
  constructor(route) {
    super(route);
    this.title = "Topology";
    this.nav = "topology";
    this.layout = new Layout();
    this.publishers = [];
    this.flows = [];
    this.peek = new DroppedPeek();
    this.ask = { exchange: null, key: "", headers: [] };
    this.read(route);
  }

  read(route) {
    this.all = route.query.has("all");
    const focus = /^([xq]):(.*)$/s.exec(route.query.get("focus") ?? "");
    this.focus = focus && { kind: focus[1], name: focus[2], vhost: route.query.get("in") ?? context.vhost };
    this.pending = this.focus;
    this.readAsk(route.query);
  }

  readAsk(query) {
    const named = query.get("exchange");
    const [exchange, key] = [named === "amq.default" ? "" : named, query.get("key") ?? ""];
    if (exchange === this.ask.exchange && key === this.ask.key) return;
    Object.assign(this.ask, { exchange, key, answer: null, problem: null });
    this.whereWouldItGo();
  }

  readdress(route) {
    this.route = route;
    this.read(route);
    return true;
  }

  start() {
    this.keep(useInventory(() => this.refresh()));
    const timer = setInterval(() => !isStill() && this.findFlows(), 3000);
    this.keep(() => clearInterval(timer));
    this.keep(() => this.peek.close());
  }

  refresh() {
    if (!this.flowsAsked) this.findFlows();
    if (this.ask.answer) this.whereWouldItGo();
  }

  async findFlows() {
    this.flowsAsked = true;
    try {
      const answer = await get("dev/topology", { vhost: context.vhost, parts: "publishers,flows" });
      this.publishers = publishersFrom(answer.publishers);
      this.flows = answer.flows;
      redraw();
    } catch {
      // the next round asks again
    }
  }

  async whereWouldItGo() {
    const { exchange, key, headers } = this.ask;
    if (exchange === null) return;
    const values = Object.fromEntries(headers.filter((h) => h.name).map((h) => [h.name, freeValue(h.text)]));
    try {
      this.ask.answer = await dryRun({ vhost: targetVhost(), exchange, routing_key: key, headers: values });
      this.ask.problem = null;
    } catch (error) {
      this.ask.problem = error;
      this.ask.answer = null;
    }
    redraw();
  }

  /** The dry run as sets of the inventory's own bindings. */
  lit() {
    const answer = this.ask.answer;
    if (!answer) return null;
    const find = (b) => inventory.bindings.find((o) => o.vhost === (b.vhost ?? targetVhost()) && o.source === b.source && o.destination === b.destination && o.destination_type === b.destination_type && o.properties_key === (b.properties_key ?? o.properties_key) && o.routing_key === b.routing_key);
    const matched = new Set();
    const reasons = new Map();
    for (const s of answer.steps ?? []) {
      for (const b of s.matched) matched.add(find(b));
      for (const { binding, reason } of s.not_matched) reasons.set(find(binding), reason);
    }
    const passedOn = new Set((answer.steps ?? []).filter((s) => !s.matched.length).map((s) => `x:${targetVhost()}\u0000${s.exchange}`));
    return { matched, reasons, passedOn };
  }

  select(n) {
    this.selected = n.id;
    this.pending = null;
    const named = n.kind === "x" || n.kind === "q";
    setQuery({ focus: named ? n.kind + ":" + n.object.name : null, in: named && showsSeveral() ? n.object.vhost : null, vhost: vhostOfAddress() });
    redraw();
  }

  showAll(all) {
    this.all = all;
    setQuery({ all: all ? "1" : null });
    redraw();
  }

  open(n) {
    if (n.kind === "q") go(queueLink(n.object));
    else if (n.kind === "x" && !n.object.missing) go(exchangeLink(n.object.vhost, n.object.name));
    else if (n.object.connection) go(link("connections", n.object.connection));
  }

  /** Drawing a line from an exchange to a queue binds it; the sheet asks for the key. */
  drag(event, n) {
    if (n.kind !== "x" || n.object.missing || n.object.name === "" || event.button !== 0) return;
    const box = event.currentTarget.ownerSVGElement;
    const at = (e) => new DOMPoint(e.clientX, e.clientY).matrixTransform(box.getScreenCTM().inverse());
    const move = (e) => {
      const p = at(e);
      if (!this.dragging && Math.hypot(e.clientX - event.clientX, e.clientY - event.clientY) < 8) return;
      this.dragging = { x1: NODE.x.x + NODE.x.w, y1: n.y + H / 2, x2: p.x, y2: p.y };
      redraw();
    };
    const up = (e) => {
      removeEventListener("pointermove", move);
      if (!this.dragging) return;
      this.dragging = null;
      const id = document.elementsFromPoint(e.clientX, e.clientY).map((el) => el.closest("g.n")?.dataset.id).find((one) => one && one !== n.id);
      const target = id && this.graph.nodes.get(id);
      if (target && (target.kind === "q" || target.kind === "x")) bindSheet({ vhost: n.object.vhost, source: n.object.name, destination: target.object.name, kind: target.kind === "q" ? "queue" : "exchange" });
      redraw();
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up, { once: true });
  }

  tools() {
    const a = this.ask;
    const choose = (changes) => {
      Object.assign(a, changes);
      setQuery({ exchange: a.exchange === null ? null : exchangeName(a.exchange), key: a.exchange === null ? null : a.key, vhost: vhostOfAddress() });
      this.whereWouldItGo();
      redraw();
    };
    const names = inventory.exchanges.filter((x) => x.vhost === targetVhost() && !x.internal).map((x) => x.name);
    return html`<div class="tools"><b>Where would it go?</b>
      <select class="input w-m" aria-label="Exchange" @change=${(e) => choose({ exchange: e.target.value === "-" ? null : e.target.value.slice(1), answer: null })}>
        <option value="-">Exchange…</option>${names.map((n) => html`<option value=${"=" + n} ?selected=${n === a.exchange}>${exchangeName(n)}</option>`)}</select>
      <input class="input mono w-l" aria-label="Routing key" placeholder="routing key" spellcheck="false" .value=${a.key} @input=${(e) => choose({ key: e.target.value })}>
      ${button("Headers", () => choose({ headers: [...a.headers, { name: "", text: "" }] }), { kind: "plain sm", glyph: "plus" })}
      ${a.headers.map((h) => html`<input class="input mono narrow" aria-label="Header" placeholder="header" .value=${h.name} @input=${(e) => {
        h.name = e.target.value;
        choose({});
      }}><input class="input mono narrow" aria-label="Value" placeholder="value" .value=${h.text} @input=${(e) => {
        h.text = e.target.value;
        choose({});
      }}>`)}
      ${this.answer()}</div>`;
  }

  answer() {
    const a = this.ask.answer;
    if (this.ask.problem) return html`<span class="bad">${this.ask.problem.reason ?? this.ask.problem.message}</span>`;
    if (!a) return nothing;
    const s = a.queues.length ? status({ tone: "ok", icon: "ok", word: a.queues.join(", ") }) : status({ tone: "bad", icon: "bad", word: "Nowhere: it would be dropped" });
    return html`<span role="status">${s}</span><span class="muted hide-s">nothing is published</span>${whyNot(a)}`;
  }

  render() {
    const queues = inventory.queues.length;
    return html`<div class="head"><h1>Topology</h1><div class="right">${segments("Which", [[false, "In use"], [true, queues > 60 ? "60 busiest" : `All ${plural(queues, "queue")}`]], this.all, (all) => this.showAll(all))}
      ${menu("export", html`<span class="btn">Export…</span>`, [
        { label: "Export as SVG", glyph: "download", act: () => exportSvg(document.querySelector("svg.graph")) },
        { label: "Copy as Mermaid", glyph: "copy", act: () => exportMermaid(this.graph) },
        { label: "Export definitions", glyph: "download", act: () => exportDefinitions(context.vhost) },
      ], "plainuser")}</div></div>
      <section class="panel">${this.tools()}${inventory.ready ? this.body() : skeleton(8)}</section>`;
  }

  /** Selects what the address names; answers it if there is none. */
  findFocus(graph) {
    if (!this.pending) return null;
    this.selected = [...graph.nodes.values()].find((n) => n.kind === this.pending.kind && isIt(this.pending, n.object))?.id;
    if (this.selected) this.pending = null;
    return this.pending;
  }

  body() {
    const graph = (this.graph = model({ publishers: this.publishers, flows: this.flows, all: this.all, focus: this.focus }));
    spread(document.querySelector(".canvasbox")?.clientWidth ?? document.getElementById("main").clientWidth - (narrow.matches ? 50 : 378));
    const height = this.layout.place(graph);
    const absent = this.findFocus(graph);
    if (!graph.nodes.size && !graph.idle.queues.length) return empty("Nothing to draw", "No exchange is bound to a queue yet, and nothing is published.");
    const lit = this.lit();
    const on = {
      select: (n) => this.select(n), open: (n) => this.open(n), drag: (e, n) => this.drag(e, n), go, all: () => this.showAll(true),
      key: (e, n) => {
        if (e.key === "Enter") this.open(n);
        else if (e.key === " ") this.select(n);
        else return;
        e.preventDefault();
        e.stopPropagation();
      },
    };
    const chosen = absent ? undefined : graph.nodes.get(this.selected) ?? [...graph.nodes.values()].find((n) => n.bad) ?? [...graph.nodes.values()].find((n) => n.kind === "q");
    this.peek.look(chosen?.kind === "x" && !chosen.object.missing ? chosen.object : null);
    return html`<div class="topo"><div class="canvasbox only-wide">${graphOf(graph, height, { selected: this.selected, lit, on, dragging: this.dragging, label: `Topology of vhost ${context.vhost ?? "All"}` })}${legend}</div>
      ${indented(graph)}<aside>${absent ? absentSide(absent) : chosen ? sidePanel(chosen, graph, this.peek.dropped) : nothing}</aside></div>`;
  }

  keys() {
    return { escape: () => {
      this.selected = null;
      this.pending = null;
      this.ask.answer = null;
      setQuery({ focus: null, in: null, exchange: null, key: null });
      redraw();
    } };
  }
}

const stroke = (cls) => html`<svg width="26" height="8" aria-hidden="true"><path class=${cls} d="M0 4H26"></path></svg>`;
const legend = html`<div class="legend small muted"><span>${stroke("lg-p")}published</span><span>${stroke("lg-d")}delivered</span><span>${stroke("lg-x")}dropped</span><span>${stroke("lg-l")}dead-lettered</span><span>${stroke("lg-i")}no traffic</span><span>Width shows rate</span></div>`;

/** Which bindings the dry run did not match, and why: what the graph says of an edge under the pointer. */
function whyNot(answer) {
  const reasons = (answer.steps ?? []).flatMap((s) => s.not_matched.map(({ binding: b, reason }) => html`<li>${exchangeName(s.exchange)} to ${b.destination_type === "exchange" ? "exchange " : ""}<bdi>${b.destination}</bdi>: ${reason.split("`").map((part, i) => (i % 2 ? html`<span class="mono">${part}</span>` : part))}</li>`));
  return reasons.length ? html`<details class="whynot small"><summary>Why not ${plural(reasons.length, "other binding")}</summary><ul>${reasons}</ul></details>` : nothing;
}

/** Instead of what the address names and does not exist. */
function absentSide({ kind, name, vhost }) {
  const [word, list] = kind === "q" ? ["queue", inventory.queues] : ["exchange", inventory.exchanges];
  const near = nearestNames(name, list.filter((o) => o.name && isIt({ name: o.name, vhost }, o)).map((o) => o.name));
  const nearLink = (n) => topologyLink(kind, list.find((o) => isIt({ name: n, vhost }, o)));
  return missing(word, name, vhost ?? undefined, near, nearLink, `#/${word}s`);
}

/** The graph as an indented list, for phones: exchange, key, queue, consumers. */
const indented = (graph) => html`<div class="only-s"><ul class="topolist">${[...graph.nodes.values()].filter((n) => n.kind === "x").map((x) => html`
  <li>${x.bad ? icon("bad", "bad inline") : nothing} <a class="strong" href=${exchangeLink(x.object.vhost, x.object.name)}><bdi>${x.name}</bdi></a> <span class="small ${x.bad ? "bad" : "muted"}">${x.sub}</span>${refusedWord(x)}
    <ul>${graph.edges.filter((e) => e.from === x.id && e.kind === "p").map((e) => listQueue(graph.nodes.get(e.to), e, graph))}
    ${graph.edges.filter((e) => e.from === x.id && e.kind === "xx").map((e) => listExchange(graph.nodes.get(e.to), e))}</ul></li>`)}</ul></div>`;

const refusedWord = ({ refused: f }) => (f ? html` <span class="small bad" title=${f.text}>refused, ${f.evidence.code}</span>` : nothing);

const listExchange = (x, e) => html`<li><span class="mono">${e.keys.join(", ")}</span>${icon("right", "inline")}exchange <a href=${exchangeLink(x.object.vhost, x.object.name)}><bdi>${x.name}</bdi></a> <span class="small muted">${perSecond(e.rate)}</span></li>`;

const listLetters = (x) => html`<li>dead letters ${icon("right", "inline")}${x.object.missing ? html`<span class="bad">exchange ${x.name}: no such exchange, they are lost</span>` : html`exchange <a href=${exchangeLink(x.object.vhost, x.object.name)}><bdi>${x.name}</bdi></a>`}</li>`;

function listQueue(q, e, graph) {
  const consumers = [...graph.nodes.values()].filter((c) => c.queue === q.id);
  return html`<li><span class="mono">${e.keys.join(", ")}</span>${icon("right", "inline")}<a href=${queueLink(q.object)}><bdi>${q.name}</bdi></a> <span class="small muted">${count(q.object.messages_ready)} ready, ${perSecond(queueRates(q.object).in)}</span>${refusedWord(q)}
    <ul>${consumers.map((c) => html`<li class="small muted">${c.cls === "off" ? icon("warn", "warn inline") : icon("right", "inline")}${c.name}, ${c.sub}</li>`)}
    ${graph.edges.filter((d) => d.from === q.id && d.kind === "dl").map((d) => listLetters(graph.nodes.get(d.to)))}</ul></li>`;
}
