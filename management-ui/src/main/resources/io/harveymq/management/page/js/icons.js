// The icons that the first page needs, others are in icons-more.js: 16 px, drawn as strokes in the current colour. The mark is "logo".
import { html, svg } from "lit-html";

/** The symbols, put into the document once by the shell. */
export const sprite = html`<svg width="0" height="0" class="sprite" aria-hidden="true">
  <symbol id="logo" viewBox="0 0 48 48"><path d="M15.6 24.5C11.2 17.5 9.9 8.6 12.6 5.6c2.6-2.9 8 5.2 9.3 16.4zM32.4 24.5c4.4-7 5.7-15.9 3-18.9-2.6-2.9-8 5.2-9.3 16.4z"/><path d="M13.2 33.2 14.9 25c.3-1.6 1.3-2.5 2.9-2.7 2-.3 4 .7 6.2.7s4.2-1 6.2-.7c1.6.2 2.6 1.1 2.9 2.7l1.7 8.2c-6.600 2-15 2-21.600 0z"/><path d="M4.500 32.900c1.900-.9 4.200 1 7.900 2.600 6.500 2.700 16.700 2.700 23.200 0 3.700-1.600 6-3.500 7.900-2.600 1.500.8.7 3-1.500 4.600C37.500 40.800 31 42.500 24 42.500S10.500 40.800 6 37.500c-2.200-1.600-3-3.800-1.500-4.600z"/></symbol>
  <symbol id="i-overview" viewBox="0 0 16 16"><path d="M2 9h3l2-5 3 9 2-4h2"/></symbol>
  <symbol id="i-topology" viewBox="0 0 16 16"><circle cx="3.5" cy="8" r="1.75"/><circle cx="12.5" cy="3.5" r="1.75"/><circle cx="12.5" cy="12.5" r="1.75"/><path d="M5.2 7.2 10.8 4.3M5.2 8.8l5.6 2.9"/></symbol>
  <symbol id="i-messages" viewBox="0 0 16 16"><rect x="2" y="3.5" width="12" height="9" rx="1.5"/><path d="m2.5 4.5 5.5 4 5.5-4"/></symbol>
  <symbol id="i-queues" viewBox="0 0 16 16"><path d="M2.5 4h11M2.5 8h11M2.5 12h7"/></symbol>
  <symbol id="i-exchanges" viewBox="0 0 16 16"><path d="M2 5h9.5M9 2.5 11.5 5 9 7.5M14 11H4.5M7 8.5 4.5 11 7 13.5"/></symbol>
  <symbol id="i-clients" viewBox="0 0 16 16"><path d="M6 2v3M10 2v3M4 5h8v3a4 4 0 0 1-8 0zM8 12v2.5"/></symbol>
  <symbol id="i-tools" viewBox="0 0 16 16"><path d="M6 2h4M7 2v4.2L3 13a1 1 0 0 0 .9 1.5h8.2A1 1 0 0 0 13 13L9 6.2V2M5 10h6"/></symbol>
  <symbol id="i-admin" viewBox="0 0 16 16"><path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6"/><circle cx="10" cy="4.5" r="1.75"/><circle cx="6" cy="11.5" r="1.75"/></symbol>
  <symbol id="i-search" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.25"/><path d="m10.2 10.2 3.3 3.3"/></symbol>
  <symbol id="i-pause" viewBox="0 0 16 16"><path d="M5.5 3.5v9M10.5 3.5v9"/></symbol>
  <symbol id="i-theme" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5"/><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"/></symbol>
  <symbol id="i-help" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6"/><path d="M6.3 6.2a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.6-.8 1.3M8 11.4v.1"/></symbol>
  <symbol id="i-down" viewBox="0 0 16 16"><path d="m4.5 6.5 3.5 3.5 3.5-3.5"/></symbol>
  <symbol id="i-bad" viewBox="0 0 16 16"><path d="M8 1.6 14.4 8 8 14.4 1.6 8z" fill="currentColor" fill-opacity=".14"/><path d="M8 5v3.4M8 10.7v.1"/></symbol>
  <symbol id="i-warn" viewBox="0 0 16 16"><path d="M8 2 14.6 13.5H1.4z" fill="currentColor" fill-opacity=".14"/><path d="M8 6.3v3.2M8 11.5v.1"/></symbol>
  <symbol id="i-ok" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="currentColor" fill-opacity=".12"/><path d="m5.3 8.2 1.9 1.9 3.5-4"/></symbol>
  <symbol id="i-idle" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5" stroke-dasharray="2 2.2"/></symbol>
  <symbol id="i-more" viewBox="0 0 16 16"><path d="M3.5 8h.01M8 8h.01M12.5 8h.01" stroke-width="2.4"/></symbol>
  <symbol id="i-menu" viewBox="0 0 16 16"><path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/></symbol>
  <symbol id="i-x" viewBox="0 0 16 16"><path d="m4 4 8 8M12 4l-8 8"/></symbol>
  <symbol id="i-play" viewBox="0 0 16 16"><path d="m5 3.500 7 4.500-7 4.500z"/></symbol>
  <symbol id="i-logout" viewBox="0 0 16 16"><path d="M6.500 2.500h-3.500v11h3.500M7 8h6.500M10.500 5 13.500 8l-3 3"/></symbol>
</svg>`;

/** An icon by the name after "i-"; `tone` is a class such as ok, warn or bad. */
export const icon = (name, tone = "") =>
  html`<svg class="i ${tone}" viewBox="0 0 16 16" aria-hidden="true">${svg`<use href=${"#i-" + name}></use>`}</svg>`;

export const logo = html`<svg class="logo" viewBox="0 0 48 48" aria-hidden="true"><use href="#logo"></use></svg>`;
