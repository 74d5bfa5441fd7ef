// What passed by bindings where messages go from exchange to exchange; asked for only while it is shown.
import { features } from "../api.js";
import { redraw } from "../redraw.js";

/** Of a binding while the server has not noted all that passes: shown as what is not known. */
const UNKNOWN = {};

export class Passed {
  constructor(page) {
    this.page = page;
  }

  /** Asks from now on, or no more. */
  want(wanted) {
    const asks = Boolean(wanted) && features.has("topology");
    if (asks === Boolean(this.watch)) return;
    this.watch?.close();
    this.by = null;
    this.watch = asks ? this.page.watch({ where: "dev/topology", params: () => ({ vhost: this.page.vhost, parts: "passed" }), interval: 5000, onData: (t) => this.take(t) }) : null;
  }

  async take({ passed, left_out: partly }) {
    const { passedBy } = await import("./topology-flows.js");
    if (!this.watch) return;
    this.by = partly ? () => UNKNOWN : passedBy(this.page.vhost, passed);
    redraw();
  }

  /** The statistics of a binding; undefined while they are not known. */
  of(b) {
    return this.by?.(b);
  }
}
