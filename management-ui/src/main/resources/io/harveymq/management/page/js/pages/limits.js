// Limits of virtual hosts and users.
import { html } from "lit-html";
import { path, send } from "../api.js";
import { curl } from "../curl.js";
import { lacksTag } from "../rights.js";
import { actNow } from "../components/act.js";
import { button, empty, skeleton } from "../components/basic.js";
import { choice, field } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { table } from "../components/table.js";
import { toast } from "../components/toast.js";
import { context } from "../context.js";
import { sameInCode } from "../forms/code.js";
import { count } from "../format.js";
import { icon } from "../icons.js";
import { link } from "../router.js";
import { adminHead } from "./admin.js";
import { Page } from "./page.js";
import "../icons-more.js";

const KINDS = {
  vhost: { where: "vhost-limits", subject: "vhost", label: "Virtual host", title: "Limits of virtual hosts", limits: [["max-connections", "Most connections"], ["max-queues", "Most queues"]] },
  user: { where: "user-limits", subject: "user", label: "User", title: "Limits of users", limits: [["max-connections", "Most connections"], ["max-channels", "Most channels"]] },
};

const told = (id, { subject }, done) => ({ text: html`The limit of <b><bdi>${subject}</bdi></b> is ${done}`, link: ["Show " + KINDS[id].label.toLowerCase(), link(KINDS[id].subject + "s", subject)] });

export default class Limits extends Page {
  constructor(route) {
    super(route);
    this.title = "Limits";
    this.nav = "admin";
    this.lists = {};
    this.sources = {};
  }

  start() {
    for (const [id, k] of Object.entries(KINDS)) {
      this.sources[id] = this.watch({ where: k.where, interval: 5000, onData: (list) => (this.lists[id] = list), onError: (e) => (this.failure = e) });
    }
    this.watch({ where: "users", interval: 30_000, onData: (list) => (this.users = list.map((u) => u.name)) });
  }

  /** A new one, or that of a row. */
  edit(id, row) {
    const k = KINDS[id];
    const subjects = id === "vhost" ? context.vhosts : this.users ?? [];
    const state = { subject: subjects[0] ?? "", name: k.limits[0][0], value: "", ...row };
    const where = (s) => path(k.where, s.subject || "name", s.name);
    const sent = (s) => ({ value: Number(s.value) });
    openSheet({
      title: `Set a limit of a ${id === "vhost" ? "virtual host" : "user"}`, act: "Set limit", refused: "Not set.", state,
      blocked: (s) => s.value === "" || !Number.isInteger(Number(s.value)),
      body: (s) => html`${choice(s, "subject", k.label, subjects.map((v) => [v, v]))}${choice(s, "name", "Limit", k.limits)}
        ${field(s, "value", "Value", { type: "number", hint: "0 allows none; a negative number removes the limit." })}${sameInCode({ curl: () => curl("PUT", where(s), sent(s)) })}`,
      run: async (s) => {
        await send("PUT", where(s), sent(s));
        toast(told(id, s, "set"));
        this.sources[id].again();
      },
    });
  }

  async remove(id, row) {
    const done = await actNow({ method: "DELETE", where: path(KINDS[id].where, row.subject, row.name) }, "Not removed.", () => told(id, row, "removed"));
    if (done) this.sources[id].again();
  }

  list(id) {
    const k = KINDS[id];
    const lack = lacksTag("administrator");
    const rows = this.lists[id]?.flatMap((e) => Object.entries(e.value ?? {}).map(([name, v]) => ({ subject: e[k.subject], name, value: v })));
    return html`<section class="panel"><header><h2>${k.title}</h2><span class="right">${button("Set a limit", () => this.edit(id), { kind: "sm", glyph: "plus", lack })}</span></header>
      ${!rows ? skeleton(1) : rows.length === 0 ? empty("No limit", "As many as memory allows.") : table({
        label: k.title, rows, key: (r) => r.subject + "\u0000" + r.name,
        columns: [
          { head: k.label, cls: "c-name", cell: (r) => lack ? html`<bdi>${r.subject}</bdi>` : html`<button type="button" class="linkbtn strong" @click=${() => this.edit(id, r)}><bdi>${r.subject}</bdi></button>` },
          { head: "Limit", cls: "c-st", cell: (r) => k.limits.find(([n]) => n === r.name)?.[1] ?? r.name },
          { head: "Value", n: true, cls: "c-ready", cell: (r) => count(r.value) },
          { head: "", n: true, cell: (r) => html`<button type="button" class="iconbtn" title="Remove" aria-label=${`Remove ${r.name} of ${r.subject}`} @click=${() => this.remove(id, r)}>${icon("trash")}</button>` },
        ],
      })}</section>`;
  }

  render() {
    return html`${adminHead("limits")}${this.list("vhost")}${this.list("user")}`;
  }
}
