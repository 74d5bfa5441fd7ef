// Permissions and topic permissions: of a user by virtual host, of a virtual host by user.
import { html } from "lit-html";
import { path, send } from "../api.js";
import { curl } from "../curl.js";
import { actNow } from "../components/act.js";
import { button, empty, skeleton } from "../components/basic.js";
import { choice, field } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { table } from "../components/table.js";
import { toast } from "../components/toast.js";
import { targetVhost } from "../context.js";
import { sameInCode } from "../forms/code.js";
import { icon } from "../icons.js";
import { link } from "../router.js";
import "../icons-more.js";

/** The lists of one user or one virtual host; `page` watches with watch(), `others` are the names to choose from on the other side. */
export class Permissions {
  constructor(page, kind, name, others) {
    Object.assign(this, { kind, name, others, other: kind === "user" ? "vhost" : "user" });
    const where = path(kind + "s", name);
    this.rights = page.watch({ where: where + "/permissions", interval: 5000, onData: (list) => (this.list = list) });
    this.topics = page.watch({ where: where + "/topic-permissions", interval: 5000, onData: (list) => (this.topicList = list) });
  }

  get head() {
    return this.other === "vhost" ? "Virtual host" : "User";
  }

  /** Who and where of a form, the given side fixed. */
  both(p) {
    const chosen = p?.[this.other] ?? (this.other === "vhost" ? targetVhost() : this.others()[0] ?? "");
    return { [this.kind]: this.name, [this.other]: chosen };
  }

  /** What there is to choose from may come after the sheet. */
  chooser(s) {
    s[this.other] ||= this.others()[0] ?? "";
    return choice(s, this.other, this.head, this.others().map((v) => [v, v]));
  }

  edit(p) {
    const state = { ...this.both(p), configure: p?.configure ?? ".*", write: p?.write ?? ".*", read: p?.read ?? ".*" };
    const where = (s) => path("permissions", s.vhost, s.user);
    const sent = (s) => ({ configure: s.configure, write: s.write, read: s.read });
    openSheet({
      title: this.title("Permissions"), act: "Set permissions", refused: "Not set.", state, blocked,
      body: (s) => html`${this.chooser(s)}
        ${field(s, "configure", "Configure", { mono: true, hint: "Regular expression of names that may be declared and deleted; empty for none" })}
        ${field(s, "write", "Write", { mono: true, hint: "Names that may be published to and bound" })}
        ${field(s, "read", "Read", { mono: true, hint: "Names that may be consumed from and bound from" })}
        ${sameInCode({ curl: () => curl("PUT", where(s), sent(s)) })}`,
      run: async (s) => {
        await send("PUT", where(s), sent(s));
        toast({ text: html`Permissions of <b><bdi>${s.user}</bdi></b> in vhost <b><bdi>${s.vhost}</bdi></b> are set`, link: this.shown });
        this.rights.again();
      },
    });
  }

  editTopic(p) {
    const state = { ...this.both(p), exchange: p?.exchange ?? "amq.topic", write: p?.write ?? ".*", read: p?.read ?? ".*" };
    const where = (s) => path("topic-permissions", s.vhost, s.user);
    const sent = (s) => ({ exchange: s.exchange, write: s.write, read: s.read });
    openSheet({
      title: this.title("Topic permissions"), act: "Set topic permissions", refused: "Not set.", state, blocked,
      body: (s) => html`${this.chooser(s)}${field(s, "exchange", "Topic exchange")}
        ${field(s, "write", "Write", { mono: true, hint: "Regular expression of routing keys that may be published with" })}${field(s, "read", "Read", { mono: true, hint: "Routing keys that may be bound with" })}
        ${sameInCode({ curl: () => curl("PUT", where(s), sent(s)) })}`,
      run: async (s) => {
        await send("PUT", where(s), sent(s));
        toast({ text: html`Topic permissions of <b><bdi>${s.user}</bdi></b> on <b><bdi>${s.exchange}</bdi></b> are set`, link: this.shown });
        this.topics.again();
      },
    });
  }

  title(what) {
    return html`${what} ${this.kind === "user" ? "of" : "in"} <bdi>${this.name}</bdi>`;
  }

  async remove(where, watch, text) {
    if (await actNow({ method: "DELETE", where }, "Not removed.", () => ({ text, link: this.shown }))) watch.again();
  }

  /** What toasts link to. */
  get shown() {
    return this.kind === "user" ? ["Show user", link("users", this.name)] : ["Show virtual host", link("vhosts", this.name)];
  }

  removeRight(p) {
    this.remove(path("permissions", p.vhost, p.user), this.rights, html`<b><bdi>${p.user}</bdi></b> may no longer use vhost <b><bdi>${p.vhost}</bdi></b>`);
  }

  removeTopic(p) {
    this.remove(path("topic-permissions", p.vhost, p.user, p.exchange), this.topics, html`The topic permissions of <b><bdi>${p.user}</bdi></b> on <b><bdi>${p.exchange}</bdi></b> are removed`);
  }

  render() {
    const none = this.kind === "user" ? "This user can log in, but use no virtual host." : "No user may use this virtual host.";
    return html`${this.panel("Permissions", "Set permissions", () => this.edit(), this.list, empty("No permission", none), {
      key: (p) => p[this.other],
      columns: [{ head: this.head, cls: "c-name", cell: (p) => opens(p[this.other], () => this.edit(p)) }, pattern("configure"), pattern("write"), pattern("read"), drop((p) => `Remove permissions of ${p.user} in ${p.vhost}`, (p) => this.removeRight(p))],
    })}${this.panel("Topic permissions", "Set topic permissions", () => this.editTopic(), this.topicList, empty("No topic permission", "Routing keys are not restricted."), {
      key: (p) => p[this.other] + "\u0000" + p.exchange,
      columns: [{ head: "Exchange", cls: "c-name", cell: (p) => opens(p.exchange, () => this.editTopic(p)) }, { head: this.head, cls: "c-st", cell: (p) => html`<bdi>${p[this.other]}</bdi>` }, pattern("write"), pattern("read"), drop((p) => `Remove topic permissions of ${p.user} on ${p.exchange} in ${p.vhost}`, (p) => this.removeTopic(p))],
    })}`;
  }

  panel(title, act, open, rows, none, { key, columns }) {
    return html`<section class="panel"><header><h2>${title}</h2><span class="right">${button(act, open, { kind: "sm", glyph: "plus" })}</span></header>
      ${!rows ? skeleton(2) : rows.length ? table({ label: title, rows, key, columns }) : none}</section>`;
  }
}

const blocked = (s) => !s.user || !s.vhost;
const pattern = (name) => ({ head: name[0].toUpperCase() + name.slice(1), cls: name === "configure" ? "c-st" : "", cell: (p) => html`<span class="mono"><bdi>${p[name] || "nothing"}</bdi></span>` });
const opens = (name, act) => html`<button type="button" class="linkbtn strong" @click=${act}><bdi>${name}</bdi></button>`;
const drop = (label, act) => ({ head: "", n: true, cls: "c-ready", cell: (p) => html`<button type="button" class="iconbtn" title="Remove" aria-label=${label(p)} @click=${() => act(p)}>${icon("trash")}</button>` });
