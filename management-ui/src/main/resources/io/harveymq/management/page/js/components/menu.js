// A button that opens a short list of acts: ⋯ and the user's menu.
import { html, nothing } from "lit-html";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";

let open = null;

function close() {
  open = null;
  redraw();
}

addEventListener("click", (e) => {
  if (open && !e.target.closest(".menu")) close();
});
addEventListener("keydown", (e) => {
  if (e.key === "Escape" && open) close();
});

/** `items` are { label, act, glyph, danger, disabled, title, lack } or null for a line; `lack` is why it is not allowed, if so. */
export const menu = (id, label, items, kind = "btn") => html`<span class="menu">
  <button type="button" class=${kind} aria-haspopup="menu" aria-expanded=${open === id ? "true" : "false"} aria-label=${typeof label === "string" ? label : nothing}
    @click=${() => {
      open = open === id ? null : id;
      redraw();
    }}>${typeof label === "string" ? icon("more") : label}</button>
  ${open === id ? html`<div class="items" role="menu">${items.filter((i) => i !== undefined).map((i) => i === null ? html`<hr>` : html`
    <button type="button" role="menuitem" class=${i.danger ? "danger" : ""} ?disabled=${i.disabled || i.lack !== undefined} title=${i.lack ?? i.title ?? nothing} @click=${() => {
      close();
      i.act();
    }}>${i.glyph ? icon(i.glyph) : nothing}${i.label}</button>`)}</div>` : nothing}</span>`;
