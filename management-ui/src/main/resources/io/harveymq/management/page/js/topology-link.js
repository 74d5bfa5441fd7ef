// Addresses of the topology.
import { context } from "./context.js";

/** Where the topology shows an exchange (kind x) or a queue (q). */
export function topologyLink(kind, o) {
  const query = new URLSearchParams({ focus: kind + ":" + o.name });
  if (context.vhosts.length > 1) query.set(context.vhost === null ? "in" : "vhost", o.vhost);
  return "#/topology?" + query;
}
