// What clients were refused of a queue or exchange a moment ago, as long as the server tells of it.
import { html, nothing } from "lit-html";
import { inventory, keyOf } from "../inventory.js";
import { hrefOf, inWords } from "./findings-panel.js";

/** The server's finding about a "queue" or "exchange"; undefined for none. */
export const refusalOf = (type, o) => inventory.refused.get(type + keyOf(o));

/** The sentence of it, and where what was asked for is beside what there is. */
export function refusedCallout(type, o) {
  const f = refusalOf(type, o);
  if (!f) return nothing;
  return html`<div class="callout refused"><b><bdi>${f.subject}</bdi></b>${inWords(f.text.slice(f.subject.length))} (${f.evidence.code}) ${f.act?.argument ? html`<a href=${hrefOf(f)}>${f.act.label}</a>` : nothing}</div>`;
}
