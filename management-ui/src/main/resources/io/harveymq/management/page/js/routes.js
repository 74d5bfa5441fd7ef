// Which page is at which address. It is run before app.js has come, so that the page of this address loads with it and not after it.
import { parse } from "./router.js";

/** Each address's page, loaded when first opened. The first part decides, then how many parts there are. */
const routes = {
  "": () => import("./pages/overview.js"),
  overview: () => import("./pages/overview.js"),
  rates: () => import("./pages/all-rates.js"),
  start: () => import("./pages/start.js"),
  topology: () => import("./pages/topology.js"),
  queues: (p) => (p.length > 2 ? import("./pages/queue.js") : import("./pages/queues.js")),
  exchanges: (p) => (p.length > 2 ? import("./pages/exchange.js") : import("./pages/exchanges.js")),
  connections: (p) => (p.length > 1 ? import("./pages/connection.js") : import("./pages/clients.js")),
  channels: (p) => (p.length > 1 ? import("./pages/channel.js") : import("./pages/clients.js")),
  consumers: () => import("./pages/clients.js"),
  messages: () => import("./pages/messages.js"),
  test: () => import("./pages/tools.js"),
  vhosts: (p) => (p.length > 1 ? import("./pages/vhost.js") : import("./pages/vhosts.js")),
  users: (p) => (p.length > 1 ? import("./pages/user.js") : import("./pages/users.js")),
  policies: () => import("./pages/policies.js"),
  "operator-policies": () => import("./pages/policies.js"),
  limits: () => import("./pages/limits.js"),
  definitions: () => import("./pages/definitions.js"),
  node: () => import("./pages/node.js"),
  nodes: () => import("./pages/node.js"),
  "feature-flags": () => import("./pages/node.js"),
  "deprecated-features": () => import("./pages/node.js"),
  "cluster-name": () => import("./pages/node.js"),
  more: () => import("./pages/more.js"),
};

/** All but the first page need styles that come later. */
const styled = (load) => async (parts) => (await Promise.all([load(parts), import("./styles.js")]))[0];

/** What loads the page of an address's parts; null for an address without one. */
export function loaderOf([first = ""]) {
  if (!Object.hasOwn(routes, first)) return null;
  return ["", "overview"].includes(first) ? routes[first] : styled(routes[first]);
}

const { parts } = parse(location.hash);
if (sessionStorage.getItem("harvey.login")) loaderOf(parts)?.(parts);
