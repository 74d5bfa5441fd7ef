// Virtual hosts: list, add, describe, delete.
import { html } from "lit-html";
import { lacksTag } from "../rights.js";
import { isAdministrator } from "../api.js";
import { button, skeleton, tagList } from "../components/basic.js";
import { Columns, numberColumn } from "../components/columns.js";
import { menu } from "../components/menu.js";
import { Narrow } from "../components/narrow.js";
import { rowKeys, table, TableState } from "../components/table.js";
import { bytes, count, rate } from "../format.js";
import { go, link } from "../router.js";
import { adminHead } from "./admin.js";
import { Page } from "./page.js";
import { lookInto, removeVhost, vhostSheet, vhostStatus, vhostTags } from "./vhost-acts.js";
import "../icons-more.js";

const perSecond = (v) => bytes(v) + "/s";
const traffic = (id, label, field) => numberColumn(id, label, field, perSecond, { read: (v) => v[field]?.rate ?? 0 });

/** Columns that may be added. */
const OPTIONAL = [
  numberColumn("total", "Total", "messages", count, { read: (v) => v.messages ?? 0 }),
  traffic("received", "From clients", "recv_oct_details"), traffic("sent", "To clients", "send_oct_details"),
  { id: "type", label: "Default queue type", column: () => ({ head: "Default queue type", cls: "muted", cell: (v) => v.default_queue_type ?? "–" }) },
];

export default class Vhosts extends Page {
  constructor(route) {
    super(route);
    this.title = "Virtual hosts";
    this.nav = "admin";
    this.table = new TableState();
    this.more = new Columns("vhost", OPTIONAL);
    this.narrow = new Narrow(route);
  }

  readdress(route) {
    if (route.parts.length !== 1) return false;
    this.narrow.read(route);
    this.table.reset();
    return true;
  }

  start() {
    this.source = this.watch({ where: "vhosts", interval: 3000, onData: (list) => (this.list = list) });
    if (isAdministrator()) this.watch({ where: "permissions", interval: 5000, onData: (list) => (this.permissions = list) });
  }

  again() {
    this.source.again();
  }

  columns() {
    const n = (head, read, show = count, cls = "") => ({ head, sort: head, read, n: true, cls, zero: (v) => !read(v), cell: (v) => show(read(v)) });
    const stat = (name) => (v) => v.message_stats?.[name + "_details"]?.rate ?? 0;
    const users = (v) => this.permissions.filter((p) => p.vhost === v.name).map((p) => p.user);
    return [
      { head: "Name", sort: "name", read: (v) => v.name, cls: "c-name", cell: (v) => html`<a class="name" href=${link("vhosts", v.name)}><bdi>${v.name}</bdi></a>` },
      { head: "State", cls: "c-st", cell: (v) => vhostStatus(v) },
      { head: "Description", hide: "hide-t", cls: "muted", cell: (v) => v.description ?? "" },
      { head: "Tags", hide: "hide-t", cell: (v) => tagList(vhostTags(v)) },
      this.permissions && { head: "Users", hide: "hide-t", cell: (v) => (users(v).length ? tagList(users(v)) : html`<span class="warn">none</span>`) },
      n("Ready", (v) => v.messages_ready ?? 0, count, "c-ready"), n("Unacked", (v) => v.messages_unacknowledged ?? 0),
      n("Published /s", stat("publish"), rate), n("Delivered /s", stat("deliver_get"), rate),
      ...this.more.columns(),
      { head: "", n: true, cell: (v) => menu("vhost" + v.name, "Acts", [
        { label: "Show its queues", glyph: "queues", act: () => lookInto(v) },
        { label: "Edit virtual host…", glyph: "edit", act: () => vhostSheet(v, () => this.again()), lack: lacksTag("administrator") },
        { label: "Delete virtual host…", glyph: "trash", danger: true, act: () => removeVhost(v, () => this.again()), lack: lacksTag("administrator") },
      ], "iconbtn") },
    ].filter(Boolean);
  }

  render() {
    return html`${adminHead("vhosts", html`${this.more.menu(() => {})}${button("Add a virtual host", () => vhostSheet(null, () => this.again()), { kind: "primary", glyph: "plus", title: "Add (N)", lack: lacksTag("administrator") })}`)}
      <section class="panel">${this.narrow.box("Filter virtual hosts", this.list)}${this.list ? table({ label: "Virtual hosts", key: (v) => v.name, ...this.narrow.ordered(this.list, this.columns(), this.table) }) : skeleton(2)}</section>`;
  }

  keys() {
    return { n: () => isAdministrator() && vhostSheet(null, () => this.again()), ...rowKeys(this.table, (v) => go(link("vhosts", v.name))) };
  }
}
