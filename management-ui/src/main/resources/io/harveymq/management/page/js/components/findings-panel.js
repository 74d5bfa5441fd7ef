// "Needs attention": sentences, evidence, and the act that mends it. Dismissed ones come back when their numbers get worse.
import { html, nothing } from "lit-html";
import { bindSheet, exchangeSheet, queueSheet } from "../forms.js";
import { showsSeveral } from "../context.js";
import { findingKey } from "../server-findings.js";
import { count, plural } from "../format.js";
import { icon } from "../icons.js";
import { lazily } from "../lazy.js";
import { redraw } from "../redraw.js";
import { exchangeLink, go, link, queueLink } from "../router.js";
import { isOff, problem, skeleton, unless } from "./basic.js";
import { menu } from "./menu.js";

const MOST = 6;
const dismissed = new Map();
let all = false;

/** Acts that lead to a list, whatever the object is. */
const LISTS = { "show-limits": "#/limits", "show-connections": "#/connections", "show-queues": "#/queues" };

/** What was refused, to be compared with what there is. */
const asked = ({ act: a, subject }) => (a?.differences ? "?" + new URLSearchParams([...a.differences.flatMap((d) => [["argument", d.argument], ["asked", d.received]]), ["by", subject]]) : "");

export function hrefOf(f) {
  const o = f.object ?? {};
  if (LISTS[f.act?.do]) return LISTS[f.act.do];
  if (o.type === "queue" && f.act?.place) return queueLink(o, "messages") + "?" + new URLSearchParams({ message: f.act.place });
  if (o.type === "queue") return queueLink(o, { "slow-acks": "consumers", refused: "settings" }[f.kind]) + asked(f);
  if (o.type === "exchange") return exchangeLink(o.vhost, o.name, ...({ dropping: ["dropped"], refused: ["settings"] }[f.kind] ?? [])) + asked(f);
  if (o.type === "connection") return link("connections", o.name);
  if (o.type === "node") return "#/node";
  return "#/" + (o.type ?? "");
}

/** The server's sentence; what stands between backticks is code. */
export const inWords = (text) => text.split(/`([^`]*)`/).map((part, i) => (i % 2 ? html`<span class="mono"><bdi>${part}</bdi></span>` : part));

/** That of rights.js, which is loaded for the first act. */
let lackOf = () => {
  lackOf = () => undefined;
  lazily(() => import("../rights.js")).then((m) => {
    if (m) lackOf = m.lackOf;
    redraw();
  });
};

/** [label, act] of the button beside a finding. */
function remedy(f) {
  const o = f.object ?? {};
  const a = f.act ?? { do: "show", label: "Show" };
  const acts = {
    bind: () => bindSheet({ vhost: o.vhost, source: a.exchange ?? o.name, key: a.routing_key }),
    "declare-queue": () => queueSheet({ vhost: o.vhost, name: a.queue }),
    "declare-exchange": () => exchangeSheet({ vhost: o.vhost, name: a.exchange }),
    resume: () => import("../pause.js").then((m) => m.pauseQueue(o, false)),
  };
  return [a.label, acts[a.do] ?? (() => go(hrefOf(f)))];
}

/** A finding that stays until it is mended, unless `hide` is given, which hides it. On a phone its acts are a menu. Below what the broker refused are its own words. */
export function standing(f, evidence, hide) {
  const [label, act] = remedy(f);
  const lack = lackOf(f);
  const acts = [{ label, act, lack }, hide && { label: HIDE, glyph: "x", act: hide }].filter(Boolean);
  return html`<div class="finding"><span class=${f.severity}>${icon(f.severity)}</span>
    <a class="what findlink" href=${hrefOf(f)}><b><bdi>${f.subject}</bdi></b>${f.object?.vhost && showsSeveral() ? html` <span class="tag"><bdi>${f.object.vhost}</bdi></span>` : nothing} ${inWords(f.text)}</a><span class="ev">${evidence}</span>
    <span class="act"><button type="button" class="btn sm hide-s" title=${lack ?? (label.length > 30 ? label : nothing)} aria-disabled=${isOff(lack)} @click=${unless(lack, act)}>${label}</button>${hide ? html`<button type="button" class="iconbtn hide-s" title=${HIDE} aria-label=${HIDE} @click=${hide}>${icon("x")}</button>` : nothing}
      <span class="only-s-inline">${menu("finding " + findingKey(f), "Acts", acts, "iconbtn")}</span></span>
    ${f.reason ? html`<span class="exact mono small">${f.reason}</span>` : nothing}</div>`;
}

const HIDE = "Hide until it gets worse";

/** What is told in the past gets worse as soon as it happens again. */
const worseThan = (f, { weight, last }) => (f.weight ?? 0) > weight * 1.5 + 1 || f.last > last;

const finding = (f) => standing(f, f.evidence, () => {
  dismissed.set(findingKey(f), { weight: f.weight ?? 0, last: f.severity === "bad" ? Infinity : f.last });
  redraw();
});

/** What may be said when nothing is shown; of losses nothing where they are not known, or those of virtual hosts that the user may not use are among them. */
function allClear({ keep, all, lost, partly }, hidden) {
  const text = partly ? "Nothing needs attention where you have permissions." : all && !hidden ? `All ${plural(keep, "queue")} in use keep up.` : `Nothing ${hidden ? "else " : ""}needs attention.`;
  return partly || lost === undefined || (hidden && !lost) ? text : `${text} ${lost ? `${plural(lost, "message was", "messages were")} dropped so far` : "Nothing was dropped"}.`;
}

/** `findings` null while unknown; `calm` counts the queues that keep up or idle, and what was `lost`; `unknown` is why the server does not tell. */
export function findingsPanel(findings, calm, unknown) {
  if (unknown) return html`<section class="panel" aria-label="Needs attention"><header><h2>Needs attention</h2></header>${problem("Not known.", unknown)}</section>`;
  if (!findings) return html`<section class="panel"><header><h2>Needs attention</h2></header>${skeleton(1)}</section>`;
  const shown = findings.filter((f) => !dismissed.has(findingKey(f)) || worseThan(f, dismissed.get(findingKey(f))));
  const hidden = findings.length - shown.length;
  if (shown.length === 0) {
    return html`<section class="panel calm" aria-label="Needs attention" aria-live="polite">${icon("ok", "ok")}<span>${allClear(calm, hidden)}</span>${hidden ? showHidden(hidden) : nothing}</section>`;
  }
  const first = all ? shown : shown.slice(0, MOST);
  const rest = shown.length - first.length;
  return html`<section class="panel" aria-label="Needs attention"><header><h2>Needs attention</h2><span class="tag">${shown.length}</span>
      <span class="right small muted"><span class="hide-s">${calm.ready ? `${plural(calm.keep, "other queue")} ${calm.keep === 1 ? "keeps" : "keep"} up, ${count(calm.idle)} idle` : nothing}</span>${hidden ? showHidden(hidden) : nothing}</span></header>
    <div aria-live="polite">${first.map(finding)}</div>
    ${rest > 0 ? html`<div class="finding"><span></span><button type="button" class="linkbtn" @click=${() => {
      all = true;
      redraw();
    }}>and ${rest} more</button></div>` : nothing}</section>`;
}

const showHidden = (n) => html`<button type="button" class="linkbtn small" @click=${() => {
  dismissed.clear();
  redraw();
}}>${n} hidden</button>`;
