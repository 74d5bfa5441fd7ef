// Virtual hosts: list, add, describe, delete.
import { html } from "lit-html";
import { lacksTag } from "../rights.js";
import { isAdministrator, path, request, send } from "../api.js";
import { curl } from "../curl.js";
import { button, skeleton, status, tagList } from "../components/basic.js";
import { confirmLoss } from "../components/dialog.js";
import { field, tick } from "../components/fields.js";
import { menu } from "../components/menu.js";
import { openSheet } from "../components/sheet.js";
import { table, TableState } from "../components/table.js";
import { toast, toastError } from "../components/toast.js";
import { chooseVhost, loadVhosts } from "../context.js";
import { sameInCode } from "../forms/code.js";
import { count, plural, rate } from "../format.js";
import { go } from "../router.js";
import { adminHead } from "./admin.js";
import { Page } from "./page.js";

const where = (name) => path("vhosts", name);

export default class Vhosts extends Page {
  constructor(route) {
    super(route);
    this.title = "Virtual hosts";
    this.nav = "admin";
    this.table = new TableState();
  }

  start() {
    this.source = this.watch({ where: "vhosts", interval: 3000, onData: (list) => (this.list = list) });
  }

  edit(v) {
    const state = { name: v?.name ?? "", description: v?.description ?? "", tags: Array.isArray(v?.tags) ? v.tags.join(", ") : v?.tags ?? "", tracing: v?.tracing ?? false, old: v };
    const sent = (s) => ({ description: s.description, tags: s.tags, tracing: s.tracing });
    openSheet({
      title: v ? `Virtual host ${v.name}` : "Add a virtual host", act: v ? "Save virtual host" : "Add virtual host", refused: v ? "Not saved." : "Not added.", state,
      blocked: (s) => !s.name,
      body: (s) => html`${v ? "" : field(s, "name", "Name", { required: true, hint: "You get all permissions in it." })}${field(s, "description", "Description")}${field(s, "tags", "Tags", { hint: "Divided by commas" })}
        ${tick(s, "tracing", "Tracing: copies of all messages go to amq.rabbitmq.trace")}${sameInCode({ curl: () => curl("PUT", where(s.name || "name"), sent(s)) })}`,
      run: async (s) => {
        await send("PUT", where(s.name), sent(s));
        toast({ text: html`Virtual host <b>${s.name}</b> is ${v ? "saved" : "added"}` });
        this.source.again();
        loadVhosts();
      },
    });
  }

  remove(v) {
    confirmLoss({
      title: html`Delete virtual host <bdi>${v.name}</bdi>?`,
      text: html`<p>All its exchanges, queues, bindings and policies go; ${plural(v.messages ?? 0, "message is", "messages are")} lost; its clients are cut off.</p><p class="muted">This cannot be undone.</p>`,
      typeName: v.name, act: "Delete virtual host", keep: "Keep virtual host", refused: "Not deleted.",
      run: async () => {
        await request("DELETE", where(v.name));
        toast({ text: html`Virtual host <b>${v.name}</b> is deleted` });
        this.source.again();
        loadVhosts();
      },
    });
  }

  look(v) {
    chooseVhost(v.name);
    loadVhosts().then(() => go("#/queues"), (e) => toastError("Not shown.", e));
  }

  render() {
    const may = isAdministrator();
    const n = (head, read, show = count, cls = "") => ({ head, n: true, cls, zero: (v) => !read(v), cell: (v) => show(read(v)) });
    const stat = (name) => (v) => v.message_stats?.[name + "_details"]?.rate ?? 0;
    return html`${adminHead("vhosts", button("Add a virtual host", () => this.edit(null), { kind: "primary", glyph: "plus", title: "Add (N)", lack: lacksTag("administrator") }))}
      <section class="panel">${this.list ? table({
        state: this.table, label: "Virtual hosts", rows: this.list, key: (v) => v.name,
        columns: [
          { head: "Name", cls: "c-name", cell: (v) => html`<button type="button" class="linkbtn strong" @click=${() => this.look(v)}><bdi>${v.name}</bdi></button>` },
          { head: "State", cls: "c-st", cell: (v) => vhostStatus(v) },
          { head: "Description", hide: "hide-t", cls: "muted", cell: (v) => v.description ?? "" },
          { head: "Tags", hide: "hide-t", cell: (v) => tagList(Array.isArray(v.tags) ? v.tags : String(v.tags ?? "").split(",").filter(Boolean)) },
          n("Ready", (v) => v.messages_ready ?? 0, count, "c-ready"), n("Unacked", (v) => v.messages_unacknowledged ?? 0),
          n("Published /s", stat("publish"), rate), n("Delivered /s", stat("deliver_get"), rate),
          { head: "", n: true, cell: (v) => (may ? menu("vhost" + v.name, "Acts", [
            { label: "Edit…", glyph: "edit", act: () => this.edit(v) },
            { label: "Delete…", glyph: "trash", danger: true, act: () => this.remove(v) },
          ], "iconbtn") : "") },
        ],
      }) : skeleton(2)}</section>`;
  }

  keys() {
    return { n: () => isAdministrator() && this.edit(null) };
  }
}

function vhostStatus(v) {
  const down = Object.values(v.cluster_state ?? {}).some((s) => s !== "running");
  return down ? status({ tone: "bad", icon: "bad", word: "Down" }) : status({ tone: "ok", icon: "ok", word: v.tracing ? "Running, traced" : "Running" });
}
