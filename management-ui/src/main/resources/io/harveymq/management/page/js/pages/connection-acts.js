// Closing clients' connections; the broker tells them why.
import { html } from "lit-html";
import { get, path, send, user } from "../api.js";
import { confirmLoss } from "../components/dialog.js";
import { field } from "../components/fields.js";
import { askAgain, MOVED, unlessMore } from "../components/loss.js";
import { toast } from "../components/toast.js";
import { clientName, plural } from "../format.js";
import { lacksTag } from "../rights.js";

const call = (c, reason) => ({ method: "DELETE", where: path("connections", c.name), headers: reason ? { "X-Reason": reason } : {} });

/** Answers null if more would go with it than was shown. */
function close(c, reason, own) {
  const { method, where, headers } = call(c, reason);
  return unlessMore(() => send(method, where, undefined, { headers, params: own && { "if-queues": own.queues, "if-messages": own.messages } }));
}

/** What takes an auto-delete queue with it: the last of the connections that consume it, once all of them are closed. */
function lastOf(list, consumers, queue) {
  const takers = new Set(consumers.filter((c) => c.queue.name === queue).map((c) => c.channel_details?.connection_name));
  const closed = list.filter((c) => takers.has(c.name));
  return closed.length === takers.size ? closed.at(-1) : undefined;
}

/** The exclusive and auto-delete queues that go with each connection, by its name, if these are closed in turn, and what is in them; not there where they may not be seen. */
export async function goingWith(list) {
  const counts = new Map();
  for (const vhost of new Set(list.map((c) => c.vhost))) {
    const here = list.filter((c) => c.vhost === vhost);
    const [queues, consumers] = await Promise.all([
      get(path("queues", vhost), { columns: "name,auto_delete,messages,owner_pid_details" }),
      get(path("consumers", vhost), { columns: "queue,channel_details" }),
    ]).catch(() => []);
    if (!queues) continue;
    for (const c of here) counts.set(c.name, { queues: 0, messages: 0 });
    for (const q of queues) {
      const owner = q.owner_pid_details?.name ?? (q.auto_delete ? lastOf(here, consumers, q.name)?.name : undefined);
      const own = counts.get(owner);
      if (own) own.queues++, own.messages += q.messages ?? 0;
    }
  }
  return counts;
}

const sum = (counts, part) => [...counts.values()].reduce((n, one) => n + one[part], 0);

/** All of them together. */
export const sumOf = (counts) => ({ queues: sum(counts, "queues"), messages: sum(counts, "messages") });

/** What a dialog says of them. */
export const goes = ({ queues, messages }) => (queues ? ` ${plural(queues, "exclusive or auto-delete queue goes", "exclusive or auto-delete queues go")}, and ${plural(messages, "message")}.` : "");

/** Everybody closes their own; another's is the administrator's. */
export const lacksClose = (c) => (c.user === user() ? undefined : lacksTag("administrator"));

export async function closeConnections(list, done, again = false, reason = "") {
  const counts = await goingWith(list);
  const state = { reason };
  const one = list.length === 1;
  const channels = list.reduce((n, c) => n + (c.channels ?? 0), 0);
  const text = () => html`<p>${again ? MOVED : ""}${one ? html`The client <b><bdi>${clientName(list[0])}</bdi></b> is cut off` : `${plural(list.length, "client is", "clients are")} cut off`}, ${plural(channels, "channel")} with ${channels === 1 ? "it" : "them"}.${goes(sumOf(counts))} Unacked messages go back to their queues. Most clients connect again by themselves.</p>
    ${field(state, "reason", "Reason, sent to the client", { placeholder: "Closed via management" })}`;
  confirmLoss({
    title: one ? "Close this connection?" : `Close ${list.length} connections?`,
    get text() {
      return text();
    },
    typeName: one ? undefined : "close " + list.length,
    act: one ? "Close connection" : `Close ${list.length} connections`, keep: one ? "Keep connection" : "Keep connections", refused: "Not closed.", call: () => list.map((c) => call(c, state.reason)),
    run: async () => {
      const more = [];
      for (const c of list) {
        const answer = await close(c, state.reason, counts.get(c.name)).catch((e) => e.status === 404 || Promise.reject(e));
        if (!answer) more.push(c);
      }
      if (more.length) askAgain(() => closeConnections(more, done, true, state.reason));
      const closed = list.length - more.length;
      if (closed) toast({ text: one ? html`The connection of <b><bdi>${clientName(list[0])}</bdi></b> is closed` : `${plural(closed, "connection is", "connections are")} closed`, link: ["Show connections", "#/connections"] });
      if (!more.length) done?.();
    },
  });
}
