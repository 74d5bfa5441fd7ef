// Charts by hand, loaded when the first one comes near: the instant that is looked at, and the time to be looked at more closely, by pointer, touch and keyboard.
import { html } from "lit-html";
import { time } from "../format.js";
import { setQuery } from "../router.js";
import { charts, look, SERIES } from "./chart.js";

/** Ms; what is pulled over less was a click. */
const LEAST_ZOOM = 4_000;

/** Ms; no chart shows more. */
const MOST_ZOOM = 86_400_000;

/** A key moves the instant by such a part of what is shown, and by a second at least. */
const STEPS = 120;

function show(ends) {
  look.zoom = ends;
  for (const one of charts) one.now();
  if (ends) for (const history of new Set([...charts].map((one) => one.history))) history.reseed?.(Date.now() - ends[0], ends[1] - ends[0]);
}

/** The address has it from now on. Back leads to what was shown before. */
function zoomTo(ends) {
  show(ends);
  setQuery({ zoom: ends?.map(Math.round).join("-") }, true);
}

function lookAt(instant) {
  if (instant === look.instant) return;
  look.instant = instant;
  for (const one of charts) one.chart?.draw();
}

addEventListener("pointerdown", (e) => {
  if (!e.target.closest?.("h-chart")) lookAt(null);
});

function capture(event) {
  try {
    event.target.setPointerCapture(event.pointerId);
  } catch {
    // lifted meanwhile
  }
}

/** The points of the time that is looked at, and one on each side of it. */
function within(points) {
  const from = points.findIndex((p) => p[0] >= look.zoom[0]);
  const to = points.findIndex((p) => p[0] > look.zoom[1]);
  if (from < 0) return points.slice(-1);
  return points.slice(Math.max(0, from - 1), to < 0 ? undefined : to + 1);
}

function at(points, when) {
  let best = null;
  for (const p of points) {
    if (p.x > when) break;
    best = p;
  }
  return best;
}

/** Where the dot of a line stands: at the crosshair on a level stretch, else at its own point; without a crosshair at the end of what is zoomed to. */
function point(points) {
  if (look.instant === null) return crossing(points, look.zoom[1]);
  const found = at(points, look.instant);
  return found && { x: points[points.indexOf(found) + 1]?.y === found.y ? look.instant : found.x, y: found.y };
}

/** Where a line is at an instant: between the points on both sides of it, else at the last one before. */
function crossing(points, when) {
  const before = at(points, when);
  const after = points[points.indexOf(before) + 1];
  if (!before || !after || before.y === null || after.y === null) return before;
  return { x: when, y: before.y + ((after.y - before.y) * (when - before.x)) / (after.x - before.x) };
}

function crosshair({ chart, paint, font }, area, x) {
  const { ctx } = chart;
  ctx.strokeStyle = paint.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, area.top);
  ctx.lineTo(x, area.bottom);
  ctx.stroke();
  ctx.fillStyle = paint.muted;
  ctx.font = `500 11px ${font.family}`;
  ctx.textAlign = x > area.right - 60 ? "right" : "left";
  ctx.fillText(time(look.instant), x + (ctx.textAlign === "right" ? -5 : 5), area.top + 2);
  ctx.textAlign = "left";
}

const unzoom = html`<button type="button" class="btn sm unzoom" title="Back to all of it (Esc); dragging over a chart, or Shift with the arrows and Enter, zooms" @click=${() => zoomTo(null)}>Show whole span</button>`;

Object.assign(look, { within, point, crosshair, unzoom });

/** Those of one chart, an element that has `chart` of the library once it is drawn; `range`, while one is chosen, is { from, to } in ms. */
export class ChartHands {
  constructor(element) {
    this.element = element;
    this.range = null;
    this.pulling = false;
  }

  get chart() {
    return this.element.chart;
  }

  readAddress() {
    const [from, to] = /[?&]zoom=(\d{1,15})-(\d{1,15})(?:&|$)/.exec(location.hash)?.slice(1).map(Number) ?? [];
    const ends = to - from >= LEAST_ZOOM && to - from <= MOST_ZOOM ? [from, to] : null;
    if (String(ends) !== String(look.zoom)) show(ends);
  }

