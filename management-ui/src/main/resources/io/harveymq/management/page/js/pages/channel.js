// One channel: rates, limits, consumers.
import { html } from "lit-html";
import { get, path } from "../api.js";
import { empty, kv, skeleton, status, tag } from "../components/basic.js";
import { chart, sampleParams } from "../components/chart.js";
import { flow } from "../components/flow.js";
import { Later } from "../components/later.js";
import { table } from "../components/table.js";
import { clientName, count, exchangeName, rate } from "../format.js";
import { historyOf } from "../history.js";
import { inventory, useClientNames } from "../inventory.js";
import { redraw } from "../redraw.js";
import { argumentTags, clientStatus } from "../words.js";
import { exchangeLink, go, link, queueLink } from "../router.js";
import { Page } from "./page.js";
import { crumb, hidden, missing } from "./parts.js";

/** Milliseconds that the chart shows. */
const SPAN = 600_000;

/** By series what the API calls it. */
const SERIES = [["published", "publish"], ["delivered", "deliver_get"], ["acked", "ack"]];

export default class Channel extends Page {
  constructor(route) {
    super(route);
    this.name = route.parts[1];
    this.nav = "clients";
    this.title = this.name;
    this.rates = new Later(route, "rates", () => import("./rates.js"));
  }

  readdress(route) {
    this.rates.read(route);
    return route.parts[1] === this.name;
  }

  start() {
    this.history = historyOf("channel/" + this.name);
    this.history.reseed = (...of) => this.seed(...of);
    this.seed();
    this.watch({ view: "channel", where: path("channels", this.name), names: { name: this.name }, onData: (c) => this.take(c), onError: (e) => this.failed(e) });
    this.keep(useClientNames());
  }

  async seed(span = SPAN, width = span) {
    try {
      const c = await get(path("channels", this.name), { ...sampleParams(span, width), columns: "message_stats" });
      for (const [series, name] of SERIES) this.history.seed(series, c.message_stats?.[name + "_details"], true);
      redraw();
    } catch {
      // the curves start now instead
    }
  }

  of(name) {
    return this.channel.message_stats?.[name + "_details"]?.rate ?? 0;
  }

  failed(error) {
    this.gone = error.status === 404;
    this.refusal = error.status === 401 ? error : null;
  }

  take(c) {
    this.channel = c;
    this.gone = false;
    this.refusal = null;
    const now = Date.now();
    for (const [series, name] of SERIES) this.history.push(series, now, this.of(name));
  }

