// Lines over time on a Chart.js canvas: zero-based, scale in 1-2-5 steps, values at the line's end instead of a legend.
import { html, nothing, render } from "lit-html";
import { count, rate, time, timeShort, UNKNOWN } from "../format.js";
import { lazily } from "../lazy.js";

/** What each series means, everywhere: colour, dash, area. Those that the overview does not show are in series.js. */
export const SERIES = {
  ready: { label: "ready", color: "--c-publish", area: true },
  published: { label: "published", color: "--c-publish" },
  delivered: { label: "delivered", color: "--c-deliver" },
  acked: { label: "acked", color: "--c-ack", dash: [6, 3] },
  unacked: { label: "unacked", color: "--c-unacked", dash: [5, 3] },
  dropped: { label: "dropped", color: "--c-drop", dash: [2, 3] },
};

const KEYS = "← → move the instant, with Shift a range; Enter zooms, Esc goes back";

/** All that are shown. */
export const charts = new Set();

/** What is looked at on all charts: the `instant` in ms, or null; `zoom` is the time that fills them, [from, to] in ms, or null, as the address has it. How that is drawn comes with chart-hands.js, by which it is chosen. */
export const look = { instant: null, zoom: null };

/** The address may say, or no longer say, what is to be zoomed to. */
const readAddress = () => (look.zoom || location.hash.includes("zoom=")) && [...charts][0]?.by("readAddress");
addEventListener("hashchange", readAddress);

let library = null;

const loadLibrary = () => (library ??= import("chart.js").then(() => globalThis.Chart));

/** By kind, those that are not in steps of ten. That of bytes is in series.js. */
export const SCALES = {};

/** The next of 1, 2, 5, 10, … times four or five steps. */
function niceTop(highest, kind) {
  if (!(highest > 0)) return 1;
  if (SCALES[kind]) return SCALES[kind](highest, niceTop);
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  const step = Math.max(kind === "count" ? 1 : 0, [1, 2, 5, 10].map((f) => f * power).find((s) => highest <= s * 5));
  return step * Math.ceil(highest / step - 1e-9);
}

function stepOf(top, kind) {
  if (SCALES[kind]) return SCALES[kind](top / 1.001, stepOf, top);
  const power = 10 ** Math.floor(Math.log10(top / 2));
  return [0.1, 0.2, 0.5, 1, 2, 5].map((f) => f * power).find((s) => top / s <= 6.01 && (kind !== "count" || s >= 1) && Math.abs(top / s - Math.round(top / s)) < 1e-6) ?? top;
}

/** Given by `what`: { label, history, series [[name, points]] of it, span in ms, kind count | rate | bytes, format }. Draws once a second. */
class HarveyChart extends HTMLElement {
  constructor() {
    super();
    this.series = [];
    this.span = 600_000;
    this.kind = "count";
    this.top = 0;
    this.drawn = 0;
    this.hands = null;
  }

  set what(given) {
    const other = given.span !== this.span;
    Object.assign(this, given);
    if (other) readAddress();
    const wait = this.drawn + 950 - Date.now();
    if (other || wait <= 0) this.now();
    else this.timer ??= setTimeout(() => this.now(), wait);
  }

  now() {
    clearTimeout(this.timer);
    this.timer = null;
    this.drawn = Date.now();
    if (!this.isConnected) return;
    render(this.template(), this);
    this.draw(false);
  }

  /** What pointer, finger and keys do; see chart-hands.js. */
  async by(what, event) {
    if (this.hands) return this.hands[what](event);
    const module = await lazily(() => import("./chart-hands.js"));
    if (!module) return;
    this.hands ??= new module.ChartHands(this);
    this.hands[what](event);
  }

  template() {
    return html`<div class="canvas" @pointerdown=${(e) => this.by("press", e)} @pointermove=${(e) => this.by("move", e)} @pointerleave=${(e) => this.by("leave", e)} @pointerup=${() => this.by("release")} @pointercancel=${() => this.by("cancel")}
      @keydown=${(e) => this.by("key", e)}><canvas tabindex="0" role="slider" aria-roledescription="chart" aria-label=${this.label ?? "Chart"} aria-description=${KEYS} aria-valuenow="0" aria-valuetext="Now" @focus=${() => this.by("focus")} @blur=${() => this.by("blur")}></canvas><span class="keyhint small" aria-hidden="true">${KEYS}</span>${look.zoom ? look.unzoom : nothing}</div>
      <table class="sr"><caption>${this.label}</caption><thead><tr><th scope="col">Time</th>${this.series.map(([name]) => html`<th scope="col">${SERIES[name].label}</th>`)}</tr></thead>
        <tbody>${this.instants().map((at) => html`<tr><th scope="row">${at === Infinity ? "Now" : time(at)}</th>${this.series.map(([, points]) => html`<td>${this.text(points.findLast((p) => p[0] <= at)?.[1])}</td>`)}</tr>`)}</tbody></table>`;
  }

