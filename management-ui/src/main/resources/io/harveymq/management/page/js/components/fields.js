// Form fields bound to a state object: field(state, "name", "Name") reads and writes state.name.
import { html, nothing } from "lit-html";
import { redraw } from "../redraw.js";

let number = 0;
const ids = new WeakMap();

function idOf(state, name) {
  if (!ids.has(state)) ids.set(state, "f" + ++number);
  return ids.get(state) + "-" + name;
}

const hintLine = (hint, bad) => (hint ? html`<span class="hint ${bad ? "bad" : ""}">${hint}</span>` : nothing);

/** A line of text. Options: hint, bad (hint is an error), mono, type, list (suggestions), placeholder, required. */
export function field(state, name, label, { hint, bad, mono, type = "text", list, placeholder, required, on } = {}) {
  const id = idOf(state, name);
  return html`<div class="field"><label for=${id}>${label}</label>
    <input id=${id} class="input ${mono ? "mono" : ""} ${bad ? "wrong" : ""}" type=${type} spellcheck="false" autocomplete=${type === "password" ? "new-password" : "off"}
      placeholder=${placeholder ?? nothing} ?required=${required} list=${list ? id + "-list" : nothing} .value=${state[name] ?? ""}
      @input=${(e) => {
        state[name] = e.target.value;
        on?.();
        redraw();
      }}>
    ${list ? html`<datalist id=${id + "-list"}>${list.slice(0, 200).map((v) => html`<option value=${v}></option>`)}</datalist>` : nothing}
    ${hintLine(hint, bad)}</div>`;
}

export function area(state, name, label, { hint, bad, rows = 6 } = {}) {
  const id = idOf(state, name);
  return html`<div class="field"><label for=${id}>${label}</label>
    <textarea id=${id} class="input mono" rows=${rows} spellcheck="false" .value=${state[name] ?? ""} @input=${(e) => {
      state[name] = e.target.value;
      redraw();
    }}></textarea>${hintLine(hint, bad)}</div>`;
}

/** A choice out of few: options [value, label]. */
export function choice(state, name, label, options, { hint, on } = {}) {
  const id = idOf(state, name);
  return html`<div class="field"><label for=${id}>${label}</label>
    <select id=${id} class="input" @change=${(e) => {
      state[name] = e.target.value;
      on?.();
      redraw();
    }}>${options.map(([v, text]) => html`<option value=${v} ?selected=${v === state[name]}>${text}</option>`)}</select>${hintLine(hint)}</div>`;
}

export const tick = (state, name, label) => html`<label class="tick"><input type="checkbox" .checked=${!!state[name]} @change=${(e) => {
  state[name] = e.target.checked;
  redraw();
}}>${label}</label>`;
