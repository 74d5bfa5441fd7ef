// What waits in a delayed exchange until it is due: looking at it, routing it now, deleting it.
import { html, nothing } from "lit-html";
import { ageInSeconds } from "../ages.js";
import { get, path, send } from "../api.js";
import { toastOf } from "../components/act.js";
import { bulkBar } from "../components/bulk.js";
import { button, doUnless, empty, problem, skeleton } from "../components/basic.js";
import { confirmLoss } from "../components/dialog.js";
import { tableFoot } from "../components/table-foot.js";
import { toast, toastError } from "../components/toast.js";
import { ofDelayed } from "../components/whole.js";
import { count, dayTime, ofSeveral, plural } from "../format.js";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import { lacks } from "../rights.js";
import { exchangeLink, newEntry, setQuery } from "../router.js";
import { brokerNow } from "../unusual.js";
import { exchangePlace, exportFirst, exportMarked } from "./export-messages.js";
import { keyColumn, MessageList, pagesBefore } from "./message-list.js";
import "../icons-more.js";

const NAMED_FROM = 100;
/** Messages on a page, and how many pages the server gives. */
export const PAGE = 100;
const MOST_PAGES = 100;

/** Bytes of each payload; the viewer fetches the rest. */
const SHOWN = 8_192;

/** Ms without another letter before it is searched. */
const TYPED = 250;

const searchOf = ({ query }) => query.get("search") ?? "";
const cursorOf = ({ query }) => (searchOf({ query }) && query.get("on")) || null;
const pageOf = ({ query }) => Math.min(MOST_PAGES, Math.max(1, Math.trunc(Number(query.get("page"))) || 1));

const othersGone = ({ gone }) => (gone ? `; ${plural(gone, "other", "others")} had gone already` : "");
const NOTHING_DONE = { title: "Nothing done.", text: "The messages had gone already.", bad: true };

/** Milliseconds that it still waits. */
const left = (m) => Math.max(0, m.due - brokerNow());

/** The list of one exchange; `again` asks the server anew. A search has no pages with numbers: it goes on from where it was. */
export class DelayedList {
  constructor(page, again) {
    const { vhost, name, route } = page;
    Object.assign(this, { vhost, name, again, total: 0, page: pageOf(route), search: searchOf(route), cursor: cursorOf(route), behind: [], found: null, busy: false });
    this.where = path("dev", "exchanges", vhost, name, "delayed");
    this.source = () => ({ whole: (m) => ofDelayed(this.where, m) });
    this.list = new MessageList("Delayed messages", (list) => [
      { head: "Due in", n: true, cls: "muted c-ready", cell: (m) => html`<span title=${dayTime(m.due)}>${ageInSeconds(left(m))}</span>` },
      keyColumn(list),
    ], { select: true, page, source: this.source });
    page.keep(() => this.stop());
    if (this.search) this.look();
  }

  /** What the server is asked for again and again: while something is searched for, how many wait. */
  get asked() {
    return this.search ? { limit: 0 } : { offset: this.offset, limit: PAGE, truncate: SHOWN, types: true };
  }

  /** While some are marked the list stays, but for those whose time has come; these go also under the pointer. */
  take(answer) {
    this.total = answer.total;
    if (this.search) return this.found && this.show(this.list.items.filter((m) => left(m) > 0));
    if (answer.offset !== this.offset || (answer.total && !answer.items.length)) return this.turnTo(Math.min(this.page, Math.max(1, Math.ceil(answer.total / PAGE))), answer.offset !== this.offset);
    const { table, items } = this.list;
    const held = table.selected.size > 0;
    const here = new Set(answer.items.map((m) => m.id));
    table.order = table.order.filter((id) => here.has(id) || held);
    this.show(held ? items.filter((m) => left(m) > 0) : answer.items);
  }

  show(messages) {
    this.list.show(messages.map((m, i) => ({ ...m, number: this.search ? undefined : this.offset + i + 1, key: m.id, vhost: this.vhost, state: "delayed" })));
  }

  /** No search goes on. */
  stop() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  /** Searches from a place on, null for the beginning; `behind` are the pages before it. What is shown stays until it is found. */
  async look({ cursor, behind } = this) {
    this.stop();
    const { signal } = (this.asking = new AbortController());
    this.looking = true;
    redraw();
    try {
      const found = await get(this.where, { search: this.search, cursor, limit: PAGE, truncate: SHOWN, types: true }, signal);
      if (signal.aborted) return;
      Object.assign(this, { found, cursor, behind, total: found.total, failure: null });
      this.show(found.items);
    } catch (error) {
      if (signal.aborted) return;
      this.failure = error;
    }
    this.looking = false;
    redraw();
  }

