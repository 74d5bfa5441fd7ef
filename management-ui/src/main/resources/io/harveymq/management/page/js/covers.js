// On a phone what opens covers the page: what is redriven, a message, a form, a dialog, the jump box. Each has an entry of its own in the browser's history, so that Back closes it.
import { close, FLOATING, isOpen } from "./floating.js";
import { depth, goBack, returned } from "./router.js";

const narrow = matchMedia("(max-width: 720px)");

/** How many covered the page when it was drawn last. */
let seen = 0;

/** How many entries of the browser's history were theirs then: a phone that is turned keeps them until they are closed. */
let kept = 0;

/** Where the list was scrolled to and what had the focus when a message covered it, and in which page. */
let place = { page: null };

const closeButton = () => document.querySelector(".split > .viewer [aria-label=Close]");
const redriving = () => document.querySelector(".list > .sheet [aria-label=Close]");
const floating = () => FLOATING.filter(isOpen);
const pageOf = () => location.hash.split("?")[0];

/** What closes each, the lowest first. */
function covers() {
  const inPage = [redriving(), closeButton()].filter(Boolean);
  return [...inPage.map((one) => () => one.click()), ...floating().map((name) => () => close(name))];
}

/** The address without the message that is open. */
function below() {
  const [where, search = ""] = location.hash.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  query.delete("message");
  if (where === "#/messages") query.delete("id");
  return (where || "#/") + (query.size ? "?" + query : "");
}

/** Draws, and has the history know what covers the page then. */
export function drawCovered(draw) {
  if (!narrow.matches && depth() === 0) {
    kept = 0;
    return draw();
  }
  const before = { open: closeButton() !== null, y: scrollY, focus: document.activeElement };
  draw();
  const open = closeButton() !== null;
  if (open && !before.open) {
    place = { ...before, page: pageOf() };
    document.querySelector(".split > .viewer").scrollIntoView();
  } else if (before.open && !open && place.page === pageOf()) {
    scrollTo(0, place.y);
    if (place.focus.isConnected) place.focus.focus({ preventScroll: true });
  }
  tellHistory(covers().length);
}

function tellHistory(wanted) {
  const now = depth();
  if (wanted < now && seen >= now) goBack(now - wanted);
  else if (wanted > now && narrow.matches) {
    const address = location.hash;
    if (now === 0 && closeButton()) {
      history.scrollRestoration = "manual"; // the list is scrolled once it is drawn
      history.replaceState(null, "", below());
    }
    const floats = wanted - floating().length;
    for (let i = now + 1; i <= wanted; i++) history.pushState({ covers: i, floats: i > floats }, "", address);
  }
  seen = wanted;
  kept = depth();
}

addEventListener("popstate", () => {
  if (returned() || (!narrow.matches && kept === 0 && depth() === 0)) return;
  for (const one of covers().slice(depth()).reverse()) one();
  // A form that was left by another way than Back does not open again.
  if (history.state?.floats && !floating().length) goBack(1);
});