  render() {
    if (this.refusal) return hidden("Channel", this.name, undefined, this.refusal);
    if (this.gone) return missing("channel", this.name, undefined, null, null, "#/channels");
    const c = this.channel;
    if (!c) return html`<div class="head">${crumb("Channels", "channels")}<h1><bdi>${this.name}</bdi></h1></div>${skeleton(6)}`;
    const connection = c.connection_details?.name ?? "";
    const client = clientName(inventory.connections.get(connection) ?? { name: connection });
    return html`<div class="head">${crumb("Clients", "connections")}<a class="crumb hide-s" href=${link("connections", connection)}><bdi>${client}</bdi></a><span class="muted hide-s">/</span>
        <h1>Channel ${c.number}</h1>${status(clientStatus(c))}<span class="hide-s">${tag("vhost " + c.vhost)}${c.confirm ? tag("confirms") : ""}${c.transactional ? tag("transactions") : ""}</span></div>
      ${flow([
        { dot: "publish", label: "Published", value: rate(this.of("publish")), unit: "/s", note: this.of("return_unroutable") > 0 ? `${rate(this.of("return_unroutable"))}/s returned` : "none returned" },
        { dot: "ack", label: "Confirmed", value: rate(this.of("confirm")), unit: "/s", note: c.confirm ? `${count(c.messages_unconfirmed)} unconfirmed` : "confirms are off" },
        { dot: "deliver", label: "Delivered", value: rate(this.of("deliver_get")), unit: "/s", note: `to ${count(c.consumer_count)} ${c.consumer_count === 1 ? "consumer" : "consumers"}` },
        { dot: "unacked", label: "Unacked", value: count(c.messages_unacknowledged), note: c.prefetch_count ? `of ${count(c.prefetch_count)} allowed a consumer` : "no prefetch limit" },
        { dot: "ack", label: "Acked", value: rate(this.of("ack")), unit: "/s", note: this.of("redeliver") > 0 ? `${rate(this.of("redeliver"))}/s redelivered` : "none redelivered" },
      ])}
      <div class="grid g-main"><div class="grid">${this.consumers(c)}${this.traffic(c)}
        <section class="panel"><header><h2>Messages per second</h2><span class="right">${this.rates.link("All rates")}</span></header><div class="body">${chart("Messages per second", this.history, ["acked", "delivered", "published"], SPAN, { kind: "rate" })}</div></section>${this.rates.show((m) => html`${m.ratesPanel(c.message_stats)}${m.breakdownPanel("Published to", c.publishes, "exchange", [["publish", "Published"], ["confirm", "Confirmed"]])}${m.breakdownPanel("Took from", c.deliveries, "queue", [["deliver_get", "Delivered"], ["ack", "Acked"]])}`)}</div>
      <section class="panel"><header><h2>The channel</h2></header><div class="body">${kv([
        ["Client", html`<a href=${link("connections", connection)}><bdi>${client}</bdi></a>`], ["Name", html`<bdi>${c.name}</bdi>`], ["User", html`<bdi>${c.user}</bdi>`],
        ["Prefetch", c.prefetch_count ? `${count(c.prefetch_count)} a consumer` : "no limit"], ["Global prefetch", c.global_prefetch_count ? count(c.global_prefetch_count) : "no limit"],
        ["Unconfirmed", count(c.messages_unconfirmed)], ["Uncommitted", `${count(c.messages_uncommitted)} messages, ${count(c.acks_uncommitted)} acks`],
      ])}</div></section></div>`;
  }

  consumers(c) {
    const list = c.consumer_details ?? [];
    return html`<section class="panel"><header><h2>Consumers</h2></header>${list.length ? table({
      label: "Consumers", rows: list, key: (x) => x.consumer_tag,
      columns: [
        { head: "Consumer tag", cls: "c-name", cell: (x) => html`<span class="mono"><bdi>${x.consumer_tag}</bdi></span>` },
        { head: "Queue", cls: "c-st", cell: (x) => html`<a href=${queueLink({ vhost: x.queue.vhost, name: x.queue.name })}><bdi>${x.queue.name}</bdi></a>` },
        { head: "Prefetch", n: true, cls: "c-ready", zero: (x) => !x.prefetch_count, cell: (x) => count(x.prefetch_count) },
        { head: "Acks", cls: "muted", cell: (x) => (x.ack_required ? "by the client" : "automatic") },
        { head: "State", hide: "hide-t", cell: (x) => [x.exclusive ? tag("exclusive") : "", x.active === false ? tag("waits its turn") : "", argumentTags(x.arguments)] },
      ],
    }) : empty("No consumer", "This channel takes nothing from a queue.")}</section>`;
  }

  traffic(c) {
    const list = [...(c.publishes ?? []).map((p) => ["to exchange", p.exchange, "publish", p.stats]), ...(c.deliveries ?? []).map((d) => ["from queue", d.queue, "deliver_get", d.stats])];
    if (!list.length) return "";
    return html`<section class="panel"><header><h2>Where its messages go and come from</h2></header>${table({
      label: "Traffic", rows: list, key: (r) => r[0] + r[1].vhost + r[1].name,
      columns: [
        { head: "", label: "What", cls: "muted", cell: (r) => r[0] },
        { head: "Name", cls: "c-name", cell: ([kind, o]) => html`<a class="name" href=${kind === "from queue" ? queueLink(o) : exchangeLink(o.vhost, o.name)}><bdi>${kind === "from queue" ? o.name : exchangeName(o.name)}</bdi></a>` },
        { head: "Messages /s", n: true, cls: "c-ready", cell: ([, , name, s]) => rate(s?.[name + "_details"]?.rate) },
        { head: "Messages", n: true, cell: ([, , name, s]) => count(s?.[name]) },
      ],
    })}</section>`;
  }

  keys() {
    return { escape: () => go("#/channels") };
  }
}
