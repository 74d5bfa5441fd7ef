// All queues: the server pages, sorts and filters by name; chips and the filter language work on the inventory.
import { html, nothing } from "lit-html";
import { ageInSeconds, oldestAge } from "../ages.js";
import { get } from "../api.js";
import { queueSheet } from "../forms.js";
import { bulkBar } from "../components/bulk.js";
import { button, empty, problem, skeleton, status } from "../components/basic.js";
import { Columns, numberColumn, policyColumn, rateColumn, textColumn } from "../components/columns.js";
import { spark } from "../components/spark.js";
import { dirOf, reverseOf } from "../components/direction.js";
import { rowKeys, table, TableState } from "../components/table.js";
import { tableFoot } from "../components/table-foot.js";
import { context, inVhost } from "../context.js";
import { CHIPS, parseFilter, tester } from "../filter.js";
import { bytes, count, dayTime, rate, UNKNOWN } from "../format.js";
import { nearest } from "../nearest.js";
import { takeTrends, trend } from "../history.js";
import { icon } from "../icons.js";
import { inventory, keyOf, QUEUE_COLUMNS, refreshInventory, useInventory } from "../inventory.js";
import { queueRates, queueStatus, typeOf } from "../model.js";
import { queueFeatures } from "../words.js";
import { lacksAmong } from "../rights.js";
import { go, queueLink, setQuery } from "../router.js";
import { redraw } from "../redraw.js";
import { bulkDelete, bulkPurge } from "./queue-acts.js";
import { Page } from "./page.js";
import "../icons-more.js";

/** The server's order by what comes in, dead letters included. */
const IN = "harvey.in_rate";

/** Read of a sort key, for lists sorted here. What is not known stands last in both directions. */
const SORTS = {
  name: (q) => q.name,
  vhost: (q) => q.vhost,
  messages_ready: (q) => q.messages_ready ?? 0,
  messages_unacknowledged: (q) => q.messages_unacknowledged ?? 0,
  [IN]: (q) => queueRates(q).in,
  "message_stats.deliver_get_details.rate": (q) => queueRates(q).out,
  consumers: (q) => q.consumers ?? 0,
  type: typeOf,
  oldest_since: (q) => q.oldest_since,
};

/** That of a column that was added, likewise. */
const sortOf = (field) => {
  const names = field.split(".");
  return (q) => names.reduce((o, name) => o?.[name], q) ?? (names.length > 1 || /^(message|memory|consumer)/.test(field) ? 0 : "");
};

const percent = (v) => (typeof v === "number" ? Math.round(v * 100) + " %" : "–");

/** How long the message waits that came first. */
function oldestCell(q) {
  const ms = oldestAge(q);
  if (ms === undefined) return html`<span title=${q.messages_ready ? "Not known of a message that is only in the store" : "No message waits"}>${UNKNOWN}</span>`;
  return html`<span title=${"since " + dayTime(q.oldest_since)}>${ageInSeconds(ms)}</span>`;
}

/** Columns that may be added, as RabbitMQ's page offers them. */
const OPTIONAL = [
  textColumn("vhost", "Virtual host", "vhost"), policyColumn, textColumn("node", "Node", "node"),
  numberColumn("total", "Total", "messages", count), numberColumn("ram", "In memory", "messages_ram", count), numberColumn("persistent", "Persistent", "messages_persistent", count),
  numberColumn("bytes", "Bytes", "message_bytes", bytes), numberColumn("bytesReady", "Bytes ready", "message_bytes_ready", bytes), numberColumn("bytesUnacked", "Bytes unacked", "message_bytes_unacknowledged", bytes),
  numberColumn("bytesRam", "Bytes in memory", "message_bytes_ram", bytes), numberColumn("bytesPersistent", "Bytes persistent", "message_bytes_persistent", bytes),
  rateColumn("redelivered", "Redelivered", "redeliver", rate), rateColumn("acked", "Acked", "ack", rate),
  numberColumn("capacity", "Consumer capacity", "consumer_capacity", percent), numberColumn("memory", "Memory", "memory", bytes),
  { id: "oldest", label: "Oldest", fields: "oldest_since", column: () => ({ head: "Oldest", sort: "oldest_since", n: true, up: true, cls: "muted", cell: oldestCell }) },
];

const PLAIN = ["D", "AD", "Excl"];

/** Those that say most are first: the end is cut off where there is no room. */
function features(q) {
  const all = queueFeatures(q);
  const plain = ([brief]) => PLAIN.includes(brief);
  return [...all.filter((f) => !plain(f)), ...all.filter(plain)].map(([brief, text]) => html`<span class="tag" title=${text}><bdi class="words">${text}</bdi><span class="brief">${brief}</span></span>`);
}

export default class Queues extends Page {
  constructor(route) {
    super(route);
    this.title = "Queues";
    this.nav = "queues";
    this.table = new TableState();
    this.more = new Columns("queue", OPTIONAL);
    this.read(route);
  }

