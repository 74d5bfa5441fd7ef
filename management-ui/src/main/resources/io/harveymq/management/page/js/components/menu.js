// A button that opens a short list of acts: ⋯ and the user's menu.
import { html, nothing } from "lit-html";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import { isOff, unless } from "./basic.js";

let open = null;

function close() {
  const button = document.querySelector(".menu > [aria-expanded=true]");
  if (document.activeElement?.closest(".menu")) button?.focus();
  open = null;
  redraw();
}

const entries = () => [...document.querySelectorAll(".menu .items button:not(:disabled)")];

/** Arrows go through the entries, Esc closes: this key is then nobody else's. */
function key(e) {
  if (!open) return;
  const all = entries();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1 }[e.key];
  if (e.key === "Escape") close();
  else if (to !== undefined) all[(to + all.length) % all.length]?.focus();
  else return;
  e.preventDefault();
}

addEventListener("click", (e) => {
  if (open && !e.target.closest(".menu")) close();
});
addEventListener("keydown", key, { capture: true });

/** `items` are { label, act, glyph, danger, disabled, title, lack } or null for a line; `lack` is why it is not allowed, if so; one that is `checked` or not leaves the menu open. */
export const menu = (id, label, items, kind = "btn") => html`<span class="menu">
  <button type="button" class=${kind} aria-haspopup="menu" aria-expanded=${open === id ? "true" : "false"} aria-label=${typeof label === "string" ? label : nothing}
    @click=${(e) => {
      open = open === id ? null : id;
      redraw();
      if (open && !e.detail) requestAnimationFrame(() => requestAnimationFrame(() => entries()[0]?.focus()));
    }}>${typeof label === "string" ? icon("more") : label}</button>
  ${open === id ? html`<div class="items" role="menu">${items.filter((i) => i !== undefined).map((i) => i === null ? html`<hr>` : html`
    <button type="button" role=${i.checked === undefined ? "menuitem" : "menuitemcheckbox"} aria-checked=${i.checked ?? nothing} class=${i.danger ? "danger" : ""} ?disabled=${i.disabled && i.lack === undefined} aria-disabled=${isOff(i.lack)} title=${i.lack ?? i.title ?? nothing} @click=${unless(i.lack, () => {
      if (i.checked === undefined) close();
      i.act();
    })}>${i.glyph ? icon(i.glyph) : nothing}${i.label}</button>`)}</div>` : nothing}</span>`;
