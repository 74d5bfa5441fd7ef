// Acts on queues that lose something: purge and delete, one or many. The dialog counts, and counts anew if things moved on.
import { html } from "lit-html";
import { features, get, path, send } from "../api.js";
import { confirmLoss } from "../components/dialog.js";
import { askAgain, countedNow, inAll, MOVED, moreToCome, unlessMore } from "../components/loss.js";
import { toast } from "../components/toast.js";
import { clientName, count, plural } from "../format.js";
import { inventory, refreshInventory } from "../inventory.js";
import { redraw } from "../redraw.js";
import { queueLink } from "../router.js";
import { exportFirst, queuePlace } from "./export-messages.js";

const where = (q) => path("queues", q.vhost, q.name);
const MANY = 100;
const SHOW_QUEUES = ["Show queues", "#/queues"];

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

/** How many messages its dialog says may go, by `counted` of what it holds. */
const mostOf = (q, counted, before) => inAll(counted(q), before, q.message_stats?.publish_details?.rate);

/** The call that deletes the queue, bound to what was shown. Counts of RabbitMQ are some seconds old: what it refused once is not made to depend on them again. `bound` is how many bindings were shown, if they were. */
function removal(q, most, before, bound) {
  const ours = { "if-messages": most, "if-consumers": q.consumers ?? 0, "if-bindings": bound };
  const theirs = q.type !== "quorum" && !before ? { "if-unused": !q.consumers || null, "if-empty": !all(q) || null } : {};
  return { method: "DELETE", where: where(q), params: features.size ? ours : theirs };
}

const purging = (q, most) => ({ method: "DELETE", where: where(q) + "/contents", params: features.size ? { "if-messages": most } : {} });

/** Makes the call, unless more would be lost than was shown; RabbitMQ, which does not know such bounds, is asked before. */
async function drop(q, call, counted, most) {
  if (!features.size && counted((await now(q)) ?? {}) > most) return null;
  return unlessMore(() => send(call.method, call.where, undefined, { params: call.params }));
}

/** How many bindings go with it; undefined if that is not known. */
async function bindingsOf(q) {
  const bindings = await get(where(q) + "/bindings").catch(() => null);
  return bindings?.filter((b) => b.source !== "").length;
}

const bindingsGo = (n) => (n ? ` ${plural(n, "binding goes", "bindings go")}.` : "");

/** What a dialog ends with. */
const undone = (queues) => html`<p class="muted">This cannot be undone.${exportFirst(queues.map(queuePlace))}</p>`;

/** `before` is what an earlier dialog counted, see countedNow(). */
export async function deleteQueue(shown, done, before) {
  const q = await now(shown);
  if (!q) return done?.();
  const total = all(q);
  const unknown = before && !total && !features.size;
  const clients = [...new Set((q.consumer_details ?? []).map((c) => clientName(inventory.connections.get(c.channel_details?.connection_name) ?? { name: c.consumer_tag })))];
  const bound = await bindingsOf(q);
  const most = mostOf(q, all, before);
  const call = removal(q, most, before, bound);
  const first = countedNow(total);
  confirmLoss({
    title: html`Delete queue <bdi>${q.name}</bdi>?`,
    text: html`<p>${before ? MOVED : ""}${unknown ? "what it holds is not known yet, and would be lost." : total ? `${held(q)} lost.` : "It holds no messages."}${moreToCome(total, most)}
      ${q.consumers ? html` ${plural(q.consumers, "consumer is", "consumers are")} cancelled: <b><bdi>${clients.join(", ")}</bdi></b>.` : ""}
      ${bindingsGo(bound)}</p>${undone([q])}`,
    typeName: most > MANY ? q.name : undefined,
    act: "Delete queue", keep: "Keep queue", call, refused: "Not deleted.",
    run: async () => {
      const answer = await drop(q, call, all, most);
      refreshInventory();
      if (!answer) return askAgain(() => deleteQueue(q, done, first));
      toast({ text: html`Queue <b><bdi>${q.name}</bdi></b> is deleted`, link: SHOW_QUEUES });
      done?.();
    },
  });
}

const gone = (n) => `${plural(n, "message")} gone`;

