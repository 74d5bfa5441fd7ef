// One message: payload as JSON, text or hex, properties, headers, and how it died. The payload is text, never markup.
import { html, nothing } from "lit-html";
import { age, bytes, clientName, dayTime, time, value } from "../format.js";
import { icon } from "../icons.js";
import { inventory } from "../inventory.js";
import { redraw } from "../redraw.js";
import { javaPublishMessage, pikaPublishMessage } from "../snippets-publish.js";
import { targetVhost } from "../context.js";
import { isOff, segments, unless } from "./basic.js";
import { copy } from "./copy.js";
import { code } from "./code.js";
import { menu } from "./menu.js";
import { asJson, fromBase64, isCut, lackOfRest, rawBytes, withFull } from "./whole.js";
import "../styles.js";
import "../icons-more.js";

const AT_ONCE = 64 * 1024;
const HEX_AT_ONCE = 4 * 1024;
const view = { mode: "json", all: false, of: null, whole: null, unpacked: null, note: "", busy: false };
/** One for each message that was opened, so that what is late finds that another is open. */
let turn = 0;

const UNPACKERS = { gzip: ["gzip"], "x-gzip": ["gzip"], deflate: ["deflate", "deflate-raw"], base64: [] };

/** gzip, x-gzip, deflate or base64, if the message says that it is; else undefined. */
function packing(m) {
  const encoding = String(m.properties?.content_encoding ?? "").toLowerCase();
  return Object.hasOwn(UNPACKERS, encoding) ? encoding : undefined;
}

async function unpacked(m, encoding) {
  if (encoding === "base64") return fromBase64(new TextDecoder().decode(rawBytes(m)));
  let failure;
  for (const format of UNPACKERS[encoding]) {
    try {
      const stream = new Blob([rawBytes(m)]).stream().pipeThrough(new DecompressionStream(format));
      return new Uint8Array(await new Response(stream).arrayBuffer());
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Unpacks in the background; the page is drawn again when done. */
async function unpack(m, encoding) {
  const mine = turn;
  let result;
  try {
    const data = await unpacked(m, encoding);
    result = { unpacked: data, note: `unpacked from ${encoding}, ${bytes(data.length)}` };
  } catch {
    result = { note: `says ${encoding}, but does not unpack` };
  }
  if (mine === turn) Object.assign(view, result);
  redraw();
}

function open(m) {
  if (view.of === m) return;
  const same = view.of && view.of.key !== undefined && view.of.key === m.key && view.of.payload === m.payload;
  view.of = m;
  if (same) return;
  turn++;
  Object.assign(view, { whole: null, unpacked: null, note: "", all: false, busy: false });
  requestAnimationFrame(onPhone);
  if (packing(m) && !isCut(m)) unpack(m, packing(m));
}

/** Fetches all of it; what is packed is unpacked, and shown from its beginning. */
async function showWhole(m, source) {
  const mine = turn;
  view.busy = true;
  redraw();
  await withFull(m, source, "Not fetched.", (full) => {
    if (mine !== turn) return;
    view.whole = full;
    if (packing(full)) unpack(full, packing(full));
    else view.all = true;
  });
  if (mine === turn) view.busy = false;
  redraw();
}

/** A phone shows a message instead of the list: from its beginning. */
const onPhone = () => matchMedia("(max-width: 720px)").matches && document.querySelector(".viewer")?.scrollIntoView();

/** Text whose last character may be cut. */
function isText(data) {
  try {
    return !/[\u0000-\u0008\u000e-\u001f]/.test(new TextDecoder("utf-8", { fatal: true }).decode(data.subarray(0, 65_536), { stream: true }));
  } catch {
    return false;
  }
}

function hex(data) {
  const lines = [];
  for (let at = 0; at < data.length; at += 16) {
    const part = [...data.subarray(at, at + 16)];
    const digits = part.map((b) => b.toString(16).padStart(2, "0")).join(" ").padEnd(48);
    lines.push(at.toString(16).padStart(6, "0") + "  " + digits + " " + part.map((b) => (b > 31 && b < 127 ? String.fromCharCode(b) : "·")).join(""));
  }
  return lines.join("\n");
}

const DEEP = 100;
const JSON_PARTS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** JSON with line breaks, or null if it is none. Numbers and strings stay as they were sent: 1.90, and integers of any size. */
function pretty(text) {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const parts = text.match(JSON_PARTS);
  const out = [];
  let depth = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const line = () => out.push("\n" + "  ".repeat(depth));
    if (/^[{[]$/.test(part)) {
      out.push(part);
      if (/^[}\]]$/.test(parts[i + 1])) out.push(parts[++i]);
      else if (++depth > DEEP) return null;
      else line();
    } else if (/^[}\]]$/.test(part)) {
      depth--;
      line();
      out.push(part);
    } else if (part === ",") {
      out.push(part);
      line();
    } else out.push(part === ":" ? ": " : part);
  }
  return out.join("");
}