  /** Instants that are read out, the last one first: they move on by steps, so that there is little to change. */
  instants() {
    const step = this.span / 10;
    const last = Math.floor(Date.now() / step) * step;
    return [Infinity, ...Array.from({ length: 10 }, (_, i) => last - i * step)];
  }

  connectedCallback() {
    charts.add(this);
    this.now();
    readAddress();
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.recolour = () => this.draw(true);
    this.scheme.addEventListener("change", this.recolour);
    this.watcher = new MutationObserver(this.recolour);
    this.watcher.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  disconnectedCallback() {
    charts.delete(this);
    if (!charts.size) Object.assign(look, { instant: null, zoom: null });
    clearTimeout(this.timer);
    this.scheme.removeEventListener("change", this.recolour);
    this.watcher.disconnect();
    this.chart?.destroy();
    this.chart = null;
  }

  text(v) {
    return v == null ? UNKNOWN : this.kind === "count" ? count(Math.round(v)) : this.format ? this.format(v) : rate(v);
  }

  colour(name) {
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    this.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  colours() {
    const of = (name) => this.colour(name);
    const lines = Object.fromEntries(this.series.map(([name]) => [name, of(SERIES[name].color)]));
    return { lines, grid: of("--c-grid"), muted: of("--muted"), ink: of("--ink"), line: of("--line-2") };
  }

  async draw(recolour) {
    if (!this.chart) {
      if (this.starting) return;
      this.starting = true;
      const Chart = await loadLibrary();
      this.starting = false;
      if (!this.isConnected) return;
      this.make(Chart);
    }
    if (recolour) this.paint = this.colours();
    const now = Date.now();
    const x = this.chart.options.scales.x;
    Object.assign(x, look.zoom ? { min: look.zoom[0], max: look.zoom[1] } : { min: now - this.span, max: now });
    const seen = this.series.map(([name, points]) => [name, look.zoom ? look.within(points) : points]);
    this.chart.data.datasets = seen.map(([name, points]) => this.dataset(name, points));
    const highest = Math.max(0, ...seen.flatMap(([, points]) => points.map((p) => p[1])));
    const top = niceTop(highest, this.kind);
    if (top > this.top || top < this.top * 0.45) this.top = top;
    const y = this.chart.options.scales.y;
    Object.assign(y, { max: this.top });
    y.ticks.stepSize = stepOf(this.top, this.kind);
    this.colourAxes();
    this.chart.update("none");
  }

  colourAxes() {
    const { x, y } = this.chart.options.scales;
    y.grid.color = this.paint.grid;
    y.ticks.color = x.ticks.color = this.paint.muted;
  }

  dataset(name, points) {
    const s = SERIES[name];
    const colour = this.paint.lines[name] ?? (this.paint.lines[name] = this.colour(s.color));
    return {
      name,
      data: thinned(points).map(([px, py]) => ({ x: px, y: py })),
      borderColor: colour,
      backgroundColor: colour.replace("rgb(", "rgba(").replace(")", ", .13)"),
      fill: s.area ? "origin" : false,
      borderDash: s.dash ?? [],
      borderWidth: 1.75,
      pointRadius: 0,
      tension: 0,
    };
  }

  make(Chart) {
    this.paint = this.colours();
    const font = { family: getComputedStyle(this).fontFamily, size: 11, weight: 500 };
    this.font = font;
    this.chart = new Chart(this.querySelector("canvas"), {
      type: "line",
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        responsive: true,
        events: [],
        layout: { padding: { right: this.kind === "bytes" ? 140 : 118, top: 10 } },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: {
          x: {
            type: "linear",
            border: { display: false },
            grid: { display: false },
            afterBuildTicks: (axis) => (axis.ticks = timeTicks(axis.min, axis.max, axis.width)),
            ticks: { font, autoSkip: false, maxRotation: 0, callback: (v, i, all) => (all.some((t) => t.value % 60_000) ? time(v) : timeShort(v)) },
          },
          y: { min: 0, border: { display: false }, grid: { drawTicks: false }, ticks: { font, padding: 8, callback: (v) => this.tickText(v) }, afterFit: (axis) => (axis.width = Math.max(axis.width, 44)) },
        },
      },
      plugins: [{ id: "ends", afterDatasetsDraw: (c) => this.ends(c) }],
    });
  }

  tickText(v) {
    return this.format ? this.format(v) : count(Number(v.toPrecision(6)));
  }

  /** Dots, dashes and values at the lines' ends, or at the hovered instant. */
  ends(chart) {
    const { ctx, chartArea: area, scales } = chart;
    ctx.save();
    const { instant, zoom } = look;
    const shown = instant ?? zoom?.[1] ?? null;
    if (this.hands?.range) this.hands.selection(ctx, area, scales.x);
    if (instant !== null && instant >= scales.x.min && instant <= scales.x.max) look.crosshair(this, area, scales.x.getPixelForValue(instant));
    const labels = chart.data.datasets.map((d) => {
      const point = shown === null ? d.data.at(-1) : look.point(d.data);
      const x = point && scales.x.getPixelForValue(point.x);
      return { d, y: scales.y.getPixelForValue(point?.y ?? 0), x: Math.max(area.left, Math.min(x, area.right)), value: point?.y };
    }).filter((l) => shown !== null || l.value !== undefined);
    labels.sort((a, b) => a.y - b.y);
    let last = -Infinity;
    for (const l of labels) last = l.at = Math.max(l.y, last + 15);
    const over = last - area.bottom;
    if (over > 0) for (let i = labels.length - 1, limit = area.bottom; i >= 0; i--, limit -= 15) labels[i].at = Math.min(labels[i].at, limit);
    for (const l of labels) this.label1(ctx, area, l);
    ctx.restore();
  }

  label1(ctx, area, l) {
    const colour = this.paint.lines[l.d.name];
    ctx.fillStyle = ctx.strokeStyle = colour;
    if (l.value != null) {
      ctx.beginPath();
      ctx.arc(l.x, l.y, 2.75, 0, 7);
      ctx.fill();
    }
    const x = area.right + 8;
    ctx.lineWidth = 2.5;
    ctx.setLineDash(l.d.borderDash.map((n) => n * 0.8));
    ctx.beginPath();
    ctx.moveTo(x, l.at);
    ctx.lineTo(x + 12, l.at);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.textBaseline = "middle";
    ctx.font = `600 11px ${this.font.family}`;
    ctx.fillStyle = this.paint.ink;
    const value = this.text(l.value);
    ctx.fillText(value, x + 17, l.at + 0.5);
    const wide = ctx.measureText(value).width;
    ctx.font = `500 11px ${this.font.family}`;
    ctx.fillStyle = this.paint.muted;
    ctx.fillText(SERIES[l.d.name].label, x + 17 + wide + 5, l.at + 0.5);
  }
}

/** Without what lies within a level stretch: a line there needs its two ends only. */
const bends = (points) => points.filter((p, i) => p[1] !== points[i - 1]?.[1] || p[1] !== points[i + 1]?.[1]);

/** At most about 300 points, on instants that stay the same from one second to the next. */
function fewer(points) {
  if (points.length <= 320) return points;
  const step = Math.ceil((points.at(-1)[0] - points[0][0]) / 300_000) * 1000;
  const out = [];
  let bucket = -1;
  for (const p of points) {
    const b = Math.floor(p[0] / step);
    if (b !== bucket || p[1] === null) out.push(p);
    bucket = b;
  }
  if (out.at(-1) !== points.at(-1)) out.push(points.at(-1));
  return out;
}

/** What a line is drawn of. Points that go first could not tell a stop from a decline. */
export const thinned = (points) => bends(fewer(points));

/** Four to six round instants. */
function timeTicks(min, max, width) {
  const steps = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600].map((s) => s * 1000);
  const most = Math.max(2, Math.min(6, Math.floor(width / 76)));
  const step = steps.find((s) => (max - min) / s <= most) ?? 43_200_000;
  const offset = new Date(max).getTimezoneOffset() * 60_000;
  const ticks = [];
  for (let t = Math.ceil((min - offset) / step) * step + offset; t <= max; t += step) ticks.push({ value: t });
  return ticks;
}

customElements.define("h-chart", HarveyChart);

/** A chart of a History: names are series of both SERIES and the history. */
export const chart = (label, history, names, span, { kind = "count", format } = {}) => html`
  <h-chart .what=${{ label, history, series: names.map((n) => [n, history.since(n, Math.min(Date.now() - span, look.zoom?.[0] ?? Infinity))]), span, kind, format }}></h-chart>`;

/** Parameters that make a REST answer carry samples for the span, as close as a chart of `width` ms needs them. */
export function sampleParams(span, width = span) {
  const seconds = Math.ceil(span / 1000);
  const step = Math.max(5, Math.round(width / 120_000));
  return { lengths_age: seconds, lengths_incr: step, msg_rates_age: seconds, msg_rates_incr: step, data_rates_age: seconds, data_rates_incr: step };
}
