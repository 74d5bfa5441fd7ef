// All exchanges. There are few enough to filter and sort here.
import { html } from "lit-html";
import { exchangeSheet } from "../forms.js";
import { button, empty, skeleton, status, tagList } from "../components/basic.js";
import { Columns, policyColumn } from "../components/columns.js";
import { dirOf, reverseOf } from "../components/direction.js";
import { rowKeys, table, TableState } from "../components/table.js";
import { tableFoot } from "../components/table-foot.js";
import { context, inVhost } from "../context.js";
import { parseFilter, tester } from "../filter.js";
import { count, exchangeName, rate } from "../format.js";
import { lettersLost, lettersTo } from "../letters.js";
import { nearest } from "../nearest.js";
import { icon } from "../icons.js";
import { inventory, keyOf, useInventory } from "../inventory.js";
import { alternate, droppedBy, isBound } from "../bound.js";
import { exchangeRates } from "../model.js";
import { exchangeLink, go, setQuery } from "../router.js";
import { redraw } from "../redraw.js";
import { Page } from "./page.js";
import "../icons-more.js";

export const exchangeTags = (x) => [
  ...(x.durable ? ["durable"] : []),
  ...(x.auto_delete ? ["auto-delete"] : []),
  ...(x.internal ? ["internal"] : []),
  ...(alternate(x) ? ["alternate " + alternate(x)] : []),
  ...(x.arguments?.["x-delayed-type"] ? ["delays, then " + x.arguments["x-delayed-type"]] : []),
];

export function exchangeStatus(x) {
  const r = exchangeRates(x);
  const cause = isBound(x) ? "keys that match no binding" : "no queue is bound to it";
  if (r.drop > 0 || lettersLost(x) > 0) return { tone: "bad", icon: "bad", word: "Dropping", cause };
  const lost = droppedBy(x);
  if (lost) return { tone: "warn", icon: "warn", word: `Dropped ${count(lost)}`, cause };
  if (r.in > 0 || r.out > 0 || lettersTo(x).rate > 0) return { tone: "ok", icon: "ok", word: "Keeping up", cause: "" };
  return { tone: "idle", icon: "idle", word: inventory.ready && !isBound(x) ? "Not bound" : "Idle", cause: "" };
}

/** Columns that may be added. */
const OPTIONAL = [policyColumn];

const SORTS = {
  name: (x) => x.name,
  vhost: (x) => x.vhost,
  type: (x) => x.type,
  policy: (x) => x.policy ?? "",
  in: (x) => exchangeRates(x).in,
  out: (x) => exchangeRates(x).out,
  drop: (x) => exchangeRates(x).drop,
  bindings: (x) => boundCount(x),
};

const boundCount = (x) => inventory.bindings.filter((b) => b.source === x.name && b.vhost === x.vhost).length;

export default class Exchanges extends Page {
  constructor(route) {
    super(route);
    this.title = "Exchanges";
    this.nav = "exchanges";
    this.table = new TableState();
    this.more = new Columns("exchange", OPTIONAL);
    this.read(route);
  }

  read({ query }) {
    this.text = query.get("f") ?? "";
    this.sort = query.get("sort") ?? "name";
    this.reverse = reverseOf(query, this.columns(), this.sort);
    this.page = Number(query.get("page")) || 1;
  }

  readdress(route) {
    this.route = route;
    this.read(route);
    this.table.reset();
    return true;
  }

  start() {
    const names = context.vhost === null ? {} : { vhost: context.vhost };
    this.watch({ view: "exchanges", where: inVhost("exchanges"), names, onData: (list) => (this.list = list.items ?? list), onError: (e) => (this.failure = e) });
    this.keep(useInventory());
  }

  change(changes) {
    Object.assign(this, { page: 1 }, changes);
    this.table.reset();
    setQuery({ f: this.text, sort: this.sort === "name" ? null : this.sort, dir: dirOf(this.reverse, this.columns(), this.sort), page: this.page > 1 ? this.page : null }, true);
    redraw();
  }

  columns() {
    const number = (head, sort, read, show = rate) => ({ head, sort, n: true, zero: (x) => !read(x), cell: (x) => show(read(x)) });
    return [
      { head: "Name", sort: "name", cls: "c-name", cell: (x) => html`<a class="name" href=${exchangeLink(x.vhost, x.name)}><bdi>${exchangeName(x.name)}</bdi></a>` },
      context.vhost === null && { head: "Virtual host", sort: "vhost", cls: "muted", cell: (x) => html`<bdi>${x.vhost}</bdi>` },
      { head: "Status", cls: "c-st", cell: (x) => status(exchangeStatus(x)) },
      { head: "Type", sort: "type", cls: "muted", cell: (x) => x.type },
      { ...number("In /s", "in", (x) => exchangeRates(x).in), cls: "c-ready" },
      { ...number("Out /s", "out", (x) => exchangeRates(x).out), hide: "hide-t" },
      { head: "Dropped /s", sort: "drop", n: true, zero: (x) => !exchangeRates(x).drop, cell: (x) => html`<span class=${exchangeRates(x).drop ? "bad strong" : ""}>${rate(exchangeRates(x).drop)}</span>` },
      { ...number("Bindings", "bindings", boundCount, count), hide: "hide-t" },
      ...this.more.columns(),
      { head: "Features", hide: "hide-t", cell: (x) => tagList(exchangeTags(x)) },
      { head: "", cls: "c-rate only-s", hide: "only-s", cell: (x) => x.type },
    ].filter(Boolean);
  }

  render() {
    const filter = parseFilter(this.text, false);
    const all = this.list?.filter(tester(filter));
    const read = SORTS[this.sort] ?? SORTS.name;
    all?.sort((a, b) => (read(a) < read(b) ? -1 : read(a) > read(b) ? 1 : a.name < b.name ? -1 : 1) * (this.reverse ? -1 : 1));
    const rows = all?.slice((this.page - 1) * 50, this.page * 50);
    return html`<div class="head"><h1>Exchanges</h1><div class="right">${button("Declare an exchange", () => exchangeSheet(), { kind: "primary", glyph: "plus", title: "Declare an exchange (N)" })}</div></div>
      <section class="panel"><div class="tools"><div class="searchbox">${icon("search")}<input class="input" type="search" aria-label="Filter exchanges" title="Filter (F)" placeholder="Filter by name or /regex/" spellcheck="false" .value=${this.text} @input=${(e) => this.change({ text: e.target.value })}></div>${this.more.menu(redraw)}</div>
      ${!all ? skeleton(7) : all.length === 0 ? this.none() : html`${table({ state: this.table, columns: this.columns(), rows, key: keyOf, sort: this.sort, reverse: this.reverse, label: "Exchanges", onSort: (sort, reverse) => this.change({ sort, reverse }) })}
        ${tableFoot({ state: this.table, from: (this.page - 1) * 50, shown: rows.length, total: all.length, page: this.page, pages: Math.ceil(all.length / 50), onPage: (page) => this.change({ page }) })}`}</section>`;
  }

  none() {
    const near = nearest(this.text, (this.list ?? []).map((x) => x.name));
    return empty(parseFilter(this.text, false).problem ?? `No exchange matches “${this.text}”`, near ? html`Nearest name: <button type="button" class="linkbtn" @click=${() => this.change({ text: near })}>${near}</button>` : "",
      button("Clear the filter", () => this.change({ text: "" }), { kind: "sm" }));
  }

  keys() {
    return {
      n: () => exchangeSheet(),
      ...rowKeys(this.table, (x) => go(exchangeLink(x.vhost, x.name))),
      escape: () => this.text && this.change({ text: "" }),
    };
  }
}