const act = (label, run, busy) => html`<p class="gap"><button type="button" class="btn sm" ?disabled=${busy} @click=${run}>${label}</button></p>`;

/** What is below a payload: what was unpacked, and how the rest is had. */
function rest(m, source, missing, cut, size) {
  const packed = missing && packing(m);
  return html`${view.note ? html`<p class="muted small gap">${view.note}</p>` : nothing}
    ${missing && !source.whole ? html`<p class="muted small gap">${source.kept}</p>` : nothing}
    ${packed && source.whole ? html`<p class="muted small gap">says ${packed}: unpacked when all of it is fetched</p>` : nothing}
    ${missing && source.whole ? act(`Show all ${bytes(m.payload_bytes)}`, () => showWhole(m, source), view.busy) : cut ? act(`Show all ${bytes(size)}`, () => {
      view.all = true;
      redraw();
    }) : nothing}`;
}

function payload(m, source) {
  const full = view.whole ?? m;
  const missing = isCut(full);
  const data = view.unpacked ?? rawBytes(full);
  const text = isText(data) ? new TextDecoder().decode(data, { stream: missing }) : null;
  const json = text !== null && data.length < 1_000_000 ? pretty(text) : null;
  const modes = [...(json !== null ? [["json", "JSON"]] : []), ...(text !== null ? [["text", "Text"]] : []), ["hex", "Hex"]];
  const mode = modes.some(([id]) => id === view.mode) ? view.mode : modes[0][0];
  const most = mode === "hex" ? HEX_AT_ONCE : AT_ONCE;
  const cut = !view.all && data.length > most;
  const shown = mode === "hex" ? hex(cut ? data.subarray(0, most) : data) : (mode === "json" ? json : text).slice(0, cut ? most : undefined);
  const short = missing ? ` · ${bytes(data.length)} of it here` : "";
  return html`<section><h3>Payload, ${bytes(m.payload_bytes)}${short}<span class="right">${segments("Show as", modes, mode, (to) => {
    view.mode = to;
    redraw();
  })}</span></h3>
    ${m.payload_bytes === 0 || (missing && data.length === 0) ? html`<p class="muted small">${missing ? "Not here." : "Empty."}</p>` : mode === "json" && !cut ? code(shown) : html`<pre class="code tall ${mode === "text" ? "wrap" : ""}" tabindex="0">${shown}</pre>`}
    ${rest(full, source, missing, cut, data.length)}</section>`;
}

const ORDER = ["message_id", "correlation_id", "type", "app_id", "user_id", "reply_to", "content_type", "content_encoding", "delivery_mode", "priority", "expiration", "timestamp"];

function propertyValue(name, v) {
  if (name === "delivery_mode") return v === 2 ? "2, persistent" : v === 1 ? "1, transient" : String(v);
  if (name === "timestamp" && typeof v === "number") return `${v}, ${dayTime(v < 1e11 ? v * 1000 : v)}`;
  return html`<span class="mono"><bdi>${value(v)}</bdi></span>`;
}

/** AMQP's types that JSON does not tell, as people call them. */
const TYPES = { byte: "int8", unsignedbyte: "uint8", short: "int16", unsignedshort: "uint16", signedint: "int32", unsignedint: "uint32", binary: "bytes" };

