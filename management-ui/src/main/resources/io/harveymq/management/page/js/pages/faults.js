// Faults that are injected, to see how clients cope: what is on, a form for one more, and the same as a command.
import { html, nothing } from "lit-html";
import { path } from "../api.js";
import { actNow } from "../components/act.js";
import { curl } from "../curl.js";
import { button, empty, problem, skeleton } from "../components/basic.js";
import { copyButton } from "../components/copy.js";
import { code } from "../components/code.js";
import { choice, field } from "../components/fields.js";
import { table } from "../components/table.js";
import { context } from "../context.js";
import { age, count, plural } from "../format.js";
import { redraw } from "../redraw.js";
import { lacksTag } from "../rights.js";

const SCOPE = ["exchange", "queue", "user"];
const OFTEN = ["count", "every"];
const AT_COMMANDS = ["operation", ...SCOPE, ...OFTEN];

/** Kind, label, what happens, what the form asks for. */
const KINDS = [
  ["nack", "Nack publishes", "Messages are answered with basic.nack and go nowhere. Channels that are not in confirm mode are left alone.", [...SCOPE, ...OFTEN]],
  ["withhold-confirms", "Withhold confirms", "Messages are routed as usual. Their confirms come late, or when the fault ends.", [...SCOPE, "delay", ...OFTEN]],
  ["hold-deliveries", "Hold deliveries", "Queues give their consumers nothing until the fault ends. basic.get goes on.", ["queue"]],
  ["close-channel", "Close channels", "The next such command closes its channel.", [...AT_COMMANDS, "code"]],
  ["close-connection", "Close connections", "With connection.close: those that are open now, or by a command.", [...AT_COMMANDS, "code"]],
  ["cut", "Cut connections", "Their sockets are reset without AMQP's close: those that are open now, or by a command. Confirms that were not sent are lost.", AT_COMMANDS],
  ["refuse-connections", "Refuse connections", "Who opens the virtual host is refused with 530 NOT_ALLOWED.", ["user", ...OFTEN]],
  ["block", "Block publishers", "Who publishes gets connection.blocked and is not read, as in an alarm.", []],
];
const CODES = {
  "close-channel": ["406 PRECONDITION_FAILED", "404 NOT_FOUND", "403 ACCESS_REFUSED", "405 RESOURCE_LOCKED", "311 CONTENT_TOO_LARGE", "312 NO_ROUTE", "313 NO_CONSUMERS"],
  "close-connection": ["320 CONNECTION_FORCED", "541 INTERNAL_ERROR", "530 NOT_ALLOWED", "506 RESOURCE_ERROR", "501 FRAME_ERROR", "504 CHANNEL_ERROR"],
};
const COMMANDS = ["basic.publish", "basic.consume", "basic.get"];

export const newForm = () => ({ kind: "nack", exchange: "", queue: "", user: "", operation: "", count: "", every: "", delay: "", code: "", time: "60" });

const kindOf = (id) => KINDS.find(([kind]) => kind === id);
const closesNow = (f) => ["close-connection", "cut"].includes(f.kind) && !f.operation;

/** What the form asks for: of what closes connections now nothing but whose they are. */
function asks(f) {
  const [, , , parts] = kindOf(f.kind);
  return closesNow(f) ? parts.filter((p) => ["operation", "user", "code"].includes(p)) : parts;
}

/** What is no number goes as it is, to be refused. */
const millis = (seconds) => (Number.isFinite(Number(seconds)) ? Math.round(Number(seconds) * 1000) : seconds);

function body(f) {
  const sent = { kind: f.kind };
  for (const part of asks(f)) {
    if (f[part] === "") continue;
    if (part === "delay") sent.delay_ms = millis(f.delay);
    else sent[part] = ["count", "every", "code"].includes(part) ? Number(f[part]) : f[part];
  }
  if (!closesNow(f)) sent.for_ms = millis(f.time);
  return sent;
}

const where = (vhost) => "dev/faults/" + path(vhost);

async function begin(f, vhost, done) {
  await actNow({ method: "POST", where: where(vhost), body: body(f) }, "Not injected.", (begun) => ({
    text: begun.on ? html`<b>${kindOf(f.kind)[1]}</b> is on` : html`<b>${kindOf(f.kind)[1]}</b>: struck ${plural(begun.struck, "connection")}`,
  }));
  done();
}

/** One, or all that are on in the virtual host. */
async function end(vhost, f, done) {
  const text = !f ? html`All faults in vhost <b><bdi>${vhost}</bdi></b> are ended` : html`<b>${kindOf(f.kind)?.[1] ?? f.kind}</b> is ${f.on ? "ended" : "forgotten"}`;
  await actNow({ method: "DELETE", where: where(vhost) + (f ? "/" + f.id : "") }, "Not ended.", () => ({ text }));
  done();
}

