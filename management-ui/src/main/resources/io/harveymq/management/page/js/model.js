// What the numbers mean: rates and status words. Pure functions over the API's objects.
import { count } from "./format.js";
import { growth } from "./history.js";
import { inventory, keyOf, setting } from "./inventory.js";

const rateOf = (stats, name) => stats?.[name + "_details"]?.rate ?? 0;

/** Rates of a queue, per second; a queue without any traffic has no statistics and stands at 0. */
export function queueRates(q) {
  const s = q.message_stats;
  const published = rateOf(s, "publish");
  const letters = rateOf(s, "dead_letter_in");
  return {
    in: published + letters,
    published,
    letters,
    out: rateOf(s, "deliver_get"),
    ack: rateOf(s, "ack"),
    redeliver: rateOf(s, "redeliver"),
  };
}

export function exchangeRates(x) {
  const s = x.message_stats;
  return { in: rateOf(s, "publish_in"), out: rateOf(s, "publish_out"), drop: rateOf(s, "drop_unroutable") };
}

export const alternate = (x) => x.arguments?.["alternate-exchange"] ?? x.effective_policy_definition?.["alternate-exchange"];
export const isBound = (x) =>
  x.name === "" || inventory.bindings.some((b) => b.source === x.name && b.vhost === x.vhost);

export const typeOf = (q) => q.type ?? q.arguments?.["x-queue-type"] ?? "classic";

/** Messages wait and nobody takes them, whatever else is the matter. */
export const unattended = (q) => q.messages_ready > 0 && q.consumers === 0 && typeOf(q) !== "stream";

/** { tone, icon, word, cause } — one status an object, the worst. */
export function queueStatus(q) {
  const bad = (word, cause) => ({ tone: "bad", icon: "bad", word, cause });
  const warn = (word, cause) => ({ tone: "warn", icon: "warn", word, cause });
  if (q.state && !["running", "idle", "flow", "live"].includes(q.state)) {
    return bad("Down", "state " + q.state);
  }
  if (q.paused) return { tone: "idle", icon: "idle", word: "Paused", cause: "its consumers get nothing until somebody resumes it" };
  const ready = q.messages_ready ?? 0;
  const unacked = q.messages_unacknowledged ?? 0;
  const limit = setting(q, "max-length");
  const overflow = setting(q, "overflow");
  if (limit > 0 && ready >= limit && /reject/.test(overflow ?? "")) return bad("Rejecting", `full with ${count(ready)} messages`);
  const rates = queueRates(q);
  if (limit > 0 && ready >= 0.9 * limit) return warn("Near limit", `${count(ready)} of ${count(limit)}`);
  if (inventory.targets.has(keyOf(q)) && ready + unacked > 0) return warn("Holds dead letters", `${count(ready)} waiting`);
  if (unattended(q)) return warn("No consumer", `${count(ready)} waiting`);
  const grows = growth(keyOf(q));
  if (ready > 0 && grows !== null && grows > 0.05 && rates.in > rates.out && typeOf(q) !== "stream") return warn("Falling behind", behindCause(q));
  const slow = unacked > 0 && inventory.slow.get(keyOf(q));
  if (slow) return warn("Slow acks", slow);
  if (rates.in > 0 || rates.out > 0 || rates.ack > 0 || unacked > 0) return { tone: "ok", icon: "ok", word: "Keeping up", cause: "" };
  if (ready > 0 && typeOf(q) !== "stream") return { tone: "ok", icon: "ok", word: "Keeping up", cause: "" };
  return { tone: "idle", icon: "idle", word: "Idle", cause: "" };
}

/** Why a queue falls behind, as far as its consumers tell. */
export function behindCause(q) {
  const consumers = inventory.consumers.filter((c) => c.queue.name === q.name && c.queue.vhost === q.vhost);
  const slots = consumers.reduce((sum, c) => sum + c.prefetch_count, 0);
  const full = slots > 0 && consumers.every((c) => c.prefetch_count > 0) && q.messages_unacknowledged >= slots;
  if (full && q.consumers === 1) return `its only consumer has all ${slots} prefetch slots in use`;
  if (full) return `its ${q.consumers} consumers have all ${slots} prefetch slots in use`;
  if (q.consumers === 1) return "more comes in than its only consumer takes";
  return `more comes in than its ${q.consumers} consumers take`;
}
