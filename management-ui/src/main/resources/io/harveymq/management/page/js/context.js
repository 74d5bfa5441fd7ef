// The chosen vhost and what belongs to the whole page rather than to one of its pages.
import { get, path } from "./api.js";
import { redraw } from "./redraw.js";

const STORE = "harvey.vhost";

/** `vhost` is null for all of them; `overview` is the last answer of /api/overview, `greeting` that of /api/dev/features; `homeless` when the user may access no vhost at all. */
export const context = { vhost: null, vhosts: [], overview: null, greeting: null, homeless: false };

export async function loadVhosts() {
  context.vhosts = (await get("vhosts", { columns: "name" })).map((v) => v.name).sort();
  context.homeless = context.vhosts.length === 0;
  const kept = localStorage.getItem(STORE);
  if (context.vhosts.length === 1) context.vhost = context.vhosts[0];
  else if (kept !== null && context.vhosts.includes(kept)) context.vhost = kept;
  else if (context.vhost !== null && !context.vhosts.includes(context.vhost)) context.vhost = null;
  redraw();
}

export function chooseVhost(vhost) {
  context.vhost = vhost;
  if (vhost === null) localStorage.removeItem(STORE);
  else localStorage.setItem(STORE, vhost);
}

/** The page then shows this virtual host only, or all for null, at an address. */
export async function showVhost(vhost, hash) {
  chooseVhost(vhost);
  await loadVhosts();
  history.pushState(null, "", hash);
  dispatchEvent(new Event("vhostchange"));
}

/** The vhost new things go to. */
export const targetVhost = () => context.vhost ?? (context.vhosts.includes("/") ? "/" : context.vhosts[0] ?? "/");

/** How an address that means a virtual host names it: not at all where there is only one, or none is chosen. */
export const vhostOfAddress = () => (context.vhosts.length > 1 ? context.vhost : null);

/** A list's address within the chosen vhost: queues or queues/%2F. */
export const inVhost = (kind) => (context.vhost === null ? kind : path(kind, context.vhost));

/** Host and port for AMQP clients, as far as the page can know them. */
export function amqpAddress() {
  const listener = context.overview?.listeners?.find((l) => l.protocol === "amqp");
  return { host: location.hostname, port: listener?.port ?? 5672 };
}

/** Without a path where the vhost is /: an empty one names a vhost with an empty name to Java's client. */
export function amqpUri(vhost = targetVhost()) {
  const { host, port } = amqpAddress();
  return `amqp://guest:guest@${host}:${port}${vhost === "/" ? "" : "/" + encodeURIComponent(vhost)}`;
}
