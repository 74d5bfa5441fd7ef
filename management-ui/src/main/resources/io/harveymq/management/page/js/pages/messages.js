// Messages wherever they are: a search over what queues hold or over life stories, a live tail of one exchange or queue, what was dropped.
import { html, nothing } from "lit-html";
import { features, get, path } from "../api.js";
import { button, empty, problem, segments, skeleton, tag } from "../components/basic.js";
import { ofDelayed, ofQueue, ofStream } from "../components/whole.js";
import { context, showsSeveral, targetVhost, vhostOfAddress } from "../context.js";
import { count, exchangeName, plural } from "../format.js";
import { icon } from "../icons.js";
import { useInventory } from "../inventory.js";
import { redraw } from "../redraw.js";
import { exchangeLink, queueLink, setQuery } from "../router.js";
import { DroppedList } from "./dropped.js";
import { keyColumn, MessageList } from "./message-list.js";
import { Page } from "./page.js";
import { tabs } from "./parts.js";
import { StoryList } from "./stories.js";
import { Tail } from "./tail.js";

const TABS = ["search", "live", "dropped"];
const WORDS = { exchange: "exchange", key: "routing_key", queue: "queue", body: "body" };

/** exchange:orders key:paid header.tenant:acme "two words" as parameters of the search. */
export function searchParams(text) {
  const params = new URLSearchParams();
  const free = [];
  for (const [token] of text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)) {
    const [, word, value] = token.match(/^([\w.-]+):(.*)$/s) ?? [];
    const plain = (value ?? token).replaceAll('"', "");
    if (word && Object.hasOwn(WORDS, word)) params.set(WORDS[word], plain);
    else if (word?.startsWith("header.")) params.append("header", word.slice(7) + (plain ? "=" + plain : ""));
    else free.push(token.replaceAll('"', ""));
  }
  if (free.length) params.set("text", free.join(" "));
  return params;
}

/** Where a message was found: a queue, a stream, or a delayed exchange. */
function placeLink(m) {
  const opened = "?message=" + encodeURIComponent(m.place ?? m.offset ?? m.id);
  if (m.delayed_in !== undefined) return exchangeLink(m.vhost, m.delayed_in, "delayed") + opened;
  return queueLink({ vhost: m.vhost, name: m.queue }, "messages") + opened + (m.state === "stream" ? `&from=offset&at=${m.offset}` : "");
}

const placeOf = (m) => html`<a href=${placeLink(m)}><bdi>${m.queue ?? m.delayed_in}</bdi></a>${showsSeveral() ? html` in <bdi>${m.vhost}</bdi>` : nothing}`;

const keyOf = (m) => (showsSeveral() ? m.vhost + " " : "") + (m.delayed_in === undefined ? `${m.queue}/${m.place ?? m.offset}` : `${m.delayed_in} delayed/${m.id}`);

/** Hits that are shown at first, and then when more are asked for; the server gives no more than the last. */
const SHOWN = [50, 200, 500];

function wholeOf(found) {
  if (found.delayed_in !== undefined) return (m) => ofDelayed(path("dev", "exchanges", m.vhost, m.delayed_in, "delayed"), m);
  const where = "dev/" + path("queues", found.vhost, found.queue) + "/messages";
  return (m) => (m.state === "stream" ? ofStream : ofQueue)(where, m);
}

/** "2 queues and 1 delayed exchange". */
const placesIn = (queues, exchanges) => plural(queues, "queue") + (exchanges ? " and " + plural(exchanges, "delayed exchange") : "");

const idOf = (route) => (/^\d+$/.test(route.query.get("id") ?? "") ? Number(route.query.get("id")) : null);

/** "queues" or "stories" as far as the address says it, else null. */
function wherever(route, id) {
  if (!features.has("stories")) return "queues";
  if (id !== null) return "stories";
  return ["queues", "stories"].find((one) => one === route.query.get("in")) ?? null;
}

