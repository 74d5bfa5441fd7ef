// The frame around every page: rail, top bar, bottom bar on phones, and what floats above.
import { html, nothing } from "lit-html";
import { features, user } from "./api.js";
import { menu } from "./components/menu.js";
import { chooseVhost, context, totals } from "./context.js";
import { age, count } from "./format.js";
import { area, areas, openJump, showKeys } from "./floating.js";
import { icon, logo, sprite } from "./icons.js";
import { freeze, liveState } from "./live.js";
import { redraw } from "./redraw.js";
import { unusual } from "./unusual.js";

/** Id, label, address, icon, key behind G, and the server's feature without which the page does not work. */
export const ENTRIES = [
  ["overview", "Overview", "#/", "overview", "O"],
  ["topology", "Topology", "#/topology", "topology", "T"],
  ["messages", "Messages", "#/messages", "messages", "M", "search"],
  null,
  ["queues", "Queues", "#/queues", "queues", "Q"],
  ["exchanges", "Exchanges", "#/exchanges", "exchanges", "X"],
  ["clients", "Clients", "#/connections", "clients", "C"],
  null,
  ["tools", "Test tools", "#/test/wait", "tools", "", "wait"],
  ["admin", "Admin", "#/vhosts", "admin", "A"],
];

function countOf(entry) {
  return totals()[entry === "clients" ? "connections" : entry];
}

const railEntry = (entry, nav) => {
  if (!entry) return html`<div class="sep"></div>`;
  const [id, label, href, glyph, key, feature] = entry;
  if (feature && !features.has(feature)) return nothing;
  const n = countOf(id);
  return html`<a class="nav" href=${href} aria-current=${nav === id ? "page" : nothing} title=${key ? `${label} (G ${key})` : label}>${icon(glyph)}<span class="word">${label}</span>${n === undefined ? nothing : html`<span class="count">${count(n)}</span>`}</a>`;
};

const rail = (nav) => html`<nav class="rail" aria-label="Main">
  <a class="brand" href="#/">${logo}<span class="word">Harvey</span></a>
  ${ENTRIES.map((e) => railEntry(e, nav))}
  <div class="foot">${foot()}</div></nav>`;

function foot() {
  const o = context.overview;
  if (!o) return nothing;
  return html`${o.node ? o.node + " · " : ""}<span class="nowrap">${context.greeting?.version}</span><br>${features.size ? "speaks " : ""}RabbitMQ ${o.rabbitmq_version}<br><a href="api/index.html" target="_blank" rel="noopener">HTTP API</a>`;
}

export function setTheme(theme) {
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem("harvey.theme");
  } else {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("harvey.theme", theme);
  }
  redraw();
}

const themeNow = () => document.documentElement.dataset.theme ?? "system";

export function nextTheme() {
  const dark = themeNow() === "dark" || (themeNow() === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  setTheme(dark ? "light" : "dark");
}

function liveLight() {
  if (liveState.frozen) return html`<span class="live frozen" title="The page stands still; the broker goes on (P)">Frozen</span>`;
  if (liveState.lost) {
    const since = liveState.lastAt ? `Last values ${age(Date.now() - liveState.lastAt)} ago, trying again` : "No answer, trying again";
    return html`<span class="live lost" role="status" title=${since}><span class="hide-s">${since}</span><span class="only-s-inline">Lost</span></span>`;
  }
  return html`<span class="live" title="Values are exact, fresh every second">Live</span>`;
}

const vhostChoice = (changed) => html`
  <label class="vhost" title="Virtual host"><span class="muted small">vhost</span>
    <select aria-label="Virtual host" @change=${(e) => {
      chooseVhost(e.target.value === "all" ? null : e.target.value.slice(1));
      changed();
    }}>${context.vhosts.length === 1 ? nothing : html`<option value="all" .selected=${context.vhost === null}>All</option>`}
    ${context.vhosts.map((v) => html`<option value=${"=" + v} .selected=${v === context.vhost}>${v}</option>`)}</select>${icon("down")}</label>`;

const topbar = (signOut, changed) => html`<header class="topbar">
  ${vhostChoice(changed)}
  <button type="button" class="jump" @click=${openJump} title="Jump (/)" aria-label="Jump to a queue, exchange, client or page">${icon("search")}<span>Jump to a queue, exchange, client…</span><kbd>/</kbd></button>
  ${unusual()}
  ${liveLight()}
  <button class="iconbtn hide-s" title="${liveState.frozen ? "Go on" : "Freeze the page"} (P)" aria-label="Freeze the page" aria-pressed=${liveState.frozen ? "true" : "false"} @click=${() => freeze()}>${icon(liveState.frozen ? "play" : "pause")}</button>
  <button class="iconbtn hide-s" title="Light or dark (T)" aria-label="Light or dark" @click=${nextTheme}>${icon("theme")}</button>
  <button class="iconbtn hide-s" title="Keyboard shortcuts (?)" aria-label="Keyboard shortcuts" @click=${showKeys}>${icon("help")}</button>
  <span class="hide-s">${menu("user", html`<span class="user">${user()}</span>`, userItems(signOut), "plainuser")}</span></header>`;

const userItems = (signOut) => [
  { label: "Theme: light", act: () => setTheme("light") },
  { label: "Theme: dark", act: () => setTheme("dark") },
  { label: "Theme: as the system", act: () => setTheme("system") },
  { label: "Rows: normal", act: () => setDensity("normal") },
  { label: "Rows: compact", act: () => setDensity("compact") },
  null,
  { label: "Log out", glyph: "logout", act: signOut },
];

export function setDensity(density) {
  if (density === "compact") document.documentElement.dataset.density = "compact";
  else delete document.documentElement.dataset.density;
}

const tabbar = (nav) => html`<nav class="tabbar" aria-label="Main">
  ${SHORT.map((id) => ENTRIES.find((e) => e?.[0] === id))
    .map(([id, label, href, glyph]) => html`<a href=${href} aria-current=${nav === id ? "page" : nothing}>${icon(glyph)}${label}</a>`)}
  <a href="#/more" aria-current=${nav === undefined || SHORT.includes(nav) ? nothing : "page"}>${icon("menu")}More</a></nav>`;

const SHORT = ["overview", "queues", "topology", "messages"];

/** The whole document's contents around `body`. */
const homeless = html`<div class="callout"><b>Your user has no permissions in any vhost.</b> So nothing of what there is shows here. An administrator gives them under Admin, or with <span class="mono">rabbitmqctl set_permissions</span>.</div>`;

export const shell = (page, body, signOut, changed) => html`${sprite}
  <div class="app">${rail(page?.nav)}${topbar(signOut, changed)}
    <main class=${liveState.lost ? "stale" : ""} id="main">${context.homeless ? homeless : nothing}${body}</main>${tabbar(page?.nav)}</div>
  ${areas()}
  <div class="toasts" aria-live="polite">${area("toast")}</div>`;
