// What floats above the page: sheet, dialog, jump box, toasts. Each registers itself when it is first loaded.
import { lazily } from "./lazy.js";

const parts = new Map();

/** `part` has area(), a template or nothing; isOpen() and close() for those that take the keyboard. */
export const register = (name, part) => parts.set(name, part);

/** Where the focus is to go back to when what opens now is closed; a menu gives it back by itself before its act runs. */
export function comeBack() {
  const before = document.activeElement;
  return () => {
    if (before?.isConnected && before !== document.body) before.focus();
  };
}

export const area = (name) => parts.get(name)?.area();

/** Those that cover the page, the lowest first. */
export const FLOATING = ["sheet", "dialog", "jump"];
export const areas = () => FLOATING.map(area);

export const isOpen = (name) => parts.get(name)?.isOpen() ?? false;
export const close = (name) => parts.get(name)?.close();

/** Opens the jump box, loading it first. */
export const openJump = () => lazily(() => import("./components/jump.js")).then((m) => m?.openJump());

export const showKeys = () => lazily(() => import("./keys-list.js")).then((m) => m?.showKeys());
