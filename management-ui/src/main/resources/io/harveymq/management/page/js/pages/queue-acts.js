// Acts on queues that lose something: purge and delete, one or many. The dialog counts, and counts anew if things moved on.
import { html } from "lit-html";
import { features, get, path, request, send } from "../api.js";
import { confirmLoss } from "../components/dialog.js";
import { toast } from "../components/toast.js";
import { clientName, count, plural } from "../format.js";
import { inventory, refreshInventory } from "../inventory.js";
import { saveAs } from "./definitions-io.js";

const where = (q) => path("queues", q.vhost, q.name);
const MANY = 100;

/** How many messages are exported, and asked for at once. */
const MOST = 10_000;
const PAGE = 500;

/** What the queue holds right now; null if it is gone. */
async function now(q) {
  try {
    return await get(where(q));
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

/** "614 ready and 10 unacked messages". */
function held(q) {
  const ready = q.messages_ready ?? 0;
  const unacked = q.messages_unacknowledged ?? 0;
  if (unacked === 0) return plural(ready, "ready message");
  return `${count(ready)} ready and ${plural(unacked, "unacked message")}`;
}

/** Looked at, so that none is marked redelivered. */
async function browsed(q) {
  const messages = [];
  for (let offset = 0; offset < MOST; offset += PAGE) {
    const { items } = await get(`dev/${where(q)}/messages`, { state: "ready", offset, limit: PAGE, truncate: 16 << 20 });
    messages.push(...items);
    if (items.length < PAGE) break;
  }
  return messages;
}

async function exportMessages(q) {
  const messages = features.has("browse") ? await browsed(q) : await send("POST", where(q) + "/get", { count: Math.min(q.messages_ready ?? 0, MOST), ackmode: "ack_requeue_true", encoding: "auto" });
  saveAs(`${q.name.replace(/[^\w.-]+/g, "_") || "queue"}.messages.json`, JSON.stringify(messages, null, 2));
}

const exportFirst = (q) => (q.messages_ready > 0 ? html` <button type="button" class="linkbtn" @click=${() => exportMessages(q)}>Export the messages first</button>` : "");

export async function deleteQueue(shown, done, again = false) {
  const q = await now(shown);
  if (!q) return done?.();
  const total = (q.messages_ready ?? 0) + (q.messages_unacknowledged ?? 0);
  const clients = [...new Set((q.consumer_details ?? []).map((c) => clientName(inventory.connections.get(c.channel_details?.connection_name) ?? { name: c.consumer_tag })))];
  const bindings = await get(where(q) + "/bindings").catch(() => []);
  const bound = bindings.filter((b) => b.source !== "").length;
  confirmLoss({
    title: html`Delete queue <bdi>${q.name}</bdi>?`,
    text: html`<p>${again ? "It is no longer empty or unused. " : ""}${total ? html`${held(q)} ${total === 1 ? "is" : "are"} lost.` : again ? "What it holds is not counted yet, and would be lost." : "It holds no messages."}
      ${q.consumers ? html` ${plural(q.consumers, "consumer is", "consumers are")} cancelled: <b>${clients.join(", ")}</b>.` : ""}
      ${bound ? ` ${plural(bound, "binding goes", "bindings go")}.` : ""}</p><p class="muted">This cannot be undone.${exportFirst(q)}</p>`,
    typeName: total > MANY ? q.name : undefined,
    act: "Delete queue", keep: "Keep queue", call: { method: "DELETE", where: where(q) }, refused: "Not deleted.",
    run: async () => {
      if (total === 0 && !q.consumers && !again) await send("DELETE", where(q) + "?if-empty=true&if-unused=true").catch((error) => recount(error, q, done));
      else await request("DELETE", where(q));
      toast({ text: html`Queue <b>${q.name}</b> is deleted` });
      refreshInventory();
      done?.();
    },
  });
}

/** A queue that was empty and no longer is: ask again with the new count. */
function recount(error, q, done) {
  if (error.status !== 400) throw error;
  setTimeout(() => deleteQueue(q, done, true));
  throw error;
}

export async function purgeQueue(shown) {
  const q = await now(shown);
  if (!q) return;
  const ready = q.messages_ready ?? 0;
  confirmLoss({
    title: html`Purge queue <bdi>${q.name}</bdi>?`,
    text: html`<p>${plural(ready, "ready message is", "ready messages are")} lost.${q.messages_unacknowledged ? ` ${plural(q.messages_unacknowledged, "unacked message stays", "unacked messages stay")} with the consumers.` : ""}</p>
      <p class="muted">This cannot be undone.${exportFirst(q)}</p>`,
    typeName: ready > MANY ? q.name : undefined,
    act: "Purge queue", keep: "Keep messages", call: { method: "DELETE", where: where(q) + "/contents" }, refused: "Not purged.",
    run: async () => {
      await send("DELETE", where(q) + "/contents");
      toast({ text: html`<b>${q.name}</b> is purged: ${plural(ready, "message")} gone` });
      refreshInventory();
    },
  });
}

async function each(queues, act) {
  const failed = [];
  for (const q of queues) {
    try {
      await act(q);
    } catch (error) {
      if (error.status !== 404) failed.push([q.name, error]);
    }
  }
  refreshInventory();
  if (failed.length) throw Object.assign(new Error(`${failed.length} of ${queues.length} refused, first ${failed[0][0]}`), { status: failed[0][1].status, reason: failed[0][1].reason });
}

const sum = (queues, name) => queues.reduce((n, q) => n + (q[name] ?? 0), 0);

export function bulkDelete(queues, done) {
  if (queues.length === 1) return deleteQueue(queues[0], done);
  const total = sum(queues, "messages_ready") + sum(queues, "messages_unacknowledged");
  confirmLoss({
    title: `Delete ${queues.length} queues?`,
    text: html`<p>${plural(total, "message is", "messages are")} lost, ${plural(sum(queues, "consumers"), "consumer is", "consumers are")} cancelled.</p><p class="muted">${names(queues)}</p>`,
    typeName: "delete " + queues.length,
    act: `Delete ${queues.length} queues`, keep: "Keep them", call: queues.map((q) => ({ method: "DELETE", where: where(q) })), refused: "Not all deleted.",
    run: async () => {
      await each(queues, (q) => request("DELETE", where(q)));
      toast({ text: `${queues.length} queues are deleted` });
      done?.();
    },
  });
}

export function bulkPurge(queues) {
  if (queues.length === 1) return purgeQueue(queues[0]);
  confirmLoss({
    title: `Purge ${queues.length} queues?`,
    text: html`<p>${plural(sum(queues, "messages_ready"), "ready message is", "ready messages are")} lost.</p><p class="muted">${names(queues)}</p>`,
    typeName: "purge " + queues.length,
    act: `Purge ${queues.length} queues`, keep: "Keep messages", call: queues.map((q) => ({ method: "DELETE", where: where(q) + "/contents" })), refused: "Not all purged.",
    run: async () => {
      await each(queues, (q) => send("DELETE", where(q) + "/contents"));
      toast({ text: `${queues.length} queues are purged` });
    },
  });
}

const names = (queues) => queues.slice(0, 8).map((q) => q.name).join(", ") + (queues.length > 8 ? ` and ${queues.length - 8} more` : "");
