// "Needs attention", worked out from the REST endpoints where the server has no findings of its own.
import { bytes, count, perSecond } from "./format.js";
import { findingKey } from "./server-findings.js";
import { growth } from "./history.js";
import { inventory, keyOf, setting } from "./inventory.js";
import { alternate, behindCause, exchangeRates, isBound, queueRates, queueStatus } from "./model.js";

const started = new Map();

/** Keeps when a finding was first seen, and drops what is over. */
function remember(findings) {
  const now = Date.now();
  const keys = new Set(findings.map(findingKey));
  for (const key of started.keys()) if (!keys.has(key)) started.delete(key);
  for (const f of findings) {
    if (!started.has(findingKey(f))) started.set(findingKey(f), now);
    f.since ??= started.get(findingKey(f));
  }
  return findings;
}

/** Findings of the inventory, the broker's node and the overview, worst first. */
export function localFindings(overview, nodes) {
  const found = [...nodeFindings(nodes ?? []), ...exchangeFindings(overview), ...queueFindings(), ...churn(overview)];
  found.sort((a, b) => (a.severity === b.severity ? b.weight - a.weight : a.severity === "bad" ? -1 : 1));
  return remember(found);
}

const on = (type, o) => ({ type, vhost: o.vhost, name: o.name });

function nodeFindings(nodes) {
  const found = [];
  for (const n of nodes) {
    const object = { type: "node", name: n.name };
    if (n.mem_alarm) found.push({ kind: "blocked", severity: "bad", weight: 1e9, object, subject: "Publishers", text: `are blocked: memory is above ${bytes(n.mem_limit)}`, evidence: `${bytes(n.mem_used)} in use` });
    if (n.disk_free_alarm) found.push({ kind: "blocked", severity: "bad", weight: 1e9, object, subject: "Publishers", text: `are blocked: free disk space is below ${bytes(n.disk_free_limit)}`, evidence: `${bytes(n.disk_free)} free` });
    if (!n.mem_alarm && n.mem_used > 0.9 * n.mem_limit) found.push({ kind: "near-limit", severity: "warn", weight: 1, object, subject: n.name, text: "is near its memory limit", evidence: `${bytes(n.mem_used)} of ${bytes(n.mem_limit)}` });
  }
  return found;
}

function exchangeFindings(overview) {
  const found = [];
  let explained = 0;
  for (const x of inventory.exchanges) {
    const drop = exchangeRates(x).drop;
    if (!(drop > 0)) continue;
    explained += drop;
    const all = !isBound(x) && !alternate(x);
    found.push({
      kind: "dropping", severity: "bad", weight: drop, object: on("exchange", x), subject: x.name || "amq.default",
      text: all ? "drops every message: no queue is bound to it" : "drops keys that match no binding",
      evidence: `${perSecond(drop)} dropped`.replace("/s dropped", " dropped/s"), all,
    });
  }
  const total = overview?.message_stats?.drop_unroutable_details?.rate ?? 0;
  if (total > explained + 0.5 && total > explained * 1.2) {
    found.push({ kind: "dropping", severity: "bad", weight: total, object: { type: "exchanges" }, subject: "Some exchange", text: "drops messages whose key matches no binding", evidence: `${perSecond(total - explained).replace("/s", "")} dropped/s` });
  }
  return found;
}

function queueFindings() {
  const found = [];
  const names = new Set(inventory.exchanges.map(keyOf));
  for (const q of inventory.queues) {
    const object = on("queue", q);
    const add = (kind, severity, text, evidence, extra) =>
      found.push({ kind, severity, text, evidence, object, subject: q.name, weight: q.messages_ready ?? 0, ...extra });
    const dlx = setting(q, "dead-letter-exchange");
    if (dlx && !names.has(q.vhost + "\u0000" + dlx)) add("dead-letters-lost", "bad", `loses its dead letters: no exchange ${dlx}`, "", { dlx });
    const status = queueStatus(q);
    const rates = queueRates(q);
    const grows = growth(keyOf(q));
    const grown = grows > 0.005 ? ` · grows by ${perSecond(grows)}` : "";
    const waiting = `${count(q.messages_ready)} waiting`;
    if (status.word === "No consumer" && (rates.in > 0 || grows > 0)) add("no-consumer", "warn", "has no consumer", waiting + grown);
    else if (status.word === "Falling behind") add("falling-behind", "warn", "falls behind: " + behindCause(q), waiting + grown);
    else if (status.word === "Holds dead letters") add("dead-letters", "warn", "holds dead letters", waiting + grown);
    else if (status.word === "Slow acks") add("slow-acks", "warn", "waits for acks", status.cause);
    else if (status.word === "Near limit" || status.word === "Rejecting") {
      const end = status.word === "Rejecting" ? "new messages are rejected" : "the oldest will be dropped";
      add("near-limit", status.tone, `is at ${count(q.messages_ready)} of ${count(setting(q, "max-length"))}; ${end}`, "");
    } else if (status.word === "Down") add("down", "bad", "is down", status.cause);
  }
  return found;
}

function churn(overview) {
  const rates = overview?.churn_rates ?? {};
  const found = [];
  for (const kind of ["connection", "channel"]) {
    const rate = rates[kind + "_created_details"]?.rate ?? 0;
    if (rate > 10) found.push({ kind: "churn", severity: "warn", weight: rate, object: { type: "connections" }, subject: "Some client", text: `opens and closes a ${kind} for each message`, evidence: `${perSecond(rate)} opened` });
  }
  return found;
}
