// One exchange: what comes in, where it goes, what is dropped.
import { html, nothing } from "lit-html";
import { bindSheet, publishSheet } from "../forms.js";
import { features, get, path, send } from "../api.js";
import { chart, sampleParams } from "../components/chart.js";
import { button, callout, empty, isOff, kv, problem, skeleton, status, tag, tagList, unless } from "../components/basic.js";
import { copy } from "../components/copy.js";
import { code } from "../components/code.js";
import { confirmLoss } from "../components/dialog.js";
import { flow } from "../components/flow.js";
import { Later } from "../components/later.js";
import { askAgain, countedNow, inAll, MOVED, moreToCome, unlessMore } from "../components/loss.js";
import { menu } from "../components/menu.js";
import { refusedCallout } from "../components/refused.js";
import { table } from "../components/table.js";
import { toast, toastError } from "../components/toast.js";
import { count, exchangeName, perSecond, plural, rate, value } from "../format.js";
import { topologyLink } from "../topology-link.js";
import { deletedLately } from "../deleted.js";
import { nearestNames } from "../nearest.js";
import { showArgument, argument } from "../arguments.js";
import { inventory, refreshInventory, useInventory } from "../inventory.js";
import { alternate, droppedBy } from "../bound.js";
import { exchangeRates } from "../model.js";
import { lettersLost, lettersTo } from "../letters.js";
import { redraw } from "../redraw.js";
import { lacks, needs } from "../rights.js";
import { exchangeLink, go, link, queueLink } from "../router.js";
import { bindExample, pikaBind, pikaDeclareExchange } from "../snippets.js";
import { exchangeStatus, exchangeTags } from "./exchanges.js";
import { Charted } from "./charted.js";
import { exchangePlace, exportFirst } from "./export-messages.js";
import { askedOf, asksFor, withAsked } from "./asked.js";
import { crumb, hidden, missing, tabs } from "./parts.js";
import { Passed } from "./passed.js";
import { bindingColumns, clientCell, NONE_PASSED } from "./queue-tabs.js";
import "../icons-more.js";

/** All but where it goes, which may be a hundred thousand queues of the default exchange and is not shown of it. */
const WITHOUT_TARGETS = "name,vhost,type,durable,auto_delete,internal,arguments,policy,effective_policy_definition,message_stats,incoming,user_who_performed_action";

const TABS = ["bindings", "delayed", "dropped", "publishers", "charts", "settings"];

export default class Exchange extends Charted {
  constructor(route) {
    super(route);
    this.vhost = route.parts[1];
    this.shown = route.parts[2];
    this.name = this.shown === "amq.default" ? "" : this.shown;
    this.nav = "exchanges";
    this.waiting = null;
    this.title = this.shown;
    this.passed = new Passed(this);
    this.rates = new Later(route, "rates", () => import("./rates.js"));
    this.read(route);
  }

  read(route) {
    this.tab = TABS.includes(route.parts[3]) ? route.parts[3] : "bindings";
  }

  readdress(route) {
    if (route.parts[1] !== this.vhost || route.parts[2] !== this.shown) return false;
    this.route = route;
    this.read(route);
    this.watchPassed();
    if (this.tab === "dropped") {
      this.droppedTab?.list.read(route);
      this.lost?.again();
    }
    if (this.tab === "delayed") this.delayedTab?.read(route);
    this.watchDelayed();
    if (this.tab === "charts") {
      this.rates.read(route);
      this.readSpan(route);
    }
    this.publishIfAsked();
    return true;
  }

  get where() {
    return path("exchanges", this.vhost, this.shown);
  }

  start() {
    this.recall("exchange/" + this.vhost + "/" + this.name);
    this.watch({ view: "exchange", where: this.where, names: { vhost: this.vhost, name: this.shown }, params: () => (this.name === "" ? { columns: WITHOUT_TARGETS } : {}), onData: (x) => this.take(x), onError: (e) => this.failed(e) });
    this.out = this.watch({ where: this.where + "/bindings/source", interval: 5000, onData: (list) => this.takeBindings("bindings", list) });
    if (this.name) this.watch({ where: this.where + "/bindings/destination", interval: 5000, onData: (list) => this.takeBindings("incoming", list) });
    if (features.has("dropped")) this.lost = this.watch({ where: path("dev", "dropped", this.vhost, this.shown), params: () => ({ types: true }), interval: 2000, onData: (d) => this.takeDropped(d), onError: (e) => (this.lostFailure = e) });
    this.keep(useInventory(() => this.watchPassed()));
    this.publishIfAsked();
  }

