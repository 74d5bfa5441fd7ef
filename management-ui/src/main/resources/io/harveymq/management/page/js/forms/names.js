// Names of what exists in a vhost, for suggestions and checks in forms. Asked once per form.
import { get, path } from "../api.js";
import { redraw } from "../redraw.js";

/** { queues, exchanges }: empty lists until the answer is there; `loaded` tells. */
export function namesOf(vhost) {
  const names = { queues: [], exchanges: [], types: {}, loaded: false };
  Promise.all([
    get(path("queues", vhost), { page: 1, page_size: 200, columns: "name" }).catch(() => []),
    get(path("exchanges", vhost), { columns: "name,type" }).catch(() => []),
  ]).then(([queues, exchanges]) => {
    names.queues = (queues.items ?? queues).map((q) => q.name);
    names.more = (queues.total_count ?? 0) > names.queues.length;
    names.exchanges = exchanges.map((x) => x.name).filter((n) => n !== "");
    names.types = Object.fromEntries(exchanges.map((x) => [x.name, x.type]));
    names.loaded = true;
    redraw();
  });
  return names;
}
