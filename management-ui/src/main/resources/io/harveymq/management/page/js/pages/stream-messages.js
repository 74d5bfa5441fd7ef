// The contents of a stream, looked at without consuming: from the newest back, or from the oldest, an offset or a time on.
import { html, nothing } from "lit-html";
import { ageInSeconds } from "../ages.js";
import { get, path } from "../api.js";
import { bulkBar } from "../components/bulk.js";
import { button, empty, problem, segments, skeleton } from "../components/basic.js";
import { code } from "../components/code.js";
import { ofStream } from "../components/whole.js";
import { count, dayTime, plural } from "../format.js";
import { icon } from "../icons.js";
import { liveState } from "../live.js";
import { redraw } from "../redraw.js";
import { lacks, needs } from "../rights.js";
import { go, newEntry, setQuery } from "../router.js";
import { pikaReadStream } from "../snippets.js";
import { keyColumn, MessageList, pagesBefore } from "./message-list.js";
import "../icons-more.js";

const SIZE = 50;

/** Ms without another letter before it is searched. */
const TYPED = 250;

/** Bytes of each payload; the viewer fetches the rest. */
const SHOWN = 8_192;
const STARTS = [["newest", "Newest"], ["oldest", "Oldest"], ["offset", "Offset"], ["time", "Time"]];
const STAYS = "What is in a stream stays there until it is too old or too much; single messages can't be taken out";

/** A time of the address, or null. */
const timeOf = (text) => (text && !Number.isNaN(Date.parse(text)) ? new Date(text) : null);

/** As the browser's field for times has it: in the time of this place. */
const localTime = (time) => new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);

export class StreamTab {
  /** `page` is the queue's page: vhost, name, queue. */
  constructor(page) {
    this.page = page;
    this.list = new MessageList("Messages", (list) => [
      { head: "Offset", n: true, cls: "muted c-ready", cell: (m) => count(m.offset) },
      keyColumn(list),
      { head: "Exchange", hide: "hide-s", cell: (m) => (m.exchange ? html`<bdi class="cut">${m.exchange}</bdi>` : html`<span class="muted">amq.default</span>`) },
      { head: "Age", n: true, cls: "muted c-rate", cell: (m) => html`<span title=${"since " + dayTime(m.time)}>${ageInSeconds(m.age_ms)}</span>` },
    ], { select: true, page, source: () => ({ whole: (m) => ofStream(this.where, m) }) });
    this.answer = null;
    this.take(page.route.query);
    page.keep(() => this.stop());
    this.load();
  }

  /** What the address says: where to begin, words to search for, and the offset of the page. */
  take(query) {
    const from = query.get("from");
    this.from = STARTS.some(([id]) => id === from) ? from : "newest";
    const at = query.get("at");
    this.at = this.from === "offset" && /^\d{1,15}$/.test(at) ? at : this.from === "time" && timeOf(at) ? at : "";
    this.search = query.get("search") ?? "";
    const cursor = query.get("on");
    this.cursor = /^\d{1,15}$/.test(cursor) ? cursor : null;
    this.behind = [];
  }

  /** The address changed. */
  read(route) {
    const before = this.place();
    const { from, at, search, cursor, behind } = this;
    this.take(route.query);
    if (from === this.from && at === this.at && search === this.search) this.behind = pagesBefore(this.cursor, { cursor, behind, next: this.answer?.next?.toString() });
    const other = before !== this.place();
    this.list.read(route, other);
    if (!other) return;
    this.list.table.reset();
    this.load();
  }

  place() {
    return [this.from, this.at, this.search, this.cursor].join("\n");
  }

  tell() {
    this.list.tell();
    setQuery({ from: this.from === "newest" ? null : this.from, at: this.at, search: this.search, on: this.cursor });
  }

  get where() {
    return "dev/" + path("queues", this.page.vhost, this.page.name) + "/messages";
  }

  get back() {
    return this.from === "newest";
  }

  /** For the queue's page. */
  get items() {
    return this.list.items;
  }

  begin() {
    if (this.cursor !== null) return this.cursor;
    if (this.from === "oldest") return "first";
    if (this.from === "time") return this.at ? timeOf(this.at).toISOString() : "first";
    return this.from === "offset" ? this.at || "first" : "last";
  }

  /** Called each second by the page while this tab is shown: the newest come as they are published. */
  tick() {
    const due = Date.now() - (this.loaded ?? 0) > (this.page.queue === this.seen ? 10_000 : 2000);
    if (this.back && this.cursor === null && !this.search && due && !this.asking && !liveState.frozen && !this.list.table.selected.size && this.list.table.current === null) this.load();
  }

  /** Nothing is asked for any more. */
  stop() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  async load() {
    this.stop();
    const { signal } = (this.asking = new AbortController());
    this.loaded = Date.now();
    this.seen = this.page.queue;
    try {
      const answer = await get(this.where, { offset: this.begin(), reverse: this.back, limit: SIZE, truncate: SHOWN, search: this.search, types: true }, signal);
      if (signal.aborted) return;
      this.answer = answer;
      this.failure = null;
      this.list.show(answer.items.map((m) => ({ ...m, key: m.offset, number: m.offset, vhost: this.page.vhost })));
    } catch (error) {
      if (signal.aborted) return;
      this.failure = error;
    }
    this.asking = null;
    this.busy = false;
    redraw();
  }