/** Of a header, with its type, as far as that is known; see whole.js. */
function headerValue(v, type) {
  const date = type === "timestamp" && typeof v === "number" ? ", " + dayTime(v < 1e11 ? v * 1000 : v) : "";
  return html`<dd class="mono"><bdi>${value(v)}</bdi>${date}${typeof type === "string" ? html` <span class="muted">${TYPES[type] ?? type.replace(/\(.*/, "")}</span>` : nothing}</dd>`;
}

function properties(m) {
  const p = m.properties ?? {};
  const names = ORDER.filter((n) => p[n] !== undefined && p[n] !== "");
  const headers = Object.entries(p.headers ?? {}).filter(([n]) => n !== "x-death");
  if (!names.length && !headers.length) return html`<section><h3>Properties and headers</h3><p class="muted small">None.</p></section>`;
  return html`<section><h3>Properties and headers</h3><dl class="kv small">
    ${names.map((n) => html`<dt>${n}</dt><dd>${propertyValue(n, p[n])}</dd>`)}
    ${headers.map(([n, v]) => html`<dt><bdi>${n}</bdi></dt>${headerValue(v, m.header_types?.[n])}`)}</dl></section>`;
}

const DIED = { rejected: "rejected", expired: "expired", maxlen: "pushed out, the queue was full", delivery_limit: "delivered too often" };

/** x-death as sentences, the last death first. */
function deaths(m) {
  const list = m.properties?.headers?.["x-death"];
  if (!Array.isArray(list) || !list.length) return nothing;
  return html`<section><h3>How it died</h3><ol class="story small">${list.map((d) => html`<li class="bad"><span>${d.count > 1 ? `${d.count} × ` : ""}${DIED[d.reason] ?? d.reason} in <b><bdi>${d.queue}</bdi></b></span>
    <time>${d.time ? dayTime(typeof d.time === "number" ? d.time * 1000 : Date.parse(d.time)) : nothing}</time>
    <span class="sub">published to ${d.exchange || "amq.default"} with <span class="mono">${(d["routing-keys"] ?? []).join(", ")}</span></span></li>`)}</ol></section>`;
}

const COPIES = [
  ["Copy payload", readable, "Payload copied"],
  ["Copy as JSON", (m) => asJson([m]), "Message copied"],
  ["Copy as pika publish", (m) => pikaPublishMessage(m.vhost ?? targetVhost(), m), "Code copied"],
  ["Copy as Java publish", (m) => javaPublishMessage(m.vhost ?? targetVhost(), m), "Code copied"],
];

const copies = (m, source, lack) => COPIES.map(([label, make, done]) => ({
  label, lack, act: () => withFull(m, source, "Not copied.", async (full) => copy(await make(full), done)),
}));

/** The payload as it is read: unpacked text; base64 of what is no text. */
async function readable(m) {
  let data = rawBytes(m);
  if (packing(m)) data = await unpacked(m, packing(m)).catch(() => data);
  return isText(data) ? new TextDecoder().decode(data) : m.payload;
}

/** The panel beside a list: `m` the message, `step(by)` to its neighbours, `edit()`, if there is one, opens the publish sheet; `source` is where all of it is had, see inFull(), and, unless the page says so, its `place`; `story` tells what happened to it. */
export function viewer(m, { step, edit, close, source = {} }, story = nothing) {
  if (!m) {
    view.of = null;
    return html`<div class="viewer"><p class="none">Choose a message to read it.</p></div>`;
  }
  open(m);
  const lack = lackOfRest(m, source);
  const where = [source.place && ["In", source.place], ["Exchange", m.exchange || "amq.default"], ["Routing key", html`<span class="mono"><bdi>${m.routing_key}</bdi></span>`], m.consumer && ["Held by", html`<bdi>${clientName(inventory.connections.get(m.consumer.connection) ?? { name: m.consumer.connection })}</bdi>${m.held_ms === undefined ? "" : html` for <span title="since ${time(Date.now() - m.held_ms)}">${age(m.held_ms)}</span>`}, <span class="mono"><bdi>${m.consumer.tag}</bdi></span>`], m.redelivered && ["Redelivered", "yes"], m.due && ["Due", dayTime(m.due)], m.state === "stream" && ["x-stream-offset", html`<span class="mono">${m.offset}</span>, published ${dayTime(m.time)}`], (m.client || m.user) && ["Published by", html`<bdi>${m.client ?? m.user}</bdi>`]];
  return html`<div class="viewer"><section><div class="line"><h2>Message ${m.position}</h2>${m.state ? html`<span class="tag">${m.state}</span>` : nothing}
      <span class="right"><button type="button" class="iconbtn" title="Previous (K)" aria-label="Previous" @click=${() => step(-1)}>${icon("left")}</button>
      <button type="button" class="iconbtn" title="Next (J)" aria-label="Next" @click=${() => step(1)}>${icon("chev")}</button>
      ${menu("copy", html`<span class="sr">Copy</span>${icon("copy")}`, copies(m, source, lack), "iconbtn")}
      ${edit ? html`<button type="button" class="iconbtn" aria-disabled=${isOff(lack)} title=${lack ?? "Edit and send a copy (E)"} aria-label="Edit and send a copy" @click=${unless(lack, edit)}>${icon("edit")}</button>` : nothing}
      <button type="button" class="iconbtn" title="Close (Esc)" aria-label="Close" @click=${close}>${icon("x")}</button></span></div></section>
    ${story}${payload(m, source)}
    <section><h3>Routing</h3><dl class="kv small">${where.filter(Boolean).map(([k, v]) => html`<dt>${k}</dt><dd>${v}</dd>`)}</dl></section>
    ${properties(m)}${deaths(m)}</div>`;
}

/** Some text of the beginning; base64 of which more is not here may be text whose last character is cut. */
export function payloadStart(m) {
  let text = m.payload;
  if (m.payload_encoding === "base64") {
    const data = isCut(m) ? rawBytes(m).subarray(0, 300) : null;
    if (!data?.length || !isText(data)) return `${bytes(m.payload_bytes)}, not text`;
    text = new TextDecoder().decode(data, { stream: true });
  }
  return text.slice(0, 80).replace(/\s+/g, " ");
}
