// Filter and order of lists that are held whole: a part of the name, or /regex/, and a column. They stay in the address.
import { html } from "lit-html";
import { parseFilter, tester } from "../filter.js";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import { setQuery } from "../router.js";

/** Lists of fewer need none. */
const FEW = 6;

export class Narrow {
  constructor(route) {
    this.read(route);
  }

  /** Takes over what an address says. */
  read(route) {
    this.text = route.query.get("f") ?? "";
    this.sort = route.query.get("sort") ?? "name";
    this.reverse = route.query.get("dir") === "down";
  }

  /** What table() is told: rows, order and what a click on a head does. Columns that sort have `sort` and `read`. */
  ordered(list, columns, state) {
    const read = columns.find((c) => c.sort && c.sort === this.sort)?.read;
    const rows = [...this.rows(list)];
    if (read) rows.sort((a, b) => (read(a) < read(b) ? -1 : read(a) > read(b) ? 1 : 0) * (this.reverse ? -1 : 1));
    return { state, rows, columns, sort: this.sort, reverse: this.reverse, onSort: (sort, reverse) => {
      state.reset();
      Object.assign(this, { sort, reverse });
      setQuery({ sort: sort === "name" ? null : sort, dir: reverse ? "down" : null }, true);
      redraw();
    } };
  }

  /** The rows whose name fits. */
  rows(list) {
    return this.text ? list?.filter(tester(this.filter())) : list;
  }

  filter() {
    return parseFilter(this.text, false);
  }

  /** The box, for a list that is long enough. */
  box(label, list) {
    if (!this.text && (list?.length ?? 0) < FEW) return "";
    const { problem } = this.filter();
    return html`<div class="tools"><div class="searchbox">${icon("search")}<input class="input ${problem ? "wrong" : ""}" type="search" aria-label=${label} title="Filter (F)" placeholder="Filter by name or /regex/" spellcheck="false" .value=${this.text} @input=${(e) => {
      this.text = e.target.value;
      setQuery({ f: this.text }, true);
      redraw();
    }}></div>${problem ? html`<span class="small bad">${problem}</span>` : ""}</div>`;
  }
}
