// Tables: sortable heads, held order, selection, paging. The caller brings rows; the server has sorted and paged them where it can.
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { full } from "../format.js";
import { redraw } from "../redraw.js";

const SETTLING_MS = 3_000;

/** Order held under the pointer, the row with the keyboard's mark, the selection; `all` when it goes beyond the marked rows, until these change. One per table. */
export class TableState {
  constructor() {
    this.held = false;
    this.holders = new Set();
    this.order = [];
    this.known = new Map();
    this.renewed = 0;
    this.fresh = 0;
    this.current = null;
    this.selected = new Map();
    this.all = false;
  }

  /** Rows in the order to show; while held: as before, with new ones only counted. */
  arrange(rows, key) {
    const byKey = new Map(rows.map((r) => [key(r), r]));
    this.fresh = 0;
    if (this.held && this.order.length && performance.now() > this.renewed) {
      const old = new Set(this.order);
      for (const k of byKey.keys()) if (!old.has(k)) this.fresh++;
      const shown = this.order.map((k) => byKey.get(k) ?? this.known.get(k));
      for (const [k, r] of byKey) if (old.has(k)) this.known.set(k, r);
      return shown.filter(Boolean);
    }
    this.order = [...byKey.keys()];
    this.known = byKey;
    return rows;
  }

  /** By the pointer or by the keyboard's focus; a click alone is over when the pointer leaves. */
  hold(on, by = "pointer", really = true) {
    if (on && really) this.holders.add(by);
    else this.holders.delete(by);
    if (this.held !== this.holders.size > 0) {
      this.held = this.holders.size > 0;
      redraw();
    }
  }

  /** Forgets the order, as after a change of filter, sort or page: what comes within moments, late answers included, is shown, held or not. */
  reset() {
    this.order = [];
    this.renewed = performance.now() + SETTLING_MS;
    this.current = null;
  }

  /** Selects nothing. */
  clear() {
    this.selected.clear();
    this.all = false;
  }

  /** Of the selected rows those with these keys stay so. */
  keep(keys) {
    for (const k of this.selected.keys()) if (!keys.has(k)) this.selected.delete(k);
  }

  toggle(k, row) {
    this.all = false;
    if (this.selected.has(k)) this.selected.delete(k);
    else this.selected.set(k, row);
    redraw();
  }

  step(by) {
    if (!this.order.length) return;
    const at = this.order.indexOf(this.current);
    this.current = this.order[Math.max(0, Math.min(this.order.length - 1, at < 0 ? 0 : at + by))];
    redraw();
    requestAnimationFrame(() => document.querySelector("tr.cur")?.scrollIntoView({ block: "nearest" }));
  }
}

/**
 * { state, columns, rows, key, sort, reverse, onSort, select, label, rowClass, under, plain, fits }; under(row) is what stands below it, plain stays a table on a phone, the heads of one that fits stay in sight. A column is { head, cell(row), n (number), up (the smallest first, though it is a number), cls, sort, sorted (how all rows are, by this one), title, more (a line of its own on a phone) }; one without a head has a label, or holds acts.
 */
export function table({ state, columns, rows, key, sort, reverse, onSort, select, label, rowClass, under, plain, fits }) {
  const shown = state ? state.arrange(rows, key) : rows;
  const keyed = key ?? ((r) => r);
  const one = (r) => row(r, keyed(r), state, columns, select, rowClass);
  const all = (name, shownName) => html`<label class="hit"><input type="checkbox" aria-label=${name} title=${name} .checked=${shown.length > 0 && shown.every((r) => state.selected.has(keyed(r)))}
    @change=${(e) => selectAll(state, shown, keyed, e.target.checked)}>${shownName}</label>`;
  return html`${(onSort || select) && !plain ? headless(select && all("Select all", onSort ? nothing : html`<span class="small muted">Select all</span>`), onSort && sortBy(columns, sort, reverse, onSort)) : nothing}<div class=${fits ? "tw fits" : "tw"} @pointerenter=${() => state?.hold(true)} @pointerleave=${() => state?.hold(false)}
    @focusin=${(e) => state?.hold(true, "focus", e.target.matches(":focus-visible"))} @focusout=${() => state?.hold(false, "focus")}>
    <table class=${plain ? "" : "cards"} data-renewed=${state?.renewed ?? 0} aria-label=${label ?? nothing}><thead><tr>
      ${select ? html`<th scope="col" class="tickcell">${all("Select all on this page", nothing)}</th>` : nothing}
      ${columns.map((c) => head(c, sort, reverse, onSort))}</tr></thead>
    <tbody>${repeat(shown, keyed, under ? (r) => [one(r), under(r)] : one)}</tbody></table></div>`;
}

