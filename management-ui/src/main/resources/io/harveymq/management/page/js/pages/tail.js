// A live tail: messages of one exchange or queue as they pass. Scrolling up pauses it; what comes meanwhile is counted.
import { html, nothing } from "lit-html";
import { request } from "../api.js";
import { button, empty } from "../components/basic.js";
import { clientName, exchangeName, plural, time } from "../format.js";
import { namesOf } from "../forms/names.js";
import { inventory, useClientNames } from "../inventory.js";
import { liveState } from "../live.js";
import { redraw, redrawSoon } from "../redraw.js";
import { setQuery } from "../router.js";
import { keyColumn, MessageList } from "./message-list.js";

const MOST = 300;

export class Tail {
  constructor(vhost, query) {
    this.vhost = vhost;
    this.names = namesOf(vhost);
    this.kind = query.has("queue") ? "queue" : "exchange";
    this.name = query.get(this.kind) ?? "";
    this.rows = [];
    this.late = [];
    this.missed = 0;
    this.list = new MessageList("Live tail", (list) => [
      { head: "Time", cls: "muted num", cell: (m) => time(m.time) },
      { head: "What", cell: (m) => (m.event === "delivered" ? html`<span class="muted">delivered${m.redelivered ? " again" : ""}</span>` : "published") },
      keyColumn(list),
      { head: "Queues", hide: "hide-t", cls: "muted", cell: (m) => html`<bdi class="cut">${m.event === "delivered" ? "from " + m.queues[0] : m.queues.length ? m.queues.join(", ") : "none: dropped or returned"}</bdi>` },
      { head: "Client", hide: "hide-s", cls: "muted", cell: (m) => html`<bdi class="cut">${clientName(inventory.connections.get(m.connection) ?? { name: m.connection })}</bdi>` },
    ], { plain: true, source: () => ({ kept: "A live tail has the first 4 KiB of each payload. Look into the queue that has the message." }) });
    if (this.name) this.watch();
  }

  async watch() {
    this.stop();
    const abort = (this.abort = new AbortController());
    const watched = (this.watched = { kind: this.kind, name: this.name });
    Object.assign(this, { rows: [], late: [], missed: 0, top: 0, paused: false, failure: null, ended: null });
    this.list.show([]);
    this.list.table.current = null;
    this.names1 = useClientNames();
    setQuery({ exchange: null, queue: null, [watched.kind]: watched.name });
    redraw();
    try {
      const response = await request("GET", "dev/tail/" + encodeURIComponent(this.vhost), { params: { [watched.kind]: watched.name }, signal: abort.signal, headers: { Accept: "text/event-stream" } });
      await this.follow(response.body.pipeThrough(new TextDecoderStream()).getReader());
      this.ended ??= "The broker ended it.";
    } catch (error) {
      if (abort.signal.aborted) return;
      this.ended = error.status === 404 ? `No ${watched.kind} ${watched.name} in vhost ${this.vhost}.` : error.status === 401 ? `Needs read on ${watched.name}.` : error.reason ?? "The connection is lost.";
    }
    this.abort = null;
    redraw();
  }

  stop() {
    this.abort?.abort();
    this.abort = null;
    this.names1?.();
    this.names1 = null;
  }

  async follow(reader) {
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      for (const event of events) this.take(event);
      if (!this.paused) this.settle();
      if (this.late.length > MOST) this.missed += this.late.splice(0, this.late.length - MOST).length;
      if (events.length) redrawSoon();
    }
  }

  take(event) {
    const [, name, data] = event.match(/^event: (.*)\ndata: (.*)$/) ?? [];
    if (!name) return;
    const value = JSON.parse(data);
    if (name === "missed") this.missed += value.count;
    else if (name === "gone") this.ended = value.reason;
    else this.late.push({ ...value, key: value.id, number: value.id, vhost: this.vhost });
  }

  /** New rows are shown, after those that came before them, and the list goes on to its end. */
  settle() {
    if (liveState.frozen) return;
    this.rows = [...this.rows, ...this.late.splice(0)].slice(-MOST);
    this.list.show(this.rows);
    this.list.table.held = false;
  }

  /** Once what was rendered is laid out. */
  toEnd() {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const box = document.querySelector(".tail .tw");
      if (!box || this.paused) return;
      box.scrollTop = box.scrollHeight;
      this.top = box.scrollTop;
    }));
  }

  scrolled(event) {
    const box = event.target;
    if (!box.classList?.contains("tw")) return;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
    const up = box.scrollTop < this.top - 2;
    this.top = box.scrollTop;
    if (this.paused ? atEnd : up && !atEnd) {
      this.paused = !atEnd;
      if (atEnd) this.settle();
      redraw();
    }
  }

  goOn() {
    this.paused = false;
    this.settle();
    redraw();
  }

  tools() {
    const list = (this.kind === "queue" ? this.names.queues : this.names.exchanges).slice(0, 200);
    return html`<form class="tools" @submit=${(e) => {
      e.preventDefault();
      if (this.name) this.watch();
    }}><select class="input w-m" aria-label="What to watch" @change=${(e) => {
      this.kind = e.target.value;
      this.name = "";
      this.stop();
      redraw();
    }}><option value="exchange" ?selected=${this.kind === "exchange"}>Exchange</option><option value="queue" ?selected=${this.kind === "queue"}>Queue</option></select>
      <input class="input mono w-l" aria-label="Name" list="tail-names" placeholder=${this.kind === "queue" ? "orders" : "amq.default"} spellcheck="false" autocomplete="off" .value=${this.name} @input=${(e) => (this.name = e.target.value)}>
      <datalist id="tail-names">${list.map((v) => html`<option value=${exchangeName(v)}></option>`)}</datalist>
      <button class="btn">Watch messages</button>${this.abort ? button("Stop watching messages", () => {
        this.stop();
        redraw();
      }) : nothing}
      <span class="small muted right" aria-live="polite">${this.said()}</span></form>`;
  }

  said() {
    const missed = this.missed ? `, ${plural(this.missed, "message")} left out` : "";
    if (this.ended) return this.ended;
    if (this.paused) return html`<button type="button" class="linkbtn" @click=${() => this.goOn()}>Paused: ${plural(this.late.length, "new message")}${missed}. Go on</button>`;
    if (!this.watched) return "";
    return `${this.abort ? "Watching" : "No longer watching"} ${this.watched.kind} ${this.watched.name}${missed}`;
  }

  render() {
    if (!this.paused) {
      if (this.late.length) this.settle();
      this.toEnd();
    }
    const none = this.abort
      ? empty("Nothing yet", "Each message shows here as it passes. Nothing is taken, changed or kept.")
      : empty("Watch messages as they pass", "Choose an exchange to see what is published to it, or a queue to see what goes into it and out of it. Nothing is taken or changed, and nothing is kept for it while nobody watches.");
    return html`<section class="panel tail" @scroll=${{ handleEvent: (e) => this.scrolled(e), capture: true }}>${this.tools()}${this.rows.length ? this.list.render() : none}</section>`;
  }
}
