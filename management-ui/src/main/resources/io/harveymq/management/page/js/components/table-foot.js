// The line below a table.
import { html, nothing } from "lit-html";
import { count } from "../format.js";
import { icon } from "../icons.js";
import "../icons-more.js";

/** Which rows are shown, new ones held back, the pages. */
export function tableFoot({ state, from, shown, total, page, pages, size, onPage, onSize }) {
  return html`<div class="tfoot"><span>${total === 0 ? "None" : `${count(from + 1)}–${count(from + shown)} of ${count(total)}`}</span>
    ${state?.held && state.order.length ? html`<span class=${state.fresh ? "" : "hide-s"}>${state.fresh ? `${state.fresh} new, shown when the pointer and the focus leave` : "Order held while the pointer or the focus is here"}</span>` : nothing}
    ${pages > 1 || onSize ? html`<span class="right">
      ${onSize ? html`<label class="pagesize"><select aria-label="Rows a page" @change=${(e) => onSize(Number(e.target.value))}>${[20, 50, 100].map((n) => html`<option value=${n} ?selected=${n === size}>${n} a page</option>`)}</select></label>` : nothing}
      <button type="button" class="btn sm" aria-label="Previous page" ?disabled=${page <= 1} @click=${() => onPage(page - 1)}>${icon("left")}</button>
      <span class="hide-s">${count(page)} of ${count(Math.max(1, pages))}</span>
      <button type="button" class="btn sm" aria-label="Next page" ?disabled=${page >= pages} @click=${() => onPage(page + 1)}>${icon("chev")}</button></span>` : nothing}</div>`;
}
