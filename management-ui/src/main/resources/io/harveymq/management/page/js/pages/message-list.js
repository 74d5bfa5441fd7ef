// Messages that are no queue's contents: a table with the viewer beside it. Dropped ones, hits of a search, a live tail.
import { html, nothing } from "lit-html";
import { table, TableState } from "../components/table.js";
import { toldStory } from "../components/told.js";
import { payloadStart, viewer } from "../components/viewer.js";
import { copyMarked, editCopy } from "../components/whole.js";
import { count } from "../format.js";
import { redraw } from "../redraw.js";
import { setQuery } from "../router.js";

/** Rows need `key` and `vhost` besides the API's fields of a message; `number` if it is not their place in the list. `options.source(m)` says where all of one is had, see inFull(). With `options.page` the address says at first which one is open. On a phone a row is a card of two lines, unless it is `plain`: the key beside what is `c-ready`, below it the payload. */
export class MessageList {
  constructor(label, columns, options = {}) {
    Object.assign(this, { label, columns, options, items: [] });
    this.table = new TableState();
    this.awaited = options.page?.route.query.get("message") ?? null;
  }

  show(items) {
    this.items = items.map((m, i) => ({ ...m, position: m.number ?? i + 1 }));
    this.table.keep(new Set(this.items.map((m) => m.key)));
    if (this.awaited !== null) this.table.current = this.items.find((m) => String(m.key) === this.awaited)?.key ?? null;
    else if (!this.current()) this.table.current = null;
    this.awaited = null;
  }

  /** The address changed; `anew` when other messages are on their way. */
  read(route, anew) {
    this.awaited = route.query.get("message");
    if (anew) this.items = [];
    if (this.awaited === null) this.table.current = null;
    else if (this.items.length) this.show(this.items);
  }

  /** Has the address say which one is open. */
  tell() {
    if (this.options.page && this.awaited === null) setQuery({ message: this.table.current });
  }

  current() {
    return this.items.find((m) => m.key === this.table.current);
  }

  chosen() {
    return this.items.filter((m) => this.table.selected.has(m.key));
  }

  choose(key) {
    this.awaited = null;
    this.table.current = this.table.current === key ? null : key;
    this.tell();
    redraw();
  }

  step(by) {
    this.awaited = null;
    this.table.step(by);
    this.tell();
  }

  edit() {
    const m = this.current();
    if (m) editCopy(m, this.source(m));
  }

  source(m) {
    return (m && this.options.source?.(m)) || {};
  }

  copyMarked() {
    copyMarked(this.chosen(), (m) => this.source(m));
  }

  close() {
    this.table.current = null;
    redraw();
  }

  clicked(event) {
    const row = event.target.closest("tr.msgrow");
    if (!row || event.target.closest("button, input, a")) return;
    this.choose(this.table.order[[...row.parentElement.children].indexOf(row)]);
  }

  render(above = nothing) {
    return html`${above}<div class="split"><div class="list" @click=${(e) => this.clicked(e)}>${table({
      state: this.table, rows: this.items, key: (m) => m.key, select: this.options.select, label: this.label, plain: this.options.plain, rowClass: () => "msgrow",
      columns: [...this.columns(this), { head: "Payload", hide: this.options.plain ? "hide-s" : "", cls: "mono muted c-st", cell: (m) => html`<span class="cut">${payloadStart(m)}</span>` }].filter(Boolean),
    })}${this.table.held && this.table.fresh ? html`<p class="padded center small muted">${count(this.table.fresh)} new, shown when the pointer leaves</p>` : nothing}</div>${viewer(this.current(), { step: (by) => this.step(by), edit: () => this.edit(), source: this.source(this.current()), close: () => this.close() }, toldStory(this.current()))}</div>`;
  }

  keys() {
    const m = this.current();
    return {
      j: () => this.step(1),
      k: () => this.step(-1),
      e: () => this.edit(),
      ...(m ? { escape: () => this.close() } : {}),
      ...(m && this.options.select ? { " ": () => this.table.toggle(m.key, m) } : {}),
    };
  }
}

/** Which pages are before the one at `to`, where the browser's history leads, as far as that is known: `behind` are those before the page at `cursor`, which is followed by that at `next`. */
export function pagesBefore(to, { cursor, behind, next }) {
  if (to === cursor) return behind;
  if (behind.includes(to)) return behind.slice(0, behind.indexOf(to));
  return to !== null && to === next ? [...behind, cursor] : [];
}

export const keyColumn = (list) => ({ head: "Routing key", cls: "c-name", cell: (m) => html`<button type="button" class="linkbtn mono cut" @click=${() => list.choose(m.key)}><bdi>${m.routing_key || "(empty)"}</bdi></button>` });
