// The first page: what needs attention, the path of a message, two charts, the busiest queues, the broker.
import { html, nothing } from "lit-html";
import { features, get, isAdministrator, mayMonitor } from "../api.js";
import { chart, sampleParams } from "../components/chart.js";
import { kv, meter, skeleton, status } from "../components/basic.js";
import { findingsPanel } from "../components/findings-panel.js";
import { flow } from "../components/flow.js";
import { spark } from "../components/spark.js";
import { table, TableState } from "../components/table.js";
import { amqpAddress, context, inVhost, showsSeveral } from "../context.js";
import { fromServer } from "../server-findings.js";
import { age, bytes, count, dayTime, perSecond, plural, rate, signed } from "../format.js";
import { takeTrends, trend } from "../history.js";
import { inventory, keyOf, QUEUE_COLUMNS, setting, useInventory } from "../inventory.js";
import { exchangeRates, queueRates, queueStatus } from "../model.js";
import { queueLink } from "../router.js";
import { vhostSource } from "../vhost-source.js";
import { redraw } from "../redraw.js";
import { Charted } from "./charted.js";

/** The longest queues. */
const LONGEST = { page: 1, page_size: 5, sort: "messages", sort_reverse: true };

const NODE_COLUMNS = "name,running,uptime,mem_used,mem_counted,mem_limit,mem_alarm,disk_free,disk_free_limit,disk_free_alarm";

/** By series what the API calls it. */
const RATES = [["published", "publish"], ["delivered", "deliver_get"], ["acked", "ack"], ["dropped", "drop_unroutable"]];

/** A virtual host in the shape of the broker's overview. */
const ofVhost = (v) => ({
  message_stats: v?.message_stats,
  queue_totals: v && Object.fromEntries(["messages_ready", "messages_unacknowledged"].flatMap((name) => [name, name + "_details"]).map((name) => [name, v[name]])),
});

export default class Overview extends Charted {
  constructor(route) {
    super(route);
    this.title = "Overview";
    this.nav = "overview";
    this.table = new TableState();
    this.findings = null;
  }

  start() {
    this.scope = context.vhost !== null && context.vhosts.length > 1 ? vhostSource(context.vhost) : null;
    this.recall(this.scope ? "overview/" + context.vhost : "overview");
    if (this.scope) this.watch({ where: this.scope.where, onData: (answer) => this.takeNumbers(ofVhost(this.scope.of(answer))) });
    this.watch({ view: "overview", where: "overview", onData: (o) => this.takeOverview(o) });
    this.watch({
      view: "queues",
      where: inVhost("queues"),
      names: context.vhost === null ? {} : { vhost: context.vhost },
      params: () => ({ ...LONGEST, columns: QUEUE_COLUMNS.join(",") }),
      onData: (answer) => this.takeQueues(answer),
    });
    this.watch({ where: "nodes", params: () => ({ columns: NODE_COLUMNS }), interval: 5000, stirs: false, onData: (nodes) => (this.nodes = nodes), onError: (e) => (this.nodesFailure = e) });
    this.keep(useInventory());
    if (context.vhosts.includes("demo") && features.has("demo") && isAdministrator()) this.watchDemo();
    this.findingsWatch = this.watch({ where: "dev/findings", params: () => ({ vhost: context.vhost }), interval: 5000, onData: (list) => {
      this.findings = fromServer(list);
      this.unknown = null;
    }, onError: (e) => (this.unknown = e) });
  }

  async watchDemo() {
    const { demoLine } = await import("./demo.js");
    this.demoLine = demoLine;
    this.watch({ where: "dev/demo", interval: 5000, onData: (demo) => (this.demo = demo.state) });
  }

  async seed(span = this.span, width = span) {
    try {
      const answer = await get(this.scope?.where ?? "overview", sampleParams(span, width));
      const o = this.scope ? ofVhost(this.scope.of(answer)) : answer;
      const h = this.history;
      h.seed("ready", o.queue_totals?.messages_ready_details);
      h.seed("unacked", o.queue_totals?.messages_unacknowledged_details);
      const s = o.message_stats ?? {};
      for (const [name, stat] of RATES) h.seed(name, s[stat + "_details"], true);
      redraw();
    } catch {
      // the curves start now instead
    }
  }

  takeOverview(o) {
    if (o !== this.overview) this.findingsWatch?.hurry();
    context.overview = o;
    this.overview = o;
    if (!this.scope) this.takeNumbers(o);
    this.progress?.take(o);
    if (!this.progress && this.untouched()) this.firstStart();
  }

  /** Of the broker, or of the chosen virtual host. */
  takeNumbers(o) {
    this.numbers = o;
    const now = Date.now();
    const s = o.message_stats ?? {};
    const of = (name) => s[name + "_details"]?.rate ?? 0;
    if (o.queue_totals?.messages_ready !== undefined) {
      this.history.push("ready", now, o.queue_totals.messages_ready);
      this.history.push("unacked", now, o.queue_totals.messages_unacknowledged ?? 0);
    }
    for (const [name, stat] of RATES) this.history.push(name, now, of(stat));
  }

