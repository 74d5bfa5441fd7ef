// Powers for tests: wait until a queue is as the test wants it, inject faults, record and replay, and move the broker's clock where it can be moved.
import { html, nothing } from "lit-html";
import { features, get, path } from "../api.js";
import { curl } from "../curl.js";
import { actNow } from "../components/act.js";
import { button, empty, kv, problem } from "../components/basic.js";
import { copyButton } from "../components/copy.js";
import { code } from "../components/code.js";
import { choice, field } from "../components/fields.js";
import { targetVhost } from "../context.js";
import { age, count, dayTime, plural } from "../format.js";
import { namesOf } from "../forms/names.js";
import { redraw } from "../redraw.js";
import { lacksTag } from "../rights.js";
import { clockSeen, faultsSeen } from "../unusual.js";
import { faultsTab, newForm } from "./faults.js";
import { lintOf, lintTab } from "./lint.js";
import { Page } from "./page.js";
import { tabs } from "./parts.js";
import { Recordings } from "./record.js";

const UNTIL = [
  ["empty", "is empty, nothing unacked"], ["ready", "has at least so many ready"], ["messages", "holds at least so many, ready or unacked"],
  ["unacked", "has at least so many unacked"], ["consumers", "has at least so many consumers"], ["exists", "exists"], ["gone", "is gone"],
];
const COUNTED = ["ready", "messages", "unacked", "consumers"];
const STEPS = [["1 s", 1_000], ["10 s", 10_000], ["1 min", 60_000], ["1 h", 3_600_000], ["1 day", 86_400_000]];

export default class Tools extends Page {
  constructor(route) {
    super(route);
    this.title = "Test tools";
    this.nav = "tools";
    this.vhost = targetVhost();
    this.names = namesOf(this.vhost);
    this.fault = newForm();
    this.recordings = new Recordings(this);
    this.form = { queue: route.query.get("queue") ?? "", until: "empty", count: "1", timeout: "10" };
    this.read(route);
  }

  read(route) {
    const part = route.parts[1];
    this.tab = ["clock", "faults", "lint", "record"].includes(part) && features.has(part) ? part : "wait";
    if (this.started) this.sources();
  }

  readdress(route) {
    this.route = route;
    this.read(route);
    if (this.tab === "record") this.recordings.read(route);
    return true;
  }

  start() {
    this.started = true;
    this.sources();
    this.keep(() => this.asking?.abort());
    if (features.has("clock")) this.clock = this.watch({ where: "dev/clock", onData: (c) => this.timeIs(c.time) });
  }

  timeIs(time) {
    this.time = time;
    clockSeen(time);
  }

  /** These are looked at for as long as their tabs show. */
  sources() {
    this.lint();
    this.lookForFaults();
    if (this.tab === "record") this.recordings.start((options) => this.watch(options));
    else this.recordings.stop();
  }

  lookForFaults() {
    if (this.tab !== "faults") {
      this.finding?.close();
      this.finding = null;
      return;
    }
    this.finding ??= this.watch({
      where: "dev/faults",
      onData: (list) => {
        Object.assign(this, { faults: list, faultFailure: null });
        faultsSeen(list);
      },
      onError: (error) => (this.faultFailure = error),
    });
  }

  lint() {
    if (this.tab !== "lint") {
      this.linting?.close();
      this.linting = null;
      return;
    }
    this.linting ??= this.watch({
      where: lintOf(this.vhost),
      interval: 5000,
      onData: (answer) => Object.assign(this, { flaws: answer, lintFailure: null }),
      onError: (error) => (this.lintFailure = error),
    });
  }

  content() {
    if (this.tab === "lint") return lintTab(this.flaws, this.lintFailure, this.vhost);
    if (this.tab === "faults") return faultsTab({ form: this.fault, faults: this.faults, failure: this.faultFailure, vhost: this.vhost, names: this.names, again: () => this.finding?.again() });
    if (this.tab === "record") return this.recordings.render();
    return this.tab === "clock" ? this.clockTab() : this.waitTab();
  }

