// Icons that the first page does without. Who shows one imports this.
import { html, render } from "lit-html";

const holder = document.createElement("div");
render(html`<svg width="0" height="0" class="sprite" aria-hidden="true">
  <symbol id="i-chev" viewBox="0 0 16 16"><path d="m6 3.5 4.5 4.5L6 12.5"/></symbol>
  <symbol id="i-left" viewBox="0 0 16 16"><path d="M10 3.5 5.5 8l4.5 4.5"/></symbol>
  <symbol id="i-plus" viewBox="0 0 16 16"><path d="M8 3v10M3 8h10"/></symbol>
  <symbol id="i-cols" viewBox="0 0 16 16"><rect x="2" y="3" width="12" height="10" rx="1.5"/><path d="M6 3v10M10 3v10"/></symbol>
  <symbol id="i-check" viewBox="0 0 16 16"><path d="m3 8.5 3.2 3.2L13 5"/></symbol>
  <symbol id="i-copy" viewBox="0 0 16 16"><rect x="5.5" y="5.5" width="8" height="8" rx="1.5"/><path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"/></symbol>
  <symbol id="i-redo" viewBox="0 0 16 16"><path d="M13 5H6a3.5 3.5 0 0 0 0 7h4M10.5 2.5 13 5l-2.5 2.5"/></symbol>
  <symbol id="i-trash" viewBox="0 0 16 16"><path d="M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5"/></symbol>
  <symbol id="i-edit" viewBox="0 0 16 16"><path d="m3 13 .6-2.8 7-7 2.2 2.2-7 7z"/></symbol>
  <symbol id="i-send" viewBox="0 0 16 16"><path d="M2.5 8 13.5 3 10 13.5 7.5 9z"/></symbol>
  <symbol id="i-upload" viewBox="0 0 16 16"><path d="M8 10.5V3M5 5.5 8 2.8l3 2.7M2.5 10.5v2.5h11v-2.5"/></symbol>
  <symbol id="i-link" viewBox="0 0 16 16"><path d="M6.5 9.5 9.5 6.5M7 5l1.8-1.8a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.8 1.8a2.8 2.8 0 0 1-4-4L5 7"/></symbol>
  <symbol id="i-download" viewBox="0 0 16 16"><path d="M8 2.5v7.7M5 7.5 8 10.3l3-2.8M2.5 10.5v2.5h11v-2.500"/></symbol>
  <symbol id="i-right" viewBox="0 0 16 16"><path d="M3 8h10M9.5 4.5 13 8l-3.5 3.5"/></symbol>
</svg>`, holder);
document.body.append(holder);
