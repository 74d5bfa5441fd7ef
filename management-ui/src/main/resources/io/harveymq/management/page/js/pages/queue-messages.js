// The contents of a queue: browsed without touching them where the server can, else fetched as RabbitMQ's page does.
import { html, nothing } from "lit-html";
import { ageInSeconds } from "../ages.js";
import { features, get, path, send } from "../api.js";
import { bulkBar } from "../components/bulk.js";
import { button, doUnless, empty, problem, segments, skeleton, status } from "../components/basic.js";
import { confirmLoss } from "../components/dialog.js";
import { table, TableState } from "../components/table.js";
import { tableFoot } from "../components/table-foot.js";
import { askAgain, MOVED, unlessMore } from "../components/loss.js";
import { toast, toastError } from "../components/toast.js";
import { toldStory } from "../components/told.js";
import { payloadStart, viewer } from "../components/viewer.js";
import { copyMarked, editCopy, ofQueue } from "../components/whole.js";
import { age, clientName, count, dayTime, ofSeveral, plural, UNKNOWN } from "../format.js";
import { icon } from "../icons.js";
import { inventory } from "../inventory.js";
import { liveState } from "../live.js";
import { redraw } from "../redraw.js";
import { lacks, needs } from "../rights.js";
import { go, newEntry, queueLink, setQuery } from "../router.js";
import { pikaPublish } from "../snippets.js";
import { brokerNow } from "../unusual.js";
import { code } from "../components/code.js";
import { moveSheet, redrivePanel } from "./queue-redrive.js";
import "../icons-more.js";

const SIZE = 50;
const MOST_PAGES = 1_000_000;

/** As many messages as are answered at once, to see which of the marked ones are still there. */
const LOOKED_AT = 500;
const STATES = ["ready", "unacked", "delayed"];

export class MessagesTab {
  /** `page` is the queue's page: vhost, name, queue, isTarget(). */
  constructor(page) {
    this.page = page;
    this.table = new TableState();
    this.items = null;
    this.browses = features.has("browse");
    this.wanted = 20;
    this.take(page.route.query);
    if (this.browses) this.load();
  }

  /** What the address says: a state, words to search for, a page, the place of the message that is open. */
  take(query) {
    this.state = STATES.includes(query.get("state")) ? query.get("state") : "";
    this.search = query.get("search") ?? "";
    this.offset = (Math.min(MOST_PAGES, Math.max(1, Math.trunc(Number(query.get("page"))) || 1)) - 1) * SIZE;
    this.awaited = this.browses ? query.get("message") : null;
  }

  /** The address changed. */
  read(route) {
    const before = [this.state, this.search, this.offset, this.current()?.place ?? null].join("\n");
    this.take(route.query);
    if (!this.browses || before === [this.state, this.search, this.offset, this.awaited].join("\n")) {
      this.awaited = null;
      return;
    }
    this.table.reset();
    this.table.clear();
    this.load();
  }

  /** Has the address say what is shown. */
  tell() {
    if (this.browses && this.items && !this.awaited) setQuery({ state: this.state, search: this.search, page: this.offset ? this.offset / SIZE + 1 : null, message: this.current()?.place });
  }

  get where() {
    return "dev/" + path("queues", this.page.vhost, this.page.name) + "/messages";
  }

  /** Called each second by the page while this tab is shown. */
  tick() {
    const due = Date.now() - (this.loaded ?? 0) > Math.max(this.page.queue === this.seen ? 10_000 : 2000, 10 * (this.took ?? 0));
    if (!this.browses || !due || liveState.frozen) return;
    if (this.table.selected.size) this.untickGone().catch((e) => (this.failure = e));
    else this.load();
  }

  /** Marked ones that have left the queue, or were delivered, leave the list. Those of a page far from the head are not looked for: what is done with them tells it. */
  async untickGone() {
    this.loaded = Date.now();
    this.seen = this.page.queue;
    if (this.all || !this.browses || this.offset + SIZE > LOOKED_AT) return;
    const chosen = this.chosen();
    const { items } = await get(this.where, { state: this.state, search: this.search, limit: LOOKED_AT, truncate: 0 });
    const there = new Set(items.map((m) => m.id));
    const gone = new Set(chosen.filter((m) => !there.has(m.id)).map((m) => m.key));
    if (!gone.size) return;
    for (const key of gone) this.table.selected.delete(key);
    this.items = this.items.filter((m) => !gone.has(m.key));
    if (!this.table.selected.size) this.finished();
    redraw();
  }

