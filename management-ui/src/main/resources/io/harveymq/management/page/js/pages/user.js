// One user: permissions and topic permissions by vhost.
import { html } from "lit-html";
import { path, request, send } from "../api.js";
import { curl } from "../curl.js";
import { button, empty, skeleton, tagList } from "../components/basic.js";
import { choice, field } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { table } from "../components/table.js";
import { toast, toastError } from "../components/toast.js";
import { context } from "../context.js";
import { sameInCode } from "../forms/code.js";
import { icon } from "../icons.js";
import { go } from "../router.js";
import { Page } from "./page.js";
import { crumb, missing } from "./parts.js";
import { removeUser, tagsOf, userSheet } from "./users.js";

export default class User extends Page {
  constructor(route) {
    super(route);
    this.name = route.parts[1];
    this.title = this.name;
    this.nav = "admin";
  }

  readdress(route) {
    return route.parts[1] === this.name;
  }

  start() {
    const where = path("users", this.name);
    this.source = this.watch({ where, interval: 5000, onData: (u) => (this.user = u), onError: (e) => (this.gone = e.status === 404) });
    this.rights = this.watch({ where: where + "/permissions", interval: 5000, onData: (list) => (this.permissions = list) });
    this.topics = this.watch({ where: where + "/topic-permissions", interval: 5000, onData: (list) => (this.topicPermissions = list) });
  }

  edit(p) {
    const state = { vhost: p?.vhost ?? context.vhost ?? "/", configure: p?.configure ?? ".*", write: p?.write ?? ".*", read: p?.read ?? ".*" };
    const where = (s) => path("permissions", s.vhost, this.name);
    const sent = (s) => ({ configure: s.configure, write: s.write, read: s.read });
    openSheet({
      title: `Permissions of ${this.name}`, act: "Set permissions", refused: "Not set.", state,
      body: (s) => html`${choice(s, "vhost", "Virtual host", context.vhosts.map((v) => [v, v]))}
        ${field(s, "configure", "Configure", { mono: true, hint: "Regular expression of names it may declare and delete; empty for none" })}
        ${field(s, "write", "Write", { mono: true, hint: "Names it may publish to and bind" })}
        ${field(s, "read", "Read", { mono: true, hint: "Names it may consume from and bind from" })}
        ${sameInCode({ curl: () => curl("PUT", where(s), sent(s)) })}`,
      run: async (s) => {
        await send("PUT", where(s), sent(s));
        toast({ text: html`Permissions of <b>${this.name}</b> in ${s.vhost} are set` });
        this.rights.again();
      },
    });
  }

  editTopic(p) {
    const state = { vhost: p?.vhost ?? context.vhost ?? "/", exchange: p?.exchange ?? "amq.topic", write: p?.write ?? ".*", read: p?.read ?? ".*" };
    openSheet({
      title: `Topic permissions of ${this.name}`, act: "Set topic permissions", refused: "Not set.", state,
      body: (s) => html`${choice(s, "vhost", "Virtual host", context.vhosts.map((v) => [v, v]))}${field(s, "exchange", "Topic exchange")}
        ${field(s, "write", "Write", { mono: true, hint: "Regular expression of routing keys it may publish with" })}${field(s, "read", "Read", { mono: true, hint: "Routing keys it may bind with" })}`,
      run: async (s) => {
        await send("PUT", path("topic-permissions", s.vhost, this.name), { exchange: s.exchange, write: s.write, read: s.read });
        toast({ text: html`Topic permissions of <b>${this.name}</b> on ${s.exchange} are set` });
        this.topics.again();
      },
    });
  }

  async remove(where, watch, text) {
    try {
      await request("DELETE", where);
      toast({ text });
      watch.again();
    } catch (error) {
      toastError("Not removed.", error);
    }
  }

  render() {
    if (this.gone) return missing("user", this.name, undefined, null, null, "#/users");
    if (!this.user) return skeleton(5);
    const pattern = (name) => ({ head: name[0].toUpperCase() + name.slice(1), cls: name === "configure" ? "c-st" : "", cell: (p) => html`<span class="mono"><bdi>${p[name] || "nothing"}</bdi></span>` });
    const drop = (act) => html`<button type="button" class="iconbtn" title="Remove" aria-label="Remove" @click=${act}>${icon("trash")}</button>`;
    return html`<div class="head">${crumb("Users", "users")}<h1><bdi>${this.name}</bdi></h1>${tagList(tagsOf(this.user))}
        <div class="right">${button("Edit user…", () => userSheet(this.user, () => this.source.again()))}${button("Delete user…", () => removeUser(this.name, () => go("#/users")), { kind: "danger" })}</div></div>
      <section class="panel"><header><h2>Permissions</h2><span class="right">${button("Set permissions", () => this.edit(), { kind: "sm", glyph: "plus" })}</span></header>
        ${!this.permissions ? skeleton(2) : this.permissions.length ? table({
          label: "Permissions", rows: this.permissions, key: (p) => p.vhost,
          columns: [{ head: "Virtual host", cls: "c-name", cell: (p) => html`<button type="button" class="linkbtn strong" @click=${() => this.edit(p)}><bdi>${p.vhost}</bdi></button>` }, pattern("configure"), pattern("write"), pattern("read"),
            { head: "", n: true, cls: "c-ready", cell: (p) => drop(() => this.remove(path("permissions", p.vhost, this.name), this.rights, `${this.name} may no longer use ${p.vhost}`)) }],
        }) : empty("No permission", "This user can log in, but use no virtual host.")}</section>
      <section class="panel"><header><h2>Topic permissions</h2><span class="right">${button("Set topic permissions", () => this.editTopic(), { kind: "sm", glyph: "plus" })}</span></header>
        ${!this.topicPermissions ? skeleton(1) : this.topicPermissions.length ? table({
          label: "Topic permissions", rows: this.topicPermissions, key: (p) => p.vhost + "\u0000" + p.exchange,
          columns: [{ head: "Exchange", cls: "c-name", cell: (p) => html`<button type="button" class="linkbtn strong" @click=${() => this.editTopic(p)}><bdi>${p.exchange}</bdi></button>` }, { head: "Virtual host", cls: "c-st", cell: (p) => p.vhost }, pattern("write"), pattern("read"),
            { head: "", n: true, cls: "c-ready", cell: (p) => drop(() => this.remove(path("topic-permissions", p.vhost, this.name, p.exchange), this.topics, `The topic permissions on ${p.exchange} are removed`)) }],
        }) : empty("No topic permission", "Routing keys are not restricted.")}</section>`;
  }

  keys() {
    return { n: () => this.edit(), escape: () => go("#/users") };
  }
}
