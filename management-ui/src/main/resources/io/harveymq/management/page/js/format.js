// Numbers, rates, bytes, ages and times as the page writes them. Unknown is a dash, never 0.
export const UNKNOWN = "–";

const exact = new Intl.NumberFormat("en-US");
const known = (n) => typeof n === "number" && Number.isFinite(n);

/** Three significant digits: 0.06, 4.0, 58.1, 115. */
function three(n) {
  if (n === 0) return "0";
  const size = Math.abs(n);
  if (size >= 99.95) return exact.format(Math.round(n));
  if (size >= 0.995) return n.toFixed(1);
  return n.toFixed(2).replace(/^(-?0)\.00$/, "$1");
}

/** Exact to 99,999, then 1.24 M. */
export function count(n) {
  if (!known(n)) return UNKNOWN;
  if (Math.abs(n) < 100_000) return exact.format(n);
  const units = [[1e9, " G"], [1e6, " M"], [1e3, " k"]];
  const shown = Number(n.toPrecision(3));
  const [by, unit] = units.find(([limit]) => Math.abs(shown) >= limit);
  return (shown / by).toPrecision(3) + unit;
}

/** Exact, for tooltips. */
export const full = (n) => (known(n) ? exact.format(n) : "");

/** A rate without its unit. */
export const rate = (n) => (known(n) ? (Math.abs(n) >= 100_000 ? count(n) : three(n)) : UNKNOWN);
export const perSecond = (n) => (known(n) ? rate(n) + "/s" : UNKNOWN);
export const signed = (n) => (n > 0 ? "+" : "") + perSecond(n);

export function bytes(n) {
  if (!known(n)) return UNKNOWN;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while (Math.round(Math.abs(n)) >= 1024 && at < units.length - 1) {
    n /= 1024;
    at++;
  }
  return (at === 0 || n >= 99.5 ? exact.format(Math.round(n)) : String(Number(n.toPrecision(2)))) + " " + units[at];
}

/** A span of milliseconds: 41 s, 14 min, 3 h 20 min, 4 d 2 h. */
export function age(ms) {
  if (!known(ms)) return UNKNOWN;
  if (ms < 1000) return Math.max(0, Math.round(ms)) + " ms";
  const s = Math.floor(ms / 1000);
  if (s < 60) return s + " s";
  const min = Math.floor(s / 60);
  if (min < 60) return min + " min";
  const h = Math.floor(min / 60);
  if (h < 24) return h + " h" + (min % 60 ? ` ${min % 60} min` : "");
  return Math.floor(h / 24) + " d" + (h % 24 ? ` ${h % 24} h` : "");
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const clockShort = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const dateTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
export const time = (ms) => (known(ms) ? clock.format(ms) : UNKNOWN);
export const timeShort = (ms) => clockShort.format(ms);
export const dayTime = (ms) => (known(ms) ? dateTime.format(ms) : UNKNOWN);

/** 1 queue, 2 queues. */
export const plural = (n, one, many = one + "s") => `${count(n)} ${n === 1 ? one : many}`;

/** The broker's reason why it did not take one message, said of `n`: "no queue takes them". */
export const ofSeveral = (reason, n) => (n === 1 ? reason : reason.replace(/ it$/, " them"));

/** An argument or header as text; objects as JSON. */
export const value = (v) => (v !== null && typeof v === "object" ? JSON.stringify(v) : String(v));

/** How the page names the default exchange. */
export const exchangeName = (name) => (name === "" ? "amq.default" : name);

/** The client as its owner named it, else its address without the broker's half. */
export function clientName(connection) {
  const properties = connection?.client_properties ?? {};
  const name = connection?.user_provided_name || properties.connection_name;
  return name || String(connection?.name ?? connection?.connection_name ?? "").split(" -> ")[0] || UNKNOWN;
}
