// Recordings of what is published: begin, stop, look, download, delete; and their replays, from here or from a file.
import { html, nothing } from "lit-html";
import { get, path, request, send, user } from "../api.js";
import { curl } from "../curl.js";
import { actNow } from "../components/act.js";
import { button, empty, problem, skeleton } from "../components/basic.js";
import { copyButton } from "../components/copy.js";
import { code } from "../components/code.js";
import { confirmLoss } from "../components/dialog.js";
import { choice, field } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { table } from "../components/table.js";
import { ofRecording } from "../components/whole.js";
import { tableFoot } from "../components/table-foot.js";
import { toast, toastError } from "../components/toast.js";
import { context } from "../context.js";
import { age, bytes, count, dayTime, exchangeName, plural } from "../format.js";
import { redraw } from "../redraw.js";
import { lacksTag } from "../rights.js";
import { exchangeLink, newEntry, setQuery } from "../router.js";
import { recordingsSeen } from "../unusual.js";
import { saveAs } from "./definitions-io.js";
import { keyColumn, MessageList } from "./message-list.js";

const SIZE = 50;
const ENDED = { asked: "stopped", messages: "full: as many messages as asked for", bytes: "full: as many bytes as asked for", memory: "full: no memory for more", time: "its time was over" };
const SPEEDS = [["1", "As recorded"], ["10", "10 times as fast"], ["100", "100 times as fast"], ["0.1", "10 times as slow"], ["max", "At once"]];

const of = (r) => (r.exchange ? `exchange ${r.exchange}` : r.queue ? `queue ${r.queue}` : "all that is published");
/** Own ones, and those of others for administrators. */
const lacksIt = (one) => (one.user === user() ? undefined : lacksTag("administrator"));
const where = (r) => path("dev", "recordings", r.vhost, r.id);

/** What a toast about one links to. */
const shown = (r) => ["Show recording", "#/test/record?id=" + r.id];

/** "6 of 10 published, 2 reached no queue, 1 refused". */
function outcome(p) {
  const said = [`${p.published === p.messages ? "" : count(p.published) + " of "}${plural(p.messages, "message")} published`];
  if (p.unroutable) said.push(`${count(p.unroutable)} reached no queue`);
  if (p.rejected) said.push(`${count(p.rejected)} met a full queue`);
  if (p.refused) said.push(`${count(p.refused)} refused`);
  if (p.hidden) said.push(`${count(p.hidden)} left out that ${p.user === user() ? "you" : "its user"} may not read`);
  return said.join(", ");
}

const after = (p) => (p.unroutable ? ["Show dropped", "#/messages/dropped"] : p.exchange ? ["Show exchange", exchangeLink(p.vhost, p.exchange)] : ["Show queues", "#/queues"]);

export class Recordings {
  constructor({ vhost, names, route }) {
    Object.assign(this, { vhost, names, own: new Map() });
    this.take(route);
    this.form = { kind: "all", exchange: "", queue: "", messages: "10000", time: "900" };
    this.list = new MessageList("Recorded messages", (list) => [
      { head: "After", cls: "muted num c-ready", cell: (m) => age(m.at_ms) },
      keyColumn(list),
      { head: "Exchange", hide: "hide-t", cls: "muted", cell: (m) => html`<bdi class="cut">${exchangeName(m.exchange)}</bdi>` },
      { head: "Queues", hide: "hide-s", cls: "muted", cell: (m) => html`<bdi class="cut">${m.queues.length ? m.queues.join(", ") : "none"}</bdi>` },
    ], { page: { route }, source: () => ({ whole: (m) => ofRecording(where(this.chosen()) + "/messages", m) }) });
  }

  take(route) {
    const number = (name) => (/^\d{1,9}$/.test(route.query.get(name) ?? "") ? Number(route.query.get(name)) : null);
    this.id = number("id");
    this.page = number("page") || 1;
  }

  /** The address changed. */
  read(route) {
    const { id, page } = this;
    this.take(route);
    const other = id !== this.id || page !== this.page;
    this.list.read(route, other);
    if (other) this.look();
  }

  /** Has the address say what is shown. */
  tell() {
    setQuery({ id: this.id, page: this.page > 1 ? this.page : null });
    this.list.tell();
  }

  /** Looks as long as its tab shows. */
  start(watch) {
    if (this.watches) return;
    this.watches = [
      watch({ where: "dev/recordings", onData: (all) => this.recordingsAre(all), onError: (e) => (this.failure = e) }),
      watch({ where: "dev/replays", onData: (all) => this.replaysAre(all), onError: (e) => (this.replaysFailure = e) }),
    ];
  }

