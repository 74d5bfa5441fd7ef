// One queue: header, flow strip, tabs.
import { html, nothing } from "lit-html";
import { ageInSeconds, oldestAge, sinceThen } from "../ages.js";
import { getSheet, publishSheet } from "../forms.js";
import { features, get, path } from "../api.js";
import { chart, sampleParams } from "../components/chart.js";
import "../components/series.js";
import { button, skeleton, status, tag, tagList } from "../components/basic.js";
import { copy } from "../components/copy.js";
import { flow } from "../components/flow.js";
import { Later } from "../components/later.js";
import { menu } from "../components/menu.js";
import { age, bytes, clientName, count, exchangeName, perSecond, plural, rate } from "../format.js";
import { nearestNames } from "../nearest.js";
import { topologyLink } from "../topology-link.js";
import { deletedLately } from "../deleted.js";
import { known, pushTrend } from "../history.js";
import { inventory, keyOf, useInventory } from "../inventory.js";
import { queueRates, queueStatus, typeOf } from "../model.js";
import { queueTags } from "../words.js";
import { refusedCallout } from "../components/refused.js";
import { redraw } from "../redraw.js";
import { go, link, queueLink } from "../router.js";
import { pauseQueue } from "../pause.js";
import { lacks } from "../rights.js";
import { pikaDeclareQueue } from "../snippets.js";
import { Charted } from "./charted.js";
import { askedOf } from "./asked.js";
import { crumb, hidden, missing, tabs } from "./parts.js";
import { Passed } from "./passed.js";
import { deleteQueue, purgeQueue } from "./queue-acts.js";
import { bindingsTab, consumersTab, settingsTab, took } from "./queue-tabs.js";
import { MessagesTab } from "./queue-messages.js";
import "../icons-more.js";
import { StreamTab } from "./stream-messages.js";

const TABS = ["messages", "bindings", "consumers", "charts", "settings"];

export default class Queue extends Charted {
  constructor(route) {
    super(route);
    [, this.vhost, this.name] = route.parts;
    this.nav = "queues";
    this.title = this.name;
    this.passed = new Passed(this);
    this.rates = new Later(route, "rates", () => import("./rates.js"));
    this.read(route);
  }

  read(route) {
    this.tab = TABS.includes(route.parts[3]) ? route.parts[3] : "messages";
  }

  readdress(route) {
    if (route.parts[1] !== this.vhost || route.parts[2] !== this.name) return false;
    this.route = route;
    this.read(route);
    this.watchKeys();
    if (this.tab === "charts") {
      this.rates.read(route);
      this.readSpan(route);
    }
    if (this.tab === "messages") this.messages?.read(route);
    return true;
  }

  get where() {
    return path("queues", this.vhost, this.name);
  }

  start() {
    this.recall("queue/" + this.vhost + "/" + this.name);
    this.watch({ view: "queue", where: this.where, names: { vhost: this.vhost, name: this.name }, onData: (q) => this.take(q), onError: (e) => this.failed(e) });
    this.bindingsWatch = this.watch({ where: this.where + "/bindings", interval: 5000, onData: (list) => {
      this.bindings = list;
      this.watchPassed();
    } });
    this.keep(useInventory(() => this.watchPassed()));
    this.watchKeys();
  }

  /** While the tab is shown, and messages come to the queue from exchange to exchange or as dead letters. */
  watchPassed() {
    const sources = new Set((this.bindings ?? []).map((b) => b.source));
    this.passed.want(this.tab === "bindings" && (this.queue?.message_stats?.dead_letter_in > 0 || inventory.bindings.some((b) => b.destination_type === "exchange" && b.vhost === this.vhost && sources.has(b.destination))));
  }

  /** Asks what keys came lately while the tab is shown that has them. */
  watchKeys() {
    this.watchPassed();
    const wanted = this.tab === "bindings" && features.has("keys");
    if (wanted === Boolean(this.keysWatch)) return;
    this.keysWatch?.close();
    this.keysFailure = null;
    this.keysWatch = wanted ? this.watch({ where: "dev/" + this.where + "/keys", interval: 2000, onData: (keys) => {
      this.keysFailure = null;
      this.keysSeen = keys;
    }, onError: (e) => (this.keysFailure = e) }) : null;
  }