  /** Where on the time axis an event is; null beside it, unless a range is being pulled. */
  timeOf(event) {
    const { left, right } = this.chart.chartArea;
    const x = event.clientX - this.chart.canvas.getBoundingClientRect().left;
    if (!this.pulling && (x < left || x > right)) return null;
    return this.chart.scales.x.getValueForPixel(Math.max(left, Math.min(right, x)));
  }

  press(event) {
    if (!this.chart || event.button !== 0 || event.target.tagName !== "CANVAS") return;
    const from = this.timeOf(event);
    if (event.pointerType !== "mouse") lookAt(from);
    if (from === null) return;
    this.pulling = true;
    this.range = { from, to: from };
    capture(event);
    if (event.pointerType === "mouse") event.preventDefault();
  }

  move(event) {
    if (!this.chart) return;
    const at = this.timeOf(event);
    if (this.pulling) this.range.to = at;
    lookAt(at);
    if (this.pulling) this.chart.draw();
  }

  /** A finger that is lifted leaves, too: what it pointed at is still read. */
  leave(event) {
    if (event.pointerType === "mouse" && !this.pulling) lookAt(null);
  }

  release() {
    if (!this.pulling) return;
    this.pulling = false;
    this.zoomToRange();
  }

  /** The finger scrolls the page instead. */
  cancel() {
    if (this.pulling) lookAt(null);
    this.pulling = false;
    this.range = null;
    this.chart?.draw();
  }

  selection(ctx, area, scale) {
    const [a, b] = [scale.getPixelForValue(this.range.from), scale.getPixelForValue(this.range.to)];
    ctx.globalAlpha = 0.16;
    ctx.fillStyle = this.element.paint.muted;
    ctx.fillRect(Math.min(a, b), area.top, Math.abs(a - b), area.bottom - area.top);
    ctx.globalAlpha = 1;
  }

  zoomToRange() {
    const ends = this.range && [this.range.from, this.range.to].sort((a, b) => a - b);
    this.range = null;
    if (ends && ends[1] - ends[0] >= LEAST_ZOOM) zoomTo(ends);
    else this.chart.draw();
  }

  /** Arrows, Home and End move the instant, with Shift the end of a range; Enter zooms to it; Esc goes back by one step. */
  key(event) {
    if (!this.chart || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = this.target(event.key);
    if (to !== undefined) this.goTo(to, event.shiftKey);
    else if (event.key === "Enter" && this.range) this.zoomToRange();
    else if (event.key !== "Escape" || !this.back()) return;
    event.preventDefault();
    this.tell();
  }

  target(key) {
    const { min, max } = this.chart.scales.x;
    const step = Math.max(1_000, (max - min) / STEPS);
    const now = look.instant ?? max;
    const to = { ArrowLeft: now - step, ArrowRight: now + step, Home: min, End: max }[key];
    return to === undefined ? to : Math.max(min, Math.min(max, to));
  }

  goTo(to, widen) {
    this.range = widen ? { from: this.range?.from ?? look.instant ?? this.chart.scales.x.max, to } : null;
    look.instant = null;
    lookAt(to);
  }

  /** Whether there was something to leave. */
  back() {
    if (this.range) this.cancel();
    else if (look.zoom) zoomTo(null);
    else if (look.instant !== null) lookAt(null);
    else return false;
    return true;
  }

  /** To who does not see the chart. */
  tell() {
    const { canvas, scales, data } = this.chart;
    const at = look.instant;
    const values = at === null ? [] : data.datasets.map((d) => SERIES[d.name].label + " " + this.element.text(d.data.findLast((p) => p.x <= at)?.y));
    const range = this.range && `${time(Math.min(this.range.from, this.range.to))} to ${time(Math.max(this.range.from, this.range.to))}`;
    const shown = { valuemin: scales.x.min, valuemax: scales.x.max, valuenow: at ?? scales.x.max, valuetext: at === null ? "Now" : [range || time(at), ...values].join(", ") };
    for (const [name, value] of Object.entries(shown)) canvas.setAttribute("aria-" + name, typeof value === "number" ? String(Math.round(value)) : value);
  }

  focus() {
    if (this.chart) this.tell();
  }

  blur() {
    if (this.range && !this.pulling) this.cancel();
    lookAt(null);
  }
}
