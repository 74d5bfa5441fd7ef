// What pages of single objects and long lists say beyond a status: tags of queues, states of clients.
import { tag } from "./components/basic.js";
import { age, bytes, count, value } from "./format.js";
import { inventory, keyOf, setting } from "./inventory.js";

/** What a queue's settings are called where there is little room, as RabbitMQ's page does, and in words with values: ["TTL", "TTL 30 s"], ["D", "durable"]. */
export function queueFeatures(q) {
  const all = [];
  if (q.durable) all.push(["D", "durable"]);
  if (q.auto_delete) all.push(["AD", "auto-delete"]);
  if (q.exclusive) all.push(["Excl", "exclusive"]);
  const add = (name, brief, text) => {
    const v = setting(q, name);
    if (v !== undefined) all.push([brief, text(v)]);
  };
  add("message-ttl", "TTL", (v) => "TTL " + age(v));
  add("expires", "Exp", (v) => "expires " + age(v));
  add("max-length", "Lim", (v) => "max " + count(v));
  add("max-length-bytes", "Lim B", (v) => "max " + bytes(v));
  add("overflow", "Ovfl", (v) => (v === "drop-head" ? "drops head" : "rejects when full"));
  add("dead-letter-exchange", "DLX", (v) => "DLX " + (v || "amq.default"));
  add("max-priority", "Pri", (v) => "priority 0–" + v);
  add("single-active-consumer", "SAC", (v) => (v ? "single active" : "many active"));
  const mode = setting(q, "queue-mode");
  if (mode !== undefined) all.push([mode, mode]);
  if (inventory.targets.has(keyOf(q))) all.push(["DLQ", "dead-letter target"]);
  return all;
}

export const queueTags = (q) => queueFeatures(q).map(([, text]) => text);

/** Arguments of a consumer or a binding: x-priority = 5. */
export const argumentTags = (args) => Object.entries(args ?? {}).map(([k, v]) => tag(`${k} = ${value(v)}`, true));

/** State of a connection or channel as a status. */
export function clientStatus(c) {
  if (c.state === "blocked" || c.state === "blocking") return { tone: "bad", icon: "bad", word: "Blocked", cause: "the broker holds its publishers" };
  if (c.state === "flow") return { tone: "warn", icon: "warn", word: "Flow", cause: "throttled for a moment" };
  if (c.state === "running") return { tone: "ok", icon: "ok", word: "Running", cause: "" };
  return { tone: "idle", icon: "idle", word: c.state ? c.state[0].toUpperCase() + c.state.slice(1) : "Idle", cause: "" };
}
