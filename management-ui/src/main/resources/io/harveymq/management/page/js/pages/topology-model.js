// Nodes and edges of the graph, out of the inventory or the server's topology.
import { clientName, count, exchangeName, perSecond, signed, value } from "../format.js";
import { context, showsSeveral } from "../context.js";
import { growth } from "../history.js";
import { inventory, keyOf, setting } from "../inventory.js";
import { deathRates, lettersLost } from "../letters.js";
import { alternate, droppedBy, isBound } from "../bound.js";
import { refusalOf } from "../components/refused.js";
import { exchangeRates, queueRates, queueStatus, typeOf, unattended } from "../model.js";
import { shareFlows } from "./topology-flows.js";

const MOST_QUEUES = 60;
/** Bytes per second: a client that sends more does something. */
const HEARTBEATS = 10;

/** Publishers by client, [{ client, exchange, vhost, rate, channels }], from the server's list [{ connection, channel, user, exchange, vhost, rate }]. */
export function publishersFrom(list) {
  const found = new Map();
  for (const p of list) add(found, p);
  return [...found.values()];
}

function add(found, p) {
  const client = clientName(inventory.connections.get(p.connection) ?? { name: p.connection });
  const key = [client, p.vhost, p.exchange].join("\u0000");
  const one = found.get(key) ?? { client, connection: p.connection, exchange: p.exchange, vhost: p.vhost, rate: 0, channels: new Set() };
  one.rate += p.rate;
  one.channels.add(p.channel);
  found.set(key, one);
}

const idOf = (kind, o) => kind + ":" + o.vhost + "\u0000" + o.name;

/**
 * { nodes, edges, idle } — nodes { id, kind, name, sub, cls, object, bad }, edges { from, to, kind, rate, key, binding }.
 * `all` shows idle queues too; `focus` is { kind: "x" or "q", name, vhost }, without vhost of any, and keeps its neighbourhood when there is too much.
 */
export function model({ publishers, flows, all, focus }) {
  const graph = { nodes: new Map(), edges: [], idle: { queues: [], exchanges: [], clients: [] } };
  const queues = chooseQueues(graph, all, focus);
  exchangeNodes(graph, queues, all, focus);
  queueNodes(graph, queues);
  bindingEdges(graph, flows);
  deadLetterEdges(graph, queues);
  shareFlows(graph, flows);
  for (const n of graph.nodes.values()) if (n.kind === "x" && !n.bad && n.inflow > 0 && exchangeRates(n.object).in === 0) n.sub = `${n.object.type} · ${perSecond(n.inflow)}`;
  if (showsSeveral()) for (const n of graph.nodes.values()) n.sub += ` · ${n.object.vhost}`;
  publisherNodes(graph, publishers);
  consumerNodes(graph, queues);
  return graph;
}

function chooseQueues(graph, all, focus) {
  const near = focus ? neighbours(focus) : null;
  const used = [];
  for (const q of inventory.queues) {
    if (near?.has(keyOf(q))) used.push(q);
    else if (all || queueStatus(q).word !== "Idle" || refusalOf("queue", q)) used.push(q);
    else graph.idle.queues.push(q);
  }
  if (used.length <= MOST_QUEUES) return used;
  const weight = (q) => (near?.has(keyOf(q)) || refusalOf("queue", q) ? 1e12 : 0) + queueRates(q).in + queueRates(q).out + (q.messages ?? 0) / 1e6;
  used.sort((a, b) => weight(b) - weight(a));
  graph.idle.queues.push(...used.slice(MOST_QUEUES));
  return used.slice(0, MOST_QUEUES);
}

export const isIt = (focus, o) => o.name === focus.name && (focus.vhost === null || o.vhost === focus.vhost);

function neighbours(focus) {
  if (focus.kind === "q") return new Set(inventory.queues.filter((q) => isIt(focus, q)).map(keyOf));
  return new Set(inventory.bindings.filter((b) => isIt(focus, { vhost: b.vhost, name: b.source }) && b.destination_type === "queue").map((b) => b.vhost + "\u0000" + b.destination));
}

