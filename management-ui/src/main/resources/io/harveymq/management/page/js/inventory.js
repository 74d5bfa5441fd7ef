// What exists in the chosen vhost, in short form: for findings, counted chips, the topology and dead-letter targets.
// Refreshed while a page uses it, less often the more there is.
import { features, get } from "./api.js";
import { context, inVhost } from "./context.js";
import { pushTrend, trend } from "./history.js";
import { redrawSoon } from "./redraw.js";
import { liveState } from "./live.js";

/** What status, features and rates of a queue are made of. */
export const QUEUE_COLUMNS = [
  "name", "vhost", "type", "state", "durable", "auto_delete", "exclusive", "arguments", "effective_policy_definition",
  "messages", "messages_ready", "messages_unacknowledged", "message_bytes_ready", "paused", "consumers",
  ...["publish", "dead_letter_in", "deliver_get", "ack", "dropped_maxlen", "rejected_maxlen"].map((name) => `message_stats.${name}_details.rate`),
];

/** Why messages go on to a dead letter exchange. */
export const DEATHS = ["rejected", "expired", "maxlen", "delivery_limit"];

const OF_QUEUES = [...QUEUE_COLUMNS, ...DEATHS.flatMap((why) => ["", "_details.rate"].map((of) => `message_stats.dead_lettered_${why}${of}`)), "message_stats.dead_letter_in", "message_stats.dropped_maxlen", "message_bytes", "policy", "node", "memory"];
const OF_CONSUMERS = "queue,consumer_tag,prefetch_count,channel_details.connection_name,channel_details.user";
const OF_CONNECTIONS = "name,vhost,user_provided_name,recv_oct_details.rate";

/** Lists are empty until `ready`; `more` are further fields of queues that the page shows; `connections` finds one by its name; `targets` holds the keys of queues that receive dead letters, `slow` says by key who holds messages for long, `held` since when, `behind` why a queue falls behind, `lost` why it loses dead letters, `dropped` what an exchange drops or dropped, `refused` what was refused a moment ago by type and key, `loops` which message comes back again and again. */
export const inventory = { ready: false, queues: [], exchanges: [], bindings: [], consumers: [], connections: new Map(), targets: new Set(), slow: new Map(), behind: new Map(), lost: new Map(), dropped: new Map(), refused: new Map(), loops: new Map(), held: new Map(), at: 0, more: [] };

export const keyOf = (o) => o.vhost + "\u0000" + o.name;

/** Milliseconds: an answer that takes longer is asked for again, so that one that is lost does not stop all. */
const LATE = 10_000;

/** With more than so many things in it, it is refreshed less often. */
const MANY = 2_000;

/** Milliseconds until it is refreshed although no value has changed: not every change shows in one. */
const AT_LATEST = 15_000;

const users = new Set();
let timer = null;
let round = 0;
let asked = 0;

/** Keeps the inventory fresh until the returned function is called. */
export const useInventory = (onChange = () => {}) => use({ onChange, all: true });

/** The same for pages that need no more of it than the names of clients. */
export const useClientNames = () => use({ onChange: () => {}, all: false });

const isAllUsed = () => [...users].some((user) => user.all);

function use(user) {
  const known = users.size > 0 && (isAllUsed() || !user.all);
  users.add(user);
  if (!known) refresh();
  else if (inventory.ready) user.onChange();
  return () => {
    users.delete(user);
    if (users.size === 0) {
      clearTimeout(timer);
      round++;
    }
  };
}

/** Asks again at once: after a change, or when the vhost changed. */
export function refreshInventory(forget = false) {
  if (forget) {
    Object.assign(inventory, { ready: false, queues: [], exchanges: [], bindings: [], consumers: [], targets: new Set() });
  }
  if (users.size) refresh();
}

/** When it is time, and there is a reason to. */
function refreshDue() {
  if (liveState.changedAt < asked && Date.now() - asked < AT_LATEST) timer = setTimeout(refreshDue, 3_000);
  else refresh();
}