export async function purgeQueue(shown, before) {
  const q = await now(shown);
  if (!q) return;
  const total = waiting(q);
  const most = mostOf(q, waiting, before);
  const call = purging(q, most);
  const first = countedNow(total);
  confirmLoss({
    title: html`Purge queue <bdi>${q.name}</bdi>?`,
    text: html`<p>${before ? MOVED : ""}${held(q, WAITING)} lost.${moreToCome(total, most)}${q.messages_unacknowledged ? ` ${plural(q.messages_unacknowledged, "unacked message stays", "unacked messages stay")} with the consumers.` : ""}</p>${undone([q])}`,
    typeName: most > MANY ? q.name : undefined,
    act: "Purge queue", keep: "Keep messages", call, refused: "Not purged.",
    run: async () => {
      const answer = await drop(q, call, waiting, most);
      refreshInventory();
      if (!answer) return askAgain(() => purgeQueue(q, first));
      toast({ text: html`<b><bdi>${q.name}</bdi></b> is purged: ${gone(answer.message_count ?? total)}`, link: ["Show queue", queueLink(q)] });
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

/** How many each of them may lose, and all together; `before` is what an earlier dialog counted of each, by address. */
function bounds(queues, counted, before) {
  const each = new Map(queues.map((q) => [q, mostOf(q, counted, before?.get(where(q)))]));
  return { total: queues.reduce((n, q) => n + counted(q), 0), each, most: [...each.values()].reduce((n, one) => n + one, 0), first: new Map(queues.map((q) => [where(q), countedNow(counted(q))])) };
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
export async function bulkDelete(chosen, ended, before) {
  if (chosen.length === 1) return deleteQueue(chosen[0], () => ended?.(chosen[0]), before?.get(where(chosen[0])));
  const { queues, sums } = await counted(chosen, ended);
  if (queues.length < 2) return queues.length ? bulkDelete(queues, ended, before) : redraw();
  const bindings = await Promise.all(queues.map(bindingsOf));
  const { total, each: mosts, most, first } = bounds(queues, all, before);
  const calls = new Map(queues.map((q, i) => [q, removal(q, mosts.get(q), before, bindings[i])]));
  confirmLoss({
    title: `Delete ${queues.length} queues?`,
    text: html`<p>${before ? MOVED : ""}${held(sums)} lost, ${plural(sums.consumers, "consumer is", "consumers are")} cancelled.${bindingsGo(bindings.reduce((n, one) => n + (one ?? 0), 0))}${moreToCome(total, most)}</p><p class="muted">${names(queues)}</p>${undone(queues)}`,
    typeName: "delete " + queues.length,
    act: `Delete ${queues.length} queues`, keep: "Keep queues", call: [...calls.values()], refused: "Not all deleted.",
    run: async () => {
      const { done } = await each(queues, (q) => drop(q, calls.get(q), all, mosts.get(q)), ended, (more) => bulkDelete(more, ended, first));
      if (done) toast({ text: `${plural(done, "queue is", "queues are")} deleted`, link: SHOW_QUEUES });
    },
  });
}

export async function bulkPurge(chosen, ended, before) {
  if (chosen.length === 1) return purgeQueue(chosen[0], before?.get(where(chosen[0])));
  const { queues, sums } = await counted(chosen, ended);
  if (queues.length < 2) return queues.length ? bulkPurge(queues, ended, before) : redraw();
  const { total, each: mosts, most, first } = bounds(queues, waiting, before);
  const calls = new Map(queues.map((q) => [q, purging(q, mosts.get(q))]));
  confirmLoss({
    title: `Purge ${queues.length} queues?`,
    text: html`<p>${before ? MOVED : ""}${held(sums, WAITING)} lost.${moreToCome(total, most)}</p><p class="muted">${names(queues)}</p>${undone(queues)}`,
    typeName: "purge " + queues.length,
    act: `Purge ${queues.length} queues`, keep: "Keep messages", call: [...calls.values()], refused: "Not all purged.",
    run: async () => {
      const { messages, done } = await each(queues, (q) => drop(q, calls.get(q), waiting, mosts.get(q)), null, (more) => bulkPurge(more, ended, first));
      if (done) toast({ text: `${plural(done, "queue is", "queues are")} purged: ${gone(messages)}`, link: SHOW_QUEUES });
    },
  });
}

const names = (queues) => html`${queues.slice(0, 8).map((q, i) => html`${i ? ", " : ""}<bdi>${q.name}</bdi>`)}${queues.length > 8 ? ` and ${queues.length - 8} more` : ""}`;