  stop() {
    this.watches?.forEach((w) => w.close());
    this.watches = null;
  }

  again() {
    this.watches?.forEach((w) => w.again());
    redraw();
  }

  recordingsAre(all) {
    Object.assign(this, { all, failure: null });
    recordingsSeen(all);
    const r = this.chosen();
    if (r && (r.messages !== this.seen || this.of !== r.id)) this.look();
  }

  replaysAre(all) {
    Object.assign(this, { replays: all, replaysFailure: null });
    for (const p of all) if (p.state !== "running" && this.own.delete(p.id)) this.told(p);
    for (const p of this.own.values()) if (!all.some((one) => one.id === p.id)) this.missing(p);
  }

  /** One that is not listed: not yet, or not any more when many came after it. */
  async missing(p) {
    this.own.delete(p.id);
    try {
      const now = await get(path("dev", "replays", p.vhost, p.id));
      if (now.state === "running") this.own.set(p.id, now);
      else this.told(now);
    } catch (error) {
      if (error.status === 404) toast({ text: html`<b>Replay ${p.id} is over.</b> What became of it is no longer known.`, link: after(p) });
      else this.own.set(p.id, p);
    }
  }

  told(p) {
    const error = p.first_error ? html` <span class="muted">Message ${p.first_error.message}: ${p.first_error.reason}</span>` : nothing;
    toast({ text: html`<b>Replay ${p.state === "done" ? "done" : "stopped"}:</b> ${outcome(p)}.${error}`, link: after(p), bad: Boolean(p.first_error) });
  }

  chosen() {
    return this.all?.find((r) => r.id === this.id);
  }

  choose(id) {
    newEntry();
    Object.assign(this, { id: this.id === id ? null : id, page: 1, seen: null, answer: null });
    this.list.show([]);
    this.tell();
    if (this.id !== null) this.look();
    redraw();
  }

  async look() {
    const r = this.chosen();
    if (!r) return;
    const page = this.page;
    Object.assign(this, { seen: r.messages, of: r.id });
    try {
      const answer = await get(where(r) + "/messages", { offset: (page - 1) * SIZE, limit: SIZE, types: true });
      if (this.of !== r.id || this.page !== page) return;
      Object.assign(this, { answer, lookFailure: null });
      this.list.show(answer.items.map((m) => ({ ...m, key: m.position, number: m.position, vhost: r.vhost })));
    } catch (error) {
      Object.assign(this, { answer: null, lookFailure: error });
    }
    redraw();
  }

  // ---- acts

  body() {
    const f = this.form;
    const sent = f.kind === "all" ? {} : { [f.kind]: f[f.kind] };
    return { ...sent, max_messages: Number(f.messages), for_ms: Math.round(Number(f.time) * 1000) };
  }

  async begin(event) {
    event.preventDefault();
    const call = { method: "POST", where: path("dev", "recordings", this.vhost), body: this.body() };
    await actNow(call, "Not recorded.", (begun) => ({ text: html`<b>Recording</b> <bdi>${of(begun)}</bdi>`, link: shown(begun) }));
    this.again();
  }

  async end(r) {
    await actNow({ method: "POST", where: where(r) + "/stop" }, "Not stopped.", () => ({ text: html`<b>Recording ${r.id}</b> is stopped`, link: shown(r) }));
    this.again();
  }

  async download(r) {
    try {
      saveAs(`recording-${r.id}.json`, await (await request("GET", where(r) + "/file")).text());
      toast({ text: html`<b>Recording ${r.id}</b> is saved`, link: shown(r) });
    } catch (error) {
      toastError("Not saved.", error);
    }
  }

  delete(r) {
    confirmLoss({
      title: `Delete recording ${r.id}?`,
      text: html`<p>${plural(r.messages, "recorded message")} of <bdi>${of(r)}</bdi> can no longer be looked at, downloaded or replayed.</p>`,
      act: "Delete recording", keep: "Keep recording", refused: "Not deleted.", call: { method: "DELETE", where: where(r) },
      run: async () => {
        await request("DELETE", where(r));
        toast({ text: html`<b>Recording ${r.id}</b> is deleted` });
        if (this.id === r.id) this.choose(r.id);
        this.again();
      },
    });
  }