  async seed(span = this.span, width = span) {
    try {
      const q = await get(this.where, sampleParams(span, width));
      const h = this.history;
      h.seed("ready", q.messages_ready_details);
      h.seed("unacked", q.messages_unacknowledged_details);
      h.seed("bytes", q.message_bytes_details);
      const s = q.message_stats ?? {};
      for (const [name, stat] of [["published", "publish"], ["letters", "dead_letter_in"], ["delivered", "deliver_get"], ["acked", "ack"], ["redelivered", "redeliver"], ["dropped", "dropped_maxlen"], ["rejected", "rejected_maxlen"]]) h.seed(name, s[stat + "_details"], true);
      h.seed("acktime", meanSamples(s.ack_time_ms_details, s.ack_details));
      redraw();
    } catch {
      // the curves start now instead
    }
  }

  take(q) {
    this.queue = q;
    this.gone = false;
    this.refusal = null;
    const now = Date.now();
    const r = queueRates(q);
    if (q.messages_ready !== undefined) {
      pushTrend(keyOf(q), now, q.messages_ready);
      this.history.push("ready", now, q.messages_ready);
      this.history.push("unacked", now, q.messages_unacknowledged);
      this.history.push("bytes", now, q.message_bytes);
    }
    for (const [name, v] of [["published", r.published], ["letters", r.letters], ["delivered", r.out], ["acked", r.ack], ["redelivered", r.redeliver], ["dropped", r.dropped], ["rejected", r.rejected]]) this.history.push(name, now, v);
    this.history.push("acktime", now, ackTime(q));
    if (this.tab === "messages") this.contents(q).tick();
  }

  contents(q) {
    return (this.messages ??= typeOf(q) === "stream" && features.has("streams") ? new StreamTab(this) : new MessagesTab(this));
  }

  failed(error) {
    this.refusal = error.status === 401 ? error : null;
    if (error.status !== 404 || this.gone) return;
    this.gone = true;
    deletedLately("queue", this.vhost, this.name).then((d) => {
      this.deleted = d;
      redraw();
    });
  }

  isTarget() {
    return this.queue && inventory.targets.has(keyOf(this.queue));
  }

  render() {
    if (this.refusal) return hidden("Queue", this.name, this.vhost, this.refusal);
    if (this.gone) {
      const near = nearestNames(this.name, inventory.queues.filter((q) => q.vhost === this.vhost).map((q) => q.name));
      return missing("queue", this.name, this.vhost, near, (name) => queueLink({ vhost: this.vhost, name }), "#/queues", this.deleted);
    }
    const q = this.queue;
    if (!q) return html`<div class="head">${crumb("Queues", "queues")}<h1><bdi>${this.name}</bdi></h1></div>${skeleton(8)}`;
    return html`${this.head(q)}${refusedCallout("queue", q)}${this.flow(q)}
      ${tabs([
        ["messages", "Messages", queueLink(q, "messages"), count(q.messages)],
        ["bindings", "Bindings", queueLink(q, "bindings"), this.bindings ? count(this.bindings.filter((b) => b.source !== "").length) : undefined],
        ["consumers", "Consumers", queueLink(q, "consumers"), count(q.consumers)],
        ["charts", "Charts", queueLink(q, "charts")],
        ["settings", "Settings", queueLink(q, "settings")],
      ], this.tab)}${this.body(q)}`;
  }

  body(q) {
    if (this.tab === "bindings") return bindingsTab(this, q);
    if (this.tab === "consumers") return consumersTab(q);
    if (this.tab === "charts") return this.charts(q);
    if (this.tab === "settings") return settingsTab(q, askedOf(this.route));
    return this.contents(q).render();
  }

  publish() {
    publishSheet({ vhost: this.vhost, queue: this.name });
  }

  async pause(on) {
    if (await pauseQueue(this, on)) this.queue = { ...this.queue, paused: on || undefined };
    redraw();
  }