  /** By the user; after `wait` ms, in which there may be another one. */
  change(changes, wait = 0) {
    const before = this.place();
    Object.assign(this, { cursor: null, behind: [], ...changes });
    if (before === this.place()) return;
    newEntry();
    this.busy = true;
    this.list.table.reset();
    this.list.table.clear();
    this.stop();
    if (wait) this.timer = setTimeout(() => this.load(), wait);
    else this.load();
    redraw();
  }

  start(from) {
    const at = from === this.from ? this.at : from === "offset" ? String(this.answer?.first ?? 0) : from === "time" ? new Date(Date.now() - 3_600_000).toISOString() : "";
    this.change({ from, at });
  }

  next() {
    if (this.busy) return;
    this.change({ behind: [...this.behind, this.cursor], cursor: String(this.answer.next) });
  }

  previous() {
    if (this.busy) return;
    const behind = [...this.behind];
    this.change({ cursor: behind.pop() ?? null, behind });
  }

  tools() {
    const at = this.from === "offset"
      ? html`<input class="input narrow" type="number" min="0" aria-label="From offset" .value=${this.at} @change=${(e) => this.change({ at: e.target.value })}>`
      : this.from === "time" ? html`<input class="input w-l" type="datetime-local" step="1" aria-label="From time" .value=${timeOf(this.at) ? localTime(timeOf(this.at)) : ""} @change=${(e) => this.change({ at: timeOf(e.target.value)?.toISOString() ?? "" })}>` : nothing;
    return html`<div class="tools">${segments("Begin with", STARTS, this.from, (from) => this.start(from))}${at}
      <div class="searchbox">${icon("search")}<input class="input" type="search" aria-label="Search messages" title="Search (F)" placeholder="Search key, header or payload" spellcheck="false" .value=${this.search} @input=${(e) => this.change({ search: e.target.value }, TYPED)}></div>
      <span class="small muted push hide-s">Looking takes nothing, and moves no consumer</span></div>`;
  }

  bulk() {
    const chosen = this.list.chosen();
    if (!chosen.length) return nothing;
    return bulkBar(this.list.table, html`${button("Redrive", () => {}, { kind: "sm", glyph: "redo", lack: STAYS })}
      ${button("Move…", () => {}, { kind: "sm", lack: STAYS })}
      ${button("Copy as JSON", () => this.list.copyMarked(), { kind: "sm" })}
      ${button("Delete…", () => {}, { kind: "sm danger", glyph: "trash", lack: STAYS })}`);
  }

  /** Which of them are shown, and the way to the others. */
  foot() {
    const { items, first, end, next, looked } = this.answer;
    const shown = items.length ? `${count(items[0].offset)}${items.length > 1 ? "–" + count(items.at(-1).offset) : ""} of ` : "";
    const on = this.search && next !== undefined && items.length < SIZE;
    return html`<div class="tfoot"><span>Offset ${shown}${count(first)}–${count(end - 1)}</span>
      ${this.search ? html`<span>${plural(looked, "message")} looked at${next === undefined ? "" : `, ${this.back ? "back" : "up"} to offset ${count(this.back ? next + 1 : next - 1)}`}</span>` : nothing}
      <span class="right">${on ? button("Search on", () => this.next(), { kind: "sm" }) : nothing}
      <button type="button" class="btn sm" aria-label="Previous page" ?disabled=${this.cursor === null} @click=${() => this.previous()}>${icon("left")}</button>
      <button type="button" class="btn sm" aria-label="Next page" ?disabled=${next === undefined} @click=${() => this.next()}>${icon("chev")}</button></span></div>`;
  }

  body() {
    if (this.failure && !this.answer) return problem("Not shown.", this.failure, needs(lacks("read", this.page.vhost, this.page.name)));
    if (!this.answer || (this.busy && !this.answer.items.length)) return skeleton(8);
    const { first, end } = this.answer;
    if (first === end) return empty("No message here", html`Whatever is published shows here, and stays until it is too old or too much. A consumer begins where <span class="mono">x-stream-offset</span> says. From Python:`, nothing, code(pikaReadStream(this.page.vhost, this.page.name)));
    if (!this.answer.items.length) {
      return html`${this.search
        ? empty(`No message contains “${this.search}”`, this.answer.next === undefined ? "Key, headers and payload were searched." : "The time was up before all were searched.", button("Clear the search", () => this.change({ search: "" }), { kind: "sm" }))
        : empty("No message from there on", "It has not been published yet.", button("Show the newest", () => this.start("newest"), { kind: "sm" }))}${this.foot()}`;
    }
    return html`${this.list.render(this.bulk())}${this.foot()}`;
  }

  render() {
    this.tell();
    return html`<section class="panel">${this.tools()}${this.failure && this.answer ? problem("Not fresh.", this.failure) : nothing}${this.body()}</section>`;
  }

  keys() {
    return { escape: () => go("#/queues"), ...this.list.keys() };
  }
}
