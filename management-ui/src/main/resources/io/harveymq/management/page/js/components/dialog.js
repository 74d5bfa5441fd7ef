// The dialog that confirms loss: it asks, counts what is lost, and puts the focus on the safe button.
import { html, nothing } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { redraw } from "../redraw.js";
import { comeBack, register } from "../floating.js";
import { problem } from "./basic.js";
import { curlButton } from "./copy.js";

let open = null;

/**
 * { title, text, act, keep, run, typeName } — `text` a template; `run` does it and may throw; with `typeName` the act waits until
 * that name is typed (losses above 100 messages, whole vhosts, several objects). `call` is what it asks of the HTTP API, see curlButton.
 */
export function confirmLoss(options) {
  open = { back: comeBack(), typed: "", busy: false, error: null, danger: true, ...options };
  redraw();
}

/** A dialog with free contents and one button. */
export function showDialog(title, text) {
  open = { back: comeBack(), title, text, keep: "Close", typed: "", wide: true };
  redraw();
}

function closeDialog() {
  const back = open?.back;
  open = null;
  redraw();
  if (back) requestAnimationFrame(() => requestAnimationFrame(back));
}

async function run(event) {
  event.preventDefault();
  const d = open;
  if (!d?.run || d.busy || (d.typeName && d.typed !== d.typeName)) return;
  d.busy = true;
  redraw();
  try {
    await d.run();
    if (open === d) closeDialog();
  } catch (error) {
    Object.assign(d, { busy: false, error });
    redraw();
  }
}

/** Lit calls this before the element is in the document. */
function show(element) {
  if (!element || element.open) return;
  queueMicrotask(() => {
    if (!element.isConnected || element.open) return;
    element.showModal();
    element.querySelector(".keep").focus();
  });
}

/** A name that is asked for can be typed at once, though the focus is on the safe button. */
function toInput(e) {
  if (e.key.length === 1 && e.key !== " " && !e.ctrlKey && !e.metaKey && !e.altKey) document.getElementById("typed")?.focus();
}

function dialogArea() {
  const d = open;
  if (!d) return nothing;
  return html`<dialog class="dialog ${d.wide ? "wide" : ""}" ${ref(show)} @close=${closeDialog} @keydown=${toInput} aria-labelledby="dialog-title">
    <form @submit=${run}>
      <h2 id="dialog-title">${d.title}</h2>
      <div class="said">${d.text}</div>
      ${d.typeName ? html`<div class="field"><label for="typed">Type <bdi class="mono">${d.typeName}</bdi> to go on</label>
        <input id="typed" class="input mono" autocomplete="off" spellcheck="false" .value=${d.typed} @input=${(e) => {
          d.typed = e.target.value;
          redraw();
        }}></div>` : nothing}
      ${d.error ? problem(d.refused ?? "Not done.", d.error) : nothing}
      <div class="actions">${d.call ? html`${curlButton(d.call)}<span class="grow"></span>` : nothing}<button type="button" class="btn keep" @click=${closeDialog}>${d.keep ?? "Keep it"}</button>
      ${d.run ? html`<button class="btn ${d.danger ? "danger-fill" : "primary"}" ?disabled=${d.busy || (d.typeName && d.typed !== d.typeName)}>${d.act}</button>` : nothing}</div>
    </form></dialog>`;
}

register("dialog", { area: dialogArea, isOpen: () => open !== null, close: closeDialog });
