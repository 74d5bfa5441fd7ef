// Life stories: a switch that records them, a search over them, and one of them beside the list.
import { html, nothing } from "lit-html";
import { path } from "../api.js";
import { actNow } from "../components/act.js";
import { button, empty, problem, skeleton } from "../components/basic.js";
import { outcome, party, storySection } from "../components/story.js";
import { table, TableState } from "../components/table.js";
import { payloadStart, viewer } from "../components/viewer.js";
import { bytes, count, exchangeName, plural, time, timeShort } from "../format.js";
import { icon } from "../icons.js";
import { useClientNames } from "../inventory.js";
import { watch } from "../live.js";
import { redraw } from "../redraw.js";
import { lacksTag } from "../rights.js";
import { setQuery } from "../router.js";

const AT_FIRST = 100;
const MOST = 500;

export class StoryList {
  /** `text` tells what is searched for; `id` the story that is open at first, if one is. */
  constructor(vhost, text, id) {
    Object.assign(this, { vhost, text, limit: AT_FIRST, answer: null, story: null, closers: [] });
    this.table = new TableState();
    this.table.current = id;
  }

  start() {
    if (this.hits) return;
    this.closers.push(useClientNames());
    this.hits = watch({
      where: "dev/messages/search",
      params: () => ({ vhost: this.vhost, q: this.text(), limit: this.limit }),
      interval: 2000,
      onData: (answer) => {
        this.answer = answer;
        this.failure = null;
      },
      onError: (error) => (this.failure = error),
    });
    this.closers.push(() => this.hits.close());
    if (this.table.current !== null) this.follow();
  }

  stop() {
    this.one?.close();
    for (const close of this.closers.splice(0)) close();
    this.hits = this.one = null;
  }

  again() {
    const { current } = this.table;
    this.table.reset();
    this.table.current = current;
    this.hits?.again();
  }

  /** The story of the chosen message, as it goes on. */
  follow() {
    this.one?.close();
    this.story = this.lost = null;
    const id = (this.followed = this.table.current);
    if (this.hits) setQuery({ id });
    if (id === null) return redraw();
    this.one = watch({
      where: "dev/messages/" + path(String(id), "story"),
      params: () => ({ vhost: this.vhost }),
      onData: (story) => {
        if (this.table.current === id) this.story = story;
      },
      onError: (error) => {
        if (this.table.current === id) this.lost = error;
      },
    });
    redraw();
  }

  /** Opens the one that an address names; null for none. */
  open(id) {
    this.table.current = id;
    if (this.hits) {
      this.again();
      this.follow();
    }
  }

  choose(id) {
    this.table.current = this.table.current === id ? null : id;
    this.follow();
  }

  close() {
    this.table.current = null;
    this.follow();
  }

  step(by) {
    this.table.step(by);
    if (this.table.current !== this.followed) this.follow();
  }

  async switch(on) {
    const call = { method: on ? "PUT" : "DELETE", where: "dev/stories/" + path(this.vhost), body: on ? {} : undefined };
    const done = await actNow(call, on ? "Not recorded." : "Not ended.", () => ({ text: on ? html`Life stories of vhost <b><bdi>${this.vhost}</bdi></b> are recorded` : "The recording has ended, its stories are forgotten" }));
    if (done) {
      this.answer = null;
      this.table.current = null;
      this.follow();
      this.again();
    }
    redraw();
  }

  record() {
    return button("Record stories", () => this.switch(true), { kind: "primary", lack: lacksTag("administrator", "policymaker") });
  }

  /** In the line of the search box. */
  tools() {
    const a = this.answer;
    if (!a?.recording) return nothing;
    return html`<span class="small muted right"><span title="At most ${count(a.most)} messages and ${bytes(a.most_bytes)}, the oldest are forgotten. Ends ${a.minutes} minutes after somebody last looked.">Recording since ${timeShort(a.since)}: ${plural(a.kept, "message")}, ${bytes(a.bytes)} of ${bytes(a.most_bytes)}</span>
      ${button("Stop and forget stories", () => this.switch(false), { kind: "sm", lack: lacksTag("administrator", "policymaker") })}</span>`;
  }

