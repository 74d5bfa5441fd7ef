// Bind a queue or an exchange to an exchange.
import { html } from "lit-html";
import { path, send } from "../api.js";
import { curl } from "../curl.js";
import { freeValue } from "../arguments.js";
import { choice, field } from "../components/fields.js";
import { pairsEditor, readPairs } from "../components/pairs.js";
import { openSheet } from "../components/sheet.js";
import { toast } from "../components/toast.js";
import { targetVhost } from "../context.js";
import { exchangeName } from "../format.js";
import { refreshInventory } from "../inventory.js";
import { lacks, needs } from "../rights.js";
import { exchangeLink } from "../router.js";
import { pikaBind } from "../snippets.js";
import { sameInCode } from "./code.js";
import { namesOf } from "./names.js";

/** What is given is fixed: `source` an exchange, or `destination` a queue or exchange of `kind`. */
export function bindSheet({ vhost = targetVhost(), source = "", destination = "", kind = "queue", key = "", done }) {
  const state = { vhost, source, destination, kind, key, pairs: [], match: "all", names: namesOf(vhost), fixedSource: source !== "", fixedDestination: destination !== "", done };
  const title = html`Bind ${destination === "" ? "" : html`<bdi>${destination}</bdi> `}${source === "" ? "" : html`to <bdi>${source}</bdi>`}`;
  openSheet({ title, act: "Add binding", refused: "Not bound.", state, body, run, blocked: (s) => !s.source || !s.destination || lack(s) });
}

/** Asked of what exists, not of each letter that is typed. */
function lack(s) {
  const source = s.fixedSource || s.names.exchanges.includes(s.source) ? lacks("read", s.vhost, s.source, "exchange") : undefined;
  const destination = s.fixedDestination || s.names[s.kind + "s"].includes(s.destination) ? lacks("write", s.vhost, s.destination, s.kind) : undefined;
  return needs(source ?? destination);
}

const request = (s) => ({ where: path("bindings", s.vhost, "e", s.source || "exchange", s.kind === "queue" ? "q" : "e", s.destination || "queue"), body: { routing_key: s.key, arguments: argumentsOf(s) } });

function argumentsOf(s) {
  const args = Object.fromEntries(Object.entries(readPairs(s.pairs)).map(([k, v]) => [k, freeValue(v)]));
  if (s.names.types[s.source] === "headers" && !("x-match" in args)) args["x-match"] = s.match;
  return args;
}

const KEY_HELP = {
  topic: "Words divided by dots; * stands for one word, # for any number.",
  direct: "Exactly the messages' routing key.",
  fanout: "Any key will do: a fanout exchange does not look at it.",
  headers: "Not used: the headers below decide.",
};

function body(s) {
  const type = s.names.types[s.source];
  const unknown = (list, name) => s.names.loaded && name && !list.includes(name);
  const { where, body: sent } = request(s);
  return html`
    ${s.fixedSource ? "" : field(s, "source", "Exchange", { list: s.names.exchanges, required: true, bad: unknown(s.names.exchanges, s.source), hint: unknown(s.names.exchanges, s.source) ? `No exchange “${s.source}” in vhost ${s.vhost}.` : "" })}
    ${s.fixedDestination ? "" : html`${choice(s, "kind", "To", [["queue", "a queue"], ["exchange", "another exchange"]])}
      ${field(s, "destination", s.kind === "queue" ? "Queue" : "Exchange", { list: s.kind === "queue" ? s.names.queues : s.names.exchanges, required: true })}`}
    ${field(s, "key", "Routing key", { mono: true, hint: KEY_HELP[type] ?? "" })}
    ${type === "headers" ? choice(s, "match", "Match", [["all", "all of these headers"], ["any", "any of these headers"]]) : ""}
    ${pairsEditor(s.pairs, { label: type === "headers" ? "Headers to match" : "Arguments", add: type === "headers" ? "Add a header" : "Add an argument" })}
    ${sameInCode({ pika: () => pikaBind(s.vhost, s.destination, exchangeName(s.source), s.key), curl: () => curl("POST", where, sent) })}`;
}

async function run(s) {
  const { where, body: sent } = request(s);
  await send("POST", where, sent);
  toast({ text: html`<b><bdi>${s.destination}</bdi></b> is bound to <b><bdi>${s.source}</bdi></b>`, link: ["Show exchange", exchangeLink(s.vhost, s.source)] });
  refreshInventory();
  s.done?.();
}