  params() {
    const f = this.form;
    return { until: f.until, count: COUNTED.includes(f.until) ? f.count : undefined, timeout: Math.round(Number(f.timeout) * 1000) };
  }

  where() {
    return "dev/wait/" + path(this.vhost, this.form.queue || "queue");
  }

  async wait(event) {
    event.preventDefault();
    const { signal } = (this.asking = new AbortController());
    Object.assign(this, { waiting: true, result: null, failure: null });
    redraw();
    try {
      this.result = await get(this.where(), this.params(), signal);
    } catch (error) {
      if (signal.aborted) return;
      this.failure = error;
    }
    this.waiting = false;
    redraw();
  }

  outcome() {
    if (this.failure?.status === 504) return html`<div class="callout warn-c" role="status"><b>${this.failure.reason.split(":")[0]}:</b>${this.failure.reason.split(":").slice(1).join(":")}</div>`;
    if (this.failure) return problem("Not waited.", this.failure);
    const r = this.result;
    if (!r) return nothing;
    return html`<div class="callout ok-c" role="status"><b>After ${age(r.waited_ms)}:</b> ${r.ready === undefined ? "the queue is gone." : `${count(r.ready)} ready, ${count(r.unacked)} unacked, ${plural(r.consumers, "consumer")}.`}</div>`;
  }

  command() {
    const query = Object.entries(this.params()).filter(([, v]) => v !== undefined).map(([k, v]) => k + "=" + v).join("&");
    return curl("GET", this.where() + "?" + query).replace("curl ", "curl -f ");
  }

  waitTab() {
    const f = this.form;
    return html`<div class="grid g2"><section class="panel"><header><h2>Wait for a queue</h2></header><div class="body"><form class="stack" @submit=${(e) => this.wait(e)}>
        ${field(f, "queue", "Queue", { list: this.names.queues, required: true, mono: true })}${choice(f, "until", "Until it", UNTIL)}
        ${COUNTED.includes(f.until) ? field(f, "count", "How many", { type: "number" }) : nothing}
        ${field(f, "timeout", "Not longer than, in seconds", { hint: "At most 50." })}
        <div><button class="btn primary" ?disabled=${this.waiting || !f.queue}>${this.waiting ? "Waiting…" : "Wait for queue"}</button></div></form>${this.outcome()}</div></section>
      <section class="panel"><header><h2>In a test</h2><span class="right">${copyButton(() => this.command(), "Command copied")}</span></header><div class="body">
        <p class="muted">Answers as soon as it is so, or with 504 and what the queue is like when the time is over. No polling, no sleeping.</p><div class="gap">${code(this.command())}</div></div></section></div>`;
  }

  async advance(ms) {
    const done = await actNow({ method: "POST", where: "dev/clock", body: { advance_ms: ms } }, "Not moved.", () => ({ text: html`<b>The broker's clock</b> is ${age(ms)} further` }));
    if (done) this.timeIs(done.time);
    redraw();
  }

  clockTab() {
    if (this.time === undefined) return html`<section class="panel">${empty("The clock", "The broker's time shows here.")}</section>`;
    return html`<section class="panel"><header><h2>The broker's clock</h2></header><div class="body">
      ${kv([["It says", dayTime(this.time)], ["Moved ahead by", age(Math.max(0, this.time - Date.now()))]])}
      <div class="row gap">${STEPS.map(([label, ms]) => button("Advance " + label, () => this.advance(ms), { lack: lacksTag("administrator") }))}</div>
      <p class="muted small gap">It stands still until it is moved. TTLs, queue expiry, delays and consumer timeouts that fall due on the way have happened when it gets there.</p></div></section>`;
  }

  keys() {
    return this.tab === "record" ? this.recordings.keys() : {};
  }

  render() {
    return html`<div class="head"><h1>Test tools</h1></div>
      ${tabs([["wait", "Wait", "#/test/wait"], ["faults", "Faults", "#/test/faults"], ["record", "Record", "#/test/record"], ["lint", "Lint", "#/test/lint"], ["clock", "Clock", "#/test/clock"]].filter(([key]) => features.has(key)), this.tab)}${this.content()}`;
  }
}