  clicked(event) {
    const row = event.target.closest("tr.msgrow");
    if (!row || event.target.closest("button, input, a")) return;
    this.choose(this.table.order[[...row.parentElement.children].indexOf(row)]);
  }

  list(a) {
    const open = this.table.current !== null;
    const columns = [
      { head: "Published", hide: "hide-s", cls: "muted num", cell: (m) => time(m.time) },
      { head: "Routing key", cell: (m) => html`<button type="button" class="linkbtn mono cut" @click=${() => this.choose(m.id)}><bdi>${m.routing_key || "(empty)"}</bdi></button>` },
      { head: "Exchange", hide: "hide-t", cls: "muted", cell: (m) => html`<bdi class="cut">${exchangeName(m.exchange)}</bdi>` },
      !open && { head: "By", hide: "hide-t", cls: "muted", cell: (m) => html`<span class="cut">${party(m)}</span>` },
      { head: "Now", cell: (m) => {
        const [text, bad] = outcome(m);
        return html`<span class="cut ${bad ? "bad" : ""}"><bdi>${text}</bdi></span>`;
      } },
      !open && { head: "Payload", hide: "hide-s", cls: "mono muted", cell: (m) => html`<span class="cut">${payloadStart(m)}</span>` },
    ].filter(Boolean);
    const more = a.next === undefined ? nothing : html`<p class="padded center small muted">${this.limit < MOST
      ? html`<button type="button" class="btn sm" @click=${() => {
        this.limit = Math.min(MOST, this.limit + AT_FIRST);
        this.again();
      }}>Show older ones</button>`
      : `The newest ${count(MOST)} of them. Narrow the search to see older ones.`}</p>`;
    return html`<div class="list" @click=${(e) => this.clicked(e)}>${table({ state: this.table, rows: a.items, key: (m) => m.id, label: "Life stories", plain: true, rowClass: () => "msgrow", columns })}${this.table.held && this.table.fresh ? html`<p class="padded center small muted">${count(this.table.fresh)} new, shown when the pointer leaves</p>` : nothing}${more}</div>`;
  }

  beside() {
    const acts = { step: (by) => this.step(by), close: () => this.close(), source: { kept: "A life story keeps the first 2 KiB of a payload. A queue that still has the message has all of it." } };
    if (this.lost) {
      return html`<div class="viewer"><section><div class="line"><h2>Not known any more</h2><span class="right"><button type="button" class="iconbtn" title="Close (Esc)" aria-label="Close" @click=${() => this.close()}>${icon("x")}</button></span></div>
        <p class="muted small gap">${this.lost.status === 404 ? "The story was forgotten, because others came after it or the recording ended, or you may not see it." : this.lost.message}</p></section></div>`;
    }
    const s = this.story;
    if (!s) return html`<div class="viewer"><p class="none">${this.table.current === null ? "Choose a message to see what happened to it." : "…"}</p></div>`;
    return viewer({ ...s, key: "story " + s.id, position: s.id, vhost: this.vhost }, acts, storySection(s, this.vhost));
  }

  render() {
    const a = this.answer;
    if (this.failure && !a) return problem("Not searched.", this.failure);
    if (!a) return skeleton(6);
    if (!a.recording) {
      return empty("Life stories are not recorded", `While they are, the broker keeps what happens to each message published in vhost ${this.vhost}: who published it, which queues took it, who got it, how it ended, and how long each stage lasted. It keeps the last ${count(a.most)} messages in a small part of the memory. Publishing gets slower meanwhile. It ends by itself ${a.minutes} minutes after somebody last looked.`, this.record());
    }
    const open = this.table.current !== null;
    if (!a.items.length && !open) {
      return this.text()
        ? empty("No story matches", html`${plural(a.kept, "message")} of vhost ${this.vhost} ${a.kept === 1 ? "is" : "are"} kept. Words: exchange: key: queue: client: header.name: body: since:5m, and plain text in key, headers and payload.`)
        : empty("Nothing was published yet", "Each message that is published from now on shows here. Those that were in queues before have no story.");
    }
    return html`${this.failure ? problem("Not searched.", this.failure) : nothing}<div class="split storied">${this.list(a)}${this.beside()}</div>`;
  }

  keys() {
    return { j: () => this.step(1), k: () => this.step(-1), ...(this.table.current === null ? {} : { escape: () => this.close() }) };
  }
}
