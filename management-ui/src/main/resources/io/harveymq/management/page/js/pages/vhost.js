// One virtual host: what moves in it, and who may use it.
import { html } from "lit-html";
import { get, isAdministrator, path } from "../api.js";
import { button, kv, problem, skeleton, tagList } from "../components/basic.js";
import { chart, sampleParams } from "../components/chart.js";
import "../components/series.js";
import { flow } from "../components/flow.js";
import { context, showVhost } from "../context.js";
import { bytes, count, perSecond, rate } from "../format.js";
import { lacksTag } from "../rights.js";
import { redraw } from "../redraw.js";
import { go, link } from "../router.js";
import { vhostSource } from "../vhost-source.js";
import { Charted } from "./charted.js";
import { crumb, missing } from "./parts.js";
import { Permissions } from "./permissions.js";
import { lookInto, removeVhost, vhostSheet, vhostStatus, vhostTags } from "./vhost-acts.js";

export default class Vhost extends Charted {
  constructor(route) {
    super(route);
    this.name = route.parts[1];
    this.title = this.name;
    this.nav = "admin";
  }

  readdress(route) {
    if (route.parts[1] !== this.name) return false;
    this.route = route;
    this.readSpan(route);
    return true;
  }

  start() {
    this.api = vhostSource(this.name);
    this.recall("vhost/" + this.name);
    this.source = this.watch({ where: this.api.where, onData: (answer) => this.take(this.api.of(answer)), onError: (e) => {
      this.gone = e.status === 404;
      this.failure = e;
    } });
    if (!isAdministrator()) return;
    this.permissions = new Permissions(this, "vhost", this.name, () => this.users ?? []);
    this.watch({ where: "users", params: () => ({ columns: "name" }), interval: 30_000, onData: (list) => (this.users = list.map((u) => u.name)) });
    this.watch({ where: path("vhost-limits", this.name), interval: 10_000, onData: (list) => (this.limits = list[0]?.value ?? {}) });
  }

  async seed(span = this.span, width = span) {
    try {
      const v = this.api.of(await get(this.api.where, sampleParams(span, width)));
      const h = this.history;
      h.seed("ready", v.messages_ready_details);
      h.seed("unacked", v.messages_unacknowledged_details);
      h.seed("received", v.recv_oct_details, true);
      h.seed("sent", v.send_oct_details, true);
      for (const [name, stat] of [["published", "publish"], ["delivered", "deliver_get"], ["acked", "ack"]]) h.seed(name, v.message_stats?.[stat + "_details"], true);
      redraw();
    } catch {
      // the curves start now instead
    }
  }

  take(v) {
    this.gone = !v;
    this.failure = null;
    if (!v) return;
    this.vhost = v;
    const now = Date.now();
    this.history.push("ready", now, v.messages_ready ?? 0);
    this.history.push("unacked", now, v.messages_unacknowledged ?? 0);
    this.history.push("received", now, v.recv_oct_details?.rate ?? 0);
    this.history.push("sent", now, v.send_oct_details?.rate ?? 0);
    for (const [name, stat] of [["published", "publish"], ["delivered", "deliver_get"], ["acked", "ack"]]) this.history.push(name, now, this.rate(stat));
  }

  rate(name) {
    return this.vhost.message_stats?.[name + "_details"]?.rate ?? 0;
  }

  render() {
    if (this.gone) return missing("virtual host", this.name, undefined, null, null, "#/vhosts");
    const v = this.vhost;
    if (!v) return html`<div class="head">${crumb("Virtual hosts", "vhosts")}<h1><bdi>${this.name}</bdi></h1></div>${this.failure ? problem("Not shown.", this.failure) : skeleton(8)}`;
    const lack = lacksTag("administrator");
    return html`<div class="head">${crumb("Virtual hosts", "vhosts")}<h1><bdi>${v.name}</bdi></h1>${vhostStatus(v)}<span class="hide-s">${tagList(vhostTags(v))}</span>
        <div class="right">${button("Show its queues", () => lookInto(v))}${button("Edit virtual host…", () => vhostSheet(v, () => this.source.again()), { lack })}${button("Delete virtual host…", () => removeVhost(v, () => go("#/vhosts")), { kind: "danger", lack })}</div></div>
      ${flow([
        { dot: "publish", label: "Published", value: rate(this.rate("publish")), unit: "/s", note: this.rate("drop_unroutable") > 0 ? `${perSecond(this.rate("drop_unroutable"))} dropped` : "nothing dropped", tone: this.rate("drop_unroutable") > 0 ? "bad" : "" },
        { dot: "ready", label: "Ready", value: count(v.messages_ready ?? 0), exact: v.messages_ready, note: "in all its queues" },
        { dot: "unacked", label: "Unacked", value: count(v.messages_unacknowledged ?? 0), exact: v.messages_unacknowledged, note: `${count(v.messages ?? 0)} with the ready ones` },
        { dot: "deliver", label: "Delivered", value: rate(this.rate("deliver_get")), unit: "/s", note: this.rate("redeliver") > 0 ? `${perSecond(this.rate("redeliver"))} redelivered` : "none redelivered" },
        { dot: "ack", label: "Acked", value: rate(this.rate("ack")), unit: "/s" },
      ])}
      ${this.charts(v)}${this.permissions?.render() ?? ""}`;
  }

  charts(v) {
    const box = (title, names, options) => html`<section class="panel"><header><h2>${title}</h2></header><div class="body">${chart(title, this.history, names, this.span, options)}</div></section>`;
    return html`<div class="row">${this.timeRange()}</div><div class="grid g2">${box("Messages in queues", ["ready", "unacked"])}${box("Messages per second", ["acked", "delivered", "published"], { kind: "rate" })}${box("Bytes per second", ["received", "sent"], { kind: "bytes", format: bytes })}${this.details(v)}</div>`;
  }

  details(v) {
    const limits = Object.entries(this.limits ?? {}).map(([name, n]) => `${name} ${count(n)}`);
    return html`<section class="panel"><header><h2>The virtual host</h2></header><div class="body">${kv([
      v.description && ["Description", html`<bdi>${v.description}</bdi>`],
      ["Default queue type", v.default_queue_type ?? "the broker's"],
      ["Tracing", v.tracing ? "on: copies go to amq.rabbitmq.trace" : "off"],
      ["From clients", perBytes(v.recv_oct_details)], ["To clients", perBytes(v.send_oct_details)],
      ["Limits", this.limits ? html`<a href="#/limits">${limits.length ? limits.join(", ") : "none"}</a>` : html`<a href="#/limits">Limits</a>`],
      context.vhosts.length > 1 && ["Policies", html`<a href=${link("policies")} @click=${(e) => {
        e.preventDefault();
        showVhost(v.name, link("policies"));
      }}>Policies</a>`],
    ])}</div></section>`;
  }

  keys() {
    return { n: () => this.permissions?.edit(), escape: () => go("#/vhosts") };
  }
}

const perBytes = (details) => bytes(details?.rate ?? 0) + "/s";