  takeQueues(answer) {
    this.busiest = answer.items ?? answer;
    this.total = answer.total_count ?? this.busiest.length;
    takeTrends(this.busiest, (more) => get(inVhost("queues"), { ...LONGEST, ...more }));
  }

  async firstStart() {
    this.loading ??= import("./start.js");
    this.start1 = await this.loading;
    this.progress = new this.start1.StartProgress();
    this.progress.take(this.overview);
    this.watch({ where: "bindings", interval: 2000, onData: (list) => this.progress.takeBindings(list) });
    redraw();
  }

  /** No client has ever connected: the broker has created no connection and holds nothing of its own. */
  untouched() {
    const o = this.overview;
    const created = o?.churn_rates?.connection_created ?? 0;
    const t = o?.object_totals ?? {};
    return o && !context.homeless && created === 0 && !t.connections && !t.queues && !(o.message_stats?.publish > 0);
  }

  readdress(route) {
    this.route = route;
    this.readSpan(route);
    return true;
  }

  render() {
    if (this.progress && !this.progress.complete()) return this.start1.startBody(this.progress, this.findings?.filter((f) => f.kind === "refused"));
    return html`<div class="head"><h1>Overview</h1><div class="right">${this.timeRange()}</div></div>
      ${this.demoLine?.(this.demo) ?? nothing}${findingsPanel(this.findings, { ...this.calm(), ...this.losses() }, this.unknown)}
      ${this.flow()}
      <div class="grid g2">
        <section class="panel"><header><h2>Messages in queues</h2></header><div class="body">${chart("Messages in queues", this.history, ["ready", "unacked"], this.span)}</div></section>
        <section class="panel"><header><h2>Messages per second</h2><span class="right"><a href="#/rates">All rates</a></span></header><div class="body">${chart("Messages per second", this.history, this.rateSeries(), this.span, { kind: "rate" })}</div></section>
      </div>
      <div class="grid g-main">${this.busy()}${this.broker()}</div>`;
  }

  rateSeries() {
    const dropped = this.history.since("dropped", Date.now() - this.span).some((p) => p[1] > 0);
    return ["acked", "delivered", "published", ...(dropped ? ["dropped"] : [])];
  }

  calm() {
    if (this.calmAt !== inventory.at) {
      this.calmAt = inventory.at;
      this.calmNow = this.countCalm();
    }
    return this.calmNow;
  }

  countCalm() {
    const states = inventory.queues.map((q) => queueStatus(q).word);
    const keep = states.filter((w) => w === "Keeping up").length;
    const idle = states.filter((w) => w === "Idle").length;
    const limits = inventory.queues.reduce((sum, q) => sum + (setting(q, "dead-letter-exchange") === undefined ? q.message_stats?.dropped_maxlen ?? 0 : 0), 0);
    return { keep, idle, all: keep > 0 && keep + idle === states.length, limits, ready: inventory.ready };
  }

  /** How many messages were lost since the broker began; `partly` where that counts virtual hosts, too, of which findings tell nothing. */
  losses() {
    const exchanges = this.overview?.object_totals?.exchanges;
    const partly = !this.scope && mayMonitor() && !isAdministrator() && inventory.ready && exchanges > inventory.exchanges.length;
    return { partly, lost: this.numbers && inventory.ready ? (this.numbers.message_stats?.drop_unroutable ?? 0) + this.calmNow.limits : undefined };
  }

  flow() {
    const o = this.numbers ?? (this.scope ? undefined : context.overview);
    const s = o?.message_stats ?? {};
    const of = (name) => (o ? s[name + "_details"]?.rate ?? 0 : undefined);
    const totals = o?.queue_totals ?? {};
    const routed = inventory.ready ? inventory.exchanges.reduce((sum, x) => sum + exchangeRates(x).out, 0) : undefined;
    const into = inventory.queues.filter((q) => queueRates(q).in > 0).length;
    const drop = of("drop_unroutable") || inventory.exchanges.reduce((sum, x) => sum + exchangeRates(x).drop, 0);
    const grows = totals.messages_ready_details?.rate ?? 0;
    const unacked = totals.messages_unacknowledged;
    const returned = of("return_unroutable");
    const { lost } = this.losses();
    if (!o) return flow(["Published", "Routed", "Waiting", "Delivered", "Acked"].map((label, i) => ({ label, dot: ["publish", "publish", "publish", "deliver", "ack"][i], value: "–", note: "\u00a0" })));
    return flow([
      { dot: "publish", label: "Published", value: rate(of("publish")), unit: "/s", ...(drop > 0 ? { note: `${perSecond(drop)} dropped`, more: ", sender not told", why: true, tone: "bad" } : { note: returned > 0 ? `${perSecond(returned)} returned` : lost ? `${count(lost)} dropped so far` : lost === 0 ? "nothing dropped" : "" }) },
      { dot: "publish", label: "Routed", value: rate(routed), unit: "/s", note: into ? `into ${plural(into, "queue")}` : "into no queue" },
      { dot: "publish", label: "Waiting", value: count(totals.messages_ready ?? (o ? 0 : undefined)), exact: totals.messages_ready, note: Math.abs(grows) >= 0.05 ? signed(grows) : "steady", more: unacked ? ` · ${count(unacked)} unacked` : "", tone: grows > 0.5 ? "warn" : "" },
      { dot: "deliver", label: "Delivered", value: rate(of("deliver_get")), unit: "/s", note: `to ${plural(this.scope ? inventory.consumers.length : (o.object_totals?.consumers ?? 0), "consumer")}` },
      { dot: "ack", label: "Acked", value: rate(of("ack")), unit: "/s", note: of("redeliver") > 0 ? `${perSecond(of("redeliver"))} redelivered` : "none redelivered" },
    ]);
  }

