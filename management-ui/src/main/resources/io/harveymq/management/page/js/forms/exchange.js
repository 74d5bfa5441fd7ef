// Declare an exchange.
import { html } from "lit-html";
import { path, send } from "../api.js";
import { curl } from "../curl.js";
import { readArguments } from "../arguments.js";
import { argumentsEditor } from "../components/arguments-editor.js";
import { choice, field, tick } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { toast } from "../components/toast.js";
import { context, targetVhost } from "../context.js";
import { nearest } from "../nearest.js";
import { refreshInventory } from "../inventory.js";
import { exchangeLink } from "../router.js";
import { javaDeclareExchange, pikaDeclareExchange } from "../snippets.js";
import { check, forbidden, policyNote, refusal, warnings } from "./check.js";
import { adminDeclare, sameInCode } from "./code.js";
import { namesOf } from "./names.js";

const HELP = {
  direct: "A message goes to every queue bound with exactly its routing key.",
  fanout: "A message goes to every queue bound, whatever its key.",
  topic: "Binding keys are patterns: * stands for one word, # for any number.",
  headers: "Bindings match the message's headers; the key does not count.",
};

export function exchangeSheet({ vhost = targetVhost(), name = "", type } = {}) {
  const types = context.overview?.exchange_types?.map((t) => t.name) ?? Object.keys(HELP);
  const state = { vhost, name, types, type: type ?? (/dlx|dead/.test(name) ? "fanout" : "topic"), durable: true, auto_delete: false, internal: false, rows: [], names: namesOf(vhost) };
  openSheet({ title: "Declare an exchange", act: "Declare exchange", refused: "Not declared.", state, body, run, blocked: (s) => !s.name || forbidden(s) });
}

const declaration = (s) => ({ type: s.type, durable: s.durable, auto_delete: s.auto_delete, internal: s.internal, arguments: readArguments(s.rows) });

const checkRow = (s) => (row) => {
  if (row.name !== "alternate-exchange" || !row.text || !s.names.loaded || s.names.exchanges.includes(row.text)) return null;
  const near = nearest(row.text, s.names.exchanges);
  return `No exchange “${row.text}” in vhost ${s.vhost}.${near ? ` Nearest name: ${near}` : ""}`;
};

function body(s) {
  check(s, "exchange", declaration(s));
  const refused = refusal(s);
  const missing = checkRow(s);
  const exists = s.names.exchanges.includes(s.name) ? "It exists already; declaring it again with the same arguments changes nothing." : "";
  const full = { ...declaration(s), name: s.name };
  return html`
    ${context.vhosts.length > 1 ? choice(s, "vhost", "Virtual host", context.vhosts.map((v) => [v, v]), { on: () => (s.names = namesOf(s.vhost)) }) : ""}
    ${field(s, "name", "Name", { required: true, hint: refused ?? exists, bad: refused !== undefined })}
    ${choice(s, "type", "Type", s.types.map((t) => [t, t]), { hint: HELP[s.type] ?? "" })}
    <div class="ticks">${tick(s, "durable", "Durable")}${tick(s, "auto_delete", "Auto-delete")}${tick(s, "internal", "Internal")}</div>
    ${s.internal ? html`<span class="hint">Only other exchanges can send to an internal exchange.</span>` : ""}
    ${argumentsEditor(s.rows, "x", { check: missing, note: policyNote(s) })}${warnings(s, s.rows.some(missing))}
    ${sameInCode({ pika: () => pikaDeclareExchange(full), java: () => javaDeclareExchange(full), admin: () => adminDeclare("exchange", s.vhost, { name: s.name, ...declaration(s) }), curl: () => curl("PUT", path("exchanges", s.vhost, s.name || "name"), declaration(s)) })}`;
}

async function run(s) {
  await send("PUT", path("exchanges", s.vhost, s.name), declaration(s));
  toast({ text: html`Exchange <b><bdi>${s.name}</bdi></b> is declared`, link: ["Show exchange", exchangeLink(s.vhost, s.name)] });
  refreshInventory();
}