  /** Does something with the marked messages that are still there. */
  async withThere(act, which = () => true) {
    try {
      await this.untickGone();
    } catch (error) {
      return toastError("Not looked at.", error);
    }
    const there = this.chosen().filter(which);
    if (there.length) act(there);
    else toast({ title: "Nothing is selected.", text: "The messages have left the queue, or were delivered.", bad: true });
  }

  async load() {
    const round = (this.round = (this.round ?? 0) + 1);
    this.loaded = Date.now();
    this.seen = this.page.queue;
    try {
      const place = this.awaited ?? undefined;
      const answer = await get(this.where, { state: this.state, offset: this.offset, limit: SIZE, search: this.search, place, types: true });
      if (round !== this.round) return;
      this.took = Date.now() - this.loaded;
      this.looked = answer.complete === false ? answer.looked : null;
      this.offset = answer.items.length ? answer.offset : Math.max(0, Math.ceil(answer.total / SIZE) - 1) * SIZE;
      if (answer.total && !answer.items.length) return this.load();
      this.total = answer.total;
      this.delayed = answer.delayed;
      this.show(answer.items);
      this.failure = null;
    } catch (error) {
      if (round === this.round) this.failure = error;
    }
    redraw();
  }

  show(items) {
    this.items = items.map((m, i) => ({ ...m, position: this.offset + i + 1, at: m.position, vhost: this.page.vhost, key: m.id ?? `${m.state ?? ""}${m.position ?? i}` }));
    const open = this.awaited ?? this.place;
    if (this.awaited || (this.table.current !== null && !this.current())) this.table.current = this.items.find((m) => open && m.place === open)?.key ?? null;
    if (this.awaited && this.table.current === null) toast({ title: "The message is not here.", text: "It left the queue, or the filter hides it.", bad: true });
    this.awaited = null;
  }

  getCall(ackmode) {
    return { method: "POST", where: path("queues", this.page.vhost, this.page.name) + "/get", body: { count: Number(this.wanted) || 1, ackmode, encoding: "auto", truncate: ackmode === "ack_requeue_false" ? undefined : 1_000_000 } };
  }

  /** RabbitMQ's way: take and put back, or take for good. */
  async fetch(ackmode) {
    this.failure = null;
    try {
      const { method, where, body } = this.getCall(ackmode);
      const list = await send(method, where, body);
      this.show(list);
      this.total = list.length;
      if (!list.length) toast({ text: "The queue has no ready message" });
    } catch (error) {
      this.failure = error;
    }
    redraw();
  }

  takeForGood() {
    confirmLoss({
      title: `Take ${plural(Number(this.wanted) || 1, "message")} off the queue?`,
      text: html`<p>They are shown here and are gone from <b><bdi>${this.page.name}</bdi></b>.</p>`,
      act: "Take messages off", keep: "Keep messages", call: this.getCall("ack_requeue_false"), run: () => this.fetch("ack_requeue_false"),
    });
  }

  /** The message that is open; it is still the same when it was delivered or came back meanwhile. */
  current() {
    const m = this.items?.find((one) => one.key === this.table.current) ?? null;
    if (m) this.place = m.place;
    return m;
  }

  change(changes) {
    const shown = () => [this.state, this.search, this.offset].join("\n");
    const before = shown();
    Object.assign(this, { offset: 0, awaited: null, ...changes });
    if (before === shown()) return;
    newEntry();
    this.table.reset();
    this.table.clear();
    this.load();
    redraw();
  }

  edit() {
    const m = this.current();
    if (m) editCopy(m, this.source);
  }

  /** Where all of a message is had. */
  get source() {
    return this.browses ? { whole: (m) => ofQueue(this.where, m) } : { kept: "Only the first 1,000,000 bytes of a message that stays in its queue are fetched." };
  }