  read({ query }) {
    this.text = query.get("f") ?? "";
    this.chip = query.get("show") ?? "";
    this.sort = query.get("sort") ?? "messages_ready";
    this.reverse = reverseOf(query, this.sortable(), this.sort);
    this.page = Number(query.get("page")) || 1;
    this.size = Number(query.get("size")) || 20;
    this.filter = parseFilter(this.text);
  }

  readdress(route) {
    this.route = route;
    this.read(route);
    this.asked = true;
    this.table.reset();
    this.source?.again();
    return true;
  }

  start() {
    inventory.more = this.more.fields();
    this.keep(() => (inventory.more = []));
    this.source = this.watch({
      view: "queues",
      where: inVhost("queues"),
      names: context.vhost === null ? {} : { vhost: context.vhost },
      params: () => ({ ...this.serverParams(), columns: this.fields() }),
      onData: (answer) => this.take(answer),
      onError: (error) => (this.failure = error),
    });
  }

  serverParams() {
    return {
      page: this.here() ? 1 : this.page,
      page_size: this.size,
      name: this.here() ? undefined : this.filter.name,
      use_regex: this.filter.regex && !this.here() ? true : undefined,
      sort: this.sort,
      sort_reverse: this.reverse ? true : undefined,
      pagination: true,
    };
  }

  /** What is shown of each queue, as the API names it. */
  fields() {
    return [...QUEUE_COLUMNS, ...this.more.fields()].join(",");
  }

  /** Whether the rows come from the inventory rather than a page of the server. */
  here() {
    return this.chip !== "" || !this.filter.plain;
  }

  take(answer) {
    if (!this.answer) this.keep(useInventory());
    this.failure = null;
    this.asked = false;
    this.answer = Array.isArray(answer) ? { items: answer, total_count: answer.length, filtered_count: answer.length, page_count: 1 } : answer;
    takeTrends(this.answer.items, (more) => get(inVhost("queues"), { ...this.serverParams(), ...more }));
  }

  change(changes) {
    Object.assign(this, changes);
    this.asked = true;
    this.filter = parseFilter(this.text);
    if (!("page" in changes)) this.page = 1;
    this.table.reset();
    setQuery({
      f: this.text, show: this.chip, page: this.page > 1 ? this.page : null, size: this.size === 20 ? null : this.size,
      sort: this.sort === "messages_ready" && this.reverse ? null : this.sort, dir: dirOf(this.reverse, this.sortable(), this.sort),
    }, true);
    this.source?.again();
    redraw();
  }

  /** { rows, total, pages } of what is to be shown, or null while unknown. Until the server has answered, the inventory's do. */
  rows() {
    if (!this.here() && !(this.asked && inventory.ready)) {
      const a = this.answer;
      return a && { rows: a.items, total: a.filtered_count ?? a.items.length, pages: a.page_count ?? 1 };
    }
    if (!inventory.ready) return null;
    const chip = CHIPS.find(([id]) => id === this.chip)?.[2] ?? (() => true);
    const test = tester(this.filter);
    const read = SORTS[this.sort] ?? sortOf(this.sort);
    const found = inventory.queues.filter((q) => chip(q, queueStatus(q).word) && test(q));
    const unknown = (q) => read(q) === undefined;
    found.sort((a, b) => unknown(a) - unknown(b) || (read(a) < read(b) ? -1 : read(a) > read(b) ? 1 : a.name < b.name ? -1 : 1) * (this.reverse ? -1 : 1));
    const from = (this.page - 1) * this.size;
    return { rows: found.slice(from, from + this.size), total: found.length, pages: Math.max(1, Math.ceil(found.length / this.size)) };
  }

  columns() {
    const rates = (name) => (q) => queueRates(q)[name];
    const number = (head, sort, read, show = count, cls = "") => ({ head, sort, n: true, cls, read, exact: show === count, zero: (q) => !read(q), cell: (q) => show(read(q)) });
    return [
      { head: "Name", sort: "name", cls: "c-name", cell: (q) => html`<a class="name" href=${queueLink(q)} title=${q.name}><bdi>${q.name}</bdi></a>` },
      context.vhost === null && !this.more.on.has("vhost") && { head: "Virtual host", sort: "vhost", cls: "muted c-vhost", cell: (q) => html`<bdi>${q.vhost}</bdi>` },
      { head: "Status", cls: "c-st", cell: (q) => status(queueStatus(q)) },
      number("Ready", "messages_ready", (q) => q.messages_ready, count, "c-ready"),
      number("Unacked", "messages_unacknowledged", (q) => q.messages_unacknowledged),
      { head: "Ready, last 5 min", hide: "hide-m", cell: (q) => spark(trend(keyOf(q))) },
      { ...number("In /s", IN, rates("in"), rate), hide: "hide-t" },
      { ...number("Out /s", "message_stats.deliver_get_details.rate", rates("out"), rate), hide: "hide-t" },
      { ...number("Consumers", "consumers", (q) => q.consumers), hide: "hide-t" },
      ...this.more.columns(),
      { head: "Type", hide: "hide-m", sort: "type", cls: "muted", cell: typeOf },
      { head: "Features", hide: "hide-m", cls: "features", cell: features },
      { head: "", cls: "c-rate only-s", hide: "only-s", cell: (q) => `${rate(queueRates(q).in)} in, ${rate(queueRates(q).out)} out /s` },
    ].filter(Boolean);
  }

