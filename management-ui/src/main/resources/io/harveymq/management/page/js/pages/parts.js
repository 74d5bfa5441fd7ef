// What pages of single objects, and of several tabs, have in common.
import { html } from "lit-html";
import { empty, exactText } from "../components/basic.js";
import { deletedText } from "../deleted.js";
import { asLeft, link } from "../router.js";

/** "No queue billing in vhost /." with what became of it and the nearest names; `nearLink` makes the address of one. */
export const missing = (kind, name, vhost, near, nearLink, listLink, deleted) => html`
  <section class="panel">${empty(
    `No ${kind} ${name}${vhost === undefined ? "" : ` in vhost ${vhost}`}`,
    html`${deleted ? deletedText(deleted) : "It was deleted, or never existed."}${near?.length ? html` Nearest ${near.length === 1 ? "name" : "names"}: ${near.map((n, i) => html`${i ? ", " : ""}<a href=${nearLink(n)}><bdi>${n}</bdi></a>`)}` : ""}`,
    html`<a class="btn sm" href=${listLink}>All ${kind}s</a>`,
  )}</section>`;

/** Of what the broker has and does not show to this user: which right is missing. Without a `vhost` it is of another user. */
export const hidden = (kind, name, vhost, error) => html`
  <section class="panel">${empty(
    html`${kind} <bdi>${name}</bdi> is not shown`,
    vhost === undefined
      ? "It is another user's. Your user needs the tag monitoring to see it."
      : html`Your user has no permissions in vhost <bdi>${vhost}</bdi>. An administrator gives them under Admin, or with <span class="mono">rabbitmqctl set_permissions</span>.`,
    html`<div class="mono small reason">${exactText(error)}</div>`,
  )}</section>`;

export const tabs = (items, chosen) => html`
  <nav class="tabs" aria-label="Parts of this page">${items.map(([key, label, href, n], i) => html`
    <a href=${asLeft(href, key === chosen)} title=${`${label} (${i + 1})`} aria-current=${key === chosen ? "page" : "false"}>${label}${n === undefined ? "" : html` <span>${n}</span>`}</a>`)}</nav>`;

export const crumb = (label, ...parts) => html`<a class="crumb hide-s" href=${link(...parts)}>${label}</a><span class="muted hide-s">/</span>`;