  failed(error) {
    this.refusal = error.status === 401 ? error : null;
    if (error.status !== 404 || this.gone) return;
    this.gone = true;
    deletedLately("exchange", this.vhost, this.name).then((d) => {
      this.deleted = d;
      redraw();
    });
  }

  publishIfAsked() {
    if (this.route.parts[3] === "publish") this.publish();
  }

  async seed(span = this.span, width = span) {
    try {
      const x = await get(this.where, { ...sampleParams(span, width), columns: "message_stats" });
      this.history.seed("published", x.message_stats?.publish_in_details, true);
      this.history.seed("delivered", x.message_stats?.publish_out_details, true);
      this.history.seed("dropped", x.message_stats?.drop_unroutable_details, true);
      redraw();
    } catch {
      // the curves start now instead
    }
  }

  take(x) {
    this.exchange = x;
    this.gone = false;
    this.refusal = null;
    this.watchDelayed();
    const r = exchangeRates(x);
    const now = Date.now();
    this.history.push("published", now, r.in);
    this.history.push("delivered", now, r.out);
    this.history.push("dropped", now, r.drop);
  }

  async takeDropped(dropped) {
    this.dropped = dropped;
    this.lostFailure = null;
    if (this.tab !== "dropped") return;
    const module = await import("./dropped.js");
    this.droppedTab ??= new module.DroppedList(this, () => this.lost.again());
    this.droppedTab.take(dropped.items, dropped);
    redraw();
  }

  /** While that tab is shown; other exchanges have none. */
  watchDelayed() {
    const wanted = this.tab === "delayed" && this.exchange?.messages_delayed !== undefined;
    if (wanted === (this.waiting !== null)) return;
    this.waiting?.close();
    this.waiting = wanted ? this.watch({ where: path("dev", "exchanges", this.vhost, this.name, "delayed"), params: () => this.delayedTab?.asked ?? { limit: 0 }, interval: 2000, onData: (d) => this.takeDelayed(d), onError: (e) => (this.delayedFailure = e) }) : null;
  }

  async takeDelayed(answer) {
    this.delayedFailure = null;
    const module = await import("./delayed.js");
    if (!this.delayedTab) {
      this.delayedTab = new module.DelayedList(this, () => this.waiting?.again());
      this.delayedTab.total = answer.total;
      if (answer.total) return this.waiting?.again();
    }
    this.delayedTab.take(answer);
    redraw();
  }

  takeBindings(which, list) {
    this[which] = list;
    this.watchPassed();
  }

  /** While dead letters come, or the tab is shown and messages go from exchange to exchange. */
  watchPassed() {
    this.passed.want((this.name !== "" && lettersTo(this).count > 0) || (this.tab === "bindings" && (this.incoming?.length > 0 || (this.bindings ?? []).some((b) => b.destination_type === "exchange"))));
  }

  publish() {
    publishSheet({ vhost: this.vhost, exchange: this.name });
  }

  bind() {
    bindSheet({ vhost: this.vhost, source: this.name, done: () => this.out.again() });
  }

  lacksBind() {
    return lacks("read", this.vhost, this.name, "exchange");
  }

  render() {
    if (this.refusal) return hidden("Exchange", this.shown, this.vhost, this.refusal);
    if (this.gone) {
      const near = nearestNames(this.shown, inventory.exchanges.filter((x) => x.vhost === this.vhost && x.name).map((x) => x.name));
      return missing("exchange", this.shown, this.vhost, near, (name) => exchangeLink(this.vhost, name), "#/exchanges", this.deleted);
    }
    const x = this.exchange;
    if (!x) return html`<div class="head">${crumb("Exchanges", "exchanges")}<h1><bdi>${this.shown}</bdi></h1></div>${skeleton(8)}`;
    return html`${this.head(x)}${this.loss(x)}${refusedCallout("exchange", x)}${this.flow(x)}
      ${tabs([
        ["bindings", "Bindings", exchangeLink(this.vhost, this.name, "bindings"), this.bindings ? count(this.bindings.length) : undefined],
        ...(this.delays(x) ? [["delayed", "Delayed", exchangeLink(this.vhost, this.name, "delayed"), count(x.messages_delayed)]] : []),
        ...(features.has("dropped") ? [["dropped", "Dropped", exchangeLink(this.vhost, this.name, "dropped"), this.dropped ? count(this.dropped.total) : undefined]] : []),
        ["publishers", "Publishers", exchangeLink(this.vhost, this.name, "publishers"), count((x.incoming ?? []).length)],
        ["charts", "Charts", exchangeLink(this.vhost, this.name, "charts")],
        ["settings", "Settings", exchangeLink(this.vhost, this.name, "settings")],
      ], this.tab)}${this.body(x)}`;
  }

