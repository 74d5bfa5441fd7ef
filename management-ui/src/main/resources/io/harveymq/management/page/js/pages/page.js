// What every page shares: its address, its watches, its end.
import { html } from "lit-html";
import { watch } from "../live.js";

/** One page at one address. start() opens its sources; stop() closes whatever was kept with keep(). */
export class Page {
  constructor(route) {
    this.route = route;
    this.closers = [];
    this.stopped = false;
    this.title = "";
    this.nav = "";
  }

  start() {}

  /** The address changed, but it is still this page. Returns false to be made anew. */
  readdress(route) {
    this.route = route;
    return true;
  }

  keep(closer) {
    if (this.stopped) closer();
    else this.closers.push(closer);
  }

  /** A watch that ends with the page; see live.js. Once the page has ended there is none. */
  watch(options) {
    if (this.stopped) return null;
    const w = watch(options);
    this.keep(() => w.close());
    return w;
  }

  stop() {
    this.stopped = true;
    for (const close of this.closers) close();
    this.closers = [];
  }

  /** Keys of this page beyond the common ones: { n: () => … }. */
  keys() {
    return {};
  }

  render() {
    return html``;
  }
}
