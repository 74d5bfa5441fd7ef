// What waits in a delayed exchange until it is due: looking at it, routing it now, deleting it.
import { html, nothing } from "lit-html";
import { ageInSeconds } from "../ages.js";
import { get, path, send } from "../api.js";
import { toastOf } from "../components/act.js";
import { bulkBar } from "../components/bulk.js";
import { button, doUnless, empty } from "../components/basic.js";
import { confirmLoss } from "../components/dialog.js";
import { tableFoot } from "../components/table-foot.js";
import { toast, toastError } from "../components/toast.js";
import { ofDelayed } from "../components/whole.js";
import { count, dayTime, ofSeveral, plural } from "../format.js";
import { redraw } from "../redraw.js";
import { lacks } from "../rights.js";
import { exchangeLink, setQuery } from "../router.js";
import { brokerNow } from "../unusual.js";
import { keyColumn, MessageList } from "./message-list.js";
import "../icons-more.js";

const NAMED_FROM = 100;
/** Messages on a page, and how many pages the server gives. */
export const PAGE = 100;
const MOST_PAGES = 100;

const pageOf = ({ query }) => Math.min(MOST_PAGES, Math.max(1, Math.trunc(Number(query.get("page"))) || 1));

const othersGone = ({ gone }) => (gone ? `; ${plural(gone, "other", "others")} had gone already` : "");
const NOTHING_DONE = { title: "Nothing done.", text: "The messages had gone already.", bad: true };

/** Milliseconds that it still waits. */
const left = (m) => Math.max(0, m.due - brokerNow());

/** The list of one exchange; `again` asks the server anew. */
export class DelayedList {
  constructor(page, again) {
    const { vhost, name } = page;
    Object.assign(this, { vhost, name, again, total: 0, page: pageOf(page.route), busy: false });
    this.where = path("dev", "exchanges", vhost, name, "delayed");
    this.list = new MessageList("Delayed messages", (list) => [
      { head: "Due in", n: true, cls: "muted", cell: (m) => html`<span title=${dayTime(m.due)}>${ageInSeconds(left(m))}</span>` },
      keyColumn(list),
    ], { select: true, page, source: () => ({ whole: (m) => ofDelayed(this.where, m) }) });
  }

  /** While some are marked the list stays, but for those whose time has come; these go also under the pointer. */
  take(answer) {
    this.total = answer.total;
    if (answer.total && !answer.items.length) return this.turnTo(Math.ceil(answer.total / PAGE));
    const { table, items } = this.list;
    const held = table.selected.size > 0;
    const here = new Set(answer.items.map((m) => m.id));
    table.order = table.order.filter((id) => here.has(id) || held);
    const shown = held ? items.filter((m) => left(m) > 0) : answer.items;
    this.list.show(shown.map((m, i) => ({ ...m, number: this.offset + i + 1, key: m.id, vhost: this.vhost, state: "delayed" })));
  }

  /** The address changed. */
  read(route) {
    this.list.read(route);
    this.turnTo(pageOf(route));
  }

  turnTo(page) {
    if (page === this.page) return;
    this.page = page;
    this.list.table.reset();
    this.list.table.clear();
    this.again();
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
  }

  releaseByKey() {
    const chosen = this.list.chosen();
    if (chosen.length) doUnless(this.lack("write"), () => this.release(chosen));
  }

  /** Those that wait now: what comes until the dialog is answered stays. */
  async removeAll() {
    const { total, until } = await get(this.where, { limit: 0 });
    this.confirm(total, { all: true, until });
  }

  remove(chosen) {
    this.confirm(chosen.length, { ids: chosen.map((m) => m.id) });
  }

  /** Asks before `n` messages are deleted; `body` says which. */
  confirm(n, body) {
    const call = { method: "POST", where: this.where + "/delete", body };
    confirmLoss({
      title: html`Delete ${plural(n, "delayed message")} of <bdi>${this.name}</bdi>?`,
      text: html`<p>${n === 1 ? "It is" : "They are"} lost, and routed nowhere. This cannot be undone.</p>`,
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
    return html`<div class="tools"><span><b class="num">${count(this.total)}</b> ${this.total === 1 ? "waits" : "wait"}</span>
      <span class="right">${button("Delete all messages…", () => this.removeAll().catch((e) => toastError("Not counted.", e)), { kind: "sm", glyph: "trash", lack: this.lack("read") })}</span></div>`;
  }

  bulk() {
    const chosen = this.list.chosen();
    if (!chosen.length) return nothing;
    return bulkBar(this.list.table, html`${button("Route messages now", () => this.release(chosen), { kind: "sm", glyph: "send", title: "Route now (R)", disabled: this.busy, lack: this.lack("write") })}
      ${button("Copy as JSON", () => this.list.copyMarked(), { kind: "sm" })}
      ${button("Delete messages…", () => this.remove(chosen), { kind: "sm danger", glyph: "trash", lack: this.lack("read") })}`);
  }

  render() {
    this.list.tell();
    setQuery({ page: this.page > 1 ? this.page : null });
    if (!this.list.items.length) return html`<section class="panel">${empty("Nothing waits", html`A message with a header <span class="mono">x-delay</span> above 0 waits here for so many milliseconds before it is routed.`)}</section>`;
    return html`<section class="panel">${this.list.render(html`${this.tools()}${this.bulk()}`)}
      ${this.total > PAGE ? tableFoot({ state: this.list.table, from: this.offset, shown: this.list.items.length, total: this.total, page: this.page, pages: Math.min(MOST_PAGES, Math.ceil(this.total / PAGE)), onPage: (page) => this.turnTo(page) }) : nothing}</section>`;
  }

  keys() {
    return { ...this.list.keys(), r: () => this.releaseByKey() };
  }
}