  /** Of a recording that is here, or of a file without one. */
  replay(r) {
    const query = (s) => ({ ...(r ? { recording: r.id, ...(s.vhost === r.vhost ? {} : { from: r.vhost }) } : {}), speed: s.speed, times: s.times, exchange: s.exchange });
    const command = (s) => {
      const asked = Object.entries(query(s)).filter(([k, v]) => v !== "" && !(k === "times" && v === "1")).map(([k, v]) => k + "=" + encodeURIComponent(v)).join("&");
      const call = curl("POST", path("dev", "replays", s.vhost) + "?" + asked);
      return r ? call : call.replace("-X POST", "--data-binary @recording.json");
    };
    openSheet({
      title: r ? `Replay recording ${r.id}` : "Replay a file", act: "Replay messages", refused: "Not replayed.",
      state: { vhost: r?.vhost ?? this.vhost, speed: "1", times: "1", exchange: "", file: null },
      blocked: (s) => !r && !s.file,
      body: (s) => html`${r ? html`<p class="muted">${plural(r.messages, "message")} of <bdi>${of(r)}</bdi>, ${age(r.length_ms)} long.</p>` : html`<div class="field"><label for="replay-file">File</label><input id="replay-file" class="input" type="file" accept="application/json,.json" @change=${(e) => {
        s.file = e.target.files[0] ?? null;
        redraw();
      }}><span class="hint">As it was downloaded from a recording.</span></div>`}
        ${choice(s, "speed", "Speed", SPEEDS)}
        ${context.vhosts.length > 1 ? choice(s, "vhost", "In vhost", context.vhosts.map((v) => [v, v])) : nothing}
        ${field(s, "exchange", "To exchange", { list: this.names.exchanges, mono: true, hint: "Empty for the one that each was published to." })}
        ${field(s, "times", "How many times", { type: "number" })}
        <div class="gap">${code(command(s))}</div>${copyButton(() => command(s), "Command copied")}`,
      run: async (s) => {
        const text = r ? undefined : await s.file.text();
        const begun = await send("POST", path("dev", "replays", s.vhost), undefined, { params: query(s), text });
        this.own.set(begun.id, begun);
        this.replaysAre([...(this.replays ?? []).filter((p) => p.id !== begun.id), begun]);
        this.again();
      },
    });
  }

  async stopReplay(p) {
    await actNow({ method: "DELETE", where: path("dev", "replays", p.vhost, p.id) }, "Not stopped.", () => ({ text: html`<b>Replay ${p.id}</b> stops`, link: after(p) }));
    this.again();
  }

  // ---- what shows

  table() {
    if (this.failure) return problem("Not known.", this.failure);
    if (!this.all) return skeleton(1);
    if (!this.all.length) return empty("No recording", "Begin one below, let your application run, stop it, and download it as a fixture or replay it.");
    return table({
      label: "Recordings", rows: [...this.all].reverse(), key: (r) => r.id, rowClass: (r) => (r.id === this.id ? "sel" : ""),
      columns: [
        { head: "Recording", cls: "c-name", cell: (r) => html`<button type="button" class="linkbtn name" aria-expanded=${r.id === this.id ? "true" : "false"} @click=${() => this.choose(r.id)}><bdi>${r.id}: ${of(r)}</bdi></button>` },
        ...(context.vhosts.length > 1 ? [{ head: "Vhost", hide: "hide-s", cell: (r) => html`<bdi>${r.vhost}</bdi>` }] : []),
        { head: "State", cls: "c-st", cell: (r) => (r.on ? html`<b>recording</b>, ends in ${age(r.left_ms)}` : ENDED[r.ended_by] ?? r.ended_by) },
        { head: "Messages", n: true, cls: "c-ready", cell: (r) => count(r.messages) },
        { head: "Memory", n: true, hide: "hide-s", cell: (r) => bytes(r.bytes) },
        { head: "Began", hide: "hide-t", cls: "muted", cell: (r) => dayTime(r.began) },
        { head: "", n: true, cls: "c-rate", cell: (r) => (r.on ? button("Stop recording", () => this.end(r), { kind: "sm", lack: lacksIt(r) }) : button("Replay messages…", () => this.replay(r), { kind: "sm", disabled: !r.messages })) },
      ],
    });
  }

