// Every rate of the broker, or of the chosen virtual host, and what came and went.
import { html } from "lit-html";
import { path } from "../api.js";
import { skeleton, tag } from "../components/basic.js";
import { context } from "../context.js";
import { Page } from "./page.js";
import { crumb } from "./parts.js";
import { churnPanel, ratesPanel } from "./rates.js";

export default class AllRates extends Page {
  constructor(route) {
    super(route);
    this.title = "All rates";
    this.nav = "overview";
  }

  start() {
    this.watch({ view: "overview", where: "overview", onData: (o) => (this.overview = o) });
    if (context.vhost !== null && context.vhosts.length > 1) this.watch({ where: path("vhosts", context.vhost), onData: (v) => (this.vhost = v) });
  }

  render() {
    return html`<div class="head">${crumb("Overview", "")}<h1>All rates</h1>${this.vhost ? tag("vhost " + this.vhost.name) : ""}</div>
      ${this.overview ? html`<div class="grid g2">${ratesPanel((this.vhost ?? this.overview).message_stats)}${churnPanel(this.overview.churn_rates)}</div>` : skeleton(12)}`;
  }
}
