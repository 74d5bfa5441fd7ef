// The columns that a list may show besides its own; which, this browser remembers.
import { html, nothing } from "lit-html";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import { link } from "../router.js";
import { menu } from "./menu.js";
import "../icons-more.js";

/** `optional` are { id, label, fields (of the API, divided by commas), column() as table() takes it }. */
export class Columns {
  constructor(list, optional) {
    this.list = list;
    this.optional = optional;
    this.on = new Set((localStorage.getItem(this.store) ?? "").split(",").filter(Boolean));
  }

  get store() {
    return `harvey.${this.list}Columns`;
  }

  chosen() {
    return this.optional.filter((o) => this.on.has(o.id));
  }

  /** What the API is asked for because of them. */
  fields() {
    return this.chosen().map((o) => o.fields).filter(Boolean);
  }

  columns() {
    return this.chosen().map((o) => ({ ...o.column(), more: true }));
  }

  toggle(id) {
    if (!this.on.delete(id)) this.on.add(id);
    localStorage.setItem(this.store, [...this.on].join(","));
  }

  /** The button that opens the choice; `changed` asks anew. */
  menu(changed) {
    return html`<span class="right">${menu(this.list + "-columns", html`<span class="btn sm" title="Columns">${icon("cols")}<span class="word">Columns</span></span>`, this.optional.map((o) => ({
      label: html`<span class="grow">${o.label}</span>${this.on.has(o.id) ? icon("check") : nothing}`,
      checked: this.on.has(o.id),
      act: () => {
        this.toggle(o.id);
        changed();
        redraw();
      },
    })), "plainuser")}</span>`;
  }
}

/** One with a number. */
export const numberColumn = (id, label, field, show, { head = label, read = (r) => at(r, field), fields = field } = {}) => ({
  id, label, fields, column: () => ({ head, sort: field, read, n: true, zero: (r) => !read(r), cell: (r) => show(read(r)) }),
});

/** One with a text. */
export const textColumn = (id, label, field, read = (r) => at(r, field)) => ({
  id, label, fields: field, column: () => ({ head: label, sort: field, cls: "muted c-" + id, cell: (r) => html`<bdi>${read(r) ?? "–"}</bdi>` }),
});

/** The policy, linked. */
export const policyColumn = {
  id: "policy", label: "Policy", fields: "policy",
  column: () => ({ head: "Policy", sort: "policy", cell: (o) => (o.policy ? html`<a href=${link("policies", o.vhost, o.policy)}><bdi>${o.policy}</bdi></a>` : html`<span class="muted">–</span>`) }),
};

/** A rate of message_stats. */
export const rateColumn = (id, label, stat, show) => numberColumn(id, label + " /s", `message_stats.${stat}_details.rate`, show, { read: (r) => r.message_stats?.[stat + "_details"]?.rate ?? 0 });

const at = (object, field) => field.split(".").reduce((o, name) => o?.[name], object);