  columns() {
    const died = this.page.isTarget() || this.items.some((m) => m.properties?.headers?.["x-death"]);
    return [
      { head: "#", n: true, hide: "hide-s", cls: "muted", cell: (m) => count(m.position) },
      this.browses && { head: "State", hide: "hide-s", cell: (m) => (m.state === "unacked" ? html`<span title=${`held ${age(m.held_ms)}`}>${status({ tone: "warn", icon: "warn", word: "Unacked" })}</span>` : html`<span class="st idle">${m.state === "delayed" ? "Delayed" : "Ready"}</span>`) },
      { head: "Routing key", cls: "c-name", cell: (m) => html`<button type="button" class="linkbtn mono cut" @click=${() => this.choose(m)}><bdi>${m.routing_key || "(empty)"}</bdi></button>` },
      died && { head: "Died in", cls: "c-st", cell: (m) => diedIn(m) },
      !died && { head: "Exchange", hide: "hide-s", cell: (m) => (m.exchange ? html`<bdi class="cut">${m.exchange}</bdi>` : html`<span class="muted">amq.default</span>`) },
      this.browses && { head: "Age", n: true, cls: "muted c-ready", cell: (m) => ageCell(m) },
      !this.browses && { head: "Redelivered", hide: "hide-m", cls: "muted", cell: (m) => (m.redelivered ? "yes" : "no") },
      { head: "Payload", hide: died || !this.browses ? "hide-s" : "", cls: "mono muted c-st", cell: (m) => html`<span class="cut">${payloadStart(m)}</span>` },
    ].filter(Boolean);
  }

  choose(m) {
    this.awaited = null;
    this.table.current = this.table.current === m.key ? null : m.key;
    this.tell();
    redraw();
  }

  step(by) {
    this.awaited = null;
    this.table.step(by);
    this.tell();
  }

  tools() {
    const q = this.page.queue;
    if (!this.browses) {
      return html`<div class="tools">${button("Get messages", () => this.fetch("ack_requeue_true"), { kind: "primary" })}
        <input class="input narrow" type="number" min="1" max="5000" aria-label="How many" .value=${String(this.wanted)} @input=${(e) => (this.wanted = e.target.value)}>
        ${button("Take messages off…", () => this.takeForGood(), { kind: "danger" })}
        <span class="small muted right hide-s">Getting puts them back, but marks them <span class="mono">redelivered</span></span></div>`;
    }
    const options = [["", "All", count(q.messages)], ["ready", "Ready", count(q.messages_ready)], ["unacked", "Unacked", count(q.messages_unacknowledged)]];
    const delayed = q.messages_delayed ?? this.delayed;
    if (delayed || this.state === "delayed") options.push(["delayed", "Delayed", count(delayed)]);
    return html`<div class="tools">${segments("State", options, this.state, (state) => this.change({ state }))}
      <div class="searchbox">${icon("search")}<input class="input" type="search" aria-label="Search messages" title="Search (F)" placeholder="Search key, header or payload" spellcheck="false" .value=${this.search} @input=${(e) => this.change({ search: e.target.value })}></div>
      <span class="small muted push hide-s">Looking changes nothing: order and <span class="mono">redelivered</span> stay</span></div>`;
  }

  bulk() {
    const chosen = this.chosen();
    const movable = this.all || chosen.every((m) => m.state !== "unacked");
    const held = !this.all && chosen.filter((m) => m.state === "unacked");
    const { vhost, name } = this.page;
    return bulkBar(this.table, html`
      ${features.has("redrive") ? button("Redrive", () => this.withThere(() => this.openRedrive()), { kind: "sm", glyph: "redo", disabled: !movable, title: "Back to where each one died (R)", lack: lacks("read", vhost, name) }) : nothing}
      ${held.length && features.has("consumers") ? button("Requeue messages…", () => this.withThere((there) => this.requeue(there), (m) => m.state === "unacked"), { kind: "sm", title: "Take them back from their consumers", lack: lacks("configure", vhost, name) }) : nothing}
      ${this.browses ? button("Move…", () => this.withThere((there) => moveSheet(this, there)), { kind: "sm", disabled: !movable, lack: lacks("read", vhost, name) }) : nothing}
      ${button("Copy as JSON", () => copyMarked(chosen, () => this.source), { kind: "sm" })}
      ${this.browses ? button("Delete…", () => this.withThere((there) => this.remove(there)), { kind: "sm danger", glyph: "trash", disabled: !movable, lack: lacks("read", vhost, name) }) : nothing}`,
      this.browses && this.page.queue.messages_ready > chosen.length && this.state !== "unacked" ? html`<button type="button" class="btn sm plain" @click=${() => (this.all ? this.onlyMarked() : this.chooseAll().catch((e) => toastError("Not selected.", e)))}>${this.all ? "Only the marked ones" : `Select all ${count(this.page.queue.messages_ready)} ready`}</button>` : nothing,
      this.all ? `all ${count(this.all.ready)} ready selected` : undefined);
  }

  onlyMarked() {
    this.table.all = false;
    redraw();
  }