export default class Messages extends Page {
  constructor(route) {
    super(route);
    this.title = "Messages";
    this.nav = "messages";
    this.vhost = targetVhost();
    this.list = new MessageList("Messages found", (list) => [
      { head: "In", cls: "c-ready", cell: (m) => html`<a class="name" href=${placeLink(m)}><bdi>${m.queue ?? m.delayed_in}</bdi></a>` },
      showsSeveral() && { head: "Virtual host", hide: "hide-t", cls: "muted", cell: (m) => html`<bdi>${m.vhost}</bdi>` },
      { head: "State", hide: "hide-s", cls: "muted", cell: (m) => (m.state === "stream" ? `offset ${count(m.offset)}` : m.state) },
      keyColumn(list),
      { head: "Exchange", hide: "hide-t", cls: "muted", cell: (m) => html`<bdi>${exchangeName(m.exchange)}</bdi>` },
    ], { page: this, source: (m) => ({ whole: wholeOf(m), place: placeOf(m) }) });
    this.shown = 0;
    this.text = route.query.get("q") ?? "";
    const id = idOf(route);
    this.where = wherever(route, id);
    this.stories = new StoryList(this.vhost, () => this.text, id);
    this.read(route);
  }

  read(route) {
    this.tab = TABS.includes(route.parts[1]) ? route.parts[1] : "search";
  }

  readdress(route) {
    this.route = route;
    this.read(route);
    clearTimeout(this.timer);
    if (this.tab === "search") this.readSearch(route);
    if (this.tab === "dropped") this.dropped?.list.read(route);
    this.begin();
    return true;
  }

  readSearch(route) {
    const id = idOf(route);
    const text = route.query.get("q") ?? "";
    const where = wherever(route, id) ?? this.where;
    const other = text !== this.text || where !== this.where;
    Object.assign(this, { text, where });
    if (other) this.answer = null;
    this.list.read(route, other);
    if (id !== this.stories.table.current) this.stories.open(id);
    else if (other) this.stories.again();
  }

  start() {
    this.begin();
    this.keep(useInventory());
    this.keep(() => {
      this.over = true;
      this.stories.stop();
    });
    this.keep(() => this.tail?.stop());
    this.keep(() => clearTimeout(this.timer));
    this.keep(() => this.asking?.abort());
  }

  begin() {
    if (this.tab === "dropped" && !this.lost) {
      this.dropped = new DroppedList(this, () => this.lost.again(), true);
      this.lost = this.watch({ where: path("dev", "dropped", this.vhost), onData: (d) => {
        this.total = d.items.length;
        this.lostFailure = null;
        this.dropped.take(d.items, null);
      }, onError: (e) => (this.lostFailure = e) });
    }
    if (this.tab !== "live") this.tail?.stop();
    else this.tail ??= new Tail(this.vhost, this.route.query);
    if (this.tab !== "search") this.stories.stop();
    else if (this.where === null) this.choose();
    else this.look();
  }

  /** Where to search unless it is said: in life stories, if they are recorded. */
  async choose() {
    try {
      this.where = (await get("dev/" + path("stories", this.vhost))).recording ? "stories" : "queues";
    } catch {
      this.where = "queues";
    }
    if (this.tab === "search" && !this.over) this.look();
    redraw();
  }

  look() {
    if (this.where === "stories") this.stories.start();
    else {
      this.stories.stop();
      if (!this.answer) this.search();
    }
  }

  switchTo(where) {
    this.where = where;
    this.stories.table.current = null;
    this.answer = null;
    setQuery({ in: where, id: null, message: null }, true);
    this.look();
    redraw();
  }

  typed(text) {
    this.text = text;
    clearTimeout(this.timer);
    this.asking?.abort();
    this.timer = setTimeout(() => {
      setQuery({ q: text }, true);
      if (this.where === "stories") this.stories.again();
      else this.search();
    }, 250);
  }

  /** Searches anew for the first hits, or for `SHOWN[shown]` of them. */
  async search(shown = 0) {
    this.asking?.abort();
    this.shown = shown;
    const { signal } = (this.asking = new AbortController());
    try {
      const answer = showsSeveral() ? await this.searchAll(signal) : await this.searchIn(this.vhost, SHOWN[shown], signal);
      if (signal.aborted) return;
      this.answer = answer;
      this.failure = null;
      if (!shown) this.list.table.reset();
      this.list.show(answer.items.map((m) => ({ ...m, key: keyOf(m), number: m.offset })));
    } catch (error) {
      if (signal.aborted) return;
      this.answer = null;
      this.failure = error;
      this.list.show([]);
    }
    redraw();
  }

  async searchIn(vhost, limit, signal) {
    const params = searchParams(this.text);
    params.set("limit", limit);
    const answer = await get("dev/" + path("messages", vhost) + "?" + params, {}, signal);
    return { ...answer, items: answer.items.map((m) => ({ ...m, vhost })) };
  }