  /** The longest queues, then those that move most. */
  busyRows() {
    const long = this.busiest.filter((q) => q.messages > 0);
    const known = new Set(long.map(keyOf));
    const flowOf = (q) => queueRates(q).in + queueRates(q).out;
    const moving = inventory.queues.filter((q) => !known.has(keyOf(q)) && flowOf(q) > 0).sort((a, b) => flowOf(b) - flowOf(a));
    const rows = [...long, ...moving].slice(0, 5);
    for (const q of this.busiest) if (rows.length < 5 && !rows.some((r) => keyOf(r) === keyOf(q))) rows.push(q);
    return rows;
  }

  busy() {
    const columns = [
      { head: "Name", cls: "c-name", cell: (q) => html`<a class="name" href=${queueLink(q)}><bdi>${q.name}</bdi></a>` },
      showsSeveral() && { head: "Virtual host", hide: "hide-t", cls: "muted", cell: (q) => html`<bdi>${q.vhost}</bdi>` },
      { head: "Status", cls: "c-st", cell: (q) => status(queueStatus(q)) },
      { head: "Ready ↓", sorted: "descending", n: true, cls: "c-ready", cell: (q) => count(q.messages_ready) },
      { head: "Unacked", n: true, zero: (q) => !q.messages_unacknowledged, cell: (q) => count(q.messages_unacknowledged) },
      { head: "Last 5 min", hide: "hide-t", cell: (q) => spark(trend(keyOf(q))) },
      { head: "In /s", hide: "hide-t", n: true, zero: (q) => !queueRates(q).in, cell: (q) => rate(queueRates(q).in) },
      { head: "Out /s", hide: "hide-t", n: true, zero: (q) => !queueRates(q).out, cell: (q) => rate(queueRates(q).out) },
      { head: "Consumers", n: true, zero: (q) => !q.consumers, cell: (q) => count(q.consumers) },
      { head: "", cls: "c-rate only-s", hide: "only-s", cell: (q) => `${rate(queueRates(q).in)} in, ${rate(queueRates(q).out)} out /s` },
    ].filter(Boolean);
    return html`<section class="panel"><header><h2>Busiest queues</h2><span class="right"><a href="#/queues">All ${plural(this.total ?? 0, "queue")}</a></span></header>
      ${this.busiest ? table({ state: this.table, columns, rows: this.busyRows(), key: keyOf, label: "Busiest queues" }) : skeleton(5)}</section>`;
  }

  broker() {
    const n = this.nodes?.[0] ?? (this.nodesFailure && {});
    const o = this.overview ?? context.overview;
    const { host, port } = amqpAddress();
    const up = n?.running !== false;
    const state = n && (n.mem_alarm || n.disk_free_alarm)
      ? { tone: "bad", icon: "bad", word: "Blocked" }
      : up ? { tone: "ok", icon: "ok", word: "Running" } : { tone: "bad", icon: "bad", word: "Stopped" };
    return html`<section class="panel"><header><h2>Broker</h2><span class="right">${n ? status(state) : nothing}</span></header><div class="body">${n && o ? kv([
      ["AMQP", html`<span class="mono">amqp://${host}:${port}</span>`],
      [features.size ? "Speaks" : "Version", `RabbitMQ ${o.rabbitmq_version}`],
      n.uptime !== undefined && ["Up for", html`<span title="since ${dayTime(Date.now() - n.uptime)}">${age(n.uptime)}</span>`],
      n.uptime === undefined ? ["Memory, disk", html`<span class="muted">need the tag monitoring</span>`] : ["Memory", html`${bytes(n.mem_counted ?? n.mem_used)} of ${bytes(n.mem_limit)}${meter(n.mem_counted ?? n.mem_used, n.mem_limit, "Memory in use")}`],
      n.mem_counted !== undefined && ["Process", bytes(n.mem_used)],
      n.uptime !== undefined && ["Disk free", n.disk_free > 0 ? html`${bytes(n.disk_free)}, alarm below ${bytes(n.disk_free_limit)}${meter(n.disk_free_limit, n.disk_free, "Nearness of the disk alarm")}` : "–"],
      ["Clients", html`<a href="#/connections">${plural(o.object_totals?.connections ?? 0, "connection")}</a>, <a href="#/channels">${plural(o.object_totals?.channels ?? 0, "channel")}</a>`],
    ]) : skeleton(4)}</div></section>`;
  }
}
