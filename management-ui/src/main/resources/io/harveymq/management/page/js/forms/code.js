// "The same in code" below a form: pika, Java or curl.
import { html } from "lit-html";
import { code, copyButton, segments } from "../components/basic.js";
import { redraw } from "../redraw.js";

let language = "pika";

/** `makers` maps pika, java and curl to functions answering the text. */
export function sameInCode(makers) {
  const options = [["pika", "pika"], ["java", "Java"], ["curl", "curl"]].filter(([l]) => makers[l]);
  const shown = makers[language] ? language : options[0][0];
  return html`<div class="field"><div class="row"><span class="label grow">The same in code</span>${segments("Language", options, shown, (l) => {
    language = l;
    redraw();
  })}${copyButton(() => makers[shown](), "Code copied")}</div>${code(makers[shown]())}</div>`;
}
