// The jump box: type a part of a name, press Enter. Queues, exchanges, clients, pages.
import { html, nothing } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { get } from "../api.js";
import { inVhost } from "../context.js";
import { clientName, exchangeName } from "../format.js";
import { comeBack, register, showKeys } from "../floating.js";
import { exchangeSheet, publishSheet, queueSheet } from "../forms.js";
import { icon } from "../icons.js";
import { freeze } from "../live.js";
import { redraw } from "../redraw.js";
import { exchangeLink, go, link, queueLink } from "../router.js";
import { nextTheme } from "../shell.js";
import "../styles.js";

const PAGES = [
  ["Overview", "#/"], ["Overview: all rates", "#/rates"], ["Topology", "#/topology"], ["Messages: search", "#/messages"], ["Messages: live tail", "#/messages/live"], ["Messages: dropped", "#/messages/dropped"], ["Test tools: wait for a queue", "#/test/wait"], ["Test tools: record and replay", "#/test/record"], ["Queues", "#/queues"], ["Exchanges", "#/exchanges"], ["Connections", "#/connections"],
  ["Channels", "#/channels"], ["Consumers", "#/consumers"], ["Virtual hosts", "#/vhosts"], ["Users", "#/users"], ["Policies", "#/policies"],
  ["Limits", "#/limits"], ["Definitions: import and export", "#/definitions"], ["Node: memory, listeners, feature flags, cluster name", "#/node"], ["First start: connect your code", "#/start"],
];

/** What can be done from anywhere: label, act. */
const ACTS = [
  ["Declare a queue", () => queueSheet()], ["Declare an exchange", () => exchangeSheet()], ["Publish a message", () => publishSheet({})],
  ["Freeze the page, or go on", () => freeze()], ["Light or dark", () => nextTheme()], ["Keyboard shortcuts", () => showKeys()], ["HTTP API: all endpoints", () => window.open("api/index.html", "_blank", "noopener")],
];

let box = null;
let timer = null;

export function openJump() {
  box = { back: comeBack(), text: "", hits: pageHits(""), at: 0, asked: 0 };
  redraw();
}

function closeJump() {
  const back = box?.back;
  box = null;
  redraw();
  back?.();
}

const actHits = (text) => ACTS.filter(([label]) => label.toLowerCase().includes(text.toLowerCase())).map(([label, act]) => ({ kind: "act", label, act }));
const pageHits = (text) => [...onlyPages(text), ...actHits(text)];
const onlyPages = (text) => PAGES.filter(([label]) => label.toLowerCase().includes(text.toLowerCase())).map(([label, href]) => ({ kind: "page", label, href }));

function typed(text) {
  if (!box) return;
  box.text = text;
  box.at = 0;
  clearTimeout(timer);
  if (!text.trim()) {
    box.hits = pageHits("");
    redraw();
  } else timer = setTimeout(() => search(text.trim()), 80);
}

async function search(text) {
  const mine = box;
  const round = ++mine.asked;
  const params = (columns) => ({ name: text, page: 1, page_size: 8, columns });
  const ask = async (kind, columns) => {
    try {
      return (await get(inVhostOr(kind), params(columns))).items ?? [];
    } catch {
      return [];
    }
  };
  const [queues, exchanges, connections] = await Promise.all([
    ask("queues", "name,vhost"), ask("exchanges", "name,vhost"), clients(text),
  ]);
  if (box !== mine || round !== mine.asked) return;
  mine.hits = [
    ...queues.map((q) => ({ kind: "queue", label: q.name, in: q.vhost, href: queueLink(q) })),
    ...exchanges.map((x) => ({ kind: "exchange", label: exchangeName(x.name), in: x.vhost, href: exchangeLink(x.vhost, x.name) })),
    ...connections.map((c) => ({ kind: "client", label: clientName(c), in: c.name, href: link("connections", c.name) })),
    ...pageHits(text),
  ];
  redraw();
}

const inVhostOr = (kind) => inVhost(kind);

async function clients(text) {
  try {
    const all = await get("connections", { columns: "name,user_provided_name,client_properties.connection_name,vhost" });
    return all.filter((c) => (clientName(c) + c.name).toLowerCase().includes(text.toLowerCase())).slice(0, 6);
  } catch {
    return [];
  }
}

function choose(hit) {
  closeJump();
  if (hit.act) hit.act();
  else go(hit.href);
}

function key(e) {
  if (!box) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (step) {
    e.preventDefault();
    box.at = Math.max(0, Math.min(box.hits.length - 1, box.at + step));
    redraw();
  } else if (e.key === "Enter" && box.hits[box.at]) {
    e.preventDefault();
    choose(box.hits[box.at]);
  } else if (e.key === "Escape") {
    e.preventDefault();
    closeJump();
  }
}

const focus = (element) => {
  if (element) queueMicrotask(() => document.activeElement !== element && element.focus());
};

function jumpArea() {
  if (!box) return nothing;
  return html`<div class="veil" @click=${(e) => e.target === e.currentTarget && closeJump()}><div class="jumpbox" role="dialog" aria-label="Jump">
    <div class="jumpline">${icon("search")}<input ${ref(focus)} type="text" placeholder="Queue, exchange, client, page or act" aria-label="Jump to" role="combobox" aria-expanded="true" aria-controls="hits" spellcheck="false" .value=${box.text} @input=${(e) => typed(e.target.value)} @keydown=${key}><kbd>Esc</kbd></div>
    <ul id="hits" role="listbox">${box.hits.length ? box.hits.map((h, i) => html`
      <li role="option" aria-selected=${i === box.at ? "true" : "false"}><a href=${h.href ?? location.hash} @click=${(e) => {
        e.preventDefault();
        choose(h);
      }}><span class="muted">${h.kind}</span><bdi class="strong">${h.label}</bdi>${h.in ? html`<bdi class="muted small">${h.in}</bdi>` : nothing}</a></li>`) : html`<li class="muted none">Nothing matches “${box.text}”</li>`}</ul>
  </div></div>`;
}

register("jump", { area: jumpArea, isOpen: () => box !== null, close: closeJump });