function exchangeNodes(graph, queues, all, focus) {
  const bound = new Set();
  const names = new Set(queues.map(keyOf));
  for (const b of inventory.bindings) {
    if (b.source === "") continue;
    if (b.destination_type === "exchange") bound.add(b.vhost + "\u0000" + b.source).add(b.vhost + "\u0000" + b.destination);
    else if (names.has(b.vhost + "\u0000" + b.destination)) bound.add(b.vhost + "\u0000" + b.source);
  }
  for (const x of inventory.exchanges) {
    const r = exchangeRates(x);
    const own = x.name !== "" && !x.name.startsWith("amq.");
    const lost = droppedBy(x);
    const drop = r.drop + lettersLost(x);
    const refused = refusalOf("exchange", x);
    if (bound.has(keyOf(x)) || r.in > 0 || drop > 0 || lost || refused || (own && all) || (focus?.kind === "x" && isIt(focus, x))) {
      const bad = drop > 0 || lost > 0;
      const sub = drop > 0 ? `drops ${isBound(x) ? "some" : "all"}, ${perSecond(drop)}` : r.in > 0 || r.out > 0 ? `${x.type} · ${perSecond(r.in || r.out)}` : isBound(x) ? x.type : lost ? "not bound" : `${x.type} · not bound`;
      graph.nodes.set(idOf("x", x), { id: idOf("x", x), kind: "x", name: exchangeName(x.name), sub, cls: drop > 0 ? "hot" : lost ? "w" : isBound(x) || r.in > 0 ? "x" : "off", object: x, bad, drop: drop || lost, refused });
    } else if (own) graph.idle.exchanges.push(x);
  }
}

function queueNodes(graph, queues) {
  for (const q of queues) {
    const s = queueStatus(q);
    const grows = growth(keyOf(q));
    const more = Math.abs(grows ?? 0) >= 0.05 && q.messages_ready > 0 ? signed(grows) : q.messages_unacknowledged && !queueRates(q).in ? `${count(q.messages_unacknowledged)} unacked` : perSecond(queueRates(q).in);
    const cls = s.tone === "warn" ? "w" : s.tone === "bad" ? "hot" : s.tone === "idle" ? "off" : "";
    graph.nodes.set(idOf("q", q), { id: idOf("q", q), kind: "q", name: q.name, sub: `${count(q.messages_ready)} ready · ${more}`, cls, object: q, status: s, type: typeOf(q), refused: refusalOf("queue", q) });
  }
}

/** What a binding wants of messages: its key, or the headers. */
function keysOf(b, { object }) {
  if ((object.arguments?.["x-delayed-type"] ?? object.type) !== "headers") return [b.routing_key];
  return Object.entries(b.arguments ?? {}).filter(([name]) => name !== "x-match").map(([name, v]) => (v === null ? name : `${name} = ${value(v)}`));
}

function bindingEdges(graph, flows) {
  const bound = new Set();
  const byPair = new Map();
  for (const b of inventory.bindings) {
    const to = (b.destination_type === "queue" ? "q:" : "x:") + b.vhost + "\u0000" + b.destination;
    const from = "x:" + b.vhost + "\u0000" + b.source;
    if (b.source === "" || !graph.nodes.has(to) || !graph.nodes.has(from)) continue;
    bound.add(to);
    const known = byPair.get(from + to);
    if (known) {
      known.keys.push(...keysOf(b, graph.nodes.get(from)));
      known.bindings.push(b);
    } else byPair.set(from + to, { pair: from + to, from, to, kind: to.startsWith("x:") ? "xx" : "p", keys: keysOf(b, graph.nodes.get(from)), bindings: [b], rate: 0 });
  }
  graph.edges.push(...byPair.values());
  defaultEdges(graph, bound, new Set(flows.filter((f) => f.exchange === "").map((f) => "q:" + f.vhost + "\u0000" + f.queue)));
  for (const n of [...graph.nodes.values()]) {
    const other = n.kind === "x" && alternate(n.object);
    const to = other && "x:" + n.object.vhost + "\u0000" + other;
    if (to && graph.nodes.has(to)) graph.edges.push({ pair: n.id + to + "alternate", from: n.id, to, kind: "xx", alternate: true, keys: ["alternate"], bindings: [], rate: 0 });
  }
}

/** The default exchange reaches every queue: drawn are those that it sends to, and while it is in use those that nothing else reaches. */
function defaultEdges(graph, bound, sent) {
  for (const b of inventory.bindings) {
    const from = "x:" + b.vhost + "\u0000";
    const to = "q:" + b.vhost + "\u0000" + b.destination;
    if (b.source !== "" || !graph.nodes.has(from) || !graph.nodes.has(to)) continue;
    if (sent.has(to) || (!bound.has(to) && exchangeRates(graph.nodes.get(from).object).in > 0)) graph.edges.push({ pair: from + to, from, to, kind: "p", keys: [], bindings: [b], rate: 0 });
  }
}

