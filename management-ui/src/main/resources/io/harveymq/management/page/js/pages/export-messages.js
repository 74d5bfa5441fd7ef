// Messages saved as a file before they are lost: of queues, of streams, of delayed exchanges.
import { html } from "lit-html";
import { features, path } from "../api.js";
import { askInFull, inFull, isCut, sendInFull } from "../components/whole.js";
import { toast, toastError } from "../components/toast.js";
import { count, plural } from "../format.js";
import { saveAs } from "./definitions-io.js";

/** How many messages are exported of each, and asked for at once. */
const MOST = 10_000;
const PAGE = 500;

/** Further than any queue is long. */
const NOWHERE = 2_147_483_647;

/** Bytes of a payload in a page of a queue, whose answers have no bound; what is larger is asked for by itself. */
const SHOWN = 8_192;

/** One of a queue in full; undefined when it has left meanwhile. */
async function stillThere(where, m) {
  if (!isCut(m)) return m;
  return (await askInFull(where, { place: m.place, limit: 1, offset: NOWHERE })).items[0];
}

/** Looked at, so that none is marked redelivered. Each page begins with one that was seen: when it does not, too many have left before it, and one goes back, unless that is of no use. */
async function ofQueue(q) {
  const where = `dev/${path("queues", q.vhost, q.name)}/messages`;
  const messages = new Map();
  let before = -1;
  for (let offset = 0; messages.size < MOST; ) {
    const { items, total } = await askInFull(where, { state: "ready", offset, limit: PAGE, truncate: SHOWN });
    if (offset > 0 && !(items.length && messages.has(items[0].id))) {
      if (!items.length && before === messages.size) throw new Error(`${plural(total - offset, "message")} of ${q.name} can't be read back from the store at present.`);
      before = messages.size;
      offset = Math.max(0, offset - PAGE);
      continue;
    }
    for (const m of items) {
      if (messages.has(m.id)) continue;
      const all = await stillThere(where, m);
      if (all) messages.set(m.id, all);
    }
    if (offset + items.length >= total) break;
    offset += Math.max(1, items.length - PAGE / 2);
  }
  return [...messages.values()].slice(0, MOST);
}

/** From the oldest message on; an answer may have fewer than are asked for, and then tells where to go on. */
async function ofStream(q) {
  const messages = [];
  for (let offset = "first"; offset !== undefined && messages.length < MOST; ) {
    const { items, next } = await askInFull(`dev/${path("queues", q.vhost, q.name)}/messages`, { offset, limit: Math.min(PAGE, MOST - messages.length) });
    messages.push(...items);
    offset = next;
  }
  return messages;
}

/** By a cursor, so that none is left out when others fall due meanwhile; what is only in the store is read back, or else nothing is saved. */
async function ofExchange(x) {
  const where = path("dev", "exchanges", x.vhost, x.name, "delayed");
  const messages = [];
  for (let cursor = "first"; cursor !== undefined && messages.length < MOST; ) {
    const { items, next } = await askInFull(where, { cursor, limit: Math.min(PAGE, MOST - messages.length) });
    const unread = items.filter(isCut).length;
    if (unread) throw new Error(`${plural(unread, "message")} of ${x.name} can't be read back from the store at present.`);
    messages.push(...items);
    cursor = next;
  }
  return messages;
}

function messagesOf(one) {
  if (one.exchange) return ofExchange(one);
  if (!features.has("browse")) return sendInFull(path("queues", one.vhost, one.name) + "/get", { count: Math.min(one.waiting, MOST), ackmode: "ack_requeue_true", encoding: "auto" });
  return one.stream ? ofStream(one) : ofQueue(one);
}

const save = (name, what) => saveAs(`${name.replace(/[^\w.-]+/g, "_") || "messages"}.messages.json`, JSON.stringify(what, null, 2));

/** Of one place its messages; of several, each with its name. Tells how many they are. */
async function saveAll(places, name) {
  const found = [];
  for (const one of places) found.push({ vhost: one.vhost, [one.exchange ? "exchange" : "queue"]: one.name, messages: await messagesOf(one) });
  save(name ?? places[0].name, name === undefined ? found[0].messages : found);
  const saved = found.reduce((sum, one) => sum + one.messages.length, 0);
  const waiting = places.reduce((sum, one) => sum + one.waiting, 0);
  toast({ text: saved < waiting ? `${count(saved)} of ${plural(waiting, "message")} saved` : plural(saved, "message") + " saved" });
}

/** Marked messages, each in full; `sourceOf` gives the source of one. */
async function saveMarked(messages, name, sourceOf) {
  const all = [];
  for (const m of messages) {
    const { key, ...rest } = await inFull(m, sourceOf(m));
    all.push(rest);
  }
  save(name, all);
}

/** A queue, as far as one can look into it; `waiting` is how many messages an export has. */
export const queuePlace = (q) => ({ vhost: q.vhost, name: q.name, stream: q.type === "stream", waiting: q.type === "stream" && !features.has("streams") ? 0 : (q.messages_ready ?? 0) });

/** A delayed exchange. */
export const exchangePlace = (x) => ({ vhost: x.vhost, name: x.name, exchange: true, waiting: features.has("delayed") ? (x.messages_delayed ?? 0) : 0 });

const exporter = (label, run) => html` <button type="button" class="linkbtn" @click=${() => run().catch((e) => toastError("Not exported.", e))}>${label}</button>`;

/** For a dialog: saves what the places hold before it is lost; `name` is that of the file where there may be several. */
export function exportFirst(places, name) {
  const filled = places.filter((one) => one.waiting > 0);
  if (!filled.length) return "";
  const label = filled.some((one) => one.waiting > MOST) ? `Export the first ${count(MOST)} messages${filled.length > 1 ? " of each" : ""}` : "Export the messages first";
  return exporter(label, () => saveAll(filled, name ?? (filled.length > 1 ? filled.length + "-queues" : undefined)));
}

/** The same of chosen messages. */
export const exportMarked = (messages, name, sourceOf) => exporter("Export the messages first", () => saveMarked(messages, name, sourceOf));
