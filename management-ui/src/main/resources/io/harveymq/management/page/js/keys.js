// The keyboard: none of the keys works inside an input, none deletes without a dialog.
import { html } from "lit";
import { closeDialog, dialogOpen, showDialog } from "./components/dialog.js";
import { jumpOpen, openJump } from "./components/jump.js";
import { closeSheet, sheetOpen } from "./components/sheet.js";
import { freeze } from "./live.js";
import { go } from "./router.js";
import { nextTheme } from "./shell.js";

const PAGES = { o: "#/", t: "#/topology", q: "#/queues", x: "#/exchanges", c: "#/connections", a: "#/vhosts" };

const LIST = [
  [["/"], "Jump to a queue, exchange, client or page"],
  [["G", "O"], "Overview"], [["G", "T"], "Topology"], [["G", "Q"], "Queues"], [["G", "X"], "Exchanges"], [["G", "C"], "Clients"], [["G", "A"], "Admin"],
  [["F"], "Filter the list"], [["J"], "Next row or message"], [["K"], "Previous row or message"], [["Enter"], "Open the row"], [["Space"], "Select the row"],
  [["1"], "First tab, and so on to 5"], [["N"], "New: declare"], [["U"], "Publish"], [["E"], "Edit and send a copy"], [["R"], "Redrive"], [["Esc"], "Close, or back"],
  [["P"], "Freeze the page"], [["T"], "Light or dark"], [["?"], "This list"],
];

export function showKeys() {
  showDialog("Keyboard shortcuts", html`<dl class="kv keys">${LIST.map(([keys, what]) => html`<dt>${keys.map((k) => html`<kbd>${k}</kbd> `)}</dt><dd>${what}</dd>`)}</dl>`);
}

let chord = 0;

const typing = (target) => target.closest?.("input, select, textarea, [contenteditable], dialog, .slide, .jumpbox") !== null;

/** `page` answers the present page. */
export function installKeys(page) {
  addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.key === "Escape") return escape(e, page);
    if (typing(e.target) || jumpOpen() || dialogOpen()) return;
    if (press(e, page)) e.preventDefault();
  });
}

function escape(e, page) {
  if (dialogOpen()) closeDialog();
  else if (sheetOpen()) closeSheet();
  else if (!jumpOpen()) page()?.keys().escape?.();
}

function press(e, page) {
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  if (Date.now() - chord < 1200) {
    chord = 0;
    if (PAGES[key]) {
      go(PAGES[key]);
      return true;
    }
  }
  if (key === "g") {
    chord = Date.now();
    return true;
  }
  if (key === " " && e.target.closest("button, a")) return false;
  if (key === "Enter" && e.target.closest("button, a")) return false;
  const common = { "/": openJump, p: () => freeze(), t: nextTheme, "?": showKeys, f: focusFilter };
  const own = page()?.keys() ?? {};
  const act = own[key] ?? (/^[1-9]$/.test(key) ? () => document.querySelectorAll("main .tabs a")[key - 1]?.click() : common[key]);
  if (!act) return false;
  act();
  return true;
}

const focusFilter = () => document.querySelector("main .tools input")?.focus();