  replayTable() {
    if (!this.replays?.length && !this.replaysFailure) return nothing;
    return html`<section class="panel gap" aria-label="Replays"><header><h2>Replays</h2></header>${this.replaysFailure ? problem("Not known.", this.replaysFailure) : table({
      label: "Replays", rows: [...this.replays].reverse(), key: (p) => p.id,
      columns: [
        { head: "Replay", cls: "c-name", cell: (p) => html`<span class="name">${p.id}: ${p.recording ? "recording " + p.recording : "a file"}</span>` },
        { head: "To", hide: "hide-s", cls: "muted", cell: (p) => html`<bdi>vhost ${p.vhost}${p.exchange ? ", " + p.exchange : ""}</bdi>` },
        { head: "Speed", hide: "hide-s", cls: "muted", cell: (p) => (p.speed === 0 ? "at once" : p.speed === 1 ? "as recorded" : p.speed + " ×") },
        { head: "What became of it", cls: "c-st", cell: (p) => html`${outcome(p)}${p.first_error ? html`<br><span class="muted small">Message ${p.first_error.message}: ${p.first_error.reason}</span>` : nothing}` },
        { head: "", n: true, cls: "c-ready", cell: (p) => (p.state === "running" ? button("Stop replay", () => this.stopReplay(p), { kind: "sm", lack: lacksIt(p) }) : html`<span class="muted small">${p.state}</span>`) },
      ],
    })}</section>`;
  }

  messages() {
    const r = this.chosen();
    if (!r) return nothing;
    const foot = this.answer && this.answer.total > SIZE ? tableFoot({ from: (this.page - 1) * SIZE, shown: this.answer.items.length, total: this.answer.total, page: this.page, pages: Math.ceil(this.answer.total / SIZE), size: SIZE, onPage: (to) => {
      newEntry();
      this.page = to;
      this.look();
    } }) : nothing;
    const none = r.on ? empty("Nothing yet", "Each message shows here once it is published.") : empty("No message", "Nothing was published while it was on.");
    return html`<section class="panel gap" aria-label="Recording ${r.id}"><header><h2>Recording ${r.id}</h2>${this.answer?.hidden ? html`<span class="muted small">${plural(this.answer.hidden, "message")} that you may not read</span>` : nothing}
      <span class="right row">${button("Download file", () => this.download(r), { kind: "sm", disabled: !r.messages })}${button("Delete recording…", () => this.delete(r), { kind: "sm", lack: lacksIt(r) })}</span></header>
      ${this.lookFailure ? problem("Not shown.", this.lookFailure) : r.messages ? this.list.render() : none}${foot}</section>`;
  }

  beginForm() {
    const f = this.form;
    const lack = f.kind === "all" ? lacksTag("administrator", "policymaker") : undefined;
    return html`<form class="stack" @submit=${(e) => this.begin(e)}>
      ${choice(f, "kind", "What", [["all", "All that is published"], ["exchange", "What is published to an exchange"], ["queue", "What is routed to a queue"]])}
      ${f.kind === "exchange" ? field(f, "exchange", "Exchange", { list: [...this.names.exchanges, "amq.default"], mono: true, required: true }) : nothing}
      ${f.kind === "queue" ? field(f, "queue", "Queue", { list: this.names.queues, mono: true, required: true }) : nothing}
      <div class="grid g2">${field(f, "messages", "Not more messages than", { type: "number" })}${field(f, "time", "Not longer than, in seconds", { type: "number" })}</div>
      <div>${button("Record messages", () => {}, { kind: "primary", type: "submit", lack })}</div></form>`;
  }

  command() {
    const at = path("dev", "recordings", this.vhost);
    return [
      curl("POST", at, this.body()),
      curl("GET", at + `/${this.id ?? 1}/file`) + " > recording.json",
      curl("POST", path("dev", "replays", this.vhost) + "?speed=max&wait=20000").replace("-X POST", "--data-binary @recording.json"),
    ].join("\n");
  }

  keys() {
    return this.chosen() ? this.list.keys() : {};
  }

  render() {
    this.tell();
    return html`<section class="panel" aria-label="Recordings"><header><h2>Recordings</h2><span class="right">${button("Replay a file…", () => this.replay(null), { kind: "sm" })}</span></header>${this.table()}</section>
      ${this.messages()}${this.replayTable()}
      <div class="grid g2"><section class="panel"><header><h2>Record in vhost ${this.vhost}</h2></header><div class="body">${this.beginForm()}</div></section>
        <section class="panel"><header><h2>In a test</h2><span class="right">${copyButton(() => this.command(), "Commands copied")}</span></header><div class="body">
          <p class="muted">Record, download, and publish the file again, here or in another broker: each message with its properties, in its order and at its time.</p><div class="gap">${code(this.command())}</div></div></section></div>`;
  }
}
