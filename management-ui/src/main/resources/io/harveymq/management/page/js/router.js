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

export const go = (hash) => (location.hash = hash);

/** Changes the query of the present address without a new entry in the browser's history. */
export function setQuery(changes) {
  const [where, search = ""] = location.hash.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  const hash = (where || "#/") + (text ? "?" + text : "");
  if (hash !== location.hash) history.replaceState(null, "", hash);
}

/** The same while the address is still this page's: another may be on its way. */
export function setQueryOf(page, changes) {
  if (parse(location.hash).parts.join("/") === page.route.parts.join("/")) setQuery(changes);
}
