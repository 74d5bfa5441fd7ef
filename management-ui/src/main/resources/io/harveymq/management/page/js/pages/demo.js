// The demo: a small shop in a virtual host of its own. One click starts it, one removes it.
import { html } from "lit-html";
import { actNow } from "../components/act.js";
import { button } from "../components/basic.js";
import { toastError } from "../components/toast.js";
import { showVhost } from "../context.js";
import { icon } from "../icons.js";
import { redraw } from "../redraw.js";
import { lacksTag } from "../rights.js";

let busy = false;

async function once(method, refused, vhost, said) {
  if (busy) return;
  busy = true;
  redraw();
  if (await actNow({ method, where: "dev/demo" }, refused, () => said)) await showVhost(vhost, "#/").catch((e) => toastError("Not shown.", e));
  busy = false;
  redraw();
}

const start = () => once("PUT", "Demo not started.", "demo", { text: html`The demo runs in vhost <b>demo</b>`, link: ["Show topology", "#/topology"] });
const remove = () => once("DELETE", "Demo not removed.", null, { text: html`The demo and vhost <b>demo</b> are removed`, link: ["Connect your code", "#/start"] });

export const startButton = () => button("Start the demo", start, { disabled: busy, lack: lacksTag("administrator") });

/** Says that the demo runs, or what is left of it after a restart; `state` is the server's. */
export function demoLine(state) {
  const runs = state === "running" || state === "starting";
  if (!runs && state !== "left") return html``;
  return html`<section class="panel calm demo" aria-label="Demo">${icon("overview", "muted")}
    <span class="grow">${runs
      ? html`<b>The demo runs</b> in vhost <b>demo</b>: a shop with four queues, and some trouble to look into. <a href="#/start">Connect your code</a>`
      : html`<b>The demo is still here:</b> its vhost <b>demo</b> stayed when the broker ended, its clients did not.`}</span>
    ${runs ? "" : button("Start the demo", start, { kind: "sm", disabled: busy })}
    ${button("Remove the demo", remove, { kind: "sm", disabled: busy, title: "Deletes vhost demo with all that is in it" })}</section>`;
}
