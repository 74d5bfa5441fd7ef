// Policies and operator policies.
import { html } from "lit-html";
import { lacksTag } from "../rights.js";
import { path, request, send } from "../api.js";
import { curl } from "../curl.js";
import { readArguments, showArgument } from "../arguments.js";
import { argumentsEditor, toRows } from "../components/arguments-editor.js";
import { button, empty, skeleton, tag } from "../components/basic.js";
import { choice, field } from "../components/fields.js";
import { menu } from "../components/menu.js";
import { openSheet } from "../components/sheet.js";
import { table } from "../components/table.js";
import { toast, toastError } from "../components/toast.js";
import { context, inVhost, targetVhost } from "../context.js";
import { sameInCode } from "../forms/code.js";
import { count, plural } from "../format.js";
import { inventory, useInventory } from "../inventory.js";
import { adminHead } from "./admin.js";
import { Page } from "./page.js";

const KINDS = {
  policies: { one: "policy", a: "a policy", title: "Policies", help: "They set arguments of all queues or exchanges whose name matches; the highest priority wins." },
  "operator-policies": { one: "operator policy", a: "an operator policy", title: "Operator policies", help: "They set upper limits that no policy and no client exceeds." },
};

const matching = (p) => {
  try {
    const pattern = new RegExp(p.pattern);
    const q = p["apply-to"] === "exchanges" ? [] : inventory.queues.filter((o) => o.vhost === p.vhost && pattern.test(o.name));
    const x = p["apply-to"] === "queues" ? [] : inventory.exchanges.filter((o) => o.vhost === p.vhost && o.name && pattern.test(o.name));
    return [...q, ...x];
  } catch {
    return null;
  }
};

export default class Policies extends Page {
  constructor(route) {
    super(route);
    this.title = "Policies";
    this.nav = "admin";
    this.lists = {};
    this.sources = {};
  }

  start() {
    for (const kind of Object.keys(KINDS)) {
      this.sources[kind] = this.watch({ where: inVhost(kind), interval: 5000, onData: (list) => (this.lists[kind] = list), onError: () => (this.lists[kind] ??= []) });
    }
    this.keep(useInventory());
  }

  edit(kind, p) {
    const state = { vhost: p?.vhost ?? targetVhost(), name: p?.name ?? "", pattern: p?.pattern ?? "", apply: p?.["apply-to"] ?? (kind === "policies" ? "all" : "queues"), priority: String(p?.priority ?? 0), rows: toRows(p?.definition, true) };
    const sent = (s) => ({ pattern: s.pattern, "apply-to": s.apply, priority: Number(s.priority) || 0, definition: readArguments(s.rows, true) });
    const where = (s) => path(kind, s.vhost, s.name || "name");
    const hits = (s) => (s.pattern === "" ? null : matching({ ...sent(s), vhost: s.vhost }));
    openSheet({
      title: p ? `${KINDS[kind].one[0].toUpperCase() + KINDS[kind].one.slice(1)} ${p.name}` : `Add ${KINDS[kind].a}`, act: p ? "Save" : `Add ${KINDS[kind].one}`, refused: "Not saved.", state,
      blocked: (s) => !s.name || !s.pattern || Object.keys(sent(s).definition).length === 0,
      body: (s) => html`${context.vhosts.length > 1 && !p ? choice(s, "vhost", "Virtual host", context.vhosts.map((v) => [v, v])) : ""}
        ${p ? "" : field(s, "name", "Name", { required: true })}
        ${field(s, "pattern", "Pattern", { mono: true, required: true, bad: s.pattern !== "" && hits(s) === null, hint: patternHint(s, hits(s)) })}
        ${choice(s, "apply", "Apply to", kind === "policies" ? [["all", "queues and exchanges"], ["queues", "queues"], ["exchanges", "exchanges"]] : [["queues", "queues"]])}
        ${field(s, "priority", "Priority", { type: "number", hint: "Of several that match, the highest counts." })}
        ${argumentsEditor(s.rows, "policy", { label: "Definition" })}
        ${sameInCode({ curl: () => curl("PUT", where(s), sent(s)) })}`,
      run: async (s) => {
        await send("PUT", where(s), sent(s));
        toast({ text: html`The ${KINDS[kind].one} <b>${s.name}</b> is saved` });
        this.sources[kind].again();
      },
    });
  }

  async remove(kind, p) {
    try {
      await request("DELETE", path(kind, p.vhost, p.name));
      toast({ text: html`The ${KINDS[kind].one} <b>${p.name}</b> is deleted` });
      this.sources[kind].again();
    } catch (error) {
      toastError("Not deleted.", error);
    }
  }

  list(kind) {
    const list = this.lists[kind];
    const may = kind === "policies" ? lacksTag("administrator", "policymaker") : lacksTag("administrator");
    return html`<section class="panel"><header><h2>${KINDS[kind].title}</h2><span class="right">${button(`Add ${KINDS[kind].a}`, () => this.edit(kind), { kind: "sm", glyph: "plus", title: kind === "policies" ? "Add a policy (N)" : undefined, lack: may })}</span></header>
      ${!list ? skeleton(2) : list.length === 0 ? empty(`No ${KINDS[kind].one}`, KINDS[kind].help) : table({
        label: KINDS[kind].title, rows: list, key: (p) => p.vhost + "\u0000" + p.name,
        columns: [
          { head: "Name", cls: "c-name", cell: (p) => html`<button type="button" class="linkbtn strong" @click=${() => this.edit(kind, p)}><bdi>${p.name}</bdi></button>` },
          context.vhost === null && { head: "Virtual host", cls: "muted", cell: (p) => html`<bdi>${p.vhost}</bdi>` },
          { head: "Pattern", cls: "c-st", cell: (p) => html`<span class="mono"><bdi>${p.pattern}</bdi></span>` },
          { head: "Applies to", cls: "muted", cell: (p) => p["apply-to"] },
          { head: "Definition", cell: (p) => Object.entries(p.definition).map(([k, v]) => tag(`${k} ${showArgument(k, v)}`)) },
          { head: "Priority", n: true, cell: (p) => count(p.priority) },
          { head: "Matches", n: true, cls: "muted", cell: (p) => (inventory.ready ? count(matching(p)?.length) : "–") },
          { head: "", n: true, cls: "c-ready", cell: (p) => (may === undefined ? menu(kind + p.vhost + p.name, "Acts", [
            { label: "Edit…", glyph: "edit", act: () => this.edit(kind, p) },
            { label: "Delete", glyph: "trash", danger: true, act: () => this.remove(kind, p) },
          ], "iconbtn") : "") },
        ].filter(Boolean),
      })}</section>`;
  }

  render() {
    return html`${adminHead("policies")}${this.list("policies")}${this.list("operator-policies")}`;
  }

  keys() {
    return { n: () => this.edit("policies") };
  }
}

function patternHint(s, hits) {
  if (s.pattern === "") return "A regular expression of names, such as ^orders\\.";
  if (hits === null) return "No regular expression.";
  return hits.length ? `Matches ${plural(hits.length, "object")}: ${hits.slice(0, 4).map((o) => o.name).join(", ")}${hits.length > 4 ? ", …" : ""}` : "Matches nothing at the moment.";
}