function form(f, vhost, names, done) {
  const has = (part) => asks(f).includes(part);
  const often = has("operation") ? "Empty for the first one." : "Empty for no limit.";
  return html`<form class="stack" @submit=${(e) => {
    e.preventDefault();
    begin(f, vhost, done);
  }}>
    ${choice(f, "kind", "Fault", KINDS.map(([kind, label]) => [kind, label]), { hint: kindOf(f.kind)[2], on: () => (f.code = "") })}
    ${has("operation") ? choice(f, "operation", "When", [["", f.kind === "close-channel" ? "By any of these commands" : "Now"], ...COMMANDS.map((c) => [c, "By " + c])]) : nothing}
    ${has("exchange") ? field(f, "exchange", "Exchange", { list: [...names.exchanges, "amq.default"], mono: true, hint: "Only what is published to it. Empty for any." }) : nothing}
    ${has("queue") ? field(f, "queue", "Queue", { list: names.queues, mono: true, hint: "Empty for any." }) : nothing}
    ${has("user") ? field(f, "user", "User", { hint: "Empty for everybody." }) : nothing}
    ${has("code") ? choice(f, "code", "Reply code", CODES[f.kind].map((c, i) => [i ? c.slice(0, 3) : "", c])) : nothing}
    ${has("delay") ? field(f, "delay", "How late, in seconds", { hint: "Empty for when the fault ends." }) : nothing}
    ${has("count") ? html`<div class="grid g2">${field(f, "count", "How many times", { type: "number", hint: often })}${field(f, "every", "Only every nth time", { type: "number" })}</div>` : nothing}
    ${closesNow(f) ? nothing : field(f, "time", "Not longer than, in seconds", { hint: "At most 3600, so that a forgotten fault ends." })}
    <div>${button("Inject fault", () => {}, { kind: "primary", type: "submit", lack: lacksTag("administrator") })}</div></form>`;
}

function ordinal(n) {
  const teen = n % 100 > 10 && n % 100 < 14;
  return n + ((!teen && ["th", "st", "nd", "rd"][n % 10]) || "th");
}

/** What a fault is about: "basic.publish, exchange orders, every 2nd time, 404". */
function scope(f) {
  const said = [f.operation, f.exchange && "exchange " + f.exchange, f.queue && "queue " + f.queue, f.user && "user " + f.user,
    f.every && `every ${ordinal(f.every)} time`, f.delay_ms && age(f.delay_ms) + " late", f.code && String(f.code)];
  return said.filter(Boolean).join(", ") || "everything";
}

const struck = (f) => (f.count ? `${count(f.struck)} of ${count(f.count)}` : count(f.struck));

function list(faults, failure, done) {
  if (failure) return problem("Not known.", failure);
  if (!faults) return skeleton(1);
  if (!faults.length) return empty("No fault", "Clients meet the broker as it is.");
  return table({
    label: "Faults", rows: [...faults].reverse(), key: (f) => f.vhost + "\u0000" + f.id, rowClass: (f) => (f.on ? "" : "muted"),
    columns: [
      { head: "Fault", cls: "c-name", cell: (f) => html`<span class="name">${kindOf(f.kind)?.[1] ?? f.kind}</span>` },
      ...(context.vhosts.length > 1 ? [{ head: "Vhost", hide: "hide-s", cell: (f) => html`<bdi>${f.vhost}</bdi>` }] : []),
      { head: "Of", cls: "c-st", cell: (f) => html`<bdi>${scope(f)}</bdi>` },
      { head: "Struck", n: true, cls: "c-ready", cell: struck },
      { head: "Ends", n: true, hide: "hide-s", cell: (f) => (f.on ? "in " + age(f.left_ms) : "over") },
      { head: "", n: true, cls: "c-rate", cell: (f) => button(f.on ? "End fault" : "Forget fault", () => end(f.vhost, f, done), { kind: "sm", lack: lacksTag("administrator") }) },
    ],
  });
}

/** `state`: form, faults (null while unknown), failure, vhost, names; `again` reads the list anew. */
export function faultsTab({ form: f, faults, failure, vhost, names, again }) {
  const command = () => curl("POST", where(vhost), body(f));
  const done = () => {
    again();
    redraw();
  };
  return html`
    <section class="panel" aria-label="Faults"><header><h2>Faults</h2>${faults?.some((one) => one.on && one.vhost === vhost) ? html`<span class="right">${button(`End all faults in vhost ${vhost}`, () => end(vhost, undefined, done), { kind: "sm", lack: lacksTag("administrator") })}</span>` : nothing}</header>${list(faults, failure, done)}</section>
    <div class="grid g2"><section class="panel"><header><h2>Inject a fault in vhost ${vhost}</h2></header><div class="body">${form(f, vhost, names, done)}</div></section>
      <section class="panel"><header><h2>In a test</h2><span class="right">${copyButton(command, "Command copied")}</span></header><div class="body">
        <p class="muted">Clients can't tell it from the real thing but by the text, which says that the fault is injected.</p><div class="gap">${code(command())}</div></div></section></div>`;
}
