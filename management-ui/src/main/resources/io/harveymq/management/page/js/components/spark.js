// The small curve in a table row: five minutes of one number, drawn at 84 by 22 pixels.
import { html, nothing, svg } from "lit-html";

const W = 84;
const H = 22;

/** `points` are [ms, value]; an idle one is a grey line at the bottom. */
export function spark(points, now = Date.now(), span = 300_000) {
  const seen = points.filter((p) => p[0] >= now - span);
  // wide enough to be seen
  const began = seen[0]?.[0];
  if (seen.at(-1)?.[0] - began < 1000) seen.unshift([began - 1000, seen[0][1]]);
  const top = Math.max(...seen.map((p) => p[1]), 1);
  const idle = seen.length === 0 || seen.every((p) => p[1] === 0);
  const x = (t) => (1 + ((t - now + span) / span) * (W - 2)).toFixed(1);
  const y = (v) => (H - 1 - (v / top) * (H - 6)).toFixed(1);
  let line = `M1 ${H - 1}L${W - 1} ${H - 1}`;
  if (!idle) line = "M" + every(seen, 40).map((p) => `${x(p[0])} ${y(p[1])}`).join("L");
  const last = idle ? null : line.slice(line.lastIndexOf("L") + 1).split(" ")[0];
  const first = idle ? null : line.slice(1).split(" ")[0];
  return html`<svg class="spark ${idle ? "idle" : ""}" width=${W} height=${H} viewBox="0 0 ${W} ${H}" aria-hidden="true">
    ${idle ? nothing : svg`<path class="a" d=${`${line}L${last} ${H - 1}L${first} ${H - 1}Z`}></path>`}${svg`<path d=${line}></path>`}</svg>`;
}

/** At most `n` of the points, the last one always among them. */
function every(points, n) {
  if (points.length <= n) return points;
  const step = points.length / n;
  const out = [];
  for (let i = 0; i < n - 1; i++) out.push(points[Math.floor(i * step)]);
  out.push(points[points.length - 1]);
  return out;
}
