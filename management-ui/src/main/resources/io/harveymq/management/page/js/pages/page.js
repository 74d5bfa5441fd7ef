// What every page shares: its address, its watches, its end.
import { html } from "lit-html";
import { link } from "../router.js";
import { watch } from "../live.js";
import { empty } from "../components/basic.js";

/** One page at one address. start() opens its sources; stop() closes whatever was kept with keep(). */
export class Page {
  constructor(route) {
    this.route = route;
    this.closers = [];
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
    this.closers.push(closer);
  }

  /** A watch that ends with the page; see live.js. */
  watch(options) {
    const w = watch(options);
    this.keep(() => w.close());
    return w;
  }

  stop() {
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

/** "No queue billing in vhost /." with the nearest name. */
export const missing = (kind, name, vhost, near, nearLink, listLink) => html`
  <section class="panel">${empty(
    `No ${kind} ${name}${vhost === undefined ? "" : ` in vhost ${vhost}`}`,
    html`It was deleted, or never existed.${near ? html` Nearest name: <a href=${nearLink}>${near}</a>` : ""}`,
    html`<a class="btn sm" href=${listLink}>All ${kind}s</a>`,
  )}</section>`;

export const tabs = (items, chosen) => html`
  <nav class="tabs" aria-label="Parts of this page">${items.map(([key, label, href, n], i) => html`
    <a href=${href} title=${`${label} (${i + 1})`} aria-current=${key === chosen ? "page" : "false"}>${label}${n === undefined ? "" : html` <span>${n}</span>`}</a>`)}</nav>`;

export const crumb = (label, ...parts) => html`<a class="crumb hide-s" href=${link(...parts)}>${label}</a><span class="muted hide-s">/</span>`;