async function refresh() {
  clearTimeout(timer);
  const mine = ++round;
  asked = Date.now();
  const vhost = context.vhost;
  try {
    if (!document.hidden && !(liveState.frozen && (isAllUsed() ? inventory.ready : inventory.connections.size))) {
      const late = AbortSignal.timeout(LATE);
      const list = (kind, columns) => get(inVhost(kind), { columns }, late);
      const [connections, findings, ...lists] = await Promise.all([
        get("connections", { columns: OF_CONNECTIONS }, late).catch(() => []),
        isAllUsed() && features.has("findings") ? get("dev/findings", { vhost }, late).catch(() => []) : [],
        ...(isAllUsed() ? [list("queues", [...OF_QUEUES, ...inventory.more].join(",")), list("exchanges"), list("bindings"), list("consumers", OF_CONSUMERS)] : []),
      ]);
      if (mine !== round) return;
      if (vhost === context.vhost) {
        const said = (kind) => new Map(findings.filter((f) => f.kind === kind).map((f) => [keyOf(f.object), f.text.split(" falls behind: ").pop()]));
        const of = (kind, key) => new Map(findings.filter((f) => f.kind === kind).map((f) => [key(f.object), f]));
        inventory.dropped = of("dropping", keyOf);
        inventory.refused = of("refused", (o) => o.type + keyOf(o));
        inventory.slow = said("slow-acks");
        inventory.behind = said("falling-behind");
        inventory.lost = said("dead-letters-lost");
        inventory.loops = said("redelivery-loop");
        inventory.held = new Map(findings.filter((f) => f.evidence.held_ms).map((f) => [keyOf(f.object), f.since]));
        inventory.connections = new Map(connections.map((c) => [c.name, c]));
        if (lists.length) take(...lists);
        redrawSoon();
      }
    }
  } catch {
    asked = 0; // the live state tells of a lost connection; the next round tries again
  }
  if (mine === round && users.size) timer = setTimeout(refreshDue, size() > MANY ? 15_000 : 3_000);
}

const size = () => inventory.queues.length + inventory.bindings.length + inventory.consumers.length + inventory.connections.size;

function take(queues, exchanges, bindings, consumers) {
  const at = Date.now();
  Object.assign(inventory, { queues, exchanges, bindings, consumers, at, ready: true });
  inventory.targets = deadLetterTargets();
  for (const q of queues) if (q.messages_ready > 0 || trend(keyOf(q)).length) pushTrend(keyOf(q), at, q.messages_ready);
  for (const user of users) user.onChange();
}

/** The setting of a queue, from its arguments or else its policy. */
export function setting(q, name) {
  return q.arguments?.["x-" + name] ?? q.effective_policy_definition?.[name];
}

/** Queues bound to a dead-letter exchange. One that clients publish to as well says nothing about what its queues hold. */
function deadLetterTargets() {
  const targets = new Set();
  const used = new Set(inventory.exchanges.filter((x) => x.message_stats?.publish_in > 0).map(keyOf));
  const asked = new Map();
  for (const q of inventory.queues) {
    const exchange = setting(q, "dead-letter-exchange");
    if (exchange !== undefined) asked.set(q.vhost + "\u0000" + exchange + "\u0000" + (setting(q, "dead-letter-routing-key") ?? ""), [q, exchange]);
  }
  for (const [q, exchange] of asked.values()) {
    const key = setting(q, "dead-letter-routing-key");
    if (exchange === "") {
      if (key !== undefined) targets.add(q.vhost + "\u0000" + key);
      continue;
    }
    for (const b of inventory.bindings) {
      if (used.has(q.vhost + "\u0000" + exchange)) break;
      if (b.vhost === q.vhost && b.source === exchange && b.destination_type === "queue") targets.add(b.vhost + "\u0000" + b.destination);
    }
  }
  return targets;
}
