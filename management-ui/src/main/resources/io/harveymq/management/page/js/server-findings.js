// The server's findings in the shape that the page shows: subject, text, evidence as one line.
import { age, bytes, count, perSecond, plural, timeShort } from "./format.js";

export const findingKey = (f) => [f.kind, f.object?.type, f.object?.vhost, f.object?.name, { refused: f.text, dropping: f.since }[f.kind]].join("\u0000");

export function fromServer(list) {
  return list.map((f) => {
    const starts = f.subject && f.text.startsWith(f.subject + " ");
    return { ...f, subject: starts ? f.subject : "", text: starts ? f.text.slice(f.subject.length + 1) : f.text, last: f.evidence?.last, reason: f.evidence?.reason && `${f.evidence.code} ${f.evidence.reason}`, evidence: evidenceText(f, f.evidence ?? {}) };
  });
}

function evidenceText(f, e) {
  const parts = [];
  if (f.kind === "dropping") {
    if (e.dropped_rate > 0) parts.push(`${perSecond(e.dropped_rate).replace("/s", "")} dropped/s`);
    parts.push(f.severity === "bad" ? `${count(e.dropped)} since ${timeShort(f.since)}` : `${e.dropped > 1 ? "last " : ""}at ${timeShort(e.last)}`);
  }
  if (e.ready !== undefined) parts.push(`${count(e.ready)} waiting`);
  if (e.growth > 0) parts.push(`grows by ${perSecond(e.growth)}`);
  if (e.oldest_ms !== undefined) parts.push(`oldest ${age(e.oldest_ms)}`);
  if (e.held_ms !== undefined && e.returns > 0) parts.push(`came back ${plural(e.returns, "time")}`);
  if (e.channels_rate !== undefined) parts.push(`${perSecond(e.channels_rate)} opened`);
  if (e.connections_rate !== undefined) parts.push(`${perSecond(e.connections_rate)} opened`);
  if (e.disk_free !== undefined) parts.push(`${bytes(e.disk_free)} free`);
  if (e.code !== undefined) parts.push(`${e.code}${e.times > 1 ? `, ${plural(e.times, "time")}` : ""} · ${age(Date.now() - f.since)} ago`);
  return parts.join(" · ");
}
