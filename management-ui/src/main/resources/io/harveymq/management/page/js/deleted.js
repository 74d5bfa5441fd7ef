// What became of a queue or an exchange that is not there.
import { html } from "lit-html";
import { features, get, path } from "./api.js";
import { dayTime, timeShort } from "./format.js";
import { brokerNow } from "./unusual.js";

/** What the broker remembers of the last one with this name; null for nothing. */
export async function deletedLately(kind, vhost, name) {
  if (!features.has("deleted")) return null;
  try {
    const all = await get("dev/" + path("deleted", vhost), { kind, name });
    return all[0] ?? null;
  } catch {
    return null; // then it only says that there is none
  }
}

const DAY = 86_400_000;
const at = (ms) => html`<time title=${dayTime(ms)}>${brokerNow() - ms < DAY ? timeShort(ms) : dayTime(ms)}</time>`;

/** "It was deleted at 18:44 by orders-api." */
export function deletedText(d) {
  const who = d.client ?? d.connection?.split(" -> ")[0] ?? d.user;
  const known = who !== undefined && who !== null;
  const by = html`<bdi>${who}</bdi>`;
  switch (d.cause) {
    case "client": return html`It was deleted at ${at(d.time)}${known ? html` by ${by}` : ""}.`;
    case "http": return html`It was deleted at ${at(d.time)}${known ? html` by user ${by},` : ""} over the HTTP API.`;
    case "embedded": return html`It was deleted at ${at(d.time)}${d.user ? html` by user ${by},` : ""} from inside the broker's JVM.`;
    case "expired": return html`It expired at ${at(d.time)}: nobody had used it for as long as its expiry says.`;
    case "exclusive": return html`It was exclusive to ${known ? by : "one connection"} and went at ${at(d.time)}, when that connection was closed.`;
    default: return d.kind === "queue" ? html`It was auto-delete and went at ${at(d.time)} with its last consumer${known ? html`, ${by}` : ""}.` : html`It was auto-delete and went at ${at(d.time)} with its last binding.`;
  }
}
