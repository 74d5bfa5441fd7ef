// Definitions in and out: one file with users, vhosts, exchanges, queues, bindings and policies.
import { html } from "lit-html";
import { get, path, send } from "../api.js";
import { confirmLoss } from "../components/dialog.js";
import { toast, toastError } from "../components/toast.js";
import { loadVhosts } from "../context.js";
import { plural } from "../format.js";
import { refreshInventory } from "../inventory.js";

const address = (vhost) => (vhost === null ? "definitions" : path("definitions", vhost));

/** Saves text as a file of the browser. */
export function saveAs(name, text, type = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const a = Object.assign(document.createElement("a"), { href: url, download: name });
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export async function exportDefinitions(vhost) {
  try {
    const definitions = await get(address(vhost));
    const part = vhost === null ? "" : "-" + (vhost === "/" ? "default" : vhost.replace(/\W+/g, "_"));
    saveAs(`definitions${part}-${new Date().toISOString().slice(0, 10)}.json`, JSON.stringify(definitions, null, 2));
    toast({ text: "Definitions saved" });
  } catch (error) {
    toastError("Not exported.", error);
  }
}

const PARTS = [["vhosts", "vhost"], ["users", "user"], ["exchanges", "exchange"], ["queues", "queue"], ["bindings", "binding"], ["policies", "policy", "policies"]];

/** Reads a file, says what is in it, and imports it after a yes. */
export async function pickDefinitions(file, vhost = null) {
  let definitions;
  try {
    definitions = JSON.parse(await file.text());
  } catch (error) {
    toast({ title: "Not imported.", text: html`<bdi>${file.name}</bdi> is no JSON: ${error.message}`, bad: true });
    return;
  }
  const found = PARTS.filter(([part]) => definitions[part]?.length).map(([part, one, many]) => plural(definitions[part].length, one, many));
  confirmLoss({
    title: html`Import <bdi>${file.name}</bdi>?`,
    text: html`<p>${found.length ? found.join(", ") : "Nothing known"} in the file. What exists stays, unless the file names the same user or policy.</p>`,
    act: "Import definitions", keep: "Keep what is here", danger: false, refused: "Not imported.", call: { method: "POST", where: address(vhost), file: file.name },
    run: async () => {
      await send("POST", address(vhost), definitions);
      toast({ text: html`<b><bdi>${file.name}</bdi></b> is imported: ${found.join(", ")}` });
      await loadVhosts();
      refreshInventory();
    },
  });
}
