// What the user may do. An act without the right to it is aria-disabled: its tooltip says which one is missing, and so does pressing it.
import { features, get, tags, user } from "./api.js";
import { exchangeName } from "./format.js";
import { redraw } from "./redraw.js";

const FRESH = 30_000;
const MOST = 500;
const MOST_ASKED = 4;
const known = new Map();
const waiting = [];
let asked = 0;

const keyOf = (vhost, name, kind) => [user(), kind, vhost, name].join("\u0000");
const kindOf = (name) => (name === "" ? "exchange" : "queue");

/** Why an act is not allowed: "needs configure on orders". Nothing while it is, or while that is not known. */
export function lacks(right, vhost, name, kind = kindOf(name)) {
  learn(vhost, name, kind);
  return lacksByNow(right, vhost, name, kind);
}

/** The same without asking the server: for what a page may have thousands of. */
export function lacksByNow(right, vhost, name, kind = kindOf(name)) {
  const rights = known.get(keyOf(vhost, name, kind))?.rights;
  return rights?.[right] === false ? `needs ${right} on ${exchangeName(name)}` : undefined;
}

/** What is lacking for the first of several queues or exchanges. */
export const lacksAmong = (right, objects) => objects.map((o) => lacks(right, o.vhost, o.name)).find(Boolean);

/** Asks the server unless the answer is known and fresh; draws again if it says something new. */
export function learn(vhost, name, kind = kindOf(name)) {
  if (!features.has("rights")) return;
  const key = keyOf(vhost, name, kind);
  const entry = known.get(key);
  if (entry ? !isOld(entry) : !hasRoom()) return;
  const next = { at: Date.now(), rights: entry?.rights, vhost, name, kind };
  known.delete(key);
  known.set(key, next);
  waiting.push(next);
  askNext();
}

const isOld = (entry) => Date.now() - entry.at > FRESH;

/** The oldest stands first. One that is still fresh stays: it would only be asked for again. */
function hasRoom() {
  if (known.size < MOST) return true;
  const [key, oldest] = known.entries().next().value;
  return isOld(oldest) && known.delete(key);
}

async function askNext() {
  if (asked >= MOST_ASKED || !waiting.length) return;
  const entry = waiting.shift();
  asked++;
  try {
    const rights = await get("dev/rights", { vhost: entry.vhost, kind: entry.kind, name: exchangeName(entry.name) });
    const changed = JSON.stringify(rights) !== JSON.stringify(entry.rights);
    entry.rights = rights;
    if (changed) redraw();
  } catch {
    // not known, so it is allowed until the broker refuses
  }
  asked--;
  askNext();
}

/** The same for acts that need one of some tags; the last is the one to ask for. */
export const lacksTag = (...wanted) => (wanted.some((t) => tags().includes(t)) ? undefined : `needs the tag ${wanted.at(-1)}`);

/** What is lacking, as a sentence. */
export const needs = (lack) => lack && `Your user ${lack}.`;

/** What is lacking for the act that mends a finding. */
export function lackOf({ act: a, object: o = {} }) {
  if (a?.do === "bind") return lacks("read", o.vhost, a.exchange ?? o.name, "exchange");
  if (a?.do === "declare-queue") return lacks("configure", o.vhost, a.queue);
  if (a?.do === "declare-exchange") return lacks("configure", o.vhost, a.exchange, "exchange");
  return a?.do === "resume" ? lacks("configure", o.vhost, o.name) : undefined;
}