  /** All that are ready now, and not the marked ones only; what comes later is not among them. */
  async chooseAll() {
    const { ready, until } = await get(this.where, { limit: 0 });
    if (this.table.selected.size) this.table.all = { ready, until };
    redraw();
  }

  /** { ready, until } of all that are chosen; false if only the marked ones are. */
  get all() {
    return this.table.all;
  }

  /** How many messages are chosen. */
  amount(chosen) {
    return this.all ? this.all.ready : chosen.length;
  }

  /** Where it is asked for that something is done with `n` messages and no more. */
  act(name, n) {
    return `${this.where}/${name}${this.all ? "?if-messages=" + n : ""}`;
  }

  /** Has it done; null if there are more than were shown. */
  run(name, n, body) {
    return unlessMore(() => send("POST", this.act(name, n), body));
  }

  chosen() {
    return [...this.table.selected.values()].sort((a, b) => a.position - b.position);
  }

  /** Those that are marked, or else the one that is open. */
  redriveByKey(m) {
    if (!this.table.selected.size && m && m.state !== "unacked") this.table.toggle(m.key, m);
    if (features.has("redrive") && this.table.selected.size) doUnless(lacks("read", this.page.vhost, this.page.name), () => this.withThere(() => this.openRedrive()));
  }

  closeRedrive() {
    this.redriving = false;
    redraw();
  }

  openRedrive() {
    this.redriving = true;
    redraw();
    requestAnimationFrame(() => document.querySelector(".list > .sheet")?.scrollIntoView({ block: "nearest" }));
  }

  /** What delete, move and redrive are told: which messages, or all of them. */
  selection(chosen = this.chosen()) {
    if (this.all) return { all: true, until: this.all.until };
    return chosen.every((m) => m.id !== undefined) ? { ids: chosen.map((m) => m.id) } : { positions: chosen.map((m) => m.at) };
  }

  /** Tells what was done with `n` messages, with a link to where it shows, and what was not with the broker's reasons. */
  report(answer, text, n, link) {
    const failed = Object.entries(answer.failed ?? {});
    const left = n - answer.done - failed.reduce((sum, [, why]) => sum + (Number.isFinite(why) ? why : 1), 0);
    if (answer.done) toast({ text: left > 0 ? html`${text}; ${plural(left, "other", "others")} had left the queue already` : text, link });
    else if (!failed.length) toast({ title: "Nothing done.", text: "The messages had left the queue already.", bad: true });
    if (failed.length) toast({ title: `${failed.length === 1 && Number.isFinite(failed[0][1]) ? plural(failed[0][1], "message") : "Some"} stayed.`, text: failed.map(([id, why]) => (typeof why === "string" ? why : ofSeveral(id, why))).filter((one, i, all) => all.indexOf(one) === i).join("; "), bad: true });
    this.finished();
  }

  finished() {
    this.items = this.items.filter((m) => !this.all && !this.table.selected.has(m.key));
    this.table.reset();
    this.table.clear();
    this.redriving = false;
    this.load();
  }

  requeue(held) {
    const clients = [...new Set(held.map((m) => clientName(inventory.connections.get(m.consumer?.connection) ?? { name: m.consumer?.connection })))];
    const n = held.length;
    confirmLoss({
      title: html`Take ${plural(n, "message")} back from <bdi>${clients.join(", ")}</bdi>?`,
      text: html`<p>${n === 1 ? "It goes" : "They go"} back to ${n === 1 ? "its place" : "their places"} in <b><bdi>${this.page.name}</bdi></b>, marked redelivered, and to the next consumer that is free: ${this.page.queue.paused ? "none while the queue is paused" : "perhaps the same one"}. If the client has done its work already, it is done twice.</p>`,
      act: "Requeue " + plural(n, "message"), keep: "Leave messages", refused: "Not requeued.", call: { method: "POST", where: this.where + "/requeue", body: { ids: held.map((m) => m.id) } },
      run: async () => {
        const answer = await send("POST", this.where + "/requeue", { ids: held.map((m) => m.id) });
        this.report(answer, html`${plural(answer.done, "message")} back in <b><bdi>${this.page.name}</bdi></b>`, n, ["Show queue", queueLink(this.page)]);
      },
    });
  }

