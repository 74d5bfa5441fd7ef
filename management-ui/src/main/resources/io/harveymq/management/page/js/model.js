// What the numbers mean: rates and status words. Pure functions over the API's objects.
import { bytes, count, perSecond } from "./format.js";
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
    dropped: rateOf(s, "dropped_maxlen"),
    rejected: rateOf(s, "rejected_maxlen"),
  };
}

/** How full a queue is, by the limit that it is closest to: { share, cause }; null without a limit. */
function fullness(q) {
  if (typeOf(q) === "stream" || !(q.messages_ready > 0)) return null;
  const of = (now, most, show) => ({ share: most > 0 ? now / most : 1, cause: `${show(now)} of ${show(most)}` });
  const [length, size] = [setting(q, "max-length"), setting(q, "max-length-bytes")];
  const limits = [length >= 0 && of(q.messages_ready, length, count), size >= 0 && q.message_bytes_ready !== undefined && of(q.message_bytes_ready, size, bytes)];
  return limits.filter(Boolean).sort((a, b) => b.share - a.share)[0] ?? null;
}

export function exchangeRates(x) {
  const s = x.message_stats;
  return { in: rateOf(s, "publish_in"), out: rateOf(s, "publish_out"), drop: rateOf(s, "drop_unroutable") };
}

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
  const full = fullness(q);
  const rates = queueRates(q);
  const atLimit = (cause, what, rate) => [cause, rate > 0 && `${what} ${perSecond(rate)}`].filter(Boolean).join(", ");
  const isFull = full?.share >= 1 && /reject/.test(setting(q, "overflow") ?? "");
  if (isFull || rates.rejected > 0) return bad("Rejecting", atLimit(isFull && `full with ${count(ready)} messages`, "refuses", rates.rejected));
  if (inventory.lost.has(keyOf(q))) return bad("Dropping", inventory.lost.get(keyOf(q)));
  if (full?.share >= 0.9 || rates.dropped > 0) return warn("Near limit", atLimit(full?.cause, "drops", rates.dropped));
  if (inventory.targets.has(keyOf(q)) && ready + unacked > 0) return warn("Holds dead letters", `${count(ready)} waiting`);
  if (unattended(q)) return warn("No consumer", `${count(ready)} waiting`);
  const grows = growth(keyOf(q));
  const growing = grows === null ? inventory.behind.has(keyOf(q)) : grows > 0.05 && rates.in > rates.out;
  if (ready > 0 && growing && typeOf(q) !== "stream") return warn("Falling behind", inventory.behind.get(keyOf(q)) ?? "more comes in than its consumers take");
  const slow = unacked > 0 && inventory.slow.get(keyOf(q));
  if (slow) return warn("Slow acks", slow);
  if (inventory.loops.has(keyOf(q))) return warn("Redelivery loop", inventory.loops.get(keyOf(q)));
  if (rates.in > 0 || rates.out > 0 || rates.ack > 0 || unacked > 0) return { tone: "ok", icon: "ok", word: "Keeping up", cause: "" };
  if (ready > 0 && typeOf(q) !== "stream") return { tone: "ok", icon: "ok", word: "Keeping up", cause: "" };
  return { tone: "idle", icon: "idle", word: "Idle", cause: "" };
}
