// The node: memory, disk, descriptors, over time too, listeners, plugins, feature flags.
import { html, nothing } from "lit-html";
import { get, isAdministrator, path } from "../api.js";
import { actNow } from "../components/act.js";
import { lacksTag } from "../rights.js";
import { button, kv, meter, problem, skeleton, status, tag } from "../components/basic.js";
import { table } from "../components/table.js";
import { context } from "../context.js";
import { age, bytes, count, dayTime } from "../format.js";
import { redraw } from "../redraw.js";
import { adminHead } from "./admin.js";
import { Charted } from "./charted.js";
import { nodeCharts, nodeParams, pushNode, seedNode } from "./node-charts.js";
import { deprecatedPanel, memoryPanel, offersPanel, runtimePanel } from "./node-details.js";
import { churnPanel } from "./rates.js";

export default class NodePage extends Charted {
  constructor(route) {
    super(route);
    this.title = "Node";
    this.nav = "admin";
  }

  readdress(route) {
    this.route = route;
    this.readSpan(route);
    return true;
  }

  async seed(span = this.span, width = span) {
    try {
      const [node] = await get("nodes", nodeParams(span, width));
      seedNode(this.history, node);
      redraw();
    } catch {
      // the curves start now instead
    }
  }

  start() {
    this.recall("node");
    this.watch({ where: "nodes", interval: 5000, stirs: false, onData: (list) => this.take(list), onError: (e) => (this.failure = e) });
    this.watch({ where: "overview", interval: 5000, onData: (o) => this.takeOverview(o) });
    this.nameSource = this.watch({ where: "cluster-name", interval: 10_000, onData: (answer) => (this.clusterName = answer.name) });
    this.flagSource = this.watch({ where: "feature-flags", interval: 10_000, onData: (list) => (this.flags = list), onError: () => (this.flags = []) });
  }

  /** Where the memory is, is asked for once the node's name is known. */
  take(list) {
    this.nodes = list;
    if (list[0]) pushNode(this.history, list[0]);
    this.memorySource ??= list[0] && this.watch({ where: path("nodes", list[0].name, "memory"), interval: 5000, stirs: false, onData: (answer) => (this.memory = answer.memory) });
  }

  /** RabbitMQ has deprecated features since 4.0, and tells them to administrators. */
  takeOverview(o) {
    context.overview = o;
    if (this.deprecatedSource || !isAdministrator() || Number.parseInt(o.rabbitmq_version, 10) < 4) return;
    this.deprecatedSource = this.watch({ where: "deprecated-features", interval: 10_000, onData: (list) => (this.deprecated = list) });
    this.watch({ where: "deprecated-features/used", interval: 10_000, onData: (list) => (this.deprecatedUsed = list) });
  }

  used(part, whole) {
    if (part === undefined) return "–";
    return html`${count(part)}${whole ? html` of ${count(whole)}${meter(part, whole, "In use")}` : nothing}`;
  }

  nodePanel(n) {
    const counted = n.mem_counted ?? n.mem_used;
    const bad = n.mem_alarm || n.disk_free_alarm;
    const state = !n.running ? { tone: "bad", icon: "bad", word: "Stopped", cause: "no client is let in" } : bad ? { tone: "bad", icon: "bad", word: "Blocked", cause: "publishers wait" } : { tone: "ok", icon: "ok", word: "Running" };
    return html`<section class="panel"><header><h2><bdi>${n.name}</bdi></h2><span class="right">${status(state)}</span></header><div class="body">${kv([
      ["Up for", html`<span title="since ${dayTime(Date.now() - n.uptime)}">${age(n.uptime)}</span>`],
      ["Memory", html`${bytes(counted)} of ${bytes(n.mem_limit)}${n.mem_alarm ? html` <span class="bad strong">alarm</span>` : nothing}${meter(counted, n.mem_limit, "Memory")}`],
      n.mem_counted !== undefined && ["Whole process", bytes(n.mem_used)],
      ["Disk free", html`${bytes(n.disk_free)}, alarm below ${bytes(n.disk_free_limit)}${n.disk_free_alarm ? html` <span class="bad strong">alarm</span>` : nothing}`],
      ["File descriptors", this.used(n.fd_used, n.fd_total)],
      ["Sockets", this.used(n.sockets_used, n.sockets_total)],
      n.proc_used !== undefined && ["Processes", this.used(n.proc_used, n.proc_total)],
      ["Cores", count(n.processors)],
      ["Process", n.os_pid],
      n.config_files?.length && ["Configuration", html`<span class="mono">${n.config_files.join(", ")}</span>`],
      n.db_dir && ["Data", html`<span class="mono">${n.db_dir}</span>`],
      n.log_files?.length && ["Log", html`<span class="mono">${n.log_files.join(", ")}</span>`],
    ])}</div></section>`;
  }

