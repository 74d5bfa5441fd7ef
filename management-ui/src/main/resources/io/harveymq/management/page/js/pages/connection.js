// One connection: what it moves, its channels, who it says it is.
import { html, nothing } from "lit-html";
import { get, path } from "../api.js";
import { button, kv, skeleton, status, tag } from "../components/basic.js";
import { chart, sampleParams } from "../components/chart.js";
import "../components/series.js";
import { table } from "../components/table.js";
import { bytes, clientName, count, dayTime, rate, value } from "../format.js";
import { historyOf } from "../history.js";
import { redraw } from "../redraw.js";
import { clientStatus } from "../words.js";
import { go, link } from "../router.js";
import { flow } from "../components/flow.js";
import { closeConnections, lacksClose } from "./connection-acts.js";
import { Page } from "./page.js";
import { crumb, hidden, missing } from "./parts.js";

/** Milliseconds that the chart shows. */
const SPAN = 600_000;

const perSecond = (v) => bytes(v) + "/s";
const stat = (list, name) => list?.reduce((n, c) => n + (c.message_stats?.[name + "_details"]?.rate ?? 0), 0);

export default class Connection extends Page {
  constructor(route) {
    super(route);
    this.name = route.parts[1];
    this.nav = "clients";
    this.title = this.name;
  }

  readdress(route) {
    return route.parts[1] === this.name;
  }

  start() {
    const where = path("connections", this.name);
    this.history = historyOf("connection/" + this.name);
    this.history.reseed = (...of) => this.seed(...of);
    this.seed();
    this.watch({ view: "connection", where, names: { name: this.name }, onData: (c) => this.take(c), onError: (e) => this.failed(e) });
    this.watch({ where: where + "/channels", onData: (list) => (this.channels = list) });
  }

  async seed(span = SPAN, width = span) {
    try {
      const c = await get(path("connections", this.name), { ...sampleParams(span, width), columns: "recv_oct_details,send_oct_details" });
      this.history.seed("received", c.recv_oct_details, true);
      this.history.seed("sent", c.send_oct_details, true);
      redraw();
    } catch {
      // the curves start now instead
    }
  }

  failed(error) {
    this.gone = error.status === 404;
    this.refusal = error.status === 401 ? error : null;
  }

  take(c) {
    this.connection = c;
    this.gone = false;
    this.refusal = null;
    this.title = clientName(c);
    const now = Date.now();
    this.history.push("received", now, c.recv_oct_details?.rate ?? 0);
    this.history.push("sent", now, c.send_oct_details?.rate ?? 0);
  }

  render() {
    if (this.refusal) return hidden("Connection", this.name, undefined, this.refusal);
    if (this.gone) return missing("connection", this.name, undefined, null, null, "#/connections");
    const c = this.connection;
    if (!c) return html`<div class="head">${crumb("Clients", "connections")}<h1><bdi>${this.name}</bdi></h1></div>${skeleton(6)}`;
    const ch = this.channels;
    return html`<div class="head">${crumb("Clients", "connections")}<h1><bdi>${clientName(c)}</bdi></h1>${status(clientStatus(c))}<span class="hide-s">${tag("vhost " + c.vhost)}${c.ssl ? tag("TLS") : nothing}</span>
        <div class="right">${button("Close connection…", () => closeConnections([c], () => go("#/connections")), { kind: "danger", lack: lacksClose(c) })}</div></div>
      ${flow([
        { dot: "publish", label: "Published", value: rate(stat(ch, "publish")), unit: "/s", note: `${perSecond(c.recv_oct_details?.rate ?? 0)} from the client` },
        { dot: "ack", label: "Confirmed", value: rate(stat(ch, "confirm")), unit: "/s", note: ch?.some((x) => x.confirm) ? "confirms are on" : "confirms are off" },
        { dot: "deliver", label: "Delivered", value: rate(stat(ch, "deliver_get")), unit: "/s", note: `${perSecond(c.send_oct_details?.rate ?? 0)} to the client` },
        { dot: "ack", label: "Acked", value: rate(stat(ch, "ack")), unit: "/s", note: `${count(ch?.reduce((s, x) => s + (x.messages_unacknowledged ?? 0), 0))} unacked` },
      ])}
      <div class="grid g-main"><div class="grid"><section class="panel"><header><h2>Channels</h2></header>${ch ? this.channelTable(ch) : skeleton(2)}</section>
        <section class="panel"><header><h2>Bytes per second</h2></header><div class="body">${chart("Bytes per second", this.history, ["received", "sent"], SPAN, { kind: "bytes", format: bytes })}</div></section></div>
      <section class="panel"><header><h2>The connection</h2></header><div class="body">${this.details(c)}</div></section></div>`;
  }

  channelTable(list) {
    const n = (head, read, show = count, cls = "") => ({ head, n: true, cls, zero: (r) => !read(r), cell: (r) => show(read(r)) });
    const of = (name) => (r) => r.message_stats?.[name + "_details"]?.rate ?? 0;
    return table({
      label: "Channels", rows: list, key: (x) => x.name,
      columns: [
        { head: "Channel", cls: "c-name", cell: (x) => html`<a class="name" href=${link("channels", x.name)}>${x.number}</a>` },
        { head: "State", cls: "c-st", cell: (x) => status(clientStatus(x)) },
        { head: "Mode", hide: "hide-t", cls: "muted", cell: (x) => (x.confirm ? "confirms" : x.transactional ? "transactions" : "–") },
        n("Published /s", of("publish"), rate), n("Delivered /s", of("deliver_get"), rate), n("Acked /s", of("ack"), rate),
        n("Consumers", (x) => x.consumer_count), n("Prefetch", (x) => x.prefetch_count), n("Unacked", (x) => x.messages_unacknowledged, count, "c-ready"), { ...n("Unconfirmed", (x) => x.messages_unconfirmed), hide: "hide-t" },
      ],
    });
  }

  details(c) {
    const p = c.client_properties ?? {};
    return kv([
      ["Name", html`<bdi>${c.name}</bdi>`], ["User", html`<bdi>${c.user}</bdi>`], ["Login by", c.auth_mechanism], ["Connected", dayTime(c.connected_at)],
      ["Protocol", c.protocol], ["Heartbeat", c.timeout ? `${c.timeout} s` : "off"], ["Frame size", bytes(c.frame_max)], ["Most channels", count(c.channel_max)],
      ...(c.ssl ? tlsRows(c) : []),
      ...Object.entries(p).filter(([k]) => k !== "capabilities").map(([k, v]) => [html`<bdi>${k}</bdi>`, html`<bdi>${value(v)}</bdi>`]),
      p.capabilities && ["Capabilities", Object.entries(p.capabilities).filter(([, on]) => on).map(([k]) => k).join(", ")],
    ]);
  }

  keys() {
    return { escape: () => go("#/connections") };
  }
}

const tlsRows = (c) => [
  ["TLS", c.ssl_protocol], ["Key exchange", c.ssl_key_exchange], ["Cipher", c.ssl_cipher], ["Hash", c.ssl_hash],
  ["Certificate", c.peer_cert_subject], ["Issuer", c.peer_cert_issuer], ["Valid", c.peer_cert_validity],
].filter(([, v]) => v).map(([k, v]) => [k, html`<bdi>${v}</bdi>`]);
