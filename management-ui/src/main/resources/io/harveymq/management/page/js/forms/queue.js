// Declare a queue: checked while typing where the broker can check, shown as code, kept on error.
import { html } from "lit-html";
import { path, send } from "../api.js";
import { curl } from "../curl.js";
import { readArguments } from "../arguments.js";
import { argumentsEditor } from "../components/arguments-editor.js";
import { segments } from "../components/basic.js";
import { choice, field, tick } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { toast } from "../components/toast.js";
import { context, targetVhost } from "../context.js";
import { nearest } from "../nearest.js";
import { refreshInventory } from "../inventory.js";
import { redraw } from "../redraw.js";
import { queueLink } from "../router.js";
import { javaDeclareQueue, pikaDeclareQueue } from "../snippets.js";
import { check, forbidden, policyNote, refusal, warnings } from "./check.js";
import { adminDeclare, sameInCode } from "./code.js";
import { namesOf } from "./names.js";

const TYPES = [["classic", "Classic"], ["quorum", "Quorum"], ["stream", "Stream"]];

export function queueSheet({ vhost = targetVhost(), name = "" } = {}) {
  const state = { vhost, name, type: null, durable: true, auto_delete: false, exclusive: false, rows: [], names: namesOf(vhost), checked: null };
  openSheet({ title: "Declare a queue", act: "Declare queue", refused: "Not declared.", state, body, run, blocked: forbidden });
}

/** Of a type that nobody chose the broker's word counts: the virtual host may have a default. */
const typeOf = (s) => s.type ?? s.checked?.type ?? "classic";
const isPlain = (s) => s.type === null || s.type === "classic";

function declaration(s) {
  const args = readArguments(s.rows);
  if (s.type !== null) args["x-queue-type"] = s.type;
  return { durable: s.durable, auto_delete: s.auto_delete, arguments: args };
}

const where = (s) => path("queues", s.vhost, s.name || "name");

/** A dead-letter exchange that does not exist loses what it should keep. */
const checkRow = (s) => (row) => {
  if (row.name !== "x-dead-letter-exchange" || !row.text || !s.names.loaded || s.names.exchanges.includes(row.text)) return null;
  const near = nearest(row.text, s.names.exchanges);
  return html`No exchange “${row.text}” in vhost ${s.vhost}. Dead letters would be lost.${near ? html` Did you mean <button type="button" class="linkbtn" @click=${() => {
    row.text = near;
    redraw();
  }}>${near}</button>?` : ""}`;
};

function body(s) {
  if (!isPlain(s)) Object.assign(s, { durable: true, auto_delete: false, exclusive: false });
  check(s, "queue", declaration(s));
  const exists = s.names.queues.includes(s.name);
  const refused = refusal(s);
  const missing = checkRow(s);
  const hint = refused ?? (exists ? "It exists already; declaring it again with the same arguments changes nothing." : html`Leave empty for one such as <span class="mono">gen-…</span>`);
  const full = { ...declaration(s), name: s.name, exclusive: s.exclusive };
  return html`
    ${context.vhosts.length > 1 ? choice(s, "vhost", "Virtual host", context.vhosts.map((v) => [v, v]), { on: () => (s.names = namesOf(s.vhost)) }) : ""}
    ${field(s, "name", "Name", { hint, bad: refused !== undefined })}
    <div class="field"><span class="label">Type</span><span>${segments("Type", TYPES, typeOf(s), (t) => {
      s.type = t;
      redraw();
    })}</span></div>
    ${isPlain(s) ? html`<div class="ticks">${tick(s, "durable", "Durable")}${tick(s, "auto_delete", "Auto-delete")}</div>` : ""}
    ${argumentsEditor(s.rows, "q", { check: missing, note: policyNote(s) })}${warnings(s, s.rows.some(missing))}
    ${sameInCode({ pika: () => pikaDeclareQueue(full), java: () => javaDeclareQueue(full), admin: () => adminDeclare("queue", s.vhost, { name: s.name, ...declaration(s) }), curl: () => curl("PUT", where(s), declaration(s)) })}`;
}

async function run(s) {
  const name = s.name || "gen-" + Array.from(crypto.getRandomValues(new Uint8Array(11)), (b) => (b % 36).toString(36)).join("");
  await send("PUT", path("queues", s.vhost, name), declaration(s));
  toast({ text: html`Queue <b><bdi>${name}</bdi></b> is declared`, link: ["Show queue", queueLink({ vhost: s.vhost, name })] });
  refreshInventory();
}