function deadLetterEdges(graph, queues) {
  for (const q of queues) {
    const name = setting(q, "dead-letter-exchange");
    if (name === undefined || name === null) continue;
    const to = "x:" + q.vhost + "\u0000" + name;
    if (!graph.nodes.has(to)) {
      const x = inventory.exchanges.find((one) => one.vhost === q.vhost && one.name === name);
      const lost = !x;
      graph.nodes.set(to, { id: to, kind: "x", name: exchangeName(name), sub: lost ? "no such exchange" : isBound(x) ? x.type : `${x.type} · not bound`, cls: lost ? "hot" : "off", object: x ?? { vhost: q.vhost, name, missing: true }, bad: lost });
      graph.idle.exchanges = graph.idle.exchanges.filter((one) => one !== x);
    }
    graph.nodes.get(to).deadLetters = true;
    const deaths = deathRates(q);
    const rate = Object.values(deaths).reduce((sum, r) => sum + r, 0);
    graph.edges.push({ pair: q.name + to, from: idOf("q", q), to, kind: "dl", keys: [], bindings: [], rate, deaths });
    graph.nodes.get(to).letters = (graph.nodes.get(to).letters ?? 0) + rate;
    if (name === "") toQueueOfItsKey(graph, q, to);
  }
}

/** The default exchange has an edge to each queue that letters are addressed to; without a key of their own it is not known. */
function toQueueOfItsKey(graph, q, from) {
  const to = "q:" + q.vhost + "\u0000" + setting(q, "dead-letter-routing-key");
  const pair = from + to;
  if (graph.nodes.has(to) && !graph.edges.some((e) => e.pair === pair)) graph.edges.push({ pair, from, to, kind: "p", keys: [], bindings: [], rate: 0 });
}

/** What stands on a dead-letter edge: why, and how many a second. */
export function deathsText(deaths) {
  const all = Object.entries(deaths).map(([why, rate]) => `${why.replace("maxlen", "over the limit").replace("delivery_limit", "redelivered too often")} ${perSecond(rate)}`);
  const rate = Object.values(deaths).reduce((sum, r) => sum + r, 0);
  return { short: all.length > 1 ? `dead letters ${perSecond(rate)}` : (all[0] ?? ""), all: all.join("\n") };
}

function publisherNodes(graph, publishers) {
  const busy = new Set();
  for (const p of publishers) {
    const id = "p:" + p.client;
    busy.add(p.client);
    const node = graph.nodes.get(id) ?? { id, kind: "p", name: p.client, cls: "", rate: 0, channels: new Set(), object: { connection: p.connection } };
    node.rate += p.rate;
    for (const c of p.channels) node.channels.add(c);
    graph.nodes.set(id, node);
    const to = "x:" + p.vhost + "\u0000" + p.exchange;
    if (graph.nodes.has(to)) graph.edges.push({ pair: id + to, from: id, to, kind: "p", keys: [], bindings: [], rate: p.rate });
  }
  for (const n of graph.nodes.values()) if (n.kind === "p") n.sub = `${perSecond(n.rate)} · ${n.channels.size} ${n.channels.size === 1 ? "channel" : "channels"}`;
  const consuming = new Set(inventory.consumers.map((c) => c.channel_details?.connection_name));
  const silent = new Set();
  for (const c of inventory.connections.values()) {
    if ((context.vhost !== null && c.vhost !== context.vhost) || consuming.has(c.name) || busy.has(clientName(c))) continue;
    silent.add(clientName(c));
    if (c.recv_oct_details?.rate > HEARTBEATS) graph.idle.sending = true;
  }
  graph.idle.clients = [...silent];
}

function consumerNodes(graph, queues) {
  for (const q of queues) {
    const mine = inventory.consumers.filter((c) => c.queue.name === q.name && c.queue.vhost === q.vhost);
    const r = queueRates(q);
    if (!mine.length) {
      if (unattended(q)) graph.nodes.set("c:" + keyOf(q), { id: "c:" + keyOf(q), kind: "c", name: "No consumer", sub: `${count(q.messages_ready)} waiting`, cls: "off", queue: idOf("q", q), object: {} });
      continue;
    }
    const names = new Map();
    for (const c of mine) {
      const connection = c.channel_details?.connection_name;
      const name = clientName(inventory.connections.get(connection) ?? { name: connection });
      names.set(name, [...(names.get(name) ?? []), c]);
    }
    const several = names.size > 1;
    const [first, own] = names.entries().next().value;
    const slots = mine.reduce((n, c) => n + c.prefetch_count, 0);
    const full = slots > 0 && q.messages_unacknowledged >= slots ? (r.out > 0 ? " · prefetch full" : "") : "";
    const sub = r.out > 0 ? perSecond(r.out) + full : q.messages_unacknowledged ? `holds ${count(q.messages_unacknowledged)}` : "waits";
    const id = "c:" + keyOf(q);
    graph.nodes.set(id, { id, kind: "c", name: several ? `${names.size} clients` : first, suffix: !several && own.length > 1 ? ` ×${own.length}` : "", sub, cls: "", queue: idOf("q", q), object: { connection: own[0].channel_details?.connection_name, names: [...names.keys()] } });
    graph.edges.push({ pair: id, from: idOf("q", q), to: id, kind: "d", keys: [], bindings: [], rate: r.out });
  }
}
