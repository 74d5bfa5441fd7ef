// Users: list, add, tags, delete.
import { html } from "lit-html";
import { curl } from "../curl.js";
import { get, isAdministrator, path, send, user as me } from "../api.js";
import { button, empty, skeleton, tagList } from "../components/basic.js";
import { confirmLoss } from "../components/dialog.js";
import { choice, field, tick } from "../components/fields.js";
import { askAgain, MOVED, unlessMore } from "../components/loss.js";
import { menu } from "../components/menu.js";
import { Narrow } from "../components/narrow.js";
import { openSheet } from "../components/sheet.js";
import { rowKeys, table, TableState } from "../components/table.js";
import { toast, toastError } from "../components/toast.js";
import { sameInCode } from "../forms/code.js";
import { plural } from "../format.js";
import { go, link } from "../router.js";
import { adminHead } from "./admin.js";
import { goes, goingWith, sumOf } from "./connection-acts.js";
import { Page } from "./page.js";
import "../icons-more.js";

const TAGS = [
  ["administrator", "administrator: everything"],
  ["monitoring", "monitoring: sees all vhosts, nodes and clients"],
  ["policymaker", "policymaker: sets policies in own vhosts"],
  ["management", "management: own vhosts and own clients"],
  ["impersonator", "impersonator: may publish in another user's name"],
];

export const tagsOf = (u) => (Array.isArray(u.tags) ? u.tags : String(u.tags ?? "").split(",").map((t) => t.trim()).filter(Boolean));

/** Add a user, or change one's tags and password. */
export function userSheet(u, done) {
  const has = new Set(u ? tagsOf(u) : ["management"]);
  const state = { name: u?.name ?? "", password: "", again: "", mode: u ? "keep" : "set", other: [...has].filter((t) => !TAGS.some(([known]) => known === t)).join(", ") };
  for (const [t] of TAGS) state[t] = has.has(t);
  const differs = (s) => s.mode === "set" && s.password !== s.again;
  const sent = (s) => {
    const tags = [...TAGS.map(([t]) => t).filter((t) => s[t]), ...s.other.split(",").map((t) => t.trim()).filter(Boolean)].join(",");
    if (s.mode === "set") return { tags, password: s.password };
    return { tags, ...(s.mode === "none" ? { password_hash: "" } : { password_hash: u.password_hash, hashing_algorithm: u.hashing_algorithm }) };
  };
  const shown = (s) => (s.mode === "set" ? { ...sent(s), password: "PASSWORD" } : sent(s));
  openSheet({
    title: u ? html`User <bdi>${u.name}</bdi>` : "Add a user", act: u ? "Save user" : "Add user", refused: u ? "Not saved." : "Not added.", state,
    blocked: (s) => !s.name || differs(s) || (s.mode === "set" && !s.password),
    body: (s) => html`${u ? "" : field(s, "name", "Name", { required: true })}
      ${choice(s, "mode", "Password", [...(u ? [["keep", "stays as it is"]] : []), ["set", "a new one"], ["none", "none: only TLS certificates log in"]])}
      ${s.mode === "set" ? html`${field(s, "password", "New password", { type: "password" })}${field(s, "again", "The same again", { type: "password", bad: differs(s) && s.again !== "", hint: differs(s) && s.again !== "" ? "The two differ." : "" })}` : ""}
      <div class="field"><span class="label">Tags</span>${TAGS.map(([t, label]) => tick(s, t, label))}</div>
      ${field(s, "other", "Other tags", { hint: "Divided by commas" })}
      ${sameInCode({ curl: () => curl("PUT", path("users", s.name || "name"), shown(s)) })}`,
    run: async (s) => {
      await send("PUT", path("users", s.name), sent(s));
      toast({ text: html`User <b><bdi>${s.name}</bdi></b> is ${u ? "saved" : "added"}`, link: [u ? "Show user" : "Set permissions", link("users", s.name)] });
      done?.();
    },
  });
}

