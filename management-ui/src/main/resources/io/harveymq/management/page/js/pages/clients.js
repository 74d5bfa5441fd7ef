// Connections, channels and consumers: three tabs of one page. The server pages the first two.
import { html } from "lit-html";
import { mayMonitor } from "../api.js";
import { argumentTags, clientStatus } from "../words.js";
import { button, empty, skeleton, status, tag } from "../components/basic.js";
import { Columns, numberColumn, rateColumn, textColumn } from "../components/columns.js";
import { bulkBar } from "../components/bulk.js";
import { dirOf, reverseOf } from "../components/direction.js";
import { rowKeys, table, TableState } from "../components/table.js";
import { tableFoot } from "../components/table-foot.js";
import { context, inVhost, listInVhost, targetVhost, totals } from "../context.js";
import { parseFilter } from "../filter.js";
import { bytes, clientName, count, rate, time } from "../format.js";
import { icon } from "../icons.js";
import { useClientNames, inventory } from "../inventory.js";
import { go, link, queueLink, setQuery } from "../router.js";
import { redraw } from "../redraw.js";
import { pikaStart } from "../snippets.js";
import { code } from "../components/code.js";
import { closeConnections, lacksClose } from "./connection-acts.js";
import { Unfolded } from "./connection-unfolded.js";
import { Page } from "./page.js";
import { tabs } from "./parts.js";
import { clientCell } from "./queue-tabs.js";

const n = (head, sort, read, show = count, cls = "", hide = "") => ({ head, sort, n: true, cls, hide, zero: (r) => !read(r), cell: (r) => show(read(r)) });
const stat = (r, name) => r.message_stats?.[name + "_details"]?.rate ?? 0;