  async remove(chosen, again = false) {
    const n = this.amount(chosen);
    confirmLoss({
      title: html`Delete ${plural(n, "message")} of <bdi>${this.page.name}</bdi>?`,
      text: html`<p>${again ? `${MOVED}${plural(n, "message is", "messages are")}` : n === 1 ? "It is" : "They are"} lost; nothing is dead-lettered. This cannot be undone.</p>`,
      typeName: n > 100 ? this.page.name : undefined,
      act: "Delete " + plural(n, "message"), keep: "Keep messages", refused: "Not deleted.", call: { method: "POST", where: this.act("delete", n), body: this.selection(chosen) },
      run: async () => {
        const answer = await this.run("delete", n, this.selection(chosen));
        if (!answer) return askAgain(() => this.chooseAll().then(() => this.remove(chosen, true)));
        this.report(answer, html`${plural(answer.done, "message")} deleted from <b><bdi>${this.page.name}</bdi></b>`, n, ["Show queue", queueLink(this.page)]);
      },
    });
  }

  list() {
    if (this.failure && !this.items) return problem("Not shown.", this.failure, needs(lacks("read", this.page.vhost, this.page.name)));
    if (!this.items) return this.browses ? skeleton(8) : empty("Not looked at yet", html`${plural(this.page.queue.messages_ready ?? 0, "message")} ready. <b>Get messages</b> shows the first ones and puts them back.`);
    if (!this.items.length) return this.emptyList();
    return html`${this.table.selected.size ? this.bulk() : nothing}
      ${table({ state: this.table, columns: this.columns(), rows: this.items, key: (m) => m.key, select: true, label: "Messages", plain: !this.browses, rowClass: () => "msgrow" })}
      ${this.redriving && this.table.selected.size ? redrivePanel(this) : nothing}
      ${this.browses && (this.total > SIZE || this.table.fresh) ? tableFoot({ state: this.table, from: this.offset, shown: this.items.length, total: this.total, page: this.offset / SIZE + 1, pages: Math.ceil(this.total / SIZE), onPage: (p) => this.change({ offset: (p - 1) * SIZE }) }) : nothing}
      ${this.looked === null ? nothing : html`<div class="tfoot"><span>${this.cut()} Others may contain it, too.</span></div>`}`;
  }

  /** How far a search came. */
  cut() {
    return `The first ${plural(this.looked, "message was", "messages were")} searched before the time was up.`;
  }

  emptyList() {
    if (this.search) return empty(this.looked === null ? `No message contains “${this.search}”` : `“${this.search}” was not found`, this.looked === null ? "Key, headers and payload were searched." : this.cut(), button("Clear the search", () => this.change({ search: "" }), { kind: "sm" }));
    return empty("No message here", "Whatever arrives shows at once. From Python:", nothing, code(pikaPublish(this.page.vhost, "", this.page.name)));
  }

  render() {
    this.tell();
    const m = this.current();
    const none = !this.items?.length;
    return html`<section class="panel">${this.tools()}${this.failure && this.items ? problem("Not fresh.", this.failure) : nothing}
      <div class=${none ? "" : "split"}><div class="list" @click=${(e) => this.clicked(e)}>${this.list()}</div>
      ${none ? nothing : viewer(m, { step: (by) => this.step(by), edit: () => this.edit(), source: this.source, close: () => {
        this.table.current = null;
        redraw();
      } }, toldStory(m))}</div></section>`;
  }

  /** A click anywhere in a row opens the message. */
  clicked(event) {
    const row = event.target.closest("tr.msgrow");
    if (!row || event.target.closest("button, input, a")) return;
    const at = [...row.parentElement.children].indexOf(row);
    const m = this.items.find((one) => one.key === this.table.order[at]);
    if (m) this.choose(m);
  }

  keys() {
    const m = this.current();
    return {
      j: () => this.step(1),
      k: () => this.step(-1),
      e: () => this.edit(),
      r: () => this.redriveByKey(m),
      " ": () => m && this.table.toggle(m.key, m),
      escape: () => {
        if (this.redriving) this.redriving = false;
        else if (this.table.selected.size) this.table.clear();
        else if (this.table.current !== null) this.table.current = null;
        else return go("#/queues");
        redraw();
      },
    };
  }
}

/** How long it has been in the queue. */
function ageCell(m) {
  if (m.age_ms === undefined) return html`<span title="Stored by a version that did not note when it came">${UNKNOWN}</span>`;
  return html`<span title=${"since " + dayTime(brokerNow() - m.age_ms)}>${ageInSeconds(m.age_ms)}</span>`;
}

function diedIn(m) {
  const d = m.properties?.headers?.["x-death"]?.[0];
  return d ? html`<span class="two"><bdi>${d.queue},</bdi> <span class="muted">${d.reason}</span></span>` : html`<span class="muted">–</span>`;
}
