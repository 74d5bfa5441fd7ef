// The list of keys, behind "?".
import { html } from "lit-html";
import { showDialog } from "./components/dialog.js";

const LIST = [
  [["/"], "Jump to a queue, exchange, client, page or act"],
  [["G", "O"], "Overview"], [["G", "T"], "Topology"], [["G", "M"], "Messages"], [["G", "Q"], "Queues"], [["G", "X"], "Exchanges"], [["G", "C"], "Clients"], [["G", "A"], "Admin"],
  [["F"], "Filter the list"], [["J"], "Next row or message, on every page with a list"], [["K"], "Previous row or message"], [["Enter"], "Open or edit the row"], [["Space"], "Select the row"],
  [["1"], "First tab, and so on to 5"], [["N"], "New: declare"], [["U"], "Publish"], [["E"], "Edit and send a copy"], [["R"], "Redrive, publish again or route now"], [["Esc"], "Close, or back"],
  [["←"], "On a chart: the instant before; → the next, Home and End the first and the last"], [["Shift", "←"], "On a chart: choose a range; Enter zooms to it, Esc goes back"],
  [["P"], "Freeze the page"], [["T"], "Light or dark"], [["?"], "This list"],
];

export function showKeys() {
  showDialog("Keyboard shortcuts", html`<dl class="kv keys">${LIST.map(([keys, what]) => html`<dt>${keys.map((k) => html`<kbd>${k}</kbd> `)}</dt><dd>${what}</dd>`)}</dl><p class="small">All that the page does, it does by the <a href="api/index.html" target="_blank" rel="noopener">HTTP API</a>.</p>`);
}
