// What waits in a delayed exchange until it is due: looking at it, routing it now, deleting it.
import { html, nothing } from "lit-html";
import { ageInSeconds } from "../ages.js";
import { get, path, send } from "../api.js";
import { actNow } from "../components/act.js";
import { bulkBar } from "../components/bulk.js";
import { button, doUnless, empty } from "../components/basic.js";
import { confirmLoss } from "../components/dialog.js";
import { askAgain, MOVED, unlessMore } from "../components/loss.js";
import { toast, toastError } from "../components/toast.js";
import { ofDelayed } from "../components/whole.js";
import { count, dayTime, plural } from "../format.js";
import { lacks } from "../rights.js";
import { exchangeLink } from "../router.js";
import { keyColumn, MessageList } from "./message-list.js";

const NAMED_FROM = 100;
const NOTHING_DONE = { title: "Nothing done.", text: "The messages had gone already.", bad: true };

/** The list of one exchange; `again` asks the server anew. */
export class DelayedList {
  constructor(page, again) {
    const { vhost, name } = page;
    Object.assign(this, { vhost, name, again, total: 0 });
    this.where = path("dev", "exchanges", vhost, name, "delayed");
    this.list = new MessageList("Delayed messages", (list) => [
      { head: "Due in", n: true, cls: "muted", cell: (m) => html`<span title=${dayTime(m.due)}>${ageInSeconds(this.left(m))}</span>` },
      keyColumn(list),
    ], { select: true, page, source: () => ({ whole: (m) => ofDelayed(this.where, m) }) });
  }

  /** Milliseconds, by the broker's clock. */
  left(m) {
    return Math.max(0, m.due_in_ms - (Date.now() - this.asked));
  }

  take(answer) {
    this.asked = Date.now();
    this.total = answer.total;
    this.list.show(answer.items.map((m) => ({ ...m, key: m.id, vhost: this.vhost, state: "delayed" })));
  }

  lack(right) {
    return lacks(right, this.vhost, this.name, "exchange");
  }

  async release(chosen) {
    const call = { method: "POST", where: this.where + "/release", body: { ids: chosen.map((m) => m.id) } };
    await actNow(call, "Not routed.", ({ done, gone }) => (done
      ? { text: html`${plural(done, "message")} of <b><bdi>${this.name}</bdi></b> routed${gone ? html`; ${plural(gone, "other", "others")} had gone already` : nothing}`, link: ["Show exchange", exchangeLink(this.vhost, this.name)] }
      : NOTHING_DONE));
    this.list.table.selected.clear();
    this.again();
  }

  releaseByKey() {
    const chosen = this.list.chosen();
    if (chosen.length) doUnless(this.lack("write"), () => this.release(chosen));
  }

  /** Counts anew before it asks. */
  async removeAll(again) {
    const { total } = await get(this.where, { limit: 0 });
    this.confirm(total, { all: true }, { "if-messages": total }, again);
  }

  remove(chosen) {
    this.confirm(chosen.length, { ids: chosen.map((m) => m.id) });
  }

  /** Asks before `n` messages are deleted; `body` says which. */
  confirm(n, body, params, again = false) {
    const call = { method: "POST", where: this.where + "/delete", params, body };
    confirmLoss({
      title: html`Delete ${plural(n, "delayed message")} of <bdi>${this.name}</bdi>?`,
      text: html`<p>${again ? `${MOVED}${plural(n, "message is", "messages are")}` : n === 1 ? "It is" : "They are"} lost, and routed nowhere. This cannot be undone.</p>`,
      typeName: n > NAMED_FROM ? this.name : undefined,
      act: "Delete " + plural(n, "message"), keep: "Keep messages", refused: "Not deleted.", call,
      run: async () => {
        const answer = await unlessMore(() => send(call.method, call.where, call.body, { params: call.params }));
        if (!answer) return askAgain(() => this.removeAll(true));
        this.list.table.selected.clear();
        this.again();
        if (answer.done) toast({ text: html`${plural(answer.done, "message")} deleted from <b><bdi>${this.name}</bdi></b>${answer.gone ? `; ${plural(answer.gone, "other", "others")} had gone already` : ""}`, link: ["Show exchange", exchangeLink(this.vhost, this.name)] });
        else toast(NOTHING_DONE);
      },
    });
  }

  tools() {
    const shown = this.list.items.length;
    return html`<div class="tools"><span><b class="num">${count(this.total)}</b> ${this.total === 1 ? "waits" : "wait"}${this.total > shown ? `, the ${count(shown)} that are due first are here` : ""}</span>
      <span class="right">${button("Delete all messages…", () => this.removeAll(false).catch((e) => toastError("Not counted.", e)), { kind: "sm", glyph: "trash", lack: this.lack("read") })}</span></div>`;
  }

  bulk() {
    const chosen = this.list.chosen();
    if (!chosen.length) return nothing;
    return bulkBar(this.list.table, html`${button("Route messages now", () => this.release(chosen), { kind: "sm", glyph: "send", title: "Route now (R)", lack: this.lack("write") })}
      ${button("Copy as JSON", () => this.list.copyMarked(), { kind: "sm" })}
      ${button("Delete messages…", () => this.remove(chosen), { kind: "sm danger", glyph: "trash", lack: this.lack("read") })}`);
  }

  render() {
    this.list.tell();
    if (!this.list.items.length) return html`<section class="panel">${empty("Nothing waits", html`A message with a header <span class="mono">x-delay</span> above 0 waits here for so many milliseconds before it is routed.`)}</section>`;
    return html`<section class="panel">${this.list.render(html`${this.tools()}${this.bulk()}`)}</section>`;
  }

  keys() {
    return { ...this.list.keys(), r: () => this.releaseByKey() };
  }
}