  delays(x) {
    return features.has("delayed") && x.messages_delayed !== undefined;
  }

  loss(x) {
    const lost = droppedBy(x);
    const now = exchangeRates(x).drop + lettersLost(x) > 0;
    if (!now && !lost) return nothing;
    const all = this.bindings?.length === 0 && !alternate(x);
    return html`<div class="callout ${now ? "bad-c" : ""}"><b>${now ? (all ? "Every message is dropped." : "Messages are dropped.") : plural(lost, "message was dropped.", "messages were dropped.")}</b> ${all
      ? html`No queue or exchange is bound, and no alternate exchange is set. Publishers that do not ask for returns (<span class="mono">mandatory=false</span>) are not told.`
      : "Their keys match no binding."} ${this.name === "" ? nothing : html`<button type="button" class="linkbtn" title=${this.lacksBind() ?? nothing} aria-disabled=${isOff(this.lacksBind())} @click=${unless(this.lacksBind(), () => this.bind())}>Bind a queue</button>`}${features.has("dropped") && this.tab !== "dropped" ? html` <a href=${exchangeLink(this.vhost, this.name, "dropped")}>Show what was dropped</a>` : nothing}</div>`;
  }

  head(x) {
    const lack = (right) => lacks(right, this.vhost, this.name, "exchange");
    const own = this.name !== "" && !this.name.startsWith("amq.");
    return html`<div class="head">${crumb("Exchanges", "exchanges")}<h1><bdi>${this.shown}</bdi></h1>${status(exchangeStatus(x))}
      <span class="hide-s">${x.vhost !== "/" ? tag("vhost " + x.vhost) : nothing}${tag(x.type)}${tagList(exchangeTags(x))}</span>
      <div class="right">${x.internal ? nothing : button("Publish message", () => this.publish(), { glyph: "send", title: "Publish (U)", kind: "hide-s", lack: lack("write") })}
      ${menu("exchange", "More acts", [
        { label: "Publish message", glyph: "send", title: "Publish (U)", act: () => this.publish(), disabled: x.internal, lack: lack("write") },
        { label: "Bind a queue…", glyph: "link", act: () => this.bind(), disabled: this.name === "", lack: this.lacksBind() },
        { label: "Show in topology", glyph: "topology", act: () => go(topologyLink("x", { vhost: this.vhost, name: this.name })) },
        { label: "Copy declare code", glyph: "copy", act: () => copy(pikaDeclareExchange({ ...x, arguments: x.arguments ?? {} }), "Code copied"), disabled: !own },
        null,
        { label: "Delete exchange…", glyph: "trash", danger: true, act: () => this.remove(x).catch((e) => toastError("Not counted.", e)), disabled: !own, title: own ? undefined : "The broker's own exchanges stay", lack: lack("configure") },
      ])}</div></div>`;
  }

  /** `before` is what an earlier dialog counted, see countedNow(). */
  async remove(x, before) {
    const [now, from, to] = await Promise.all([get(this.where, { columns: "messages_delayed" }), ...["source", "destination"].map((end) => get(`${this.where}/bindings/${end}`))]);
    const waiting = now.messages_delayed ?? 0;
    const n = from.length + to.filter((b) => b.source !== x.name).length;
    const r = exchangeRates(x);
    const most = inAll(waiting, before, r.in);
    const counted = countedNow(waiting);
    const call = { method: "DELETE", where: this.where, params: features.size ? { "if-bindings": n, "if-messages": most } : {} };
    confirmLoss({
      title: html`Delete exchange <bdi>${x.name}</bdi>?`,
      text: html`<p>${before ? MOVED : ""}${n ? `${plural(n, "binding goes", "bindings go")}.` : "Nothing is bound to it."}${r.in > 0 ? html` It gets ${perSecond(r.in)}; publishers' channels are then closed with 404.` : ""}</p>${waiting ? html`<p>${plural(waiting, "message that waits in it is", "messages that wait in it are")} lost.${moreToCome(waiting, most)}</p>` : nothing}<p class="muted">No message is lost from a queue. This cannot be undone.${exportFirst([exchangePlace({ vhost: this.vhost, name: x.name, messages_delayed: waiting })])}</p>`,
      typeName: waiting > 100 ? x.name : undefined, act: "Delete exchange", keep: "Keep exchange", refused: "Not deleted.", call,
      run: async () => {
        if (!(await unlessMore(() => send(call.method, call.where, undefined, { params: call.params })))) return askAgain(() => this.remove(x, counted));
        toast({ text: html`Exchange <b><bdi>${x.name}</bdi></b> is deleted`, link: ["Show exchanges", "#/exchanges"] });
        refreshInventory();
        go("#/exchanges");
      },
    });
  }