  listeners() {
    const list = context.overview?.listeners ?? [];
    return html`<section class="panel"><header><h2>Listeners</h2></header>${table({
      label: "Listeners", rows: list, key: (l) => l.protocol + l.ip_address + l.port,
      columns: [
        { head: "Protocol", cls: "c-name", cell: (l) => html`<span class="name">${l.protocol}</span>` },
        { head: "Address", cls: "c-st mono", cell: (l) => l.ip_address },
        { head: "Port", n: true, cls: "c-ready", cell: (l) => l.port },
        { head: "TLS", cls: "muted", cell: (l) => (l.tls || /ssl|https/.test(l.protocol) ? "yes" : "no") },
      ],
    })}</section>`;
  }

  async enable(flag) {
    const call = { method: "PUT", where: path("feature-flags", flag.name, "enable"), body: { name: flag.name } };
    if (await actNow(call, "Not enabled.", () => ({ text: html`Feature flag <b>${flag.name}</b> is enabled` }))) this.flagSource.again();
  }

  featureFlags() {
    if (!this.flags) return skeleton(3);
    if (!this.flags.length) return nothing;
    return html`<section class="panel"><header><h2>Feature flags</h2></header>${table({
      label: "Feature flags", rows: this.flags, key: (f) => f.name,
      columns: [
        { head: "Name", cls: "c-name", cell: (f) => html`<span class="mono">${f.name}</span>` },
        { head: "State", cls: "c-st", cell: (f) => (f.state === "enabled" ? status({ tone: "ok", icon: "ok", word: "Enabled" }) : status({ tone: "idle", icon: "idle", word: "Disabled" })) },
        { head: "What it does", cls: "muted help", cell: (f) => html`${f.desc}${f.doc_url ? html` <a href=${f.doc_url} target="_blank" rel="noreferrer">Learn more</a>` : nothing}` },
        { head: "", n: true, cls: "c-ready", cell: (f) => (f.state === "enabled" ? nothing : button("Enable flag", () => this.enable(f), { kind: "sm", lack: lacksTag("administrator") })) },
      ],
    })}</section>`;
  }

  render() {
    const n = this.nodes?.[0];
    return html`${adminHead("node")}${this.failure && !n ? problem("Not shown.", this.failure) : nothing}
      ${this.nodes ? html`<div class="grid g2">${this.nodes.map((one) => this.nodePanel(one))}<div class="grid">${this.listeners()}${n ? offersPanel("Authentication mechanisms", n.auth_mechanisms) : nothing}</div></div>
        ${n ? html`<div class="row">${this.timeRange()}</div><div class="grid g2">${nodeCharts(this.history, this.span)}</div>
        <div class="grid g2">${runtimePanel(n, this.clusterName, () => this.nameSource.again())}${memoryPanel(this.memory)}${churnPanel(n)}${offersPanel("Exchange types", n.exchange_types)}</div>` : nothing}
        ${n?.enabled_plugins?.length ? html`<p class="small muted">Plugins: ${n.enabled_plugins.map((p) => tag(p))}</p>` : nothing}${this.featureFlags()}${this.deprecated && this.deprecatedUsed ? deprecatedPanel(this.deprecated, this.deprecatedUsed) : nothing}` : this.failure ? nothing : skeleton(8)}`;
  }
}