export async function removeUser(name, done, again = false) {
  const clients = await get(path("connections", "username", name)).catch((e) => toastError("Not counted.", e));
  if (!clients) return;
  const counts = await goingWith(clients);
  const lost = sumOf(counts);
  const seen = clients.every((c) => counts.has(c.name));
  confirmLoss({
    title: html`Delete user <bdi>${name}</bdi>?`,
    text: html`<p>${again ? MOVED + "the" : "The"} user's permissions go too; ${clients.length ? plural(clients.length, "open connection is", "open connections are") : "no connection is"} closed.${goes(lost)}</p><p class="muted">This cannot be undone.</p>`,
    typeName: name === me() ? name : undefined, act: "Delete user", keep: "Keep user", call: { method: "DELETE", where: path("users", name) }, refused: "Not deleted.",
    run: async () => {
      const params = { "if-connections": clients.length, ...(seen ? { "if-queues": lost.queues, "if-messages": lost.messages } : {}) };
      if (!(await unlessMore(() => send("DELETE", path("users", name), undefined, { params })))) return askAgain(() => removeUser(name, done, true));
      toast({ text: html`User <b><bdi>${name}</bdi></b> is deleted`, link: ["Show users", "#/users"] });
      done?.();
    },
  });
}

export default class Users extends Page {
  constructor(route) {
    super(route);
    this.title = "Users";
    this.nav = "admin";
    this.table = new TableState();
    this.narrow = new Narrow(route);
  }

  readdress(route) {
    this.narrow.read(route);
    this.table.reset();
    return true;
  }

  start() {
    if (!isAdministrator()) return;
    this.source = this.watch({ where: "users", interval: 5000, onData: (list) => (this.list = list), onError: (e) => (this.failure = e) });
    this.watch({ where: "permissions", interval: 5000, onData: (list) => (this.permissions = list) });
  }

  add() {
    userSheet(null, () => this.source.again());
  }

  render() {
    if (!isAdministrator()) return html`${adminHead("users")}<section class="panel">${empty("Not allowed", "Users need the tag administrator.")}</section>`;
    const vhosts = (u) => (this.permissions ?? []).filter((p) => p.user === u.name).map((p) => p.vhost);
    return html`${adminHead("users", button("Add a user", () => this.add(), { kind: "primary", glyph: "plus", title: "Add (N)" }))}
      <section class="panel">${this.narrow.box("Filter users", this.list)}${this.list ? table({
        label: "Users", key: (u) => u.name, ...this.narrow.ordered(this.list, [
          { head: "Name", sort: "name", read: (u) => u.name, cls: "c-name", cell: (u) => html`<a class="name" href=${link("users", u.name)}><bdi>${u.name}</bdi></a>${u.name === me() ? html` <span class="muted">you</span>` : ""}` },
          { head: "Tags", sort: "tags", read: (u) => tagsOf(u).join(), cls: "c-st", cell: (u) => tagList(tagsOf(u)) },
          { head: "May use", cls: "c-more", cell: (u) => (vhosts(u).length ? tagList(vhosts(u).map((v) => "vhost " + v)) : html`<span class="muted">no vhost</span>`) },
          { head: "Password", cls: "muted", cell: (u) => (u.password_hash ? "set" : "none") },
          { head: "", n: true, cls: "c-ready", cell: (u) => menu("user" + u.name, "Acts", [
            { label: "Edit user…", glyph: "edit", act: () => userSheet(u, () => this.source.again()) },
            { label: "Set permissions…", act: () => go(link("users", u.name)) },
            { label: "Delete user…", glyph: "trash", danger: true, act: () => removeUser(u.name, () => this.source.again()) },
          ], "iconbtn") },
        ], this.table),
      }) : skeleton(3)}</section>`;
  }

  keys() {
    return { n: () => isAdministrator() && this.add(), ...rowKeys(this.table, (u) => go(link("users", u.name))) };
  }
}
