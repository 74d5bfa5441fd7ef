// Modules that are loaded when they are first needed: what to do when one does not come.
import { address } from "./api.js";

const STORE = "harvey.reloaded";
const ONCE_IN_MS = 30_000;

/** Milliseconds: it is told only once while one tries again and again. */
const TOLD_FOR = 10_000;
let told = 0;

async function isThere() {
  try {
    await fetch(address("dev/features"), { cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

/**
 * What `load` gives. Browsers do not ask again for a module that did not come once, and that of another build may be
 * gone: the page is loaded anew as soon as the broker answers. Null when it does not, which the event notloaded tells.
 */
export async function lazily(load) {
  try {
    return await load();
  } catch (error) {
    if (await isThere()) {
      const last = Number(sessionStorage.getItem(STORE));
      if (Date.now() - last < ONCE_IN_MS) throw error;
      sessionStorage.setItem(STORE, String(Date.now()));
      location.reload();
    } else {
      if (Date.now() - told > TOLD_FOR) dispatchEvent(new Event("notloaded"));
      told = Date.now();
    }
    return null;
  }
}
