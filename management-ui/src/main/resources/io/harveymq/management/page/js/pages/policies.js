// Policies and operator policies.
import { html } from "lit-html";
import { lacksTag } from "../rights.js";
import { get, path } from "../api.js";
import { showArgument } from "../arguments.js";
import { actNow } from "../components/act.js";
import { button, empty, skeleton, tag } from "../components/basic.js";
import { menu } from "../components/menu.js";
import { Narrow } from "../components/narrow.js";
import { table } from "../components/table.js";
import { toastError } from "../components/toast.js";
import { context, inVhost } from "../context.js";
import { policySheet } from "../forms.js";
import { KINDS, matching } from "../forms/policy.js";
import { count } from "../format.js";
import { inventory, useInventory } from "../inventory.js";
import { redraw } from "../redraw.js";
import { adminHead } from "./admin.js";
import { Page } from "./page.js";
import "../icons-more.js";

const LACK = { policies: () => lacksTag("administrator", "policymaker"), "operator-policies": () => lacksTag("administrator") };

export default class Policies extends Page {
  constructor(route) {
    super(route);
    this.title = "Policies";
    this.nav = "admin";
    this.lists = {};
    this.sources = {};
    this.narrow = new Narrow(route);
  }

  readdress(route) {
    this.route = route;
    this.narrow.read(route);
    this.openAddressed();
    return true;
  }

  /** RabbitMQ's address of one policy opens it. */
  async openAddressed() {
    const [kind, vhost, name] = this.route.parts;
    this.lost = null;
    if (name === undefined) return;
    try {
      const policy = await get(path(kind, vhost, name));
      if (this.stopped) return;
      history.replaceState(null, "", "#/policies");
      this.edit(kind, policy);
    } catch (error) {
      if (error.status === 404) this.lost = { kind, vhost, name };
      else toastError("Not shown.", error);
      redraw();
    }
  }

  start() {
    for (const kind of Object.keys(KINDS)) {
      this.sources[kind] = this.watch({ where: inVhost(kind), interval: 5000, onData: (list) => (this.lists[kind] = list), onError: () => (this.lists[kind] ??= []) });
    }
    this.keep(useInventory());
    this.openAddressed();
  }

  edit(kind, p) {
    policySheet({ kind, policy: p, done: () => this.sources[kind].again() });
  }

  async remove(kind, p) {
    const done = await actNow({ method: "DELETE", where: path(kind, p.vhost, p.name) }, "Not deleted.", () => ({ text: html`The ${KINDS[kind].one} <b><bdi>${p.name}</bdi></b> is deleted` }));
    if (done) this.sources[kind].again();
  }

  list(kind) {
    const list = this.narrow.rows(this.lists[kind]);
    const may = LACK[kind]();
    return html`<section class="panel"><header><h2>${KINDS[kind].title}</h2><span class="right">${button(`Add ${KINDS[kind].a}`, () => this.edit(kind), { kind: "sm", glyph: "plus", title: kind === "policies" ? "Add a policy (N)" : undefined, lack: may })}</span></header>
      ${!list ? skeleton(2) : list.length === 0 && this.lists[kind].length ? empty("No name matches", "") : list.length === 0 ? empty(`No ${KINDS[kind].one}`, KINDS[kind].help) : table({
        label: KINDS[kind].title, rows: list, key: (p) => p.vhost + "\u0000" + p.name,
        columns: [
          { head: "Name", cls: "c-name", cell: (p) => (may === undefined ? html`<button type="button" class="linkbtn strong" @click=${() => this.edit(kind, p)}><bdi>${p.name}</bdi></button>` : html`<span class="strong" title=${may}><bdi>${p.name}</bdi></span>`) },
          context.vhost === null && { head: "Virtual host", cls: "muted", cell: (p) => html`<bdi>${p.vhost}</bdi>` },
          { head: "Pattern", cls: "c-st", cell: (p) => html`<span class="mono"><bdi>${p.pattern}</bdi></span>` },
          { head: "Applies to", hide: "hide-t", cls: "muted", cell: (p) => p["apply-to"].replace("_", " ") },
          { head: "Definition", cls: "c-more", cell: (p) => Object.entries(p.definition).map(([k, v]) => tag(`${k} ${showArgument(k, v)}`)) },
          { head: "Priority", n: true, cell: (p) => count(p.priority) },
          { head: "Matches", hide: "hide-t", n: true, cls: "muted", cell: (p) => (inventory.ready ? count(matching(p)?.length) : "–") },
          { head: "", n: true, cls: "c-ready", cell: (p) => (may === undefined ? menu(kind + p.vhost + p.name, "Acts", [
            { label: `Edit ${KINDS[kind].one}…`, glyph: "edit", act: () => this.edit(kind, p) },
            { label: `Delete ${KINDS[kind].one}`, glyph: "trash", danger: true, act: () => this.remove(kind, p) },
          ], "iconbtn") : "") },
        ].filter(Boolean),
      })}</section>`;
  }

  render() {
    const filter = this.narrow.box("Filter policies", Object.values(this.lists).flat());
    return html`${adminHead("policies")}${this.lost ? html`<p class="warn">No ${KINDS[this.lost.kind].one} <bdi>${this.lost.name}</bdi> in vhost <bdi>${this.lost.vhost}</bdi>.</p>` : ""}
      ${filter && html`<section class="panel">${filter}</section>`}${this.list("policies")}${this.list("operator-policies")}`;
  }

  keys() {
    return { n: () => LACK.policies() === undefined && this.edit("policies") };
  }
}
