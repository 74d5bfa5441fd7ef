// To the clipboard.
import { html } from "lit-html";
import { curl } from "../curl.js";
import { icon } from "../icons.js";
import { toast } from "./toast.js";

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

/** `call` is { method, where, body, headers }, several of them, or a function that answers them. */
export const curlButton = (call) => html`<button type="button" class="btn sm" @click=${() => copy(commands(typeof call === "function" ? call() : call), "Command copied")}>${icon("copy")}Copy as curl</button>`;

const commands = (calls) => [calls].flat().map((c) => curl(c.method, c.where, c.body, c.headers)).join("\n");
