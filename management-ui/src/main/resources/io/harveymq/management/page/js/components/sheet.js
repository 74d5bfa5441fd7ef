// Forms come in from the right; the page stays usable. Enter submits, Esc closes, an error keeps all input.
import { html, nothing } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import { comeBack, register } from "../floating.js";
import { problem } from "./basic.js";
import "../styles.js";

let open = null;

/**
 * { title, state, body(state), act, run(state), refused } — `body` draws the fields from the state, `run` does the work and may
 * throw. With `stay` the sheet stays open after success. `blocked(state)` tells whether it can't be sent; a text is shown as the reason.
 */
export function openSheet(options) {
  open = { error: null, busy: false, back: comeBack(), state: {}, ...options };
  redraw();
}

function closeSheet() {
  const back = open?.back;
  open = null;
  redraw();
  back?.();
}

async function submit(event) {
  event.preventDefault();
  const s = open;
  if (s.busy) return;
  Object.assign(s, { busy: true, error: null });
  redraw();
  try {
    await s.run(s.state);
    s.busy = false;
    if (open === s && !s.stay) closeSheet();
  } catch (error) {
    Object.assign(s, { busy: false, error });
  }
  redraw();
}

/** What is different in what exists already, where that is why. */
export function otherwise(error) {
  const [, name, kind, object, asked, is] = /inequivalent arg '(.*?)' for (\w+) '(.*)' in vhost .*: received (.*) but current is (.*)/.exec(error.reason) ?? [];
  const plain = (v) => v.replace(/^the value (.*) of type .*/, "$1").replaceAll("'", "");
  if (!name) return undefined;
  const all = error.differences ?? [{ argument: name, received: plain(asked), current: plain(is) }];
  return html`${kind[0].toUpperCase() + kind.slice(1)} <bdi>${object}</bdi> exists with other arguments: ${all.map((d) => `${d.argument} is ${d.current}, you asked for ${d.received}`).join("; ")}.`;
}

function focusFirst(element) {
  if (!element || element.dataset.seen) return;
  element.dataset.seen = "1";
  setTimeout(() => element.querySelector("input:not([type=checkbox]), select, textarea")?.focus());
}

function sheetArea() {
  const s = open;
  if (!s) return nothing;
  const blocked = s.blocked?.(s.state);
  const why = typeof blocked === "string" && blocked ? blocked : nothing;
  return html`<aside class="slide" role="dialog" aria-labelledby="sheet-title" ${ref(focusFirst)}>
    <form @submit=${submit} autocomplete="off">
      <header><h2 id="sheet-title">${s.title}</h2><button type="button" class="iconbtn" aria-label="Close" title="Close (Esc)" @click=${closeSheet}>${icon("x")}</button></header>
      <div class="fields">${s.body(s.state)}${s.error ? problem(s.refused ?? "Not done.", s.error, otherwise(s.error)) : nothing}</div>
      <footer>${why === nothing ? why : html`<span class="small bad grow">${why}</span>`}<button type="button" class="btn" @click=${closeSheet}>Cancel</button><button class="btn primary" title=${why} ?disabled=${s.busy || blocked}>${s.act}</button></footer>
    </form></aside>`;
}

register("sheet", { area: sheetArea, isOpen: () => open !== null, close: closeSheet });
