// What a client asked for that was refused, beside what there is. The address tells it.
import { html, nothing } from "lit-html";
import { freeValue, showArgument } from "../arguments.js";

const DECLARED = "declare";
const NOT_DECLARED = "not declared";
const FLAGS = ["durable", "auto_delete", "exclusive", "internal"];

/** { argument, asked, by } of an address, or null. */
export function askedOf({ query }) {
  const argument = query.get("argument");
  return argument ? { argument, asked: query.get("asked") ?? "", by: query.get("by") ?? "" } : null;
}

/** Behind the value of the argument that differs. What a policy sets nobody asks for. */
export function asksFor(asked, name, from = DECLARED) {
  if (asked?.argument !== name || ![DECLARED, NOT_DECLARED].includes(from)) return nothing;
  const what = FLAGS.includes(name) ? (asked.asked === "true" ? "yes" : "no") : showArgument(name, freeValue(asked.asked));
  return html` <span class="warn asks"><bdi>${asked.by || "A client"}</bdi> asks for: <bdi>${what}</bdi></span>`;
}

/** Rows [name, value, from] with one more for an argument that was asked for and is not there. */
export const withAsked = (rows, asked) =>
  !asked || asked.argument === "type" || FLAGS.includes(asked.argument) || rows.some(([name, , from]) => name === asked.argument && from === DECLARED) ? rows : [...rows, [asked.argument, "none", NOT_DECLARED]];
