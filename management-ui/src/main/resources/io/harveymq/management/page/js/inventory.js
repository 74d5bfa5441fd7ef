// What exists in the chosen vhost, in short form: for findings, counted chips, the topology and dead-letter targets.
// Refreshed while a page uses it, less often the more there is.
import { features, get } from "./api.js";
import { context, inVhost } from "./context.js";
import { pushTrend } from "./history.js";
import { redrawSoon } from "./redraw.js";
import { liveState } from "./live.js";

const QUEUE_COLUMNS = [
  "name", "vhost", "type", "state", "durable", "auto_delete", "exclusive", "arguments", "effective_policy_definition",
  "messages", "messages_ready", "paused", "messages_unacknowledged", "message_bytes", "consumers", "policy", "single_active_consumer_tag",
  "message_stats.publish_details.rate", "message_stats.deliver_get_details.rate", "message_stats.ack_details.rate",
  "message_stats.redeliver_details.rate", "message_stats.deliver_details.rate", "node", "memory",
].join(",");

const CONNECTION_COLUMNS = "name,user_provided_name,client_properties.connection_name,user,vhost,state,channels,send_oct_details.rate,recv_oct_details.rate";

/** Lists are empty until `ready`; `connections` finds one by its name; `targets` holds the keys of queues that receive dead letters, `slow` says by key who holds messages for long. */
export const inventory = { ready: false, queues: [], exchanges: [], bindings: [], consumers: [], connections: new Map(), targets: new Set(), slow: new Map(), at: 0 };

export const keyOf = (o) => o.vhost + "\u0000" + o.name;

/** Milliseconds: an answer that takes longer is asked for again, so that one that is lost does not stop all. */
const LATE = 10_000;

const users = new Set();
let timer = null;
let round = 0;

/** Keeps the inventory fresh until the returned function is called. */
export function useInventory(onChange = () => {}) {
  const user = { onChange };
  users.add(user);
  if (users.size === 1) refresh();
  else if (inventory.ready) onChange();
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

async function refresh() {
  clearTimeout(timer);
  const mine = ++round;
  const vhost = context.vhost;
  try {
    if (!document.hidden && !(liveState.frozen && inventory.ready)) {
      const late = AbortSignal.timeout(LATE);
      const [queues, exchanges, bindings, consumers, connections, findings] = await Promise.all([
        get(inVhost("queues"), { columns: QUEUE_COLUMNS }, late),
        get(inVhost("exchanges"), {}, late),
        get(inVhost("bindings"), {}, late),
        get(inVhost("consumers"), {}, late),
        get("connections", { columns: CONNECTION_COLUMNS }, late).catch(() => []),
        features.has("findings") ? get("dev/findings", {}, late).catch(() => []) : [],
      ]);
      if (mine !== round) return;
      if (vhost === context.vhost) {
        inventory.slow = new Map(findings.filter((f) => f.kind === "slow-acks").map((f) => [keyOf(f.object), f.text]));
        inventory.connections = new Map(connections.map((c) => [c.name, c]));
        take(queues, exchanges, bindings, consumers);
      }
    }
  } catch {
    // the live state tells of a lost connection; the next round tries again
  }
  if (mine === round && users.size) timer = setTimeout(refresh, inventory.queues.length > 2000 ? 15_000 : 3_000);
}

function take(queues, exchanges, bindings, consumers) {
  const at = Date.now();
  Object.assign(inventory, { queues, exchanges, bindings, consumers, at, ready: true });
  inventory.targets = deadLetterTargets();
  for (const q of queues) if (q.messages_ready !== undefined) pushTrend(keyOf(q), at, q.messages_ready);
  for (const user of users) user.onChange();
  redrawSoon();
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
