// Every rate of the broker, or of the chosen virtual host, and what came and went.
import { html } from "lit-html";
import { problem, skeleton, tag } from "../components/basic.js";
import { context } from "../context.js";
import { vhostSource } from "../vhost-source.js";
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
    const onError = (e) => (this.failure = e);
    this.watch({ view: "overview", where: "overview", onData: (o) => (this.overview = o), onError });
    this.ofVhost = context.vhost !== null && context.vhosts.length > 1 ? context.vhost : null;
    if (this.ofVhost === null) return;
    const { where, of } = vhostSource(this.ofVhost);
    this.watch({ where, onData: (answer) => {
      this.failure = null;
      this.vhost = of(answer);
    }, onError });
  }

  render() {
    return html`<div class="head">${crumb("Overview", "")}<h1>All rates</h1>${this.ofVhost === null ? "" : tag("vhost " + this.ofVhost)}</div>${this.body()}`;
  }

  body() {
    const whole = this.ofVhost === null;
    const of = whole ? this.overview : this.vhost;
    if (!this.overview || !of) return this.failure ? problem("Not shown.", this.failure) : skeleton(12);
    return html`<div class="grid g2">${ratesPanel(of.message_stats)}${churnPanel(this.overview.churn_rates, whole ? "Churn" : "Churn of the broker")}</div>`;
  }
}
