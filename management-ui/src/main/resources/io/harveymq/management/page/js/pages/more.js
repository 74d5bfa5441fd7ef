// The phone's fifth entry: every page that is not in the bottom bar.
import { html } from "lit-html";
import { logOut, user } from "../api.js";
import { showKeys } from "../floating.js";
import { icon } from "../icons.js";
import { freeze, liveState } from "../live.js";
import { nextTheme, setTheme } from "../shell.js";
import { Page } from "./page.js";
import "../icons-more.js";

const LIST = [
  ["Exchanges", "#/exchanges", "exchanges"], ["Test tools", "#/test/wait", "tools"],
  ["Connections", "#/connections", "clients"], ["Channels", "#/channels", "clients"], ["Consumers", "#/consumers", "clients"],
  ["Virtual hosts", "#/vhosts", "admin"], ["Users", "#/users", "admin"], ["Policies", "#/policies", "admin"], ["Limits", "#/limits", "admin"],
  ["Definitions", "#/definitions", "admin"], ["Node", "#/node", "admin"], ["Connect your code", "#/start", "link"],
];

function leave() {
  logOut();
  location.reload();
}

export default class More extends Page {
  constructor(route) {
    super(route);
    this.title = "More";
    this.nav = "more";
  }

  render() {
    return html`<div class="head"><h1>More</h1></div>
      <section class="panel"><ul class="morelist">${LIST.map(([label, href, glyph]) => html`<li><a href=${href}>${icon(glyph)}${label}</a></li>`)}
        <li><button type="button" @click=${nextTheme}>${icon("theme")}Light or dark</button></li>
        <li><button type="button" @click=${() => setTheme("system")}>${icon("theme")}Theme as the system</button></li>
        <li><button type="button" @click=${() => freeze()}>${icon(liveState.frozen ? "play" : "pause")}${liveState.frozen ? "Go on" : "Freeze the page"}</button></li>
        <li><button type="button" @click=${showKeys}>${icon("help")}Keyboard shortcuts</button></li>
        <li><a href="api/index.html" target="_blank" rel="noopener">${icon("link")}HTTP API</a></li>
        <li><button type="button" @click=${leave}>${icon("logout")}Log out</button></li></ul></section>
      <p class="muted small">Logged in as ${user()}</p>`;
  }
}
