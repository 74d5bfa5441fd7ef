// Messages that reached no queue: the last ones, who sent them, and publishing them again.
import { html, nothing } from "lit-html";
import { path, request, send } from "../api.js";
import { toastOf } from "../components/act.js";
import { bulkBar } from "../components/bulk.js";
import { button, doUnless, empty } from "../components/basic.js";
import { confirmLoss } from "../components/dialog.js";
import { toast, toastError } from "../components/toast.js";
import { ofDropped } from "../components/whole.js";
import { count, exchangeName, ofSeveral, plural, time, timeShort } from "../format.js";
import { redraw } from "../redraw.js";
import { lacks } from "../rights.js";
import { exchangeLink } from "../router.js";
import { keyColumn, MessageList } from "./message-list.js";
import "../icons-more.js";

const shownExchange = (m) => exchangeName(m.exchange);

/** The list of one exchange, or with `across` of all in a vhost; `again` asks the server anew. */
export class DroppedList {
  constructor(page, again, across = false) {
    const { vhost } = page;
    Object.assign(this, { vhost, again, across, summary: null });
    this.list = new MessageList("Dropped messages", (list) => [
      { head: "Dropped at", cls: "muted num " + (across ? "c-rate" : "c-ready"), cell: (m) => time(m.time) },
      across && { head: "Exchange", cls: "c-ready", cell: (m) => html`<a class="cut" href=${exchangeLink(vhost, m.exchange, "dropped")}><bdi>${shownExchange(m)}</bdi></a>` },
      keyColumn(list),
      { head: "By", hide: "hide-s", cls: "muted", cell: (m) => html`<bdi class="cut">${m.client ?? m.user}</bdi>` },
    ], { select: true, page, source: (m) => this.source(m) });
  }

  source(m) {
    if (!m.whole) return { kept: "Of a dropped message of more than 256 KiB the broker keeps neither payload nor properties." };
    return { whole: () => ofDropped(path("dev", "dropped", this.vhost, exchangeName(m.exchange)), m) };
  }

  /** `summary` has total, kept, since of one exchange. */
  take(items, summary) {
    this.summary = summary;
    this.list.show(items.map((m) => ({ ...m, key: m.id, vhost: this.vhost, state: "dropped" })));
  }

  /** Publishes chosen ones again, or all of one exchange; each exchange is asked on its own. */
  async publish(chosen) {
    if (this.busy) return;
    this.busy = true;
    redraw();
    const byExchange = group(chosen);
    let done = 0;
    const calls = [];
    const failed = new Map();
    try {
      for (const [exchange, list] of byExchange) {
        const call = { method: "POST", where: path("dev", "dropped", this.vhost, exchangeName(exchange), "publish"), body: { ids: list.map((m) => m.id) } };
        const answer = await send(call.method, call.where, call.body);
        calls.push(call);
        done += answer.done;
        for (const [why, n] of Object.entries(answer.failed)) failed.set(why, (failed.get(why) ?? 0) + n);
      }
      if (done) toastOf(calls, publishedAgain(done, this.vhost, [...byExchange.keys()]));
      for (const [why, n] of failed) toast({ title: `${plural(n, "message")} not taken:`, text: ofSeveral(why, n) + ".", bad: true });
    } catch (error) {
      toastError("Not published.", error);
    }
    this.busy = false;
    this.list.table.selected.clear();
    this.again();
    redraw();
  }

  forget() {
    const { exchange, kept } = this.summary;
    confirmLoss({
      title: html`Forget what <bdi>${exchangeName(exchange)}</bdi> dropped?`,
      text: html`<p>${plural(kept, "message")}, and whatever is dropped until you answer, can no longer be looked at or published again.</p>`,
      act: "Forget messages", keep: "Keep messages", refused: "Not forgotten.", call: { method: "DELETE", where: path("dev", "dropped", this.vhost, exchangeName(exchange)) },
      run: async () => {
        await request("DELETE", path("dev", "dropped", this.vhost, exchangeName(exchange)));
        toast({ text: html`What <b><bdi>${exchangeName(exchange)}</bdi></b> dropped is forgotten`, link: ["Show exchange", exchangeLink(this.vhost, exchange)] });
        this.list.close();
        this.again();
      },
    });
  }

  tools() {
    const s = this.summary;
    if (this.across || !s) return nothing;
    const lack = lacks("write", this.vhost, s.exchange, "exchange");
    return html`<div class="tools"><span><b class="num">${count(s.total)}</b> dropped since ${timeShort(s.since)}${s.total > s.kept ? `, the last ${s.kept} are here` : ""}</span>
      <span class="right">${button("Publish all messages again", () => this.publish(this.list.items), { kind: "sm", glyph: "redo", disabled: this.busy, lack })}${button("Forget messages…", () => this.forget(), { kind: "sm", disabled: this.busy })}</span></div>`;
  }

  lackOf(chosen) {
    return chosen.map((m) => lacks("write", this.vhost, m.exchange, "exchange")).find(Boolean);
  }

  publishByKey() {
    const chosen = this.list.chosen();
    if (chosen.length) doUnless(this.lackOf(chosen), () => this.publish(chosen));
  }

  bulk() {
    const chosen = this.list.chosen();
    if (!chosen.length) return nothing;
    const lack = this.lackOf(chosen);
    return bulkBar(this.list.table, html`${button("Publish messages again", () => this.publish(chosen), { kind: "sm", glyph: "redo", title: "Publish again (R)", disabled: this.busy, lack })}
      ${button("Copy as JSON", () => this.list.copyMarked(), { kind: "sm" })}`);
  }

  render() {
    this.list.tell();
    if (!this.list.items.length) return html`<section class="panel">${empty("Nothing was dropped", this.across
      ? "A message that reaches no queue and is not returned to its sender shows here: the last 200 of each exchange."
      : "Messages that reach no queue and are not returned to their sender show here, the last 200.")}</section>`;
    return html`<section class="panel">${this.list.render(html`${this.tools()}${this.bulk()}`)}</section>`;
  }

  keys() {
    return { ...this.list.keys(), r: () => this.publishByKey() };
  }
}

function publishedAgain(done, vhost, exchanges) {
  const said = plural(done, "message") + " published again";
  return exchanges.length > 1 ? { text: said } : { text: html`${said} to <b><bdi>${exchangeName(exchanges[0])}</bdi></b>`, link: ["Show exchange", exchangeLink(vhost, exchanges[0])] };
}

function group(list) {
  const groups = new Map();
  for (const m of list) groups.set(m.exchange, [...(groups.get(m.exchange) ?? []), m]);
  return groups;
}
