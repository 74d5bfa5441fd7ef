// Name and value pairs in a form: headers, binding arguments.
import { html, nothing } from "lit-html";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import "../icons-more.js";

const change = (pair, name) => (e) => {
  pair[name] = e.target.value;
  redraw();
};

/** `pairs` is the state: [{ name, text }]; `names` are suggested. */
export const pairsEditor = (pairs, { label, add, names }) => html`
  <div class="field"><span class="label">${label}</span>${names ? html`<datalist id="pair-names">${names.map((n) => html`<option value=${n}></option>`)}</datalist>` : nothing}
    ${pairs.length ? html`<div class="args">${pairs.map((p) => html`
      <input class="input mono" aria-label="Name" list=${names ? "pair-names" : nothing} placeholder="name" spellcheck="false" .value=${p.name} @input=${change(p, "name")}>
      <input class="input mono" aria-label="Value" placeholder="value" spellcheck="false" .value=${p.text} @input=${change(p, "text")}>
      <button type="button" class="iconbtn" aria-label="Remove" @click=${() => {
        pairs.splice(pairs.indexOf(p), 1);
        redraw();
      }}>${icon("trash")}</button>`)}</div>` : nothing}
    <span><button type="button" class="linkbtn small" @click=${() => {
      pairs.push({ name: "", text: "" });
      redraw();
    }}>${add}</button></span></div>`;

export const readPairs = (pairs) => Object.fromEntries(pairs.filter((p) => p.name).map((p) => [p.name, p.text]));
