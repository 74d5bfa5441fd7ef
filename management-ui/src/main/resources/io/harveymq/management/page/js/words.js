// What pages of single objects and long lists say beyond a status: tags of queues, states of clients.
import { tag } from "./components/basic.js";
import { age, bytes, count, value } from "./format.js";
import { inventory, keyOf, setting } from "./inventory.js";

/** Words with values for a queue's settings: durable, TTL 30 s, DLX orders.dlx. */
export function queueTags(q) {
  const tags = [];
  if (q.durable) tags.push("durable");
  if (q.auto_delete) tags.push("auto-delete");
  if (q.exclusive) tags.push("exclusive");
  const add = (name, text) => {
    const v = setting(q, name);
    if (v !== undefined) tags.push(text(v));
  };
  add("message-ttl", (v) => "TTL " + age(v));
  add("expires", (v) => "expires " + age(v));
  add("max-length", (v) => "max " + count(v));
  add("max-length-bytes", (v) => "max " + bytes(v));
  add("overflow", (v) => (v === "drop-head" ? "drops head" : "rejects when full"));
  add("dead-letter-exchange", (v) => "DLX " + (v || "amq.default"));
  add("max-priority", (v) => "priority 0–" + v);
  add("single-active-consumer", (v) => (v ? "single active" : "many active"));
  add("queue-mode", (v) => v);
  if (inventory.targets.has(keyOf(q))) tags.push("dead-letter target");
  return tags;
}

/** Arguments of a consumer or a binding: x-priority = 5. */
export const argumentTags = (args) => Object.entries(args ?? {}).map(([k, v]) => tag(`${k} = ${value(v)}`, true));

/** State of a connection or channel as a status. */
export function clientStatus(c) {
  if (c.state === "blocked" || c.state === "blocking") return { tone: "bad", icon: "bad", word: "Blocked", cause: "the broker holds its publishers" };
  if (c.state === "flow") return { tone: "warn", icon: "warn", word: "Flow", cause: "throttled for a moment" };
  if (c.state === "running") return { tone: "ok", icon: "ok", word: "Running", cause: "" };
  return { tone: "idle", icon: "idle", word: c.state ? c.state[0].toUpperCase() + c.state.slice(1) : "Idle", cause: "" };
}
