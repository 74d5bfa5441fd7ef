// Arguments picked from a list, each with its unit and one line of help; free ones too.
import { html, nothing } from "lit-html";
import { argument, argumentProblem, argumentsFor, KINDS, operatorKeys, policyKeys } from "../arguments.js";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import "../icons-more.js";

const change = (row, name) => (e) => {
  row[name] = e.target.value;
  redraw();
};

function rename(row) {
  return (e) => {
    row.name = e.target.value;
    const kind = row.name && argument(row.name).kind;
    row.text = kind?.choices ? kind.choices[0] : "";
    redraw();
  };
}

function valueField(row) {
  const a = row.name === "" ? null : argument(row.name);
  if (a?.kind.choices) {
    return html`<select class="input" aria-label="Value" @change=${change(row, "text")}>${a.kind.choices.map((c) => html`<option ?selected=${c === row.text}>${c}</option>`)}</select>`;
  }
  return html`<input class="input ${argumentProblem(row) ? "wrong" : ""}" aria-label="Value" spellcheck="false" placeholder=${a?.kind.example ?? "value"} .value=${row.text} @input=${change(row, "text")}>`;
}

/** `rows` is the state; `where` is q, x, policy or operator; `check(row)` may answer a template with what is wrong, `note(row)` one with what else is to be known. */
export function argumentsEditor(rows, where, { label = "Arguments", check, note } = {}) {
  const ofPolicies = { policy: policyKeys, operator: operatorKeys }[where];
  const known = ofPolicies?.() ?? argumentsFor(where);
  const strip = (name) => (ofPolicies ? name.replace(/^x-/, "") : name);
  const line = (row) => {
    const a = row.name === "" ? null : argument(row.name);
    const wrong = argumentProblem(row) ?? check?.(row);
    const noted = note?.(row);
    return html`<select class="input" aria-label="Argument" @change=${rename(row)}>
        ${known.map((k) => html`<option value=${k.name} ?selected=${k.name === row.name}>${k.label}</option>`)}<option value="" ?selected=${row.name === ""}>Another…</option></select>
      ${row.name === "" ? html`<input class="input mono" aria-label="Name of the argument" placeholder="x-name" spellcheck="false" .value=${row.free} @input=${change(row, "free")}>` : valueField(row)}
      <button type="button" class="iconbtn" aria-label="Remove" @click=${() => {
        rows.splice(rows.indexOf(row), 1);
        redraw();
      }}>${icon("trash")}</button>
      ${row.name === "" ? html`<span class="wide">${valueField(row)}</span>` : nothing}
      ${wrong ? html`<span class="hint bad">${wrong}</span>` : a ? html`<span class="hint"><span class="mono">${strip(a.name)}</span> ${a.help}</span>` : nothing}
      ${noted ? html`<span class="hint"><span class="warn">${noted}</span></span>` : nothing}`;
  };
  return html`<div class="field"><span class="label">${label}</span>${rows.length ? html`<div class="args">${rows.map(line)}</div>` : nothing}
    <span><button type="button" class="linkbtn small" @click=${() => {
      const free = known.find((k) => !rows.some((r) => r.name === k.name));
      rows.push({ name: free?.name ?? "", free: "", text: free?.kind.choices?.[0] ?? "" });
      redraw();
    }}>Add an argument</button></span></div>`;
}

/** Existing values as rows. */
export function toRows(values, strip = false) {
  return Object.entries(values ?? {}).map(([key, v]) => {
    const a = argument(key);
    const text = typeof v === "object" ? JSON.stringify(v) : String(v);
    return a && (strip || a.name === key) && (a.kind !== KINDS.text || typeof v === "string") ? { name: a.name, free: "", text } : { name: "", free: key, text };
  });
}
