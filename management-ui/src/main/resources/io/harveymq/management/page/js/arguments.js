// The arguments of queues, exchanges, consumers and policies: names, units, and what each does.
import { age, bytes, count } from "./format.js";

const MINUTES = { ms: 1, s: 1000, sec: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIZES = { b: 1, kib: 1024, k: 1024, kb: 1024, mib: 1024 ** 2, mb: 1024 ** 2, m: 1024 ** 2, gib: 1024 ** 3, gb: 1024 ** 3, g: 1024 ** 3 };

function withUnit(text, units, fallback) {
  const m = /^\s*([\d_., ]*\d)\s*([a-z]*)\s*$/i.exec(text);
  if (!m) return undefined;
  const unit = units[(m[2] || fallback).toLowerCase()];
  const n = Number(m[1].replace(/[_, ]/g, ""));
  return unit === undefined || !Number.isFinite(n) ? undefined : Math.round(n * unit);
}

/** How each kind of value is read and shown; parse answers undefined for what it cannot read. */
export const KINDS = {
  ms: { parse: (t) => withUnit(t, MINUTES, "ms"), show: age, example: "30 s", hint: "ms, or with a unit: 30 s, 5 min, 2 h" },
  bytes: { parse: (t) => withUnit(t, SIZES, "b"), show: bytes, example: "10 MiB", hint: "bytes, or with a unit: 10 MiB" },
  count: { parse: (t) => withUnit(t, { "": 1 }, ""), show: count, example: "1000", hint: "a whole number" },
  text: { parse: (t) => t, show: String, example: "", hint: "" },
  flag: { parse: (t) => (t === "true" ? true : t === "false" ? false : undefined), show: String, choices: ["true", "false"] },
};

/** [name, label, kind or choices, help, where]: where lists q (queue), x (exchange), policy names follow from the name without x-. */
const TABLE = [
  ["x-message-ttl", "Message TTL", "ms", "A message older than this expires; with a dead-letter exchange it goes there.", "q"],
  ["x-expires", "Queue expiry", "ms", "The queue is deleted after being unused for this long: no consumers, no gets, not declared again.", "q"],
  ["x-max-length", "Most messages", "count", "Above this many ready messages the overflow rule applies.", "q"],
  ["x-max-length-bytes", "Most bytes", "bytes", "The same by the sum of the bodies' sizes.", "q"],
  ["x-overflow", "Overflow", ["drop-head", "reject-publish", "reject-publish-dlx"], "What happens when full: the oldest goes, or new ones are refused (a nack to confirming publishers).", "q"],
  ["x-dead-letter-exchange", "Dead-letter exchange", "text", "Where rejected, expired and displaced messages are republished. Empty means the default exchange.", "q"],
  ["x-dead-letter-routing-key", "Dead-letter routing key", "text", "The key they get; without it they keep their own.", "q"],
  ["x-max-priority", "Highest priority", "count", "Priorities 0 to this; higher ones are delivered first. At most 255, better under 10.", "q"],
  ["x-single-active-consumer", "Single active consumer", "flag", "Only one consumer at a time gets messages; the next takes over when it goes.", "q"],
  ["x-queue-mode", "Mode", ["default", "lazy"], "lazy keeps messages on disk.", "q"],
  ["x-queue-version", "Storage version", "count", "Layout of a classic queue on disk: 1 or 2.", "q"],
  ["x-delivery-limit", "Delivery limit", "count", "Quorum queues: after this many deliveries a message is dropped or dead-lettered.", "q"],
  ["x-quorum-initial-group-size", "Initial group size", "count", "Quorum queues: how many nodes hold a copy at the start.", "q"],
  ["x-dead-letter-strategy", "Dead-letter strategy", ["at-most-once", "at-least-once"], "Quorum queues: whether a dead letter may be lost on its way.", "q"],
  ["x-max-age", "Longest age", "text", "Streams: how long segments are kept, such as 7D.", "q"],
  ["x-stream-max-segment-size-bytes", "Segment size", "bytes", "Streams: size of one segment file.", "q"],
  ["x-queue-leader-locator", "Leader locator", ["client-local", "balanced"], "Which node leads a new queue.", "q"],
  ["alternate-exchange", "Alternate exchange", "text", "Gets what matches no binding here, so that nothing is dropped.", "x"],
  ["x-delayed-type", "Type behind the delay", ["direct", "fanout", "topic", "headers"], "How a delayed exchange routes once the delay is over.", "x"],
];

const ARGUMENTS = TABLE.map(([name, label, kind, help, where]) => ({
  name,
  label,
  help,
  where,
  kind: Array.isArray(kind) ? { parse: (t) => t, show: String, choices: kind } : KINDS[kind],
}));

export const argumentsFor = (where) => ARGUMENTS.filter((a) => a.where === where);
export const argument = (name) => ARGUMENTS.find((a) => a.name === name || a.name === "x-" + name);

/** Keys a policy can set, with their help. */
export const policyKeys = () => ARGUMENTS.filter((a) => !["x-max-priority", "x-single-active-consumer", "x-quorum-initial-group-size", "x-delayed-type"].includes(a.name));
/** Those of them that an operator policy can set. */
export const operatorKeys = () => ARGUMENTS.filter((a) => ["x-message-ttl", "x-expires", "x-max-length", "x-max-length-bytes", "x-delivery-limit", "x-queue-version"].includes(a.name));
export const policyKey = (a) => a.name.replace(/^x-/, "");

/** A value as a person reads it. */
export const showArgument = (name, v) => {
  const a = argument(name);
  if (v === "") return /(dead-letter|alternate)-exchange$/.test(name) ? "amq.default" : "(empty)";
  return a && (typeof v === "number" || typeof v === "boolean") ? a.kind.show(v) : typeof v === "object" ? JSON.stringify(v) : String(v);
};

/** A free value: true, 12 and JSON as such, everything else as text. */
export function freeValue(text) {
  const t = text.trim();
  if (/^(true|false|null|-?\d+(\.\d+)?|[[{].*[\]}])$/s.test(t)) {
    try {
      return JSON.parse(t);
    } catch {
      return text;
    }
  }
  return text;
}

/** Rows [{ name, free, text }] as an object; unreadable ones are left out. */
export function readArguments(rows, strip = false) {
  const out = {};
  for (const r of rows) {
    const name = r.name === "" ? r.free : r.name;
    if (!name) continue;
    const a = r.name === "" ? null : argument(r.name);
    const v = a ? a.kind.parse(r.text) : freeValue(r.text);
    if (v !== undefined) out[strip ? name.replace(/^x-/, "") : name] = v;
  }
  return out;
}

/** What is wrong with a row, or null. */
export function argumentProblem(r) {
  if (r.name === "") return r.free || !r.text ? null : "Name the argument.";
  const a = argument(r.name);
  if (r.text === "" && a.kind !== KINDS.text) return null;
  return a.kind.parse(r.text) === undefined ? `Not readable as ${a.label.toLowerCase()}: ${a.kind.hint}` : null;
}
