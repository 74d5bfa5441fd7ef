// Bottom right: what happened, and a link to it. Success leaves after six seconds, errors stay; three at most.
import { html, nothing } from "lit-html";
import { register } from "../floating.js";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import { exactText, sentence } from "./basic.js";

let toasts = [];

const SHOWN = 6000;

/** `text` may be a template; `link` is [label, hash]; `reason` the broker's exact words; `more` stands below. */
export function toast({ text, title, reason, link, more, bad = false }) {
  const mine = { text, title, reason, link, more, bad };
  toasts = [...toasts, mine].slice(-3);
  if (!bad) setTimeout(() => leave(mine), SHOWN);
  redraw();
}

/** Not while somebody is at the toasts. */
function leave(one) {
  if (document.querySelector(".toasts:is(:hover, :focus-within)")) setTimeout(() => leave(one), SHOWN);
  else drop(one);
}

/** Tells of a failed call. */
export const toastError = (title, error) =>
  toast({ title, text: sentence(error), reason: exactText(error), bad: true });

function drop(one) {
  toasts = toasts.filter((t) => t !== one);
  redraw();
}

const toastArea = () => toasts.map((t) => html`
  <div class="toast"><span class=${t.bad ? "bad" : "ok"}>${icon(t.bad ? "bad" : "ok")}</span>
    <span class="grow">${t.title ? html`<b>${t.title}</b> ` : nothing}${t.text}${t.reason ? html`<br><span class="mono small">${t.reason}</span>` : nothing}${t.more ? html`<br>${t.more}` : nothing}</span>
    ${t.link ? html`<a class="nowrap" href=${t.link[1]}>${t.link[0]}</a>` : nothing}
    <button class="iconbtn" aria-label="Close" @click=${() => drop(t)}>${icon("x")}</button></div>`);

/** What went wrong on a page is of no use on another. */
function dropBad() {
  toasts = toasts.filter((t) => !t.bad);
  redraw();
}

register("toast", { area: toastArea, isOpen: () => false, close: dropBad });