  /** What goes on a second: the broker counts what was published only, of dead letters the bindings tell. */
  routed(x) {
    const targets = new Map((this.bindings ?? []).map((b) => [b.destination_type + b.destination, this.passed.of(b)?.publish_details?.rate]));
    const all = [...targets.values()];
    const known = this.name !== "" && lettersTo(x).count > 0 && all.every((n) => n !== undefined);
    return known ? all.reduce((sum, n) => sum + n, 0) : exchangeRates(x).out;
  }

  flow(x) {
    const r = exchangeRates(x);
    const letters = lettersTo(x);
    const drop = r.drop + lettersLost(x);
    const into = new Set((this.bindings ?? []).map((b) => b.destination_type + b.destination)).size;
    return flow([
      { dot: "publish", label: "Published", value: rate(r.in), unit: "/s", note: x.incoming?.length ? `by ${plural(x.incoming.length, "channel")}` : r.in > 0 ? "by clients not known" : "by nobody now" },
      letters.queues > 0 && { dot: "unacked", label: "Dead letters", value: rate(letters.rate), unit: "/s", note: `${count(letters.count)} so far from ${plural(letters.queues, "queue")}` },
      { dot: "publish", label: "Routed", value: rate(this.routed(x)), unit: "/s", note: x.messages_delayed ? `${plural(x.messages_delayed, "message")} delayed` : this.name === "" ? "to the queue named by the key" : `${plural(into, "target")} bound` },
      { dot: "drop", label: "Dropped", value: rate(drop), unit: "/s", note: drop > 0 ? "sender not told" : x.message_stats?.drop_unroutable ? `${count(x.message_stats.drop_unroutable)} so far` : "nothing", tone: drop > 0 ? "bad" : "" },
    ].filter(Boolean));
  }

  body(x) {
    if (this.tab === "dropped" && this.lostFailure) return html`<section class="panel">${problem("Not known what was dropped.", this.lostFailure, needs(this.lacksBind()))}</section>`;
    if (this.tab === "dropped") return this.droppedTab ? this.droppedTab.render() : skeleton(5);
    if (this.tab === "delayed" && this.delays(x)) return this.delayedList();
    if (this.tab === "publishers") return this.publishers(x);
    if (this.tab === "charts") return html`<div class="row">${this.timeRange()}<span class="right">${this.rates.link("All rates")}</span></div>${this.rates.show((m) => html`<div class="grid g2">${m.ratesPanel(x.message_stats)}${this.name === "" ? "" : m.breakdownPanel("Went to", x.outgoing, "queue", [["publish", "Published"]])}</div>`)}<section class="panel"><header><h2>Messages per second</h2></header><div class="body">${chart("Messages per second", this.history, ["published", "delivered", "dropped"], this.span, { kind: "rate" })}</div></section>`;
    if (this.tab === "settings") return this.settings(x);
    return this.bindingList();
  }

  delayedList() {
    if (this.delayedFailure) return html`<section class="panel">${problem("Not known what waits.", this.delayedFailure, needs(lacks("read", this.vhost, this.name, "exchange")))}</section>`;
    return this.delayedTab ? this.delayedTab.render() : skeleton(5);
  }

