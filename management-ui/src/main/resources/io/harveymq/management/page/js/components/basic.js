// Small pieces used on every page: status, tags, segments, empty states, key/value lists, code.
import { html, nothing } from "lit-html";
import { icon } from "../icons.js";

export const status = (s) =>
  html`<span class="st ${s.tone}" title=${s.cause || nothing}>${icon(s.icon)}${s.word}</span>`;

export const tag = (text, mono = false) => html`<span class="tag ${mono ? "mono" : ""}" title=${text?.length > 40 ? text : nothing}><bdi>${text}</bdi></span>`;
export const tagList = (texts) => texts.map((t) => tag(t));

/** Instead of an act that is not allowed. */
const tell = (lack) => dispatchEvent(new CustomEvent("lacking", { detail: lack }));
const tellLack = (lack) => (e) => {
  e.preventDefault();
  tell(lack);
};

/** What a key does: the same as the button that has this `lack`. */
export const doUnless = (lack, act) => (lack === undefined ? act() : tell(lack));

/** What a click does: the act, or to tell why it is not allowed, if `lack` says so; see rights.js. */
export const unless = (lack, act) => (lack === undefined ? act : tellLack(lack));

/** For aria-disabled: a button of which that is told can be reached by keyboard and finger. */
export const isOff = (lack) => (lack === undefined ? nothing : "true");

/** `lack` is why it is not allowed, if it is not. */
export const button = (label, act, { kind = "", glyph, title, disabled = false, type = "button", lack } = {}) => html`
  <button type=${type} class="btn ${kind}" title=${lack ?? title ?? nothing} ?disabled=${disabled && lack === undefined} aria-disabled=${isOff(lack)} @click=${unless(lack, act)}>${glyph ? icon(glyph) : nothing}${label}</button>`;

/** A segmented choice: options are [value, label, count?]. */
export const segments = (label, options, chosen, choose, extra = "") => html`
  <div class="seg ${extra}" role="group" aria-label=${label}>${options.map(([value, text, n]) => html`
    <button type="button" aria-pressed=${value === chosen ? "true" : "false"} @click=${() => choose(value)}>${text}${n === undefined ? nothing : html` <b class="num">${n}</b>`}</button>`)}
  </div>`;

export const panel = (title, body, right = nothing) => html`
  <section class="panel"><header><h2>${title}</h2>${right === nothing ? nothing : html`<span class="right">${right}</span>`}</header><div class="body">${body}</div></section>`;

export const empty = (title, text, act = nothing, snippet = nothing) => html`
  <div class="empty"><h2>${title}</h2><p class="muted">${text}</p>${act}${snippet}</div>`;

export const kv = (rows) => html`
  <dl class="kv small">${rows.filter(Boolean).map(([k, v]) => html`<dt>${k}</dt><dd>${v}</dd>`)}</dl>`;

/** `part` of `whole` as a thin bar. */
export const meter = (part, whole, label) => html`
  <svg class="bar" role="img" aria-label=${label} preserveAspectRatio="none" viewBox="0 0 100 4">
    <rect class="bar-0" width="100" height="4" rx="2"></rect>
    <rect class="bar-1" width=${Math.max(0, Math.min(100, (100 * part) / (whole || 1))).toFixed(1)} height="4" rx="2"></rect></svg>`;

export const skeleton = (rows = 5) => html`
  <div class="skeleton" aria-label="Loading">${Array.from({ length: rows }, () => html`<div></div>`)}</div>`;

export const callout = (title, text, kind = "bad-c") => html`<div class="callout ${kind}" role="alert"><b>${title}</b> ${text}</div>`;

/** The broker's refusal: our sentence first, its exact text below. */
export const problem = (title, error, said = sentence(error)) => html`
  <div class="callout bad-c" role="alert"><b>${title}</b> ${said}
    ${error.reason ? html`<div class="mono small reason">${exactText(error)}</div>` : nothing}</div>`;

/** The broker's words; AMQP's have their code with them. */
export const exactText = ({ status, reason }) => (!reason || /^\d{3} [A-Z]/.test(reason) ? reason : `${status} ${reason}`);

/** Which right or tag is missing, if the broker says so. */
export function missingRight({ reason }) {
  const [refused, right, kind, name] = /(?:(configure|write|read) )?access to (\w+) '(.*?)' in .* refused for user/.exec(reason) ?? [];
  const [, tag] = /^Not (\w+) user/.exec(reason) ?? [];
  if (refused) return `Your user ${right ? "needs " + right : "lacks a right"} on ${kind === "topic" ? "topic " : ""}${name}.`;
  if (tag) return `Your user needs the tag ${tag === "monitor" ? "monitoring" : tag}.`;
}

/** What a failure means. */
export function sentence(error) {
  const missing = missingRight(error);
  if (missing || !error.status) return missing ?? error.message;
  if (error.status === 401 || error.status === 403) return "Your user lacks the permission.";
  if (error.status === 404) return "It does not exist, or no longer.";
  if (error.status === 405) return "The server does not allow it.";
  return "The broker refused.";
}
