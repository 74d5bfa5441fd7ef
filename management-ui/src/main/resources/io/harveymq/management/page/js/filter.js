// The filter language of lists: plain text is contained in the name, /…/ is a regular expression,
// and words such as type:quorum, ready:>100, consumers:0, vhost:, client:, policy:, status:.
import { clientName } from "./format.js";
import { inventory, keyOf } from "./inventory.js";
import { queueRates, queueStatus, typeOf, unattended } from "./model.js";

const NUMBERS = {
  ready: (q) => q.messages_ready,
  unacked: (q) => q.messages_unacknowledged,
  messages: (q) => q.messages,
  consumers: (q) => q.consumers,
  in: (q) => queueRates(q).in,
  out: (q) => queueRates(q).out,
  bytes: (q) => q.message_bytes,
};

const TEXTS = {
  type: (q) => typeOf(q),
  vhost: (q) => q.vhost,
  policy: (q) => q.policy ?? "",
  status: (q) => queueStatus(q).word,
  client: (q) => inventory.consumers.filter((c) => c.queue.name === q.name && c.queue.vhost === q.vhost)
    .map((c) => clientName(inventory.connections.get(c.channel_details?.connection_name)) + " " + c.consumer_tag + " " + (c.channel_details?.user ?? "")).join(" "),
};

/** { name, regex, words, plain, problem } — `plain` when the server can do all of it. Lists of other things have no `words`. */
export function parseFilter(text, hasWords = true) {
  const out = { name: "", regex: false, words: [], plain: true, problem: null };
  const rest = [];
  for (const token of text.trim().split(/\s+/).filter(Boolean)) {
    const m = hasWords && /^(\w+):(.*)$/.exec(token);
    if (m && NUMBERS[m[1]]) {
      const n = /^(>=|<=|>|<|=)?(\d+(?:\.\d+)?)$/.exec(m[2]);
      if (n) out.words.push(numberTest(NUMBERS[m[1]], n[1] ?? "=", Number(n[2])));
      else if (m[2]) out.problem = `${m[1]}: wants a number, such as ${m[1]}:>100`;
    } else if (m && TEXTS[m[1]]) {
      const wanted = m[2].toLowerCase();
      if (wanted) out.words.push((q) => String(TEXTS[m[1]](q)).toLowerCase().includes(wanted));
    } else rest.push(token);
  }
  const name = rest.join(" ");
  const regex = /^\/(.+)\/$/.exec(name);
  out.regex = regex !== null;
  out.name = regex ? regex[1] : name.startsWith("/") ? "" : name;
  if (regex) {
    try {
      new RegExp(out.name);
    } catch {
      out.problem = "No regular expression: " + name;
      out.name = "";
    }
  }
  out.plain = out.words.length === 0 && out.problem === null;
  return out;
}

function numberTest(read, op, limit) {
  const tests = { ">": (v) => v > limit, "<": (v) => v < limit, ">=": (v) => v >= limit, "<=": (v) => v <= limit, "=": (v) => v === limit };
  return (q) => tests[op](read(q) ?? 0);
}

/** A test for lists that are filtered here. What is no filter finds nothing. */
export function tester(filter) {
  if (filter.problem) return () => false;
  const pattern = filter.regex && filter.name ? new RegExp(filter.name) : null;
  const part = filter.name.toLowerCase();
  return (o) => (pattern ? pattern.test(o.name) : o.name.toLowerCase().includes(part)) && filter.words.every((w) => w(o));
}

/** A chip of a status. */
const chipOf = (id, label, glyph) => [id, label, (q, word) => word === label, glyph];

/** Chips of the queues page: [id, label, test of a queue and the word of its status, icon]. */
export const CHIPS = [
  chipOf("down", "Down", "bad"),
  chipOf("dropping", "Dropping", "bad"),
  chipOf("rejecting", "Rejecting", "bad"),
  chipOf("limit", "Near limit", "warn"),
  chipOf("slow", "Slow acks", "warn"),
  chipOf("loop", "Redelivery loop", "warn"),
  chipOf("behind", "Falling behind", "warn"),
  ["unattended", "No consumer, messages waiting", unattended, "warn"],
  ["dead", "Holds dead letters", (q) => inventory.targets.has(keyOf(q)) && (q.messages ?? 0) > 0],
  ["unacked", "Has unacked", (q) => q.messages_unacknowledged > 0],
  ["used", "In use", (q, word) => word !== "Idle"],
  chipOf("idle", "Idle", "idle"),
];