  /** One virtual host after the other; those that may not be read are passed over, and named. */
  async searchAll(signal) {
    const sum = { looked: 0, searched: 0, queues: 0, searched_exchanges: 0, exchanges: 0, complete: true, items: [], left: [] };
    for (const vhost of context.vhosts) {
      const missing = SHOWN[this.shown] - sum.items.length;
      if (missing <= 0) return { ...sum, complete: false };
      try {
        const one = await this.searchIn(vhost, missing, signal);
        for (const counted of ["looked", "searched", "queues", "searched_exchanges", "exchanges"]) sum[counted] += one[counted] ?? 0;
        sum.items.push(...one.items);
        sum.complete &&= one.complete;
      } catch (error) {
        if (signal.aborted || error.status !== 401) throw error;
        sum.left.push(vhost);
      }
    }
    return sum;
  }

  found() {
    const a = this.answer;
    if (this.failure) return problem("Not searched.", this.failure);
    if (!a) return skeleton(6);
    if (!a.items.length) return empty(this.text ? "No message matches" : "No queue holds a message", a.complete
      ? `${placesIn(a.queues, a.exchanges)} with messages ${a.queues + (a.exchanges ?? 0) === 1 ? "was" : "were"} searched in ${showsSeveral() ? "all virtual hosts" : "vhost " + this.vhost}${a.left?.length ? " but " + a.left.join(", ") + ", which you may not read" : ""}. What consumers have acknowledged is gone.`
      : `${plural(a.looked, "message")} in ${a.searched + (a.searched_exchanges ?? 0)} of ${placesIn(a.queues, a.exchanges)} were searched before the time was up. Name the queue with queue: to search it first.`);
    return html`${this.list.render()}${a.items.length < SHOWN[this.shown] ? nothing : this.foot()}`;
  }

  /** There may be more than are shown. */
  foot() {
    const next = SHOWN[this.shown + 1];
    return html`<div class="tfoot"><span>The first ${count(SHOWN[this.shown])} are shown.${next ? "" : " For others, name the queue with queue: or search for more words."}</span>${next
      ? html`<span class="right">${button(`Show ${count(next)}`, () => this.search(this.shown + 1), { kind: "sm" })}</span>` : nothing}</div>`;
  }

  searchTab() {
    const inStories = this.where === "stories";
    if (!inStories && this.answer) this.list.tell();
    const a = inStories ? null : this.answer;
    return html`<section class="panel"><div class="tools">${features.has("stories")
      ? segments("Where to search", [["queues", "In queues"], ["stories", "Life stories"]], this.where, (where) => this.switchTo(where))
      : nothing}<div class="searchbox wide">${icon("search")}<input class="input" type="search" aria-label="Search messages" placeholder=${"Text, or exchange: key: queue: header.name: body:" + (inStories ? " client: since:5m" : "")} spellcheck="false" .value=${this.text} @input=${(e) => this.typed(e.target.value)}></div>
      ${inStories ? this.stories.tools() : html`<span class="small muted right">${a ? `${count(a.items.length)}${a.complete ? "" : " or more"} found in ${placesIn(a.searched, a.searched_exchanges)}${a.left?.length ? `; not in ${a.left.join(", ")}, which you may not read` : ""}` : nothing}</span>`}</div>${inStories ? this.stories.render() : this.where === null ? skeleton(6) : this.found()}</section>`;
  }

  droppedTab() {
    if (this.lostFailure) return html`<section class="panel">${problem("Not known what was dropped.", this.lostFailure)}</section>`;
    return this.total === undefined ? skeleton(4) : this.dropped.render();
  }

  render() {
    setQuery({ vhost: vhostOfAddress() });
    const body = { search: () => this.searchTab(), live: () => this.tail.render(), dropped: () => this.droppedTab() }[this.tab];
    return html`<div class="head"><h1>Messages</h1>${tag(this.tab === "search" && this.where === "queues" && showsSeveral() ? "all virtual hosts" : "vhost " + this.vhost)}</div>
      ${tabs([
        ["search", "Search", "#/messages"],
        ...(features.has("tail") ? [["live", "Live tail", "#/messages/live"]] : []),
        ["dropped", "Dropped", "#/messages/dropped", this.total === undefined ? undefined : count(this.total)],
      ], this.tab)}${body()}`;
  }

  keys() {
    return { search: this.where === "stories" ? this.stories : this.list, dropped: this.dropped, live: this.tail?.list }[this.tab]?.keys() ?? {};
  }
}
