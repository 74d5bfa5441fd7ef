// Acts on queues that lose something: purge and delete, one or many. The dialog counts, and counts anew if things moved on.
import { html } from "lit-html";
import { features, get, path, send } from "../api.js";
import { confirmLoss } from "../components/dialog.js";
import { askAgain, MOVED, unlessMore } from "../components/loss.js";
import { toast, toastError } from "../components/toast.js";
import { clientName, count, plural } from "../format.js";
import { inventory, refreshInventory } from "../inventory.js";
import { redraw } from "../redraw.js";
import { queueLink } from "../router.js";
import { saveAs } from "./definitions-io.js";

const where = (q) => path("queues", q.vhost, q.name);
const MANY = 100;
const SHOW_QUEUES = ["Show queues", "#/queues"];

/** How many messages are exported, and asked for at once. */
const MOST = 10_000;
const PAGE = 500;

/** What the queue holds right now; null if it is gone. What a stream has delivered stays in it. */
async function now(q) {
  try {
    const found = await get(where(q));
    return found.type === "stream" ? { ...found, messages: found.messages_ready, messages_unacknowledged: 0 } : found;
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

const KINDS = [["ready", "messages_ready"], ["unacked", "messages_unacknowledged"], ["delayed", "messages_delayed"]];

const WAITING = [KINDS[0], KINDS[2]];

const all = (q) => q.messages ?? 0;
const waiting = (q) => all(q) - (q.messages_unacknowledged ?? 0);

/** "614 ready and 10 unacked messages are". */
function held(q, kinds = KINDS) {
  const found = kinds.filter(([, name]) => q[name] > 0);
  const text = (found.length ? found : kinds.slice(0, 1)).map(([word, name]) => `${count(q[name] ?? 0)} ${word}`).join(", ").replace(/, (?!.*, )/, " and ");
  return text + (found.length === 1 && q[found[0][1]] === 1 ? " message is" : " messages are");
}

/** Unless more would be lost than was shown; RabbitMQ, which does not know such bounds, is asked before. */
async function drop(q, part, most, bounds) {
  const counted = part ? waiting : all;
  if (!features.size && counted((await now(q)) ?? {}) > most) return null;
  return unlessMore(() => send("DELETE", where(q) + part, undefined, { params: { "if-messages": most, ...bounds } }));
}

/** Counts of RabbitMQ are some seconds old: what it refused once is not made to depend on them again. `bound` is how many bindings were shown, if they were. */
function remove(q, again, bound) {
  if (features.size) return drop(q, "", all(q), { "if-consumers": q.consumers ?? 0, "if-bindings": bound });
  return drop(q, "", all(q), q.type !== "quorum" && !again ? { "if-unused": !q.consumers || null, "if-empty": !all(q) || null } : {});
}

const purge = (q) => drop(q, "/contents", waiting(q));

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

const messagesOf = (q) => (features.has("browse") ? browsed(q) : send("POST", where(q) + "/get", { count: Math.min(q.messages_ready ?? 0, MOST), ackmode: "ack_requeue_true", encoding: "auto" }));

/** Of one queue its messages; of several, each with its name. */
async function exportMessages(queues) {
  const found = [];
  for (const q of queues) found.push({ vhost: q.vhost, queue: q.name, messages: await messagesOf(q) });
  const one = found.length === 1;
  saveAs(`${one ? queues[0].name.replace(/[^\w.-]+/g, "_") || "queue" : found.length + "-queues"}.messages.json`, JSON.stringify(one ? found[0].messages : found, null, 2));
}

function exportFirst(queues) {
  const filled = queues.filter((q) => q.messages_ready > 0);
  if (!filled.length) return "";
  const label = filled.some((q) => q.messages_ready > MOST) ? `Export the first ${count(MOST)} messages${filled.length > 1 ? " of each" : ""}` : "Export the messages first";
  return html` <button type="button" class="linkbtn" @click=${() => exportMessages(filled).catch((e) => toastError("Not exported.", e))}>${label}</button>`;
}

/** What a dialog ends with. */
const undone = (queues) => html`<p class="muted">This cannot be undone.${exportFirst(queues)}</p>`;

export async function deleteQueue(shown, done, again = false) {
  const q = await now(shown);
  if (!q) return done?.();
  const total = all(q);
  const unknown = again && !total && !features.size;
  const clients = [...new Set((q.consumer_details ?? []).map((c) => clientName(inventory.connections.get(c.channel_details?.connection_name) ?? { name: c.consumer_tag })))];
  const bindings = await get(where(q) + "/bindings").catch(() => null);
  const bound = bindings?.filter((b) => b.source !== "").length;
  confirmLoss({
    title: html`Delete queue <bdi>${q.name}</bdi>?`,
    text: html`<p>${again ? MOVED : ""}${unknown ? "what it holds is not known yet, and would be lost." : total ? `${held(q)} lost.` : "It holds no messages."}
      ${q.consumers ? html` ${plural(q.consumers, "consumer is", "consumers are")} cancelled: <b><bdi>${clients.join(", ")}</bdi></b>.` : ""}
      ${bound ? ` ${plural(bound, "binding goes", "bindings go")}.` : ""}</p>${undone([q])}`,
    typeName: total > MANY ? q.name : undefined,
    act: "Delete queue", keep: "Keep queue", call: { method: "DELETE", where: where(q) }, refused: "Not deleted.",
    run: async () => {
      const answer = await remove(q, again, bound);
      refreshInventory();
      if (!answer) return askAgain(() => deleteQueue(q, done, true));
      toast({ text: html`Queue <b><bdi>${q.name}</bdi></b> is deleted`, link: SHOW_QUEUES });
      done?.();
    },
  });
}

const gone = (n) => `${plural(n, "message")} gone`;

export async function purgeQueue(shown, again = false) {
  const q = await now(shown);
  if (!q) return;
  confirmLoss({
    title: html`Purge queue <bdi>${q.name}</bdi>?`,
    text: html`<p>${again ? MOVED : ""}${held(q, WAITING)} lost.${q.messages_unacknowledged ? ` ${plural(q.messages_unacknowledged, "unacked message stays", "unacked messages stay")} with the consumers.` : ""}</p>${undone([q])}`,
    typeName: waiting(q) > MANY ? q.name : undefined,
    act: "Purge queue", keep: "Keep messages", call: { method: "DELETE", where: where(q) + "/contents" }, refused: "Not purged.",
    run: async () => {
      const answer = await purge(q);
      refreshInventory();
      if (!answer) return askAgain(() => purgeQueue(q, true));
      toast({ text: html`<b><bdi>${q.name}</bdi></b> is purged: ${gone(answer.message_count ?? waiting(q))}`, link: ["Show queue", queueLink(q)] });
    },
  });
}

/** Does it with each; for those that would lose more than was shown, asks again. The sum of what is gone, and of how many queues. */
async function each(queues, act, ended, again) {
  const failed = [];
  const more = [];
  let messages = 0;
  for (const q of queues) {
    try {
      const answer = await act(q);
      if (!answer) more.push(q);
      else {
        messages += answer.message_count ?? waiting(q);
        ended?.(q);
      }
    } catch (error) {
      if (error.status !== 404) failed.push([q.name, error]);
      else ended?.(q);
    }
  }
  refreshInventory();
  if (failed.length) throw Object.assign(new Error(`${failed.length} of ${queues.length} refused, first ${failed[0][0]}`), { status: failed[0][1].status, reason: failed[0][1].reason });
  if (more.length) askAgain(() => again(more));
  return { messages, done: queues.length - more.length };
}

/** The queues as they are now and what they hold together; those that are gone leave the selection. */
async function counted(chosen, ended) {
  const found = await Promise.all(chosen.map(now));
  chosen.forEach((q, i) => found[i] || ended?.(q));
  const queues = found.filter(Boolean);
  const sums = {};
  for (const name of ["consumers", ...KINDS.map(([, name]) => name)]) sums[name] = queues.reduce((n, q) => n + (q[name] ?? 0), 0);
  return { queues, sums };
}

/** `ended` is told each queue that is gone. */
export async function bulkDelete(chosen, ended, again = false) {
  if (chosen.length === 1) return deleteQueue(chosen[0], () => ended?.(chosen[0]), again);
  const { queues, sums } = await counted(chosen, ended);
  if (queues.length < 2) return queues.length ? bulkDelete(queues, ended, again) : redraw();
  confirmLoss({
    title: `Delete ${queues.length} queues?`,
    text: html`<p>${again ? MOVED : ""}${held(sums)} lost, ${plural(sums.consumers, "consumer is", "consumers are")} cancelled.</p><p class="muted">${names(queues)}</p>${undone(queues)}`,
    typeName: "delete " + queues.length,
    act: `Delete ${queues.length} queues`, keep: "Keep queues", call: queues.map((q) => ({ method: "DELETE", where: where(q) })), refused: "Not all deleted.",
    run: async () => {
      const { done } = await each(queues, (q) => remove(q, again), ended, (more) => bulkDelete(more, ended, true));
      if (done) toast({ text: `${plural(done, "queue is", "queues are")} deleted`, link: SHOW_QUEUES });
    },
  });
}

export async function bulkPurge(chosen, ended, again = false) {
  if (chosen.length === 1) return purgeQueue(chosen[0], again);
  const { queues, sums } = await counted(chosen, ended);
  if (queues.length < 2) return queues.length ? purgeQueue(queues[0], again) : redraw();
  confirmLoss({
    title: `Purge ${queues.length} queues?`,
    text: html`<p>${again ? MOVED : ""}${held(sums, WAITING)} lost.</p><p class="muted">${names(queues)}</p>${undone(queues)}`,
    typeName: "purge " + queues.length,
    act: `Purge ${queues.length} queues`, keep: "Keep messages", call: queues.map((q) => ({ method: "DELETE", where: where(q) + "/contents" })), refused: "Not all purged.",
    run: async () => {
      const { messages, done } = await each(queues, purge, null, (more) => bulkPurge(more, ended, true));
      if (done) toast({ text: `${plural(done, "queue is", "queues are")} purged: ${gone(messages)}`, link: SHOW_QUEUES });
    },
  });
}

const names = (queues) => queues.slice(0, 8).map((q) => q.name).join(", ") + (queues.length > 8 ? ` and ${queues.length - 8} more` : "");