  /** The address changed. */
  read(route) {
    const [search, cursor, page] = [searchOf(route), cursorOf(route), pageOf(route)];
    const other = search !== this.search;
    this.list.read(route, other || cursor !== this.cursor);
    if (other) this.searchFor(search, { cursor, page });
    else if (cursor !== this.cursor) this.searchFor(search, { cursor, behind: pagesBefore(cursor, { cursor: this.cursor, behind: this.behind, next: this.found?.next }) });
    else this.turnTo(page);
  }

  /** By the user: Back undoes it. */
  changed(change) {
    newEntry();
    change();
  }

  /** After `wait` ms, in which there may be another one; an empty one shows all. */
  searchFor(search, { cursor = null, behind = [], page = 1, wait = 0 } = {}) {
    this.stop();
    Object.assign(this, { search, cursor, behind, page, found: null, failure: null, looking: false });
    this.list.items = [];
    this.list.table.current = null;
    this.leave();
    if (!search) this.again();
    else if (wait) this.timer = setTimeout(() => this.look(), wait);
    else this.look();
    redraw();
  }

  /** Other messages are shown. */
  leave() {
    this.list.table.reset();
    this.list.table.clear();
  }

  turnTo(page, anew = false) {
    if (page === this.page && !anew) return;
    this.page = page;
    this.leave();
    this.again();
    redraw();
  }

  /** Where a search goes on, or was before. */
  turnBy(cursor, behind) {
    if (this.looking) return;
    newEntry();
    this.leave();
    this.look({ cursor, behind });
  }

  get offset() {
    return (this.page - 1) * PAGE;
  }

  lack(right) {
    return lacks(right, this.vhost, this.name, "exchange");
  }

  async release(chosen) {
    if (this.busy) return;
    this.busy = true;
    redraw();
    const call = { method: "POST", where: this.where + "/release", body: { ids: chosen.map((m) => m.id) } };
    try {
      const answer = await send(call.method, call.where, call.body);
      if (answer.done) toastOf(call, { text: html`${plural(answer.done, "message")} of <b><bdi>${this.name}</bdi></b> routed${othersGone(answer)}`, link: ["Show exchange", exchangeLink(this.vhost, this.name)] });
      this.done(answer);
    } catch (error) {
      toastError("Not routed.", error);
    }
    this.busy = false;
    redraw();
  }

  /** Tells what stayed, with the broker's reasons. */
  done(answer) {
    const failed = Object.entries(answer.failed);
    for (const [why, n] of failed) toast({ title: `${plural(n, "message")} not taken:`, text: ofSeveral(why, n) + ".", bad: true });
    if (!answer.done && !failed.length) toast(NOTHING_DONE);
    this.list.table.selected.clear();
    this.again();
    if (this.search) this.look();
  }

  releaseByKey() {
    const chosen = this.list.chosen();
    if (chosen.length) doUnless(this.lack("write"), () => this.release(chosen));
  }

  /** Those that wait now: what comes until the dialog is answered stays. */
  async removeAll() {
    const { total, until } = await get(this.where, { limit: 0 });
    this.confirm(total, { all: true, until }, exportFirst([exchangePlace({ vhost: this.vhost, name: this.name, messages_delayed: total })]));
  }

  remove(chosen) {
    this.confirm(chosen.length, { ids: chosen.map((m) => m.id) }, exportMarked(chosen, this.name, this.source));
  }

  /** Asks before `n` messages are deleted; `body` says which, `first` saves them. */
  confirm(n, body, first) {
    const call = { method: "POST", where: this.where + "/delete", body };
    confirmLoss({
      title: html`Delete ${plural(n, "delayed message")} of <bdi>${this.name}</bdi>?`,
      text: html`<p>${n === 1 ? "It is" : "They are"} lost, and routed nowhere. This cannot be undone.${first}</p>`,
      typeName: n > NAMED_FROM ? this.name : undefined,
      act: "Delete " + plural(n, "message"), keep: "Keep messages", refused: "Not deleted.", call,
      run: async () => {
        const answer = await send(call.method, call.where, call.body);
        this.done(answer);
        if (answer.done) toast({ text: html`${plural(answer.done, "message")} deleted from <b><bdi>${this.name}</bdi></b>${othersGone(answer)}`, link: ["Show exchange", exchangeLink(this.vhost, this.name)] });
      },
    });
  }

