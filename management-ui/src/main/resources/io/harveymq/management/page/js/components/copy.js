// To the clipboard.
import { html } from "lit-html";
import { curl, word } from "../curl.js";
import { icon } from "../icons.js";
import { toast } from "./toast.js";
import "../icons-more.js";

export async function copy(text, what = "Copied") {
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: what });
  } catch {
    toast({ text: "The browser refused access to the clipboard", bad: true });
  }
}

export const copyButton = (text, what) =>
  html`<button type="button" class="btn sm" @click=${() => copy(typeof text === "function" ? text() : text, what)}>${icon("copy")}Copy</button>`;

/** `call` is { method, where, params, body, headers }, or with `file` instead of a body, the name of one that is sent; several of them, or a function that answers them. */
export const curlButton = (call) => html`<button type="button" class="btn sm" @click=${() => copyCalls(call)}>${icon("copy")}Copy as curl</button>`;

/** The same where there is little room. */
export const curlLink = (call) => html`<button type="button" class="linkbtn small" @click=${() => copyCalls(call)}>Copy as curl</button>`;

const copyCalls = (call) => copy(commands(typeof call === "function" ? call() : call), "Command copied");
const command = (c) => (c.file === undefined ? curl(c.method, c.where, c.body, c.headers, c.params) : curl(c.method, c.where).replace("-X POST", () => `-H 'content-type: application/json' \\\n  --data-binary ${word("@" + c.file)}`));
const commands = (calls) => [calls].flat().map(command).join("\n");
