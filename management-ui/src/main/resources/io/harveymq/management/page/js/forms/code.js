// "The same in code" below a form: pika, Java, rabbitmqadmin or curl.
import { html } from "lit-html";
import { user } from "../api.js";
import { segments } from "../components/basic.js";
import { copyButton } from "../components/copy.js";
import { code } from "../components/code.js";
import { word } from "../curl.js";
import { redraw } from "../redraw.js";

const LANGUAGES = [["pika", "pika"], ["java", "Java"], ["admin", "rabbitmqadmin"], ["curl", "curl"]];

let language = "pika";

/** `makers` maps pika, java, admin (rabbitmqadmin) and curl to functions answering the text. */
export function sameInCode(makers) {
  const options = LANGUAGES.filter(([l]) => makers[l]);
  const shown = makers[language] ? language : options[0][0];
  return html`<div class="field"><span class="label">The same in code</span><div class="row">${segments("Language", options, shown, (l) => {
    language = l;
    redraw();
  })}<span class="grow"></span>${copyButton(() => makers[shown](), "Code copied")}</div>${code(makers[shown]())}</div>`;
}

/** Where this page comes from and who is logged in, as far as rabbitmqadmin would not guess so. */
function adminOptions(vhost) {
  const at = new URL(document.baseURI);
  const port = at.port || (at.protocol === "https:" ? "443" : "80");
  const prefix = at.pathname.replace(/\/[^/]*$/, "");
  return [
    at.hostname !== "localhost" && ["-H", at.hostname],
    port !== "15672" && ["-P", port],
    at.protocol === "https:" && ["--ssl"],
    prefix && ["--path-prefix", prefix],
    vhost !== "/" && ["-V", vhost],
    user() !== "guest" && ["-u", user(), "-p", "PASSWORD"],
  ].filter(Boolean).flat();
}

/** rabbitmqadmin's line that declares a queue or an exchange, given as for PUT with its name. */
export function adminDeclare(kind, vhost, { arguments: args, ...rest }) {
  const pairs = Object.entries(rest).map(([k, v]) => `${k}=${v}`);
  if (Object.keys(args).length) pairs.push("arguments=" + JSON.stringify(args));
  return [["rabbitmqadmin", ...adminOptions(vhost)].map(word).join(" "), ["declare", kind, ...pairs.slice(0, 1)].map(word).join(" "), ...pairs.slice(1).map(word)].join(" \\\n  ");
}