  tools() {
    return html`<div class="tools"><div class="searchbox">${icon("search")}<input class="input" type="search" aria-label="Search messages" title="Search (F)" placeholder="Search key, header or payload" spellcheck="false" .value=${this.search} @input=${(e) => this.changed(() => this.searchFor(e.target.value, { wait: TYPED }))}></div>
      <span><b class="num">${count(this.total)}</b> ${this.total === 1 ? "waits" : "wait"}</span>
      <span class="right">${button("Delete all messages…", () => this.removeAll().catch((e) => toastError("Not counted.", e)), { kind: "sm", glyph: "trash", lack: this.lack("read") })}</span></div>`;
  }

  bulk() {
    const chosen = this.list.chosen();
    if (!chosen.length) return nothing;
    return bulkBar(this.list.table, html`${button("Route messages now", () => this.release(chosen), { kind: "sm", glyph: "send", title: "Route now (R)", disabled: this.busy, lack: this.lack("write") })}
      ${button("Copy as JSON", () => this.list.copyMarked(), { kind: "sm" })}
      ${button("Delete messages…", () => this.remove(chosen), { kind: "sm danger", glyph: "trash", lack: this.lack("read") })}`);
  }

  /** How far a search has come, and the way on. */
  searchFoot() {
    const { looked, next, items } = this.found;
    const n = items.length;
    const on = () => this.turnBy(next, [...this.behind, this.cursor]);
    return html`<div class="tfoot"><span>${count(n)} found in ${plural(looked, "message")}${next === undefined ? "" : ", there are more"}</span>
      ${next !== undefined || this.cursor !== null ? html`<span class="right">${next !== undefined && n < PAGE ? button("Search on", on, { kind: "sm" }) : nothing}
      <button type="button" class="btn sm" aria-label="Previous page" ?disabled=${this.cursor === null} @click=${() => this.turnBy(this.behind.at(-1) ?? null, this.behind.slice(0, -1))}>${icon("left")}</button>
      <button type="button" class="btn sm" aria-label="Next page" ?disabled=${next === undefined} @click=${on}>${icon("chev")}</button></span>` : nothing}</div>`;
  }

  none() {
    if (!this.search && this.total) return skeleton(5);
    if (!this.search) return empty("Nothing waits", html`A message with a header <span class="mono">x-delay</span> above 0 waits here for so many milliseconds before it is routed.`);
    if (this.failure && !this.found) return html`${problem("Not searched.", this.failure)}${this.cursor === null ? nothing : html`<p class="padded">${button("Search from the beginning", () => this.turnBy(null, []), { kind: "sm" })}</p>`}`;
    if (!this.found) return skeleton(5);
    const clear = button("Clear the search", () => this.changed(() => this.searchFor("")), { kind: "sm" });
    const n = this.found.items.length;
    if (n) return html`${empty(n === 1 ? "The message that was found has gone" : "The messages that were found have gone", "Their time came, or somebody routed or deleted them.", clear)}${this.searchFoot()}`;
    const why = this.found.next === undefined ? "Key, headers and payload were searched." : "The time was up before all were searched.";
    return html`${empty(`No message contains “${this.search}”`, why, clear)}${this.found.next !== undefined || this.cursor !== null ? this.searchFoot() : nothing}`;
  }

  foot() {
    if (this.search) return this.found ? this.searchFoot() : nothing;
    return this.total > PAGE ? tableFoot({ state: this.list.table, from: this.offset, shown: this.list.items.length, total: this.total, page: this.page, pages: Math.min(MOST_PAGES, Math.ceil(this.total / PAGE)), onPage: (page) => this.changed(() => this.turnTo(page)) }) : nothing;
  }

  render() {
    this.list.tell();
    setQuery({ page: this.page > 1 ? this.page : null, search: this.search, on: this.cursor });
    const failed = this.search && this.failure && this.found ? problem("Not searched on.", this.failure) : nothing;
    const found = this.list.items.length > 0;
    return html`<section class="panel">${found || this.search || this.total ? this.tools() : nothing}${failed}${found ? html`${this.list.render(this.bulk())}${this.foot()}` : this.none()}</section>`;
  }

  keys() {
    return { ...this.list.keys(), r: () => this.releaseByKey() };
  }
}
