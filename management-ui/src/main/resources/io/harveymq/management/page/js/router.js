// The hash is the address of everything: #/queues/%2F/billing/bindings?sort=name.
// RabbitMQ's own hash addresses name the same objects here.

/** { parts: decoded path segments, query: URLSearchParams } of a hash. */
export function parse(hash) {
  const [where, search = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const parts = where.split("/").filter((p, i, all) => p !== "" || i < all.length - 1).map(decode);
  return { parts: parts.length === 1 && parts[0] === "" ? [] : parts, query: new URLSearchParams(search) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** link("queues", "/", "a b") is "#/queues/%2F/a%20b". */
export const link = (...parts) => "#/" + parts.map(encodeURIComponent).join("/");

export const queueLink = (q, tab) =>
  tab ? link("queues", q.vhost, q.name ?? q.queue, tab) : link("queues", q.vhost, q.name ?? q.queue);
export const exchangeLink = (vhost, name, ...tab) => link("exchanges", vhost, name === "" ? "amq.default" : name, ...tab);

/** How many cover the page at this entry of the browser's history; see covers.js. */
export const depth = () => history.state?.covers ?? 0;

/** What the address is to be once the browser went back: { hash, goOn } or null while it does not go. */
let back = null;

/** Leaves entries of what covered the page, which stays as it is. */
export function goBack(entries) {
  if (back) return;
  back = { hash: location.hash, goOn: null };
  history.go(-entries);
}

/** Who goes elsewhere before it has gone back gets there after it. */
addEventListener("hashchange", () => {
  if (back && location.hash !== back.hash) back.goOn = location.hash;
});

/** Whether that is why the browser's history moved just now. */
export function returned() {
  if (!back) return false;
  const { hash, goOn } = back;
  back = null;
  if (location.hash !== hash) history.replaceState(history.state, "", hash);
  if (goOn !== null) location.hash = goOn;
  return true;
}

/** Goes to another address; from a form it takes the form's entry in the history. */
export function go(hash) {
  if (back) back.goOn = hash;
  else if (history.state?.floats && hash !== location.hash) location.replace(hash);
  else location.hash = hash;
}

let shown = null;

/** The page shows what the present address says. */
export const addressIsShown = () => (shown = location.hash);

/** The query of the present address; null while another one is on its way, whose page is not there yet. */
const queryShown = () => (location.hash === shown ? (location.hash.split(/\?(.*)/s)[1] ?? "") : null);

/** What the addresses of a page's tabs said last, and the tab that is shown. */
const left = new Map();
let tab = null;

export function forgetTabs() {
  left.clear();
  tab = null;
}

/** A tab's address, which leads back to it as it was left; that of the one that is chosen begins it anew. */
export function asLeft(hash, isChosen) {
  const query = isChosen ? queryShown() : null;
  if (query !== null) left.set((tab = hash), query);
  return isChosen || !left.get(hash) ? hash : hash + "?" + left.get(hash);
}

/** Ms; letters that are typed faster have one entry of the browser's history together. */
const SETTLED = 1_500;
let changedAt = 0;
let typedAt = 0;
addEventListener("hashchange", () => (changedAt = 0));
addEventListener("input", () => (typedAt = Date.now()), true);

/** What the address is changed to next gets an entry of its own, so that Back leads to the present one. */
export function newEntry() {
  const now = Date.now();
  const settled = now - typedAt > SETTLED || now - changedAt > SETTLED;
  changedAt = now;
  if (settled && !depth() && queryShown() !== null) history.pushState(null, "", location.hash);
}

/** Changes the query of the present address, with or without a new entry in the browser's history. While another address is on its way nothing changes. */
export function setQuery(changes, asEntry) {
  const search = queryShown();
  if (search === null) return;
  const query = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  if (text === new URLSearchParams(search).toString()) return;
  if (asEntry) newEntry();
  history.replaceState(history.state, "", (location.hash.split("?")[0] || "#/") + (text ? "?" + text : ""));
  addressIsShown();
  if (tab !== null) left.set(tab, text);
}
