// The keyboard: none of the keys works inside an input, none deletes without a dialog.
import { close, isOpen, openJump, showKeys } from "./floating.js";
import { freeze } from "./live.js";
import { go } from "./router.js";
import { nextTheme } from "./shell.js";

const PAGES = { o: "#/", t: "#/topology", m: "#/messages", q: "#/queues", x: "#/exchanges", c: "#/connections", a: "#/vhosts" };

let chord = 0;

const typing = (target) => target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog, .slide, .jumpbox") !== null;

/** `page` answers the present page. */
export function installKeys(page) {
  addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.key === "Escape") return escape(e, page);
    if (typing(e.target) || isOpen("jump") || isOpen("dialog")) return;
    if (press(e, page)) e.preventDefault();
  });
}

function escape(e, page) {
  if (isOpen("dialog")) close("dialog");
  else if (isOpen("sheet")) close("sheet");
  else if (!isOpen("jump")) page()?.keys().escape?.();
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
  if (key === " " && e.target.closest("button, a, input")) return false;
  if (key === "Enter" && e.target.closest("button, a")) return false;
  const common = { "/": openJump, p: () => freeze(), t: nextTheme, "?": showKeys, f: focusFilter, j: () => step(1), k: () => step(-1) };
  const own = page()?.keys() ?? {};
  const act = own[key] ?? (/^[1-9]$/.test(key) ? () => document.querySelectorAll("main .tabs a")[key - 1]?.click() : common[key]);
  if (!act) return false;
  act();
  return true;
}

/** Where a page has no keys for its rows: the focus goes to what opens the next one, in whichever of its tables. */
function step(by) {
  const rows = [...document.querySelectorAll("main .tw tbody > tr")].filter((row) => row.checkVisibility());
  const row = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(document.activeElement.closest("tr")) + by))];
  if (!row) return;
  row.tabIndex = -1;
  (row.querySelector(".c-name :is(a, button)") ?? row.querySelector("a") ?? row).focus();
}

const focusFilter = () => document.querySelector("main .tools input")?.focus();