  bindingList() {
    if (this.name === "") return html`<section class="panel">${empty("The default exchange", "Every queue is bound to it by its own name, and by nothing else.")}</section>`;
    if (!this.bindings) return skeleton(3);
    const after = () => this.out.again();
    const target = (b) => (b.destination_type === "queue" ? queueLink({ vhost: b.vhost, name: b.destination }) : exchangeLink(b.vhost, b.destination));
    const to = { head: "To", cell: (b) => html`<a class="name" href=${target(b)}><bdi>${b.destination}</bdi></a>${b.destination_type === "queue" ? nothing : html` ${tag("exchange")}`}` };
    const from = { head: "From exchange", cell: (b) => html`<a class="name" href=${exchangeLink(b.vhost, b.source)}><bdi>${exchangeName(b.source)}</bdi></a>` };
    const outgoing = new Map((this.exchange?.outgoing ?? []).map((o) => [o.queue?.name, o.stats]));
    const passed = (b) => this.passed.of(b) ?? (b.destination_type === "queue" && b.source === this.name ? outgoing.get(b.destination) ?? NONE_PASSED : undefined);
    const key = (b) => [b.source, b.destination_type, b.destination, b.properties_key].join("\u0000");
    return html`<section class="panel"><header><h2>Bindings</h2><span class="right">${button("Bind a queue", () => this.bind(), { kind: "sm", glyph: "plus", title: "Bind (N)", lack: this.lacksBind() })}</span></header>
      ${this.bindings.length ? table({ columns: bindingColumns(to, after, passed), rows: this.bindings, key, label: "Bindings from this exchange" })
        : empty("No queue is bound", "What is published here goes nowhere, unless an alternate exchange is set.", nothing, code(this.bindCode()))}</section>
      ${this.incoming?.length ? html`<section class="panel"><header><h2>Bound to other exchanges</h2></header>${table({ columns: bindingColumns(from, after, passed), rows: this.incoming, key, label: "Bindings to this exchange" })}</section>` : nothing}`;
  }

  bindCode() {
    const [queue, key] = bindExample(this.exchange ?? { vhost: this.vhost }, inventory.queues, this.dropped);
    return pikaBind(this.vhost, queue, this.name, key);
  }

  publishers(x) {
    const list = x.incoming ?? [];
    if (!list.length) return html`<section class="panel">${empty("Nobody publishes", "A channel shows here while it publishes to this exchange.")}</section>`;
    return html`<section class="panel">${table({
      label: "Publishers", rows: list, key: (p) => p.channel_details?.name,
      columns: [
        { head: "Client", cls: "c-name", cell: (p) => clientCell(p.channel_details?.connection_name) },
        { head: "Channel", cls: "c-st", cell: (p) => html`<a href=${link("channels", p.channel_details?.name ?? "")}>channel ${p.channel_details?.number}</a>` },
        { head: "User", cls: "muted", cell: (p) => p.channel_details?.user ?? "" },
        { head: "Published /s", n: true, cls: "c-ready", cell: (p) => rate(p.stats?.publish_details?.rate) },
        { head: "Published", n: true, cell: (p) => count(p.stats?.publish) },
      ],
    })}</section>`;
  }

  settings(x) {
    const asked = askedOf(this.route);
    const rows = withAsked([...Object.entries(x.arguments ?? {}).map(([k, v]) => [k, v, "declare"]), ...Object.entries(x.effective_policy_definition ?? {}).map(([k, v]) => [k, v, "policy " + (x.policy ?? "")])], asked);
    return html`<div class="grid g-main"><section class="panel"><header><h2>Arguments</h2></header>${rows.length ? table({
      label: "Arguments", rows, key: (r) => r[0] + r[2],
      columns: [
        { head: "Name", cls: "c-name", cell: ([k]) => html`<span class="mono">${k}</span>` },
        { head: "Value", cls: "c-ready", cell: ([k, v, from]) => html`<bdi title=${value(v)}>${showArgument(k, v)}</bdi>${asksFor(asked, k, from)}` },
        { head: "From", cls: "c-st", cell: (r) => r[2] },
        { head: "What it does", cls: "muted help", cell: ([k]) => argument(k)?.help ?? "" },
      ],
    }) : empty("No argument", "The exchange was declared without arguments, and no policy matches it.")}</section>
    <section class="panel"><header><h2>The exchange</h2></header><div class="body">${kv([
      ["Virtual host", html`<bdi>${x.vhost}</bdi>`], ["Type", html`${x.type}${asksFor(asked, "type")}`], ["Durable", html`${x.durable ? "yes, survives a restart" : "no"}${asksFor(asked, "durable")}`],
      ["Auto-delete", html`${x.auto_delete ? "yes, when its last binding goes" : "no"}${asksFor(asked, "auto_delete")}`], ["Internal", html`${x.internal ? "yes, only exchanges send to it" : "no"}${asksFor(asked, "internal")}`],
      ["Policy", x.policy ? html`<a href=${link("policies", x.vhost, x.policy)}>${x.policy}</a>` : "none"], ["Declared by", x.user_who_performed_action || "–"],
    ])}</div></section></div>`;
  }

  keys() {
    const own = { dropped: this.droppedTab, delayed: this.delayedTab }[this.tab]?.keys();
    return { u: () => lacks("write", this.vhost, this.name, "exchange") === undefined && this.publish(), n: () => this.name !== "" && this.lacksBind() === undefined && this.bind(), escape: () => go("#/exchanges"), ...own };
  }
}
