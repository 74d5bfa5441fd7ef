// Which edges messages take: the server knows what went from exchange to queue, the nearest way between them is drawn.
import { inventory, keyOf } from "../inventory.js";
import { alternate } from "../bound.js";
import { lettersTo } from "../letters.js";
import { exchangeRates, queueRates } from "../model.js";

/** Gives every edge between exchanges and queues its rate; `flows` are the server's [{ exchange, queue, vhost, rate }], `lettersOf` tells the dead letters of a queue. */
export function shareFlows(graph, flows, lettersOf = (q) => queueRates(q).letters) {
  const ways = new Ways(graph);
  for (const f of flows) ways.send("x:" + f.vhost + "\u0000" + f.exchange, "q:" + f.vhost + "\u0000" + f.queue, f.rate);
  shareLetters(graph, ways, lettersOf);
  for (const n of graph.nodes.values()) if (n.kind === "x") inflow(graph, n);
}

/** What a queue gets of dead letters comes from those exchanges that letters go to. */
function shareLetters(graph, ways, lettersOf) {
  const targets = [...graph.nodes.values()].filter((n) => n.letters > 0);
  for (const q of graph.nodes.values()) {
    const rate = q.kind === "q" ? lettersOf(q.object) : 0;
    if (!(rate > 0)) continue;
    const from = targets.filter((n) => n.object.vhost === q.object.vhost && ways.find(n.id, q.id));
    const all = from.reduce((sum, n) => sum + n.letters, 0);
    for (const n of from) ways.send(n.id, q.id, (rate * n.letters) / all);
    if (!from.length) fromDefault(graph, targets, q, rate);
  }
}

/** Letters that no binding explains came with a queue's name as their key. */
function fromDefault(graph, targets, q, rate) {
  const n = targets.find((one) => one.object.name === "" && one.object.vhost === q.object.vhost);
  if (n) graph.edges.push({ pair: n.id + q.id, from: n.id, to: q.id, kind: "p", keys: [], bindings: [], rate });
}

/** What passes by an exchange. One message may go to several queues: through a fanout exchange it does, and no more goes on to any exchange than comes to the one before. */
function inflow(graph, n) {
  if (n.inflow !== undefined) return n.inflow;
  const own = (n.own ?? exchangeRates(n.object).in) + (n.letters ?? 0);
  n.inflow = own;
  for (const e of graph.edges) {
    if (e.to !== n.id || e.kind !== "xx") continue;
    const passed = n.object.type === "fanout" ? Math.max(0, ...(e.shares?.values() ?? [])) : e.rate;
    e.rate = Math.min(passed, inflow(graph, graph.nodes.get(e.from)));
    n.inflow += e.rate;
  }
  n.through = n.inflow - own;
  return n.inflow;
}

/** What was published or dead-lettered and went by the bindings of a virtual host: gives the statistics of one, undefined where it is not known. `passed` is the server's [{ exchange, queue, vhost, publish, rate }]. */
export function passedBy(vhost, passed) {
  const rates = shared(vhost, passed, (f) => f.rate, (x) => exchangeRates(x).in, (x) => lettersTo(x).rate, (q) => queueRates(q).letters);
  const counts = shared(vhost, passed, (f) => f.publish, (x) => x.message_stats?.publish_in ?? 0, (x) => lettersTo(x).count, (q) => q.message_stats?.dead_letter_in ?? 0);
  return (b) => {
    const rate = rates.get(pairOf(b));
    return rate && { publish: counts.get(pairOf(b)).rate, publish_details: { rate: rate.rate } };
  };
}

const pairOf = (b) => [b.source, b.destination_type, b.destination].join("\u0000");

/** Edges by pairs, with a share in what `value` takes of the flows; no more goes on from an exchange than `own`, its dead `letters` and what comes to it; a queue got `lettersOf` it. */
function shared(vhost, passed, value, own, letters, lettersOf) {
  const all = new Map(inventory.exchanges.filter((x) => x.vhost === vhost).map((x) => [x.name, x]));
  const queues = new Map(inventory.queues.filter((q) => q.vhost === vhost && lettersOf(q) > 0).map((q) => [q.name, q]));
  const nodes = new Map();
  const pairs = new Map();
  const end = (name) => {
    const id = "x:" + vhost + "\u0000" + name;
    if (!nodes.has(id)) nodes.set(id, { id, kind: "x", object: all.get(name), own: own(all.get(name)), letters: letters(all.get(name)) });
    return id;
  };
  const queueEnd = (name) => {
    const id = "q:" + vhost + "\u0000" + name;
    if (queues.has(name)) nodes.set(id, { id, kind: "q", object: queues.get(name) });
    return id;
  };
  const add = (b) => {
    const queue = b.destination_type === "queue";
    if (b.source === "" || !all.has(b.source) || !(queue || all.has(b.destination)) || pairs.has(pairOf(b))) return;
    pairs.set(pairOf(b), { from: end(b.source), to: queue ? queueEnd(b.destination) : end(b.destination), kind: queue ? "p" : "xx", rate: 0 });
  };
  for (const b of inventory.bindings) if (b.vhost === vhost) add(b);
  for (const x of all.values()) if (alternate(x)) add({ source: x.name, destination_type: "exchange", destination: alternate(x) });
  shareFlows({ nodes, edges: [...pairs.values()] }, passed.filter((f) => f.vhost === vhost).map((f) => ({ ...f, rate: value(f) })), lettersOf);
  return pairs;
}

/** What leads where, by the inventory that it was made from: [node's id, of those that it leads to]. */
let known = { bindings: null, exchanges: null, from: new Map() };

function leadsWhere() {
  const { bindings, exchanges } = inventory;
  if (known.bindings === bindings && known.exchanges === exchanges) return known.from;
  const from = new Map();
  const add = (x, target) => (from.has(x) ? from.get(x).push(target) : from.set(x, [target]));
  for (const b of bindings) if (b.source !== "") add("x:" + b.vhost + "\u0000" + b.source, (b.destination_type === "queue" ? "q:" : "x:") + b.vhost + "\u0000" + b.destination);
  for (const x of exchanges) if (alternate(x)) add("x:" + keyOf(x), "x:" + x.vhost + "\u0000" + alternate(x));
  known = { bindings, exchanges, from };
  return from;
}

/** The nearest ways from exchanges to whatever they lead to, drawn or not. */
class Ways {
  constructor(graph) {
    this.drawn = new Map(graph.edges.filter((e) => e.kind === "p" || e.kind === "xx").map((e) => [e.from + e.to, e]));
    this.from = leadsWhere();
    this.before = new Map();
  }

  /** By node: the one before it on the way. */
  all(source) {
    if (this.before.has(source)) return this.before.get(source);
    const by = new Map();
    const next = [source];
    for (const id of next) {
      for (const to of this.from.get(id) ?? []) {
        if (by.has(to) || to === source) continue;
        by.set(to, id);
        next.push(to);
      }
    }
    this.before.set(source, by);
    return by;
  }

  /** From the default exchange it is known only where an edge is drawn. */
  find(source, target) {
    return this.drawn.has(source + target) || this.all(source).has(target);
  }

  send(source, target, rate) {
    if (this.drawn.has(source + target)) return this.add(source, target, target, rate);
    const by = this.all(source);
    for (let to = target; by.has(to); to = by.get(to)) this.add(by.get(to), to, target, rate);
  }

  add(from, to, target, rate) {
    const e = this.drawn.get(from + to);
    if (!e) return;
    e.rate += rate;
    if (e.kind === "xx") (e.shares ??= new Map()).set(target, (e.shares.get(target) ?? 0) + rate);
  }
}
