// What is done at once, without a dialog: the call, a toast that tells of it, and the call as a command in the toast.
import { html, nothing } from "lit-html";
import { send } from "../api.js";
import { curlLink } from "./copy.js";
import { toast, toastError } from "./toast.js";

/**
 * Makes a call, { method, where, params, body }. `said(answer)` gives the text and the link of the toast, and what `undo`es it; `refused`
 * begins what is told of a failure. The answer, {} where there is none; undefined if it failed.
 */
export async function actNow(call, refused, said) {
  let answer;
  try {
    answer = (await send(call.method, call.where, call.body, { params: call.params })) ?? {};
  } catch (error) {
    toastError(refused, error);
    return undefined;
  }
  toastOf(call, said(answer));
  return answer;
}

/** A toast of what a call, or several, have done; more of it as for toast(). */
export const toastOf = (calls, { undo, ...said }) =>
  toast({ ...said, more: html`${undo ? html`<button type="button" class="linkbtn small" @click=${undo}>Undo</button> ` : nothing}${curlLink(calls)}` });