  /** All columns, also those that are not shown. */
  sortable() {
    return [...this.columns(), ...OPTIONAL.map((o) => o.column())];
  }

  /** How many queues each chip holds, counted once for each state of the inventory. */
  counts() {
    if (this.countedAt !== inventory.at) {
      this.countedAt = inventory.at;
      this.counted = new Map(CHIPS.map(([id]) => [id, 0]));
      for (const q of inventory.queues) {
        const { word } = queueStatus(q);
        for (const [id, , test] of CHIPS) if (test(q, word)) this.counted.set(id, this.counted.get(id) + 1);
      }
    }
    return this.counted;
  }

  chips() {
    const total = inventory.ready ? inventory.queues.length : this.answer?.total_count;
    const chip = (id, label, n, glyph) => html`<button type="button" class="chip" aria-pressed=${this.chip === id ? "true" : "false"} @click=${() => this.change({ chip: this.chip === id ? "" : id })}>
      ${glyph ? icon(glyph, glyph === "idle" ? "" : glyph) : nothing}${label} <b>${count(n)}</b></button>`;
    return html`<div class="chips" role="group" aria-label="Show">${chip("", "All", total)}
      ${inventory.ready ? CHIPS.map(([id, label, , glyph]) => {
        const n = this.counts().get(id);
        return n || this.chip === id ? chip(id, label, n, glyph) : nothing;
      }) : nothing}</div>`;
  }

  tools() {
    return html`<div class="tools"><div class="searchbox">${icon("search")}<input class="input ${this.filter.problem ? "wrong" : ""}" type="search" aria-label="Filter queues" title="Filter (F)" placeholder="Filter by name or /regex/" spellcheck="false" .value=${this.text}
        @input=${(e) => this.change({ text: e.target.value })}></div>
      <span class="small ${this.filter.problem ? "bad" : "muted hide-s"}">${this.filter.problem ?? html`Also: <span class="mono">type:quorum</span> &nbsp;<span class="mono">ready:&gt;100</span> &nbsp;<span class="mono">consumers:0</span>`}</span>
      ${this.more.menu(() => {
        inventory.more = this.more.fields();
        if (this.here()) refreshInventory();
        this.source.again();
      })}</div>`;
  }

  bulk() {
    const chosen = [...this.table.selected.values()];
    const ended = (q) => this.table.selected.delete(keyOf(q));
    return bulkBar(this.table, html`
      ${button("Purge queues…", () => bulkPurge(chosen, ended), { kind: "sm", lack: lacksAmong("read", chosen) })}
      ${button("Delete queues…", () => bulkDelete(chosen, ended), { kind: "sm danger", glyph: "trash", lack: lacksAmong("configure", chosen) })}`);
  }

  none() {
    if (this.text || this.chip) {
      const near = this.filter.name && nearest(this.filter.name, inventory.queues.map((q) => q.name));
      return empty(this.text ? this.filter.problem ?? `No queue matches “${this.text}”` : "No such queue at the moment",
        near ? html`Nearest name: <button type="button" class="linkbtn" @click=${() => this.change({ text: near })}>${near}</button>` : "",
        button("Clear the filter", () => this.change({ text: "", chip: "" }), { kind: "sm" }));
    }
    return empty("No queue yet", "A queue appears here as soon as a client declares it.", button("Declare a queue", () => queueSheet(), { kind: "sm", glyph: "plus", title: "Declare a queue (N)" }));
  }

  render() {
    const found = this.rows();
    return html`<div class="head"><h1>Queues</h1><div class="right">${button("Declare a queue", () => queueSheet(), { kind: "primary", glyph: "plus", title: "Declare a queue (N)" })}</div></div>
      ${this.chips()}
      <section class="panel">${this.tools()}${this.table.selected.size ? this.bulk() : nothing}
        ${this.failure && !found ? problem("Not shown.", this.failure) : !found ? skeleton(10) : found.total === 0 ? this.none() : table({
          state: this.table, columns: this.columns(), rows: found.rows, key: keyOf, sort: this.sort, reverse: this.reverse, select: true, label: "Queues", fits: true,
          onSort: (sort, reverse) => this.change({ sort, reverse }),
        })}
        ${found && found.total > 0 ? tableFoot({ state: this.table, from: (this.page - 1) * this.size, shown: found.rows.length, total: found.total, page: this.page, pages: found.pages, size: this.size, onPage: (page) => this.change({ page }), onSize: (size) => this.change({ size }) }) : nothing}
      </section>`;
  }

  keys() {
    const current = () => this.table.known.get(this.table.current);
    return {
      n: () => queueSheet(),
      ...rowKeys(this.table, (q) => go(queueLink(q))),
      " ": () => current() && this.table.toggle(this.table.current, current()),
      escape: () => (this.table.selected.size ? (this.table.selected.clear(), redraw()) : this.change({ text: "", chip: "" })),
    };
  }
}

