// To the clipboard.
import { html } from "lit-html";
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
