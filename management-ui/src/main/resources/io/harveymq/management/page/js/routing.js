// A dry run of routing with reasons: by the server where it can, else here from the bindings, with the same answer.
import { features, send } from "./api.js";
import { inventory } from "./inventory.js";
import { alternate } from "./bound.js";

const NTH = ["first", "second", "third", "fourth", "fifth", "sixth"];

/** { queues, steps: [{ exchange, matched, not_matched: [{ binding, reason }] }] } */
export async function dryRun({ vhost, exchange, routing_key, headers }) {
  if (features.has("route")) return send("POST", "dev/route", { vhost, exchange, routing_key, headers });
  return routeHere(vhost, exchange, routing_key, headers ?? {});
}

function routeHere(vhost, first, key, headers) {
  const queues = new Set();
  const steps = [];
  const seen = new Set();
  const todo = [first];
  while (todo.length) {
    const name = todo.shift();
    if (seen.has(name)) continue;
    seen.add(name);
    const step = oneStep(vhost, name, key, headers);
    steps.push(step);
    for (const b of step.matched) {
      if (b.destination_type === "queue") queues.add(b.destination);
      else todo.push(b.destination);
    }
    const x = inventory.exchanges.find((one) => one.vhost === vhost && one.name === name);
    if (!step.matched.length && x && alternate(x)) todo.push(alternate(x));
  }
  return { queues: [...queues], steps };
}

function oneStep(vhost, name, key, headers) {
  const x = inventory.exchanges.find((one) => one.vhost === vhost && one.name === name);
  const step = { exchange: name, matched: [], not_matched: [] };
  for (const b of inventory.bindings) {
    if (b.vhost !== vhost || b.source !== name) continue;
    const reason = whyNot(x?.type ?? "direct", x, b, key, headers);
    if (reason === null) step.matched.push(b);
    else step.not_matched.push({ binding: b, reason });
  }
  return step;
}

/** Null if the binding matches, else why not. */
function whyNot(type, x, b, key, headers) {
  if (type === "x-delayed-message") return whyNot(x?.arguments?.["x-delayed-type"] ?? "direct", x, b, key, headers);
  if (type === "fanout") return null;
  if (type === "headers") return headersReason(b.arguments ?? {}, headers);
  if (type === "topic") return topicReason(b.routing_key, key);
  return b.routing_key === key ? null : `wants exactly \`${b.routing_key}\``;
}

function topicReason(pattern, key) {
  const wanted = pattern === "" ? [] : pattern.split(".");
  const words = key === "" ? [] : key.split(".");
  if (matches(wanted, words)) return null;
  for (let i = 0; i < wanted.length && wanted[i] !== "#"; i++) {
    if (i >= words.length) return `wants more than ${words.length} words`;
    if (wanted[i] !== "*" && wanted[i] !== words[i]) return `wants \`${wanted[i]}\` as ${NTH[i] ?? i + 1 + "th"} word`;
  }
  return wanted.includes("#") ? `wants the ending of \`${pattern}\`` : `wants ${wanted.length} words, not ${words.length}`;
}

function matches(pattern, words) {
  if (!pattern.length) return !words.length;
  if (pattern[0] === "#") return matches(pattern.slice(1), words) || (words.length > 0 && matches(pattern, words.slice(1)));
  if (!words.length) return false;
  return (pattern[0] === "*" || pattern[0] === words[0]) && matches(pattern.slice(1), words.slice(1));
}

function headersReason(args, headers) {
  const mode = args["x-match"] ?? "all";
  const wanted = Object.entries(args).filter(([k]) => k !== "x-match" && (mode.endsWith("-with-x") || !k.startsWith("x-")));
  const has = ([k, v]) => k in headers && (v === null || headers[k] === v);
  if (mode.startsWith("any")) return wanted.some(has) ? null : "wants any of " + wanted.map(([k, v]) => `${k}=${v}`).join(", ");
  const lacking = wanted.find((w) => !has(w));
  return lacking ? `wants header ${lacking[0]}=${lacking[1]}` : null;
}
