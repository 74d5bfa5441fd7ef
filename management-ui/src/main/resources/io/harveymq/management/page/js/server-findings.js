// The server's findings, and what identifies a finding wherever it comes from.
import { age, count, perSecond, time } from "./format.js";

export const findingKey = (f) => [f.kind, f.object?.type, f.object?.vhost, f.object?.name].join("\u0000");

/** The server's findings in the shape the page shows: subject, text, evidence as one line. */
export function fromServer(list) {
  return list.map((f) => {
    const name = f.object?.name === "" ? "amq.default" : f.object?.name;
    const starts = name && f.text?.startsWith(name + " ");
    return { ...f, subject: starts ? name : "", text: starts ? f.text.slice(name.length + 1) : f.text, evidence: evidenceText(f) };
  });
}

function evidenceText(f) {
  const e = f.evidence;
  if (!e || typeof e === "string") return e ?? "";
  const parts = [];
  const rate = e.rate ?? e.dropped_rate;
  if (rate !== undefined) parts.push(`${perSecond(rate).replace("/s", "")} ${f.kind === "dropping" ? "dropped/s" : "/s"}`);
  if (e.dropped !== undefined) parts.push(`${count(e.dropped)} since ${time(f.since).slice(0, 5)}`);
  if (e.ready !== undefined) parts.push(`${count(e.ready)} waiting`);
  if (e.unacked !== undefined) parts.push(`${count(e.unacked)} unacked`);
  if (e.growth > 0) parts.push(`grows by ${perSecond(e.growth)}`);
  if (e.oldest_ms !== undefined) parts.push(`oldest ${age(e.oldest_ms)}`);
  return parts.join(" · ");
}