const KINDS = {
  connections: {
    label: "Connections",
    sort: "name",
    link: (c) => link("connections", c.name),
    key: (c) => c.name,
    fields: "name,user_provided_name,user,vhost,state,peer_host,peer_port,client_properties.product,client_properties.version,client_properties.platform,client_properties.connection_name,channels,recv_oct_details.rate,send_oct_details.rate,connected_at,ssl",
    optional: [
      textColumn("protocol", "Protocol", "protocol"), textColumn("auth", "Auth mechanism", "auth_mechanism"),
      { id: "tls", label: "TLS details", fields: "ssl_protocol,ssl_cipher", column: () => ({ head: "TLS details", cls: "muted", cell: (c) => (c.ssl ? `${c.ssl_protocol} ${c.ssl_cipher}` : "–") }) },
      numberColumn("heartbeat", "Heartbeat", "timeout", (s) => (s ? s + " s" : "off")), numberColumn("frame", "Frame max", "frame_max", bytes), numberColumn("most", "Channel max", "channel_max", count),
      textColumn("peer", "Name", "name"), textColumn("node", "Node", "node"),
    ],
    noneOfYours: "None of yours is connected",
    none: ["No client is connected", "A connection shows here as soon as it is opened. From Python:"],
    columns: (page) => [
      { head: "Client", sort: "user_provided_name", cls: "c-name", cell: (c) => html`${page.unfolded.button(c)}<a class="name" href=${link("connections", c.name)}><bdi>${clientName(c)}</bdi></a>` },
      { head: "State", sort: "state", cls: "c-st", cell: (c) => status(clientStatus(c)) },
      { head: "From", hide: "hide-t", sort: "name", cls: "muted", cell: (c) => html`<bdi>${c.peer_host}<wbr>:${c.peer_port}</bdi>` },
      context.vhost === null && { head: "Virtual host", sort: "vhost", cls: "muted", cell: (c) => html`<bdi>${c.vhost}</bdi>` },
      { head: "User", hide: "hide-t", sort: "user", cls: "muted", cell: (c) => html`<bdi>${c.user}</bdi>` },
      { head: "Library", hide: "hide-m", cls: "muted", cell: (c) => library(c) },
      n("Channels", "channels", (c) => c.channels, count, "c-ready"),
      n("From client", "recv_oct_details.rate", (c) => c.recv_oct_details?.rate ?? 0, (v) => bytes(v) + "/s", "", "hide-t"),
      n("To client", "send_oct_details.rate", (c) => c.send_oct_details?.rate ?? 0, (v) => bytes(v) + "/s", "", "hide-t"),
      { head: "Since", hide: "hide-t", sort: "connected_at", cls: "muted", cell: (c) => time(c.connected_at) },
      { head: "", label: "Encryption", cell: (c) => (c.ssl ? tag("TLS") : "") },
      { head: "", cls: "c-rate only-s", hide: "only-s", cell: (c) => c.user },
    ],
  },
  channels: {
    label: "Channels",
    sort: "name",
    link: (c) => link("channels", c.name),
    key: (c) => c.name,
    fields: "name,number,connection_details.name,user,vhost,state,confirm,transactional,message_stats.publish_details.rate,message_stats.deliver_get_details.rate,message_stats.ack_details.rate,consumer_count,prefetch_count,global_prefetch_count,messages_unacknowledged,messages_unconfirmed",
    optional: [
      rateColumn("confirmed", "Confirmed", "confirm", rate), rateColumn("dropped", "Unroutable (drop)", "drop_unroutable", rate), rateColumn("returned", "Unroutable (return)", "return_unroutable", rate), rateColumn("redelivered", "Redelivered", "redeliver", rate),
      numberColumn("uncommitted", "Uncommitted messages", "messages_uncommitted", count), numberColumn("acks", "Uncommitted acks", "acks_uncommitted", count), numberColumn("global", "Global prefetch", "global_prefetch_count", count),
      textColumn("peer", "Name", "name"), textColumn("node", "Node", "node"),
    ],
    noneOfYours: "None of yours is open",
    none: ["No channel is open", "Each connection opens its channels itself."],
    columns: () => [
      { head: "Channel", sort: "name", cls: "c-name", cell: (c) => html`<a class="name two" href=${link("channels", c.name)}><bdi>${clientName(inventory.connections.get(c.connection_details?.name) ?? { name: c.name })},</bdi> channel ${c.number}</a>` },
      { head: "State", sort: "state", cls: "c-st", cell: (c) => status(clientStatus(c)) },
      context.vhost === null && { head: "Virtual host", sort: "vhost", cls: "muted", cell: (c) => html`<bdi>${c.vhost}</bdi>` },
      { head: "User", hide: "hide-t", sort: "user", cls: "muted", cell: (c) => html`<bdi>${c.user}</bdi>` },
      { head: "Mode", hide: "hide-m", cls: "muted", cell: (c) => (c.confirm ? "confirms" : c.transactional ? "transactions" : "–") },
      n("Published /s", "message_stats.publish_details.rate", (c) => stat(c, "publish"), rate),
      n("Delivered /s", "message_stats.deliver_get_details.rate", (c) => stat(c, "deliver_get"), rate),
      n("Acked /s", "message_stats.ack_details.rate", (c) => stat(c, "ack"), rate, "", "hide-m"),
      n("Consumers", "consumer_count", (c) => c.consumer_count, count, "", "hide-t"),
      n("Prefetch", "prefetch_count", (c) => c.prefetch_count || c.global_prefetch_count, count, "", "hide-t"),
      n("Unacked", "messages_unacknowledged", (c) => c.messages_unacknowledged, count, "c-ready"),
      n("Unconfirmed", "messages_unconfirmed", (c) => c.messages_unconfirmed, count, "", "hide-t"),
      { head: "", cls: "c-rate only-s", hide: "only-s", cell: (c) => `${rate(stat(c, "publish"))} in, ${rate(stat(c, "deliver_get"))} out /s` },
    ],
  },
  consumers: {
    label: "Consumers",
    sort: "queue",
    link: (c) => queueLink({ vhost: c.queue.vhost, name: c.queue.name }, "consumers"),
    key: (c) => c.channel_details?.name + c.consumer_tag,
    fields: "queue,consumer_tag,channel_details.connection_name,channel_details.name,channel_details.number,prefetch_count,ack_required,exclusive,active",
    optional: [
      { id: "arguments", label: "Arguments", fields: "arguments", column: () => ({ head: "Arguments", cell: (c) => argumentTags(c.arguments) }) },
      { id: "user", label: "User", fields: "channel_details.user", column: () => ({ head: "User", cls: "muted", cell: (c) => html`<bdi>${c.channel_details?.user}</bdi>` }) },
      { id: "activity", label: "Activity status", fields: "activity_status", column: () => ({ head: "Activity status", cls: "muted", cell: (c) => (c.activity_status ?? "").replaceAll("_", " ") }) },
    ],
    none: ["No consumer", "Nobody takes messages at the moment."],
    noneOfYours: "None of yours takes messages",
    columns: () => [
      { head: "Queue", sort: "queue", cls: "c-name", cell: (c) => html`<a class="name" href=${queueLink({ vhost: c.queue.vhost, name: c.queue.name }, "consumers")}><bdi>${c.queue.name}</bdi></a>` },
      context.vhost === null && { head: "Virtual host", cls: "muted", cell: (c) => html`<bdi>${c.queue.vhost}</bdi>` },
      { head: "Client", sort: "client", cls: "c-st", cell: (c) => clientCell(c.channel_details?.connection_name) },
      { head: "Channel", cls: "c-rate", cell: (c) => html`<a href=${link("channels", c.channel_details?.name ?? "")}>channel ${c.channel_details?.number}</a>` },
      { head: "Consumer tag", hide: "hide-t", sort: "tag", cls: "mono", cell: (c) => html`<bdi>${c.consumer_tag}</bdi>` },
      n("Prefetch", "prefetch", (c) => c.prefetch_count, (p) => (p ? count(p) : "no limit"), "c-ready"),
      { head: "Acks", cls: "muted", cell: (c) => (c.ack_required ? "by the client" : "automatic") },
      { head: "", label: "Kind", cell: (c) => [c.exclusive ? tag("exclusive") : "", c.active === false ? tag("waits its turn") : ""] },
    ],
    sorts: {
      queue: (c) => c.queue.name, tag: (c) => c.consumer_tag, prefetch: (c) => c.prefetch_count,
      client: (c) => clientName(inventory.connections.get(c.channel_details?.connection_name)),
    },
  },
};

