// Series over time, kept in the browser: seeded from the server's samples, then one point a second.
import { redrawSoon } from "./redraw.js";

const kept = new Map();
const MOST = 60;
const LONGEST = 86_400_000;

/** Ms; longer without a point of the page's own is a hole, of which the server knows more. */
const HOLE = 15_000;

/** Own points, with the server's where there is none: before the first and in holes. These are sorted, `step` ms apart. */
function filled(own, sorted, step) {
  const hole = Math.max(HOLE, step * 1.25);
  const ends = [-Infinity, ...own.map((p) => p[0]), own.length ? Date.now() : Infinity];
  let i = 0;
  const missing = sorted.filter(([at]) => {
    while (ends[i + 1] <= at) i++;
    return at > ends[i] && at < ends[i + 1] && ends[i + 1] - ends[i] > hole;
  });
  return [...own, ...missing].sort((a, b) => a[0] - b[0]);
}

/** The line ends at a hole of a time of which the server knows nothing. */
const broken = (points, since) => points.flatMap((p, i) => {
  const after = points[i + 1];
  return p[0] < since && p[1] !== null && after && after[0] - p[0] > Math.max(HOLE, 2 * (after[2] ?? 0)) ? [p, [p[0] + 1, null]] : [p];
});

/** Points [ms, value] by series name; null is unknown from then on. Those that are no more than seconds apart have nothing else, others the ms to the one before. */
export class History {
  constructor() {
    this.series = new Map();
    this.told = Infinity;
    this.reseed = null;
    this.reseeding = false;
  }

  push(name, at, value) {
    if (typeof value !== "number" || !Number.isFinite(value)) return;
    if (at - this.told > HOLE) this.ask();
    this.told = at;
    const points = this.points(name);
    if (points.length && at <= points[points.length - 1][0]) return;
    points.push([at, value]);
    if (points.length % 512 === 0) this.series.set(name, thin(points));
  }

  /** After a while in which the page was not told: it was hidden or stood still, or another one was shown. */
  async ask() {
    if (this.reseeding || !this.reseed) return;
    this.reseeding = true;
    await this.reseed();
    this.reseeding = false;
  }

  points(name) {
    if (!this.series.has(name)) this.series.set(name, []);
    return this.series.get(name);
  }

  since(name, from) {
    const points = this.points(name);
    let at = points.findIndex((p) => p[0] >= from);
    if (at < 0) return [];
    return points.slice(Math.max(0, at - 1));
  }

  /** Takes the samples of a "…_details" object, those of which something is known; a cumulative count becomes a rate. Those further apart make room for them. */
  seed(name, details, cumulative) {
    const samples = known(details);
    const step = Math.min(LONGEST, ...samples.slice(1).map((s, i) => s.timestamp - samples[i].timestamp));
    const points = samples.map((s, i) => [s.timestamp, cumulative ? Math.max(0, ((s.sample - samples[i - 1]?.sample) * 1000) / step) : s.sample, step]);
    if (cumulative) points.shift();
    if (!points.length) return;
    const own = this.points(name).filter((p) => !(p[2] > step && p[0] >= points[0][0] && p[0] <= points.at(-1)[0]));
    this.series.set(name, broken(filled(own, points, step), details.samples_since));
  }
}

/** The samples that are not of a time before anything was known, the oldest first: then they are 0, as RabbitMQ has it. */
export const known = (details) => (details?.samples ?? []).filter((s) => s.timestamp >= (details.samples_since ?? 0)).sort((a, b) => a.timestamp - b.timestamp);

/** One second for ten minutes, ten seconds for an hour, a minute before that; also where the line ends. */
function thin(points) {
  const now = points.at(-1)[0];
  let last = 0;
  return points.filter((p) => {
    const ago = now - p[0];
    const step = ago > 3_600_000 ? 60_000 : 10_000;
    if (ago > LONGEST || (ago > 600_000 && p[1] !== null && p[0] - last < step)) return false;
    last = p[0];
    if (ago > 600_000) p[2] = Math.max(step, p[2] ?? 0);
    return true;
  });
}

/** The history of one object, the same one when its page is opened again. */
export function historyOf(key) {
  let found = kept.get(key);
  if (found) kept.delete(key);
  else found = new History();
  kept.set(key, found);
  if (kept.size > MOST) kept.delete(kept.keys().next().value);
  return found;
}

const trends = new Map();
const seeded = new Set();
const TREND = 300_000;

/** The ready counts of one queue over the last five minutes, for its small curve and its status. */
export function trend(key) {
  return trends.get(key) ?? [];
}

export function pushTrend(key, at, value) {
  let points = trends.get(key);
  if (!points) {
    points = [];
    trends.set(key, points);
  }
  const last = points[points.length - 1];
  if (last && at - last[0] < 900) return;
  if (last && at - last[0] > HOLE) seeded.delete(key);
  points.push([at, value]);
  while (points.length && points[0][0] < at - TREND) points.shift();
  if (trends.size > 3000) trends.delete(trends.keys().next().value);
}

/** Growth per second over the last ten seconds, or null while that is unknown. */
export function growth(key) {
  const points = trends.get(key);
  if (!points || points.length < 2) return null;
  const last = points[points.length - 1];
  const from = points.findLast((p) => p[0] <= last[0] - 8_000);
  if (!from) return null;
  const span = last[0] - from[0];
  return span > 30_000 ? null : ((last[1] - from[1]) * 1000) / span;
}

let asking = false;

/** Notes the queues of a list's answer. `ask` gets the list with more parameters: once for the last five minutes of queues that have no curve yet. */
export function takeTrends(queues, ask) {
  const now = Date.now();
  const keys = queues.filter((q) => q.messages_ready !== undefined).map((q) => q.vhost + "\u0000" + q.name);
  for (const q of queues) if (q.messages_ready !== undefined) pushTrend(q.vhost + "\u0000" + q.name, now, q.messages_ready);
  if (asking || keys.every((key) => seeded.has(key))) return;
  asking = true;
  ask({ lengths_age: 300, lengths_incr: 10, columns: "name,vhost,messages_ready_details" }).then((answer) => {
    for (const q of answer.items ?? answer) {
      const key = q.vhost + "\u0000" + q.name;
      seeded.add(key);
      seedTrend(key, known(q.messages_ready_details));
    }
    redrawSoon();
  }).catch(() => {}).finally(() => (asking = false));
}

function seedTrend(key, samples) {
  trends.set(key, filled(trends.get(key) ?? [], samples.map((s) => [s.timestamp, s.sample]), 10_000));
}
