// Get messages as a client does, with RabbitMQ's ack modes. To look without changing anything there is the Messages tab.
import { html, nothing } from "lit-html";
import { features, path, send } from "../api.js";
import { confirmLoss } from "../components/dialog.js";
import { choice, field } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { payloadStart } from "../components/viewer.js";
import { asJson, isCut, rawBytes } from "../components/whole.js";
import { copyButton } from "../components/copy.js";
import { curl } from "../curl.js";
import { bytes, plural } from "../format.js";
import { setting } from "../inventory.js";
import { redraw } from "../redraw.js";
import { queueLink } from "../router.js";
import { sameInCode } from "./code.js";

/** No more at once; above the other, loss asks for the name. */
const MOST = 500;
const MANY = 100;

/** Bytes of all payloads and of each that are asked for at least. What leaves the queue is asked for whole: it is nowhere else. */
const ROOM = 16 << 20;
const LEAST = 50_000;

const MODES = [
  ["ack_requeue_true", "Nack, requeue true"], ["ack_requeue_false", "Automatic ack"],
  ["reject_requeue_true", "Reject, requeue true"], ["reject_requeue_false", "Reject, requeue false"],
];

/** `q` is the queue. */
export function getSheet(q) {
  const state = { q, mode: MODES[0][0], encoding: "auto", count: "1", got: null };
  openSheet({ title: html`Get messages of <bdi>${q.name}</bdi>`, act: "Get messages", refused: "Not fetched.", state, body, run, stay: true, blocked: (s) => !isCount(Number(s.count)) });
}

const isCount = (n) => Number.isInteger(n) && n >= 1 && n <= MOST;
const keeps = (s) => s.mode.endsWith("true");
const where = (s) => path("queues", s.q.vhost, s.q.name) + "/get";
const asked = (s) => ({ count: Number(s.count), ackmode: s.mode, encoding: s.encoding, ...(keeps(s) ? { truncate: Math.max(LEAST, Math.floor(ROOM / (Number(s.count) || 1))) } : {}) });

function fate(s) {
  if (keeps(s)) return "They go back to their place, marked redelivered; a quorum queue counts it as a delivery.";
  if (s.mode === "ack_requeue_false") return "They are gone from the queue; they are shown here and nowhere else.";
  const exchange = setting(s.q, "dead-letter-exchange");
  return exchange === undefined ? "They are lost: the queue has no dead-letter exchange." : `They are dead-lettered to ${exchange || "amq.default"}.`;
}

function body(s) {
  return html`${choice(s, "mode", "Ack mode", MODES, { hint: fate(s) })}
    <div class="pair">${choice(s, "encoding", "Encoding", [["auto", "text, or base64"], ["base64", "base64"]])}${field(s, "count", "Messages", { type: "number", hint: isCount(Number(s.count)) ? undefined : `A whole number from 1 to ${MOST}`, bad: !isCount(Number(s.count)) })}</div>
    ${s.got === null ? nothing : got(s.got, s.q)}
    ${sameInCode({ curl: () => curl("POST", where(s), asked(s)) })}`;
}

/** Those that are unfolded. */
const unfolded = new WeakSet();

function unfold(event, m) {
  if (event.target.open) unfolded.add(m);
  else unfolded.delete(m);
  redraw();
}

/** How much of a payload is not here, and where it is. */
const cut = (m, q) => html`<p class="small warn">${bytes(rawBytes(m).length)} of ${bytes(m.payload_bytes)} are here. ${features.has("browse") ? html`<a href=${queueLink(q, "messages")}>Messages</a> shows all of it.` : "Fewer messages at once have more of it."}</p>`;

function got(list, q) {
  if (!list.length) return html`<p class="muted">The queue has no ready message.</p>`;
  return html`<div class="field"><span class="label">${plural(list.length, "message")}, ${plural(list.at(-1).message_count, "more message is", "more are")} ready ${copyButton(() => asJson(list))}</span>
    ${list.map((m) => html`<details class="got" .open=${unfolded.has(m)} @toggle=${(e) => unfold(e, m)}><summary><span class="mono"><bdi>${m.routing_key || "(empty)"}</bdi></span> <span class="mono muted cut">${payloadStart(m)}</span></summary>${unfolded.has(m) ? html`${isCut(m) ? cut(m, q) : nothing}<pre class="mono small">${asJson([m])}</pre>` : nothing}</details>`)}
    ${list.some(isCut) ? html`<span class="hint">Large payloads are cut here: their size is in payload_bytes.</span>` : nothing}</div>`;
}

async function take(s) {
  s.got = await send("POST", where(s), asked(s));
  redraw();
}

/** What loses messages asks first. */
async function run(s) {
  if (keeps(s)) return take(s);
  const n = Number(s.count);
  confirmLoss({
    title: html`Take up to ${plural(n, "message")} off <bdi>${s.q.name}</bdi>?`, text: html`<p>${fate(s)}</p>`,
    typeName: n > MANY ? s.q.name : undefined, act: "Take messages off", keep: "Keep messages", refused: "Not fetched.", call: { method: "POST", where: where(s), body: asked(s) }, run: () => take(s),
  });
}
