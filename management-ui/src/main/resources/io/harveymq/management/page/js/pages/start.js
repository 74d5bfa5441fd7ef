// First start: connect your code, and a list that ticks by itself. Also at #/start at any time.
import { html, nothing } from "lit-html";
import { queueSheet } from "../forms.js";
import { features } from "../api.js";
import { button, segments } from "../components/basic.js";
import { copyButton } from "../components/copy.js";
import { code } from "../components/code.js";
import { toast } from "../components/toast.js";
import { amqpAddress, amqpUri, context } from "../context.js";
import { plural } from "../format.js";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import { lacksTag } from "../rights.js";
import { composeStart, javaStart, junitStart, pikaStart, springStart } from "../snippets.js";
import { pickDefinitions } from "./definitions-io.js";
import { startButton } from "./demo.js";
import { Page } from "./page.js";
import "../styles.js";
import "../icons-more.js";

const LANGUAGES = [["pika", "Python · pika"], ["java", "Java"], ["spring", "Spring"], ["junit", "JUnit 5"], ["compose", "Compose"]];
const snippetOf = { pika: pikaStart, java: javaStart, spring: springStart, junit: junitStart, compose: composeStart };
/** What has to be there for it, where that does not go without saying. */
const needs = {
  junit: "Needs io.harveymq:broker-core and com.rabbitmq:amqp-client in the scope test. The modules are not published yet: ./mvnw -DskipTests install puts them into the local repository.",
  compose: "Takes the place of the image rabbitmq:management in a compose file. The image is built from Harvey's sources.",
};
let language = "pika";

/** What the broker has seen since its start, step by step. */
export class StartProgress {
  constructor() {
    this.done = {};
  }

  take(o) {
    const t = o.object_totals ?? {};
    const churn = o.churn_rates ?? {};
    this.base ??= t.exchanges ?? 0;
    const d = this.done;
    if (t.connections > 0 || churn.connection_created > 0) d.connection ??= "a client has connected";
    if (t.queues > 0 || churn.queue_declared > 0 || t.exchanges > this.base) d.object ??= plural(t.queues ?? 0, "queue");
    if (o.message_stats?.publish > 0) d.message ??= plural(o.message_stats.publish, "message");
    if (t.consumers > 0 || o.message_stats?.deliver_get > 0) d.consumer ??= "messages are taken";
  }

  takeBindings(list) {
    const n = list.filter((b) => b.source !== "").length;
    if (n) this.done.binding ??= plural(n, "binding");
  }

  complete() {
    return !!this.done.message;
  }

  steps() {
    const { port } = amqpAddress();
    const tls = context.overview?.listeners?.find((l) => l.protocol === "amqp/ssl");
    return [
      ["connection", this.done.connection ? "A connection" : "Waiting for a connection", tls ? `on ports ${port} (AMQP) and ${tls.port} (TLS)` : `on port ${port} (AMQP)`],
      ["object", "An exchange or a queue"],
      ["binding", "A binding"],
      ["message", "A first message"],
      ["consumer", "A consumer"],
    ];
  }
}

function stepList(progress) {
  const steps = progress.steps();
  const next = steps.findIndex(([id]) => !progress.done[id]);
  return html`<ol class="steps">${steps.map(([id, label, sub], i) => html`<li>
    ${progress.done[id] ? icon("ok", "ok") : html`<span class="ring ${i === next ? "wait" : ""}"></span>`}
    <span class=${i === next || progress.done[id] ? "strong" : "muted"}>${label}</span>
    ${progress.done[id] || (sub && i === next) ? html`<span class="sub small muted">${progress.done[id] ?? sub}</span>` : nothing}</li>`)}</ol>`;
}

function dropped(event) {
  event.preventDefault();
  event.currentTarget.classList.remove("drop-here");
  const file = event.dataTransfer.files[0];
  const lack = lacksTag("administrator");
  if (file && lack) toast({ title: "Not imported.", text: `Your user ${lack}.`, bad: true });
  else if (file) pickDefinitions(file);
}

function picked(event) {
  if (event.target.files[0]) pickDefinitions(event.target.files[0]);
  event.target.value = "";
}

/** The page's contents; the overview shows them while no client has ever connected. */
export const startBody = (progress, refused = []) => html`
  <div class="head"><h1>${progress.done.connection ? "Harvey is ready. A client has connected." : "Harvey is ready. No client has connected yet."}</h1></div>
  <div class="grid g-main">
    <section class="panel"><header><h2>Connect your code</h2><span class="right muted small hide-s">Unchanged RabbitMQ code works: only host and port matter</span></header><div class="body">
      <div class="copyrow"><span class="mono">${amqpUri()}</span>${copyButton(() => amqpUri(), "URI copied")}</div>
      <div class="codehead">${segments("Language", LANGUAGES, language, (l) => {
        language = l;
        redraw();
      })}<span class="grow"></span>${copyButton(() => snippetOf[language](), "Code copied")}</div>
      ${code(snippetOf[language]())}${needs[language] ? html`<p class="muted small gap">${needs[language]}</p>` : nothing}</div></section>
    <section class="panel"><header><h2>What Harvey has seen</h2></header><div class="body">${stepList(progress)}
      ${refused.map((f) => html`<div class="callout bad-c gap" role="alert"><b><bdi>${f.subject}</bdi></b> ${f.text}</div>`)}
      <p class="small muted gap">Each line ticks by itself. A refused login shows here with its reason.</p></div></section></div>
  <div class="grid cards3">
    <section class="panel" @dragover=${(e) => {
      e.preventDefault();
      e.currentTarget.classList.add("drop-here");
    }} @dragleave=${(e) => e.currentTarget.classList.remove("drop-here")} @drop=${dropped}><header><h2>Coming from RabbitMQ?</h2></header><div class="body"><p class="muted">Drop a definitions file here: users, vhosts, exchanges, queues, bindings and policies are taken over.</p>
      ${lacksTag("administrator") ? button("Import definitions.json", null, { glyph: "upload", lack: lacksTag("administrator") }) : html`<label class="btn">${icon("upload")}Import definitions.json<input class="sr" type="file" accept="application/json,.json" @change=${picked}></label>`}</div></section>
    <section class="panel"><header><h2>By hand</h2></header><div class="body"><p class="muted">Declare a queue, bind it, and publish a message to it without leaving this page.</p>
      <button type="button" class="btn" @click=${() => queueSheet()}>${icon("plus")}Declare a queue</button></div></section>
    ${features.has("demo") ? html`<section class="panel"><header><h2>Just looking?</h2></header><div class="body"><p class="muted">Run a small shop with four queues in vhost <b>demo</b>. One click removes it again.</p>
      ${startButton()}</div></section>` : nothing}</div>`;

export default class Start extends Page {
  constructor(route) {
    super(route);
    this.title = "First start";
    this.nav = "overview";
    this.progress = new StartProgress();
  }

  start() {
    this.watch({
      view: "overview",
      where: "overview",
      onData: (o) => {
        context.overview = o;
        this.progress.take(o);
      },
    });
    this.watch({ where: "bindings", onData: (list) => this.progress.takeBindings(list) });
  }

  render() {
    return startBody(this.progress);
  }
}
