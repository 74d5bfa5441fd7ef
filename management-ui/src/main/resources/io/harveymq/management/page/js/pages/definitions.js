// Definitions down and up.
import { html } from "lit-html";
import { button } from "../components/basic.js";
import { code } from "../components/code.js";
import { curl } from "../curl.js";
import { context } from "../context.js";
import { redraw } from "../redraw.js";
import { lacksTag } from "../rights.js";
import { adminHead } from "./admin.js";
import { exportDefinitions, pickDefinitions } from "./definitions-io.js";
import { Page } from "./page.js";
import "../icons-more.js";

export default class Definitions extends Page {
  constructor(route) {
    super(route);
    this.title = "Definitions";
    this.nav = "admin";
    this.vhost = null;
  }

  scope() {
    return html`<div class="field"><label for="scope">What</label><select id="scope" class="input" @change=${(e) => {
      this.vhost = e.target.value === "all" ? null : e.target.value.slice(1);
      redraw();
    }}><option value="all">Everything: users, vhosts, permissions and all below</option>${context.vhosts.map((v) => html`<option value=${"=" + v} ?selected=${v === this.vhost}>Only vhost ${v}: exchanges, queues, bindings, policies</option>`)}</select></div>`;
  }

  render() {
    const where = this.vhost === null ? "definitions" : "definitions/" + encodeURIComponent(this.vhost);
    const lack = lacksTag("administrator");
    return html`${adminHead("definitions")}
      <section class="panel"><div class="body padded">${this.scope()}</div></section>
      <div class="grid g2">
        <section class="panel"><header><h2>Export</h2></header><div class="body"><p class="muted">A file that this broker and any RabbitMQ can import. Messages are not in it.</p>
          <div class="row gap">${button("Export definitions", () => exportDefinitions(this.vhost), { kind: "primary", glyph: "download", lack })}</div><div class="gap-l">${code(curl("GET", where))}</div></div></section>
        <section class="panel" @dragover=${(e) => {
          if (lack) return;
          e.preventDefault();
          e.currentTarget.classList.add("drop-here");
        }} @dragleave=${(e) => e.currentTarget.classList.remove("drop-here")} @drop=${(e) => {
          e.preventDefault();
          e.currentTarget.classList.remove("drop-here");
          if (!lack && e.dataTransfer.files[0]) pickDefinitions(e.dataTransfer.files[0], this.vhost);
        }}><header><h2>Import</h2></header><div class="body"><p class="muted">Drop a file here, or choose one. What exists stays; the page says what is in the file before anything happens.</p>
          <div class="row gap">${lack ? button("Choose a file…", null, { lack }) : html`<label class="btn">Choose a file…<input class="sr" type="file" accept="application/json,.json" @change=${(e) => {
            if (e.target.files[0]) pickDefinitions(e.target.files[0], this.vhost);
            e.target.value = "";
          }}></label>`}</div></div></section></div>`;
  }
}
