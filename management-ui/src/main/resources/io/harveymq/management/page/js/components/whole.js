// Lists have the beginnings of payloads: whether one is here in full, and how to get it so.
import { request } from "../api.js";
import { publishSheet } from "../forms.js";
import { plural } from "../format.js";
import { doUnless } from "./basic.js";
import { copy } from "./copy.js";
import { toastError } from "./toast.js";

/** As many bytes of a payload as there are. */
const ALL = 2_147_483_647;
const decoded = new WeakMap();

/** The bytes of base64, whatever white space is in it. */
export const fromBase64 = (text) => Uint8Array.from(atob(text.replace(/\s+/g, "")), (c) => c.charCodeAt(0));

/** What is here of its payload. */
export function rawBytes(m) {
  if (!decoded.has(m)) decoded.set(m, m.payload_encoding === "base64" ? fromBase64(m.payload) : new TextEncoder().encode(m.payload));
  return decoded.get(m);
}

/** Whether some of it is not here; `whole` is false where the broker has not kept it. */
export const isCut = (m) => m.whole === false || m.payload_bytes > rawBytes(m).length;

/** Numbers that JavaScript would change stay as they were sent, where the browser can: 1.0, and integers of any size. */
const exact = (key, v, context) => (typeof v === "number" && JSON.rawJSON && String(v) !== context?.source && context?.source ? JSON.rawJSON(context.source) : v);

/** An answer of the API with messages in full, their numbers and types of headers as they were sent. */
export async function askInFull(where, params) {
  return JSON.parse(await (await request("GET", where, { params: { truncate: ALL, types: true, ...params } })).text(), exact);
}

/** The same of a call that takes them and puts them back. */
export const sendInFull = async (where, body) => JSON.parse(await (await request("POST", where, { body })).text(), exact);

async function first(where, params) {
  const [found] = (await askInFull(where, params)).items;
  if (!found) throw new Error("It is not here any more.");
  return found;
}

/** The message at a place of a queue; an offset that no queue has, so that it is this one or none. */
export const ofQueue = (where, m) => first(where, { place: m.place, limit: 1, offset: ALL });
export const ofDropped = (where, m) => first(where, { id: m.id });
export const ofDelayed = ofDropped;
export async function ofStream(where, m) {
  const found = await first(where, { offset: m.offset, limit: 1 });
  if (found.offset !== m.offset) throw new Error("It is not in the stream any more.");
  return found;
}
export const ofRecording = (where, m) => first(where, { offset: m.key, limit: 1 });

/**
 * The message with all of its payload. `source` has `whole`, which fetches it, or `kept`, a sentence that says why nobody can. A
 * message that is here in full is good enough when it has left the place where it was.
 */
export async function inFull(m, { whole, kept } = {}) {
  if (!whole && isCut(m)) throw new Error(kept ?? "The payload is not here in full.");
  if (!whole) return m;
  try {
    const all = await whole(m);
    if (isCut(all)) throw new Error("It can't be read back from the store at present.");
    return { ...m, ...all, position: m.position };
  } catch (error) {
    if (isCut(m)) throw error;
    return m;
  }
}

/** Does something with the message in full, or tells why not. */
export async function withFull(m, source, failed, act) {
  try {
    await act(await inFull(m, source));
  } catch (error) {
    toastError(failed, error);
  }
}

/** Why nothing can be done with all of it: nobody has it. */
export const lackOfRest = (m, { whole, kept } = {}) => (!whole && isCut(m) ? kept : undefined);

/** Opens the form that sends a copy. */
export const editCopy = (m, source) => doUnless(lackOfRest(m, source), () => withFull(m, source, "Not opened.", (full) => publishSheet({ vhost: m.vhost, message: full })));

const plain = ({ key, ...rest }) => rest;

export const asJson = (messages) => JSON.stringify(messages.length === 1 ? plain(messages[0]) : messages.map(plain), null, 2);

/** Copies marked messages, each in full; `sourceOf` gives the source of one. */
export async function copyMarked(messages, sourceOf) {
  try {
    const all = [];
    for (const m of messages) all.push(await inFull(m, sourceOf(m)));
    await copy(asJson(all), plural(all.length, "message") + " copied");
  } catch (error) {
    toastError("Not copied.", error);
  }
}