/** The keys of a page for its list: the next row, the one before, and to open it. */
export const rowKeys = (state, open) => ({
  j: () => state.step(1),
  k: () => state.step(-1),
  Enter: () => state.known.has(state.current) && open(state.known.get(state.current)),
});

/** Whether the first click on a column's head puts the largest first; an address without a direction means the same. */
export function falls(columns, sort) {
  const c = columns.find((one) => one && one.sort === sort);
  return !!c?.n && !c.up;
}

/** For phones, where a table of cards has no heads. */
const headless = (all, sorting) => html`<div class="only-s"><div class="row sortby">${all || nothing}${sorting || nothing}</div></div>`;

function sortBy(columns, sort, reverse, onSort) {
  const sortable = columns.filter((c) => c.sort);
  const chosen = sortable.find((c) => c.sort === sort);
  return html`<select class="input" aria-label="Sort by" @change=${(e) => {
      const c = sortable[e.target.selectedIndex];
      onSort(c.sort, falls(columns, c.sort));
    }}>${sortable.map((c) => html`<option .selected=${c === chosen}>${c.head}</option>`)}</select>
    <button type="button" class="btn" aria-label=${reverse ? "Largest first" : "Smallest first"} title="Turn the order round" @click=${() => onSort(sort, !reverse)}>${reverse ? "↓" : "↑"}</button>`;
}

function selectAll(state, rows, key, on) {
  state.all = false;
  for (const r of rows) {
    if (on) state.selected.set(key(r), r);
    else state.selected.delete(key(r));
  }
  redraw();
}

function head(c, sort, reverse, onSort) {
  const cls = [c.n ? "n" : "", c.hide ?? ""].join(" ");
  if (!onSort || !c.sort) return html`<th scope="col" class=${cls} aria-sort=${c.sorted ?? nothing} title=${c.title ?? nothing}>${c.head || html`<span class="sr">${c.label ?? "Acts"}</span>`}</th>`;
  const on = c.sort === sort;
  return html`<th scope="col" class=${cls} aria-sort=${on ? (reverse ? "descending" : "ascending") : nothing} title=${c.title ?? nothing}>
    <button type="button" class="sort" @click=${() => onSort(c.sort, on ? !reverse : !!c.n && !c.up)}>${c.head}${on ? (reverse ? " ↓" : " ↑") : ""}</button></th>`;
}

/** A number that is not told to the last digit has that in its tooltip. */
const shortened = (shown, c, r) => (c.read && c.exact && Math.abs(c.read(r)) >= 100_000 ? html`<span title=${full(c.read(r))}>${shown}</span>` : shown);

function row(r, k, state, columns, select, rowClass) {
  const cls = [state?.selected.has(k) ? "sel" : "", state?.current === k ? "cur" : "", rowClass?.(r) ?? ""].join(" ");
  return html`<tr class=${cls}>
    ${select ? html`<td class="tickcell"><label class="hit"><input type="checkbox" aria-label="Select" title="Select (Space)" .checked=${state.selected.has(k)} @change=${() => state.toggle(k, r)}></label></td>` : nothing}
    ${columns.map((c) => {
      const zero = c.n && c.zero?.(r);
      return html`<td class="${c.n ? "n" : ""} ${zero ? "z" : ""} ${c.cls ?? ""} ${c.hide ?? ""} ${c.more ? "c-more" : ""}" data-head=${c.more ? c.head : nothing}>${shortened(c.cell(r), c, r)}</td>`;
    })}</tr>`;
}
