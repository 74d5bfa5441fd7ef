// Publish a message by hand, to an exchange or straight into a queue.
import { html } from "lit-html";
import { features, path, send } from "../api.js";
import { curl } from "../curl.js";
import { area, choice, field } from "../components/fields.js";
import { headerValue, typeFor, typeOfText } from "./header-types.js";
import { pairsEditor, readPairs } from "../components/pairs.js";
import { openSheet } from "../components/sheet.js";
import { toast } from "../components/toast.js";
import { targetVhost } from "../context.js";
import { exchangeName, value } from "../format.js";
import { redraw } from "../redraw.js";
import { lacks, needs } from "../rights.js";
import { exchangeLink, queueLink } from "../router.js";
import { javaPublishMessage, pikaPublishMessage } from "../snippets-publish.js";
import { sameInCode } from "./code.js";
import { namesOf } from "./names.js";

const PROPERTIES = ["content_encoding", "correlation_id", "reply_to", "message_id", "type", "app_id", "user_id", "expiration", "priority", "timestamp", "cluster_id"];
const NUMBERS = new Set(["priority", "timestamp", "delivery_mode"]);

/** `queue` sends through the default exchange; `message` is one to edit and send again. */
export function publishSheet({ vhost = targetVhost(), exchange = "", queue, message }) {
  const p = message?.properties ?? {};
  const state = {
    vhost, queue,
    exchange: message ? message.exchange : exchange,
    key: message?.routing_key ?? queue ?? "",
    payload: message?.payload ?? "",
    encoding: message?.payload_encoding ?? "string",
    mode: String(p.delivery_mode ?? (message ? "" : 2)),
    modes: [...(message && p.delivery_mode === undefined ? [["", "not set"]] : []), ["2", "2, persistent"], ["1", "1, transient"]],
    type: p.content_type ?? "",
    properties: PROPERTIES.filter((n) => p[n] !== undefined).map((n) => ({ name: n, text: String(p[n]) })),
    headers: Object.entries(p.headers ?? {}).filter(([n]) => !/^x-(death|first-death)/.test(n)).map(([n, v]) => ({ name: n, text: value(v), was: value(v), value: v, type: message.header_types?.[n] })),
    names: queue && !message ? null : namesOf(vhost),
  };
  const title = message ? "Edit and send a copy" : queue !== undefined ? html`Publish to <bdi>${queue}</bdi>` : html`Publish to <bdi>${exchangeName(exchange)}</bdi>`;
  openSheet({ title, act: "Publish message", refused: "Not published.", state, body, run, stay: true, blocked: lack });
}

/** Asked of exchanges that exist, not of each letter that is typed. */
const lack = (s) => (s.exchange === "" || !s.names?.loaded || s.names.exchanges.includes(s.exchange) ? needs(lacks("write", s.vhost, s.exchange, "exchange")) : undefined);

function message(s) {
  const properties = s.mode ? { delivery_mode: Number(s.mode) } : {};
  if (s.type) properties.content_type = s.type;
  for (const [name, text] of Object.entries(readPairs(s.properties))) properties[name] = NUMBERS.has(name) ? Number(text) : text;
  const named = s.headers.filter((h) => h.name);
  const headers = Object.fromEntries(named.map((h) => [h.name, headerValue(h)]));
  if (named.length) properties.headers = headers;
  const types = features.has("header-types") ? typesOf(named, headers) : {};
  return { properties, ...(Object.keys(types).length ? { header_types: types } : {}), routing_key: s.key, payload: s.payload, payload_encoding: s.encoding };
}

/** The types that JSON does not tell, of headers that still fit them. */
const typesOf = (named, headers) => Object.fromEntries(named.map((h) => [h.name, typeFor(h.type ?? typeOfText(h), headers[h.name])]).filter(([, type]) => type !== undefined));

/** The path of the default exchange is amq.default. RabbitMQ's way to publish takes no types. */
const where = (s) => ("header_types" in message(s) ? "dev/" : "") + path("exchanges", s.vhost, exchangeName(s.exchange), "publish");

function typed(s) {
  const t = s.payload.trim();
  if (!s.type && s.encoding === "string" && /^[[{]/.test(t)) {
    try {
      JSON.parse(t);
      return html`Reads as JSON. <button type="button" class="linkbtn" @click=${() => {
        s.type = "application/json";
        redraw();
      }}>Set content_type</button>`;
    } catch {
      return "";
    }
  }
  return "";
}

let timer = null;

/** Where it would go, asked while somebody types. */
function ask(s) {
  if (!features.has("route")) return;
  const text = JSON.stringify([s.exchange, s.key, s.headers]);
  if (s.asked === text) return;
  s.asked = text;
  clearTimeout(timer);
  timer = setTimeout(async () => {
    let answer = null;
    try {
      answer = await send("POST", "dev/route", { vhost: s.vhost, exchange: s.exchange, routing_key: s.key, headers: message(s).properties.headers ?? {} });
    } catch {
      // what is asked for may not be complete yet
    }
    if (s.asked !== text) return;
    s.lost = answer?.queues.length === 0;
    s.goes = answer === null ? "" : s.lost ? "No queue gets it: it would be dropped." : `Goes to ${answer.queues.slice(0, 3).join(", ")}${answer.queues.length > 3 ? ` and ${answer.queues.length - 3} more` : ""}.`;
    redraw();
  }, 250);
}

function body(s) {
  ask(s);
  return html`
    ${s.names ? field(s, "exchange", "Exchange", { list: s.names.exchanges, placeholder: "empty: the default exchange" }) : ""}
    ${field(s, "key", "Routing key", { mono: true, hint: s.queue !== undefined && s.exchange === "" && s.key === s.queue ? "The default exchange routes to the queue of this name." : s.goes ?? "", bad: s.lost })}
    ${area(s, "payload", "Payload", { rows: 8, hint: typed(s) })}
    <div class="pair">${choice(s, "encoding", "Payload is", [["string", "text"], ["base64", "base64"]])}${choice(s, "mode", "Delivery mode", s.modes)}</div>
    ${field(s, "type", "content_type", { mono: true, placeholder: "application/json" })}
    ${pairsEditor(s.headers, { label: "Headers", add: "Add a header" })}
    ${pairsEditor(s.properties, { label: "Other properties", add: "Add a property", names: PROPERTIES })}
    ${sameInCode({ pika: () => pikaPublishMessage(s.vhost, { exchange: s.exchange, ...message(s) }), java: () => javaPublishMessage(s.vhost, { exchange: s.exchange, ...message(s) }), curl: () => curl("POST", where(s), message(s)) })}`;
}

/** What a toast links to. */
const shown = (s) => (s.queue === undefined ? ["Show exchange", exchangeLink(s.vhost, s.exchange)] : ["Show queue", queueLink({ vhost: s.vhost, name: s.queue })]);

async function run(s) {
  const answer = await send("POST", where(s), message(s));
  if (answer?.routed === false) {
    toast({ title: "Dropped.", text: html`No binding of <bdi>${exchangeName(s.exchange)}</bdi> matches <span class="mono"><bdi>${s.key}</bdi></span>.`, link: shown(s), bad: true });
  } else {
    toast({ text: html`Published to <b><bdi>${exchangeName(s.exchange)}</bdi></b> with key <span class="mono"><bdi>${s.key}</bdi></span>`, link: shown(s) });
  }
}