function library(c) {
  const p = c.client_properties ?? {};
  return html`<span class="cut" title="${p.product ?? ""} ${p.version ?? ""}, ${p.platform ?? ""}"><bdi>${p.product ?? "–"} ${p.version ?? ""}</bdi></span>`;
}

export default class Clients extends Page {
  constructor(route) {
    super(route);
    this.nav = "clients";
    this.unfolded = new Unfolded(this);
    this.table = new TableState();
    this.answer = null;
    this.read(route);
  }

  read({ parts, query }) {
    this.kind = parts[0];
    this.spec = KINDS[this.kind];
    this.title = this.spec.label;
    this.text = query.get("f") ?? "";
    this.sort = query.get("sort") ?? this.spec.sort;
    this.page = Number(query.get("page")) || 1;
    this.size = Number(query.get("size")) || 50;
    this.filter = parseFilter(this.text, false);
    this.more = new Columns(this.kind.slice(0, -1), this.spec.optional);
    this.reverse = reverseOf(query, this.columns(), this.sort);
  }

  readdress(route) {
    if (route.parts[0] !== this.kind) return false;
    this.route = route;
    this.read(route);
    this.table.reset();
    this.unfold(route);
    this.source.again();
    return true;
  }

  unfold({ query }) {
    this.unfolded.show(this.kind === "connections" ? query.get("open") : null);
  }

  start() {
    this.unfold(this.route);
    const server = this.kind !== "consumers";
    const where = server && context.vhost !== null ? listInVhost(this.kind) : inVhost(this.kind);
    this.source = this.watch({
      view: this.kind, where, names: context.vhost === null ? {} : { vhost: context.vhost },
      params: () => ({ columns: [this.spec.fields, ...this.more.fields()].join(","), ...(server ? { page: this.page, page_size: this.size, name: this.filter.regex ? this.filter.name : this.text, use_regex: this.filter.regex && this.filter.name ? true : undefined, sort: this.sort, sort_reverse: this.reverse ? true : undefined } : {}) }),
      onData: (a) => (this.answer = a),
      onError: (e) => (this.failure = e),
    });
    if (this.kind !== "connections") this.keep(useClientNames());
  }

