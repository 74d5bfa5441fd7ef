// The chosen vhost and what belongs to the whole page rather than to one of its pages.
import { features, get, isAdministrator, mayMonitor, path } from "./api.js";
import { redraw } from "./redraw.js";

const STORE = "harvey.vhost";

/** `vhost` is null for all of them; `overview` is the last answer of /api/overview, `greeting` that of /api/dev/features; `homeless` when the user may access no vhost at all. */
export const context = { vhost: null, vhosts: [], overview: null, greeting: null, homeless: false, counts: null };

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
  context.counts = null;
  countVhost();
  if (vhost === null) localStorage.removeItem(STORE);
  else localStorage.setItem(STORE, vhost);
}

/** The overview counts all virtual hosts for who monitors, of whose lists those of others are not. */
const isOfSeveral = () => context.vhosts.length > 1 && (context.vhost !== null || (mayMonitor() && !isAdministrator()));

/** How many queues, exchanges, connections and channels there are in what was chosen; what is not known is missing. */
export const totals = () => (isOfSeveral() ? context.counts : context.overview?.object_totals) ?? {};

/** What the overview does not count so, the lists tell. */
export async function countVhost() {
  const { vhost } = context;
  if (!isOfSeveral()) return;
  const list = (kind) => (vhost === null || kind === "queues" || kind === "exchanges" ? inVhost(kind) : listInVhost(kind));
  const counted = async (kind) => [kind, (await get(list(kind), { page: 1, page_size: 1, columns: "name" })).total_count];
  const counts = await Promise.all(["queues", "exchanges", "connections", "channels"].map(counted)).catch(() => []);
  if (vhost !== context.vhost) return;
  context.counts = Object.fromEntries(counts);
  redraw();
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

/** Of connections and channels. */
export const listInVhost = (kind) => (features.has("live-vhost") ? "dev/" + inVhost(kind) : path("vhosts", context.vhost, kind));

/** Whether objects of several virtual hosts are shown together. */
export const showsSeveral = () => context.vhost === null && context.vhosts.length > 1;

/** Host and port for AMQP clients, as far as the page can know them. */
export function amqpAddress() {
  const listener = context.overview?.listeners?.find((l) => l.protocol === "amqp");
  return { host: location.hostname, port: listener?.port ?? context.greeting?.amqp_port ?? 5672 };
}

/** Without a path where the vhost is /: an empty one names a vhost with an empty name to Java's client. */
export function amqpUri(vhost = targetVhost()) {
  const { host, port } = amqpAddress();
  return `amqp://guest:guest@${host}:${port}${vhost === "/" ? "" : "/" + encodeURIComponent(vhost)}`;
}