  head(q) {
    const lack = (right) => lacks(right, q.vhost, q.name);
    const publish = lacks("write", q.vhost, "");
    const stream = typeOf(q) === "stream";
    return html`<div class="head">${crumb("Queues", "queues")}<h1><bdi>${q.name}</bdi></h1>${status(queueStatus(q))}
      <span class="hide-s">${q.vhost !== "/" ? tag("vhost " + q.vhost) : nothing}${tag(typeOf(q))}${tagList(queueTags(q))}</span>
      <div class="right">${button("Publish", () => this.publish(), { glyph: "send", title: "Publish (U)", kind: "hide-s", lack: publish })}
      ${stream || !features.has("consumers") ? nothing : button(q.paused ? "Resume" : "Pause", () => this.pause(!q.paused), { glyph: q.paused ? "play" : undefined, kind: "hide-s", title: q.paused ? "Consumers get messages again" : "Consumers get nothing until it is resumed", lack: lack("configure") })}
      ${menu("queue", "More acts", [
        { label: "Publish message", glyph: "send", title: "Publish (U)", act: () => this.publish(), lack: publish },
        stream ? undefined : { label: "Get messages…", glyph: "download", act: () => getSheet(q), lack: lack("read") },
        stream || !features.has("consumers") ? undefined : { label: q.paused ? "Resume queue" : "Pause queue", glyph: q.paused ? "play" : "pause", act: () => this.pause(!q.paused), lack: lack("configure") },
        { label: "Show in topology", glyph: "topology", act: () => go(topologyLink("q", q)) },
        { label: "Copy declare code", glyph: "copy", act: () => copy(pikaDeclareQueue({ ...q, arguments: q.arguments ?? {} }), "Code copied") },
        null,
        { label: "Purge queue…", act: () => purgeQueue(q), disabled: !q.messages_ready, lack: stream ? "A stream can't be purged: retention takes its oldest messages" : lack("read") },
        { label: "Delete queue…", glyph: "trash", danger: true, act: () => deleteQueue(q, () => go("#/queues")), lack: lack("configure") },
      ])}</div></div>`;
  }

  flow(q) {
    const r = queueRates(q);
    const s = queueStatus(q);
    const sources = [...new Set((this.bindings ?? []).map((b) => b.source))].filter((x) => x !== "");
    const holders = [...new Set((q.consumer_details ?? []).map((c) => nameOf(c)))];
    const old = oldestAge(q);
    const oldest = old === undefined ? "" : `oldest ${ageInSeconds(old)}`;
    const waits = [oldest, bytes(q.message_bytes_ready ?? q.message_bytes)].filter(Boolean).join(" · ");
    const warnReady = ["No consumer", "Falling behind", "Near limit", "Rejecting"].includes(s.word);
    return flow([
      { dot: "publish", label: "In", value: rate(r.in), unit: "/s", ...(r.rejected > 0 ? { note: `${perSecond(r.rejected)} refused`, tone: "bad" } : { note: whence(r, sources, q.incoming) }) },
      { dot: "ready", label: "Ready", value: count(q.messages_ready), exact: q.messages_ready, note: warnReady ? s.word.toLowerCase() : waits, tone: warnReady ? s.tone : "", why: warnReady, more: !warnReady ? "" : s.word === "No consumer" && oldest ? ", " + oldest : s.cause ? `: ${s.cause}` : "" },
      { dot: "unacked", label: "Unacked", value: count(q.messages_unacknowledged), exact: q.messages_unacknowledged, note: q.messages_unacknowledged ? `held ${this.heldFor()}by ${holders.length === 1 ? holders[0] : plural(holders.length, "client")}` : "none", tone: s.word === "Slow acks" || (this.messages?.items ?? []).some((m) => m.held_ms > 30_000) ? "warn" : "" },
      { dot: "deliver", label: "Delivered", value: rate(r.out), unit: "/s", note: q.consumers ? `to ${plural(q.consumers, "consumer")}` : "to no consumer" },
      { dot: "ack", label: "Acked", value: rate(r.ack), unit: "/s", note: r.redeliver > 0 ? `${perSecond(r.redeliver)} redelivered` : "none redelivered" },
    ]);
  }

