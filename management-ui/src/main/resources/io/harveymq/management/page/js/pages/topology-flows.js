// Which edges messages take: the server knows what went from exchange to queue, the nearest way between them is drawn.
import { exchangeRates, queueRates } from "../model.js";

/** Gives every edge between exchanges and queues its rate; `flows` are the server's [{ exchange, queue, vhost, rate }]. */
export function shareFlows(graph, flows) {
  const ways = new Ways(graph);
  for (const f of flows) ways.send("x:" + f.vhost + "\u0000" + f.exchange, "q:" + f.vhost + "\u0000" + f.queue, f.rate);
  shareLetters(graph, ways);
  for (const n of graph.nodes.values()) if (n.kind === "x") inflow(graph, n);
}

/** What a queue gets of dead letters comes from those exchanges that letters go to. */
function shareLetters(graph, ways) {
  const targets = [...graph.nodes.values()].filter((n) => n.letters > 0);
  for (const q of graph.nodes.values()) {
    const rate = q.kind === "q" ? queueRates(q.object).letters : 0;
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
  const own = exchangeRates(n.object).in + (n.letters ?? 0);
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

/** The nearest ways from exchanges to whatever they lead to. */
class Ways {
  constructor(graph) {
    this.from = new Map();
    this.known = new Map();
    for (const e of graph.edges) if (e.kind === "p" || e.kind === "xx") this.from.set(e.from, [...(this.from.get(e.from) ?? []), e]);
  }

  /** By node: the edge that leads there. */
  all(source) {
    if (this.known.has(source)) return this.known.get(source);
    const by = new Map();
    const next = [source];
    for (const id of next) {
      for (const e of this.from.get(id) ?? []) {
        if (by.has(e.to) || e.to === source) continue;
        by.set(e.to, e);
        next.push(e.to);
      }
    }
    this.known.set(source, by);
    return by;
  }

  find(source, target) {
    return this.all(source).has(target);
  }

  send(source, target, rate) {
    const by = this.all(source);
    for (let e = by.get(target); e; e = by.get(e.from)) {
      e.rate += rate;
      if (e.kind === "xx") (e.shares ??= new Map()).set(target, (e.shares.get(target) ?? 0) + rate);
    }
  }
}
