// A declaration is checked against the broker while it is typed; nothing is declared.
import { html, nothing } from "lit-html";
import { features, send } from "../api.js";
import { showArgument } from "../arguments.js";
import { missingRight } from "../components/basic.js";
import { otherwise } from "../components/sheet.js";
import { redraw } from "../redraw.js";

const PAUSE_MS = 250;

let timer = null;

/** Keeps the answer for what the form says now in `s.checked`; null while nothing is known. */
export function check(s, kind, declaration) {
  if (!features.has("declare-check") || (kind === "exchange" && !s.name)) {
    s.checked = s.asked = null;
    return;
  }
  const body = { kind, vhost: s.vhost, name: s.name, ...declaration };
  const text = JSON.stringify(body);
  if (s.asked === text) return;
  s.asked = text;
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const answer = await send("POST", "dev/declare/check", body).catch(() => null);
    if (s.asked !== text) return;
    s.checked = s.name ? answer : answer && { ...answer, ok: true }; // of no name only what arguments mean
    redraw();
  }, PAUSE_MS);
}

/** Why it would be refused, the broker's words below; undefined while it would not be. */
export function refusal(s) {
  if (s.checked?.ok !== false) return undefined;
  return html`Would be refused. ${otherwise(s.checked) ?? missingRight(s.checked)}<br><span class="mono">${s.checked.reason}</span>`;
}

/** Which right is missing, if that is why. */
export const forbidden = (s) => (s.checked?.ok === false ? missingRight(s.checked) : undefined);

/** What would be missing, unless the arguments say so already. */
export const warnings = (s, said) => (said || !s.checked?.warnings?.length ? nothing : s.checked.warnings.map((w) => html`<span class="hint"><span class="warn">${w[0].toUpperCase() + w.slice(1)}.</span></span>`));

/** A policy sets what the row sets: which one, and whose value counts. */
export const policyNote = (s) => (row) => {
  const name = row.name || row.free;
  const p = name && s.checked?.policies?.find((one) => one.argument === name);
  if (!p) return null;
  const who = html`${p.operator ? "Operator policy" : "Policy"} <b><bdi>${p.policy}</bdi></b>`;
  const value = showArgument(name, p.value);
  return p.in_force === p.value ? html`${who} sets ${value}, and that is in force.` : html`${who} sets ${value}, but ${showArgument(name, p.in_force)} from here is in force.`;
};
