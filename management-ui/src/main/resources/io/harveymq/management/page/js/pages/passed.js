// What passed by bindings where messages go from exchange to exchange; asked for only while it is shown.
import { features } from "../api.js";
import { redraw } from "../redraw.js";

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
    this.watch = asks ? this.page.watch({ where: "dev/topology", params: () => ({ vhost: this.page.vhost, parts: "passed" }), interval: 2000, onData: (t) => this.take(t.passed) }) : null;
  }

  async take(passed) {
    const { passedBy } = await import("./topology-flows.js");
    if (!this.watch) return;
    this.by = passedBy(this.page.vhost, passed);
    redraw();
  }

  /** The statistics of a binding; undefined while they are not known. */
  of(b) {
    return this.by?.(b);
  }
}