  change(changes) {
    Object.assign(this, { page: 1 }, changes);
    this.filter = parseFilter(this.text, false);
    this.table.reset();
    setQuery({ f: this.text, size: this.size === 50 ? null : this.size, sort: this.sort === this.spec.sort ? null : this.sort, dir: dirOf(this.reverse, this.columns(), this.sort), page: this.page > 1 ? this.page : null }, true);
    this.source.again();
    redraw();
  }

  rows() {
    const a = this.answer;
    if (!a) return null;
    if (this.filter.problem) return { rows: [], total: 0, pages: 1 };
    if (a.items) return { rows: a.items, total: a.filtered_count ?? a.items.length, pages: a.page_count ?? 1 };
    const text = this.text.toLowerCase();
    const read = this.spec.sorts?.[this.sort] ?? ((r) => r[this.sort] ?? "");
    const pattern = this.filter.regex && this.filter.name ? new RegExp(this.filter.name) : null;
    const all = a.filter((r) => {
      const names = [r.name, r.queue?.name, r.consumer_tag, r.user_provided_name].filter(Boolean);
      return !text || names.some((n) => (pattern ? pattern.test(n) : n.toLowerCase().includes(text)));
    });
    all.sort((x, y) => (read(x) < read(y) ? -1 : read(x) > read(y) ? 1 : 0) * (this.reverse ? -1 : 1));
    return { rows: all.slice((this.page - 1) * this.size, this.page * this.size), total: all.length, pages: Math.max(1, Math.ceil(all.length / this.size)) };
  }

  columns() {
    const own = this.spec.columns(this).filter(Boolean);
    const more = this.more.columns();
    return [...own.slice(0, -1), ...more, own.at(-1)];
  }

  render() {
    const found = this.rows();
    const all = totals();
    const number = (id) => (id === this.kind && this.answer ? this.answer.total_count ?? this.answer.length : all[id]);
    const select = this.kind === "connections";
    const columns = this.columns();
    return html`<div class="head"><h1>Clients</h1></div>
      ${tabs(Object.entries(KINDS).map(([id, k]) => [id, k.label, "#/" + id, number(id) === undefined ? undefined : count(number(id))]), this.kind)}
      <section class="panel"><div class="tools"><div class="searchbox">${icon("search")}<input class="input" type="search" aria-label="Filter" title="Filter (F)" placeholder="Filter by name or /regex/" spellcheck="false" .value=${this.text} @input=${(e) => this.change({ text: e.target.value })}></div>
        ${this.filter.problem && this.filter.regex ? html`<span class="small bad">${this.filter.problem}</span>` : ""}${this.more.menu(() => this.source.again())}</div>
      ${this.table.selected.size ? bulkBar(this.table, button("Close connections…", () => closeConnections([...this.table.selected.values()], () => this.table.selected.clear()), { kind: "sm danger", lack: [...this.table.selected.values()].map(lacksClose).find(Boolean) })) : ""}
      ${!found ? skeleton(6) : found.total === 0 ? this.none() : html`${table({ state: this.table, columns, rows: found.rows, key: this.spec.key, under: select ? (c) => this.unfolded.row(c, columns.length + 1) : undefined, sort: this.sort, reverse: this.reverse, select, label: this.spec.label, onSort: (sort, reverse) => this.change({ sort, reverse }) })}
        ${tableFoot({ state: this.table, from: (this.page - 1) * this.size, shown: found.rows.length, total: found.total, page: this.page, pages: found.pages, size: this.size, onPage: (page) => this.change({ page }), onSize: (size) => this.change({ size }) })}`}</section>`;
  }

  none() {
    if (this.text) return empty(this.filter.problem ?? `Nothing matches “${this.text}”`, "", button("Clear the filter", () => this.change({ text: "" }), { kind: "sm" }));
    if (!mayMonitor() && this.spec.noneOfYours) return empty(this.spec.noneOfYours, "Clients of other users need the tag monitoring.");
    const [title, text] = this.spec.none;
    return empty(title, text, "", this.kind === "connections" ? code(pikaStart(targetVhost())) : "");
  }

  keys() {
    const current = () => this.table.known.get(this.table.current);
    return {
      ...rowKeys(this.table, (c) => go(this.spec.link(c))),
      " ": () => this.kind === "connections" && current() && this.table.toggle(this.table.current, current()),
      escape: () => this.text && this.change({ text: "" }),
    };
  }
}

