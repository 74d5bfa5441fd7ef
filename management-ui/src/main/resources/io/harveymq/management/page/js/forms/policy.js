// A policy: arguments for all queues or exchanges whose name matches.
import { html } from "lit-html";
import { get, path, send } from "../api.js";
import { curl } from "../curl.js";
import { readArguments } from "../arguments.js";
import { argumentsEditor, toRows } from "../components/arguments-editor.js";
import { choice, field } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { toast, toastError } from "../components/toast.js";
import { context, targetVhost } from "../context.js";
import { plural } from "../format.js";
import { inventory, refreshInventory } from "../inventory.js";
import { typeOf } from "../model.js";
import { link } from "../router.js";
import { sameInCode } from "./code.js";

export const KINDS = {
  policies: { one: "policy", a: "a policy", title: "Policies", help: "They set arguments of all queues or exchanges whose name matches; the highest priority wins." },
  "operator-policies": { one: "operator policy", a: "an operator policy", title: "Operator policies", help: "They set upper limits that no policy and no client exceeds." },
};

/** What a policy may be for, as RabbitMQ names it; operators set limits of queues only. */
const APPLY = [["all", "queues and exchanges"], ["queues", "queues"], ["classic_queues", "classic queues"], ["quorum_queues", "quorum queues"], ["streams", "streams"], ["exchanges", "exchanges"]];
const OF_OPERATORS = ["queues", "classic_queues", "quorum_queues", "streams"];
const TYPE = { classic_queues: "classic", quorum_queues: "quorum", streams: "stream" };

/** What a policy matches now; null when its pattern is none. */
export const matching = (p) => {
  try {
    const pattern = new RegExp(p.pattern);
    const to = p["apply-to"];
    const q = to === "exchanges" ? [] : inventory.queues.filter((o) => o.vhost === p.vhost && pattern.test(o.name) && (TYPE[to] ?? typeOf(o)) === typeOf(o));
    const x = to === "all" || to === "exchanges" ? inventory.exchanges.filter((o) => o.vhost === p.vhost && o.name && pattern.test(o.name)) : [];
    return [...q, ...x];
  } catch {
    return null;
  }
};

/** `policy` is the one to change; `preset` fills in a new one. */
export function policySheet({ kind = "policies", policy: p, preset = {}, done = () => {} }) {
  const from = p ?? preset;
  const state = { vhost: from.vhost ?? targetVhost(), name: from.name ?? "", pattern: from.pattern ?? "", apply: from["apply-to"] ?? (kind === "policies" ? "all" : "queues"), priority: String(from.priority ?? 0), rows: toRows(from.definition, true) };
  const sent = (s) => ({ pattern: s.pattern, "apply-to": s.apply, priority: Number(s.priority) || 0, definition: readArguments(s.rows, true) });
  const where = (s) => path(kind, s.vhost, s.name || "name");
  const hits = (s) => (s.pattern === "" ? null : matching({ ...sent(s), vhost: s.vhost }));
  openSheet({
    title: p ? html`${KINDS[kind].one[0].toUpperCase() + KINDS[kind].one.slice(1)} <bdi>${p.name}</bdi>` : `Add ${KINDS[kind].a}`, act: `${p ? "Save" : "Add"} ${KINDS[kind].one}`, refused: "Not saved.", state,
    blocked: (s) => !s.name || !s.pattern || Object.keys(sent(s).definition).length === 0 || s.rows.some((r) => r.name === "alternate-exchange" && !r.text),
    body: (s) => html`${context.vhosts.length > 1 && !p && !preset.vhost ? choice(s, "vhost", "Virtual host", context.vhosts.map((v) => [v, v])) : ""}
      ${p ? "" : field(s, "name", "Name", { required: true })}
      ${field(s, "pattern", "Pattern", { mono: true, required: true, bad: s.pattern !== "" && hits(s) === null, hint: patternHint(s, hits(s)) })}
      ${choice(s, "apply", "Apply to", APPLY.filter(([to]) => kind === "policies" || OF_OPERATORS.includes(to) || to === from["apply-to"]))}
      ${field(s, "priority", "Priority", { type: "number", hint: "Of several that match, the highest counts." })}
      ${argumentsEditor(s.rows, kind === "policies" ? "policy" : "operator", { label: "Definition" })}
      ${sameInCode({ curl: () => curl("PUT", where(s), sent(s)) })}`,
    run: async (s) => {
      await send("PUT", where(s), sent(s));
      toast({ text: html`The ${KINDS[kind].one} <b><bdi>${s.name}</bdi></b> is saved`, link: ["Show " + KINDS[kind].one, link(kind, s.vhost, s.name)] });
      refreshInventory();
      done();
    },
  });
}

/** A policy that gives one exchange an alternate exchange. Only one policy counts: what another sets is taken over. */
export async function alternateSheet(x) {
  try {
    const before = x.policy ? await get(path("policies", x.vhost, x.policy)) : null;
    policySheet({ preset: {
      vhost: x.vhost, name: "alternate-of-" + x.name, pattern: `^${x.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`, "apply-to": "exchanges",
      priority: before ? before.priority + 1 : 0, definition: { ...before?.definition, "alternate-exchange": "" },
    } });
  } catch (error) {
    toastError("The policy of this exchange can't be read.", error);
  }
}

function patternHint(s, hits) {
  if (s.pattern === "") return "A regular expression of names, such as ^orders\\.";
  if (hits === null) return "No regular expression.";
  return hits.length ? `Matches ${plural(hits.length, "object")}: ${hits.slice(0, 4).map((o) => o.name).join(", ")}${hits.length > 4 ? ", …" : ""}` : "Matches nothing at the moment.";
}
