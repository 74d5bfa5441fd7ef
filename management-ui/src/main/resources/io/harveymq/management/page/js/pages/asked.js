// What a client asked for that was refused, beside what there is. The address tells it.
import { html, nothing } from "lit-html";
import { freeValue, showArgument } from "../arguments.js";

const DECLARED = "declare";
const NOT_DECLARED = "not declared";
const FLAGS = ["durable", "auto_delete", "exclusive", "internal"];

/** { wants, by } of an address, or null; `wants` has what was asked for by the arguments that differ. */
export function askedOf({ query }) {
  const asked = query.getAll("asked");
  const wants = new Map(query.getAll("argument").map((name, i) => [name, asked[i] ?? ""]));
  return wants.size ? { wants, by: query.get("by") ?? "" } : null;
}

/** Behind the value of an argument that differs. What a policy sets nobody asks for. */
export function asksFor(asked, name, from = DECLARED) {
  if (!asked?.wants.has(name) || ![DECLARED, NOT_DECLARED].includes(from)) return nothing;
  const wanted = asked.wants.get(name);
  const what = FLAGS.includes(name) ? (wanted === "true" ? "yes" : "no") : showArgument(name, freeValue(wanted));
  return html` <span class="warn asks"><bdi>${asked.by || "A client"}</bdi> asks for: <bdi>${what}</bdi></span>`;
}

/** Rows [name, value, from] with one more for each argument that was asked for and is not there. */
export const withAsked = (rows, asked) => [...rows, ...[...(asked?.wants.keys() ?? [])]
  .filter((name) => name !== "type" && !FLAGS.includes(name) && !rows.some(([one, , from]) => one === name && from === DECLARED))
  .map((name) => [name, "none", NOT_DECLARED])];