  /** How long the oldest unacked message has been with its consumer, as far as that is known: "41 s ". */
  heldFor() {
    const since = inventory.held.get(keyOf(this.queue));
    const held = Math.max(since ? sinceThen(since) : 0, ...(this.messages?.items ?? []).map((m) => m.held_ms ?? 0));
    return held > 0 ? age(held) + " " : "";
  }

  charts(q) {
    const box = (title, names, options) => html`<section class="panel"><header><h2>${title}</h2></header><div class="body">${chart(title, this.history, names, this.span, options)}</div></section>`;
    return html`<div class="row">${this.timeRange()}<span class="right">${this.rates.link("All rates")}</span></div>
      ${this.rates.show((m) => html`<div class="grid g2">${m.ratesPanel(q.message_stats)}${m.holdsPanel(q, bytes)}
        ${m.breakdownPanel("Came from", q.incoming, "exchange", [["publish", "Published"]])}${m.breakdownPanel("Went to", q.deliveries, "channel_details", [["deliver_get", "Delivered"], ["ack", "Acked"]])}</div>`)}
      <div class="grid g2">${box("Messages", ["ready", "unacked"])}${box("Messages per second", ["acked", "delivered", "published", ...[["letters", "dead_letter_in"], ["dropped", "dropped_maxlen"], ["rejected", "rejected_maxlen"]].filter(([, stat]) => q.message_stats?.[stat]).map(([name]) => name)], { kind: "rate" })}
      ${box("Redelivered per second", ["redelivered"], { kind: "rate" })}${typeOf(q) === "stream" ? nothing : box("Bytes", ["bytes"], { kind: "bytes", format: bytes })}
      ${box("Ack time", ["acktime"], { kind: "time", format: (ms) => (ms === 0 ? "0" : took(ms)) })}</div>`;
  }

  keys() {
    return { u: () => lacks("write", this.vhost, "") === undefined && this.publish(), ...(this.tab === "messages" ? this.messages?.keys() : {}), ...(this.tab === "messages" ? {} : { escape: () => go(link("queues")) }) };
  }
}

/** Where what comes in comes from. RabbitMQ does not count dead letters as published, so they are named. */
function whence(r, bound, incoming) {
  const now = (incoming ?? []).filter((i) => i.stats?.publish_details?.rate > 0).map((i) => i.exchange?.name ?? "");
  const sources = now.length ? now : bound;
  const from = sources.length === 1 ? `from ${exchangeName(sources[0])}` : sources.length ? `from ${sources.length} exchanges` : "";
  if (r.letters > 0 && r.published > 0) return `${perSecond(r.letters)} dead letters`;
  if (r.letters > 0) return `dead letters ${sources.length === 1 ? from : ""}`;
  return from || "only by its own name";
}

/** Milliseconds from a delivery to its ack, of the last few seconds; undefined while nothing is acked. */
function ackTime(q) {
  const s = q.message_stats;
  const acks = s?.ack_details?.rate;
  return acks > 0 ? (s.ack_time_ms_details?.rate ?? 0) / acks : undefined;
}

/** The samples of a sum over those of its count: what one took, where there were any. */
function meanSamples(sums, counts) {
  if (!sums?.samples || !counts?.samples) return undefined;
  const count = new Map(counts.samples.map((s) => [s.timestamp, s.sample]));
  const sorted = known(sums);
  const samples = sorted.slice(1).map((s, i) => {
    const more = count.get(s.timestamp) - count.get(sorted[i].timestamp);
    return more > 0 && { timestamp: s.timestamp, sample: (s.sample - sorted[i].sample) / more };
  });
  return { ...sums, samples: samples.filter(Boolean) };
}

const nameOf = (c) => {
  const connection = inventory.connections.get(c.channel_details?.connection_name);
  return connection ? clientName(connection) : c.consumer_tag;
};
