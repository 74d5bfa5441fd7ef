// Closing clients' connections; the broker tells them why.
import { html } from "lit-html";
import { path, request, user } from "../api.js";
import { confirmLoss } from "../components/dialog.js";
import { field } from "../components/fields.js";
import { toast } from "../components/toast.js";
import { clientName, plural } from "../format.js";
import { lacksTag } from "../rights.js";

const call = (c, reason) => ({ method: "DELETE", where: path("connections", c.name), headers: reason ? { "X-Reason": reason } : {} });

function close(c, reason) {
  const { method, where, headers } = call(c, reason);
  return request(method, where, { headers });
}

/** Everybody closes their own; another's is the administrator's. */
export const lacksClose = (c) => (c.user === user() ? undefined : lacksTag("administrator"));

export function closeConnections(list, done) {
  const state = { reason: "" };
  const one = list.length === 1;
  const channels = list.reduce((n, c) => n + (c.channels ?? 0), 0);
  const text = () => html`<p>${one ? html`The client <b>${clientName(list[0])}</b> is cut off` : `${plural(list.length, "client is", "clients are")} cut off`}, ${plural(channels, "channel")} with ${channels === 1 ? "it" : "them"}. Unacked messages go back to their queues. Most clients connect again by themselves.</p>
    ${field(state, "reason", "Reason, sent to the client", { placeholder: "Closed via management" })}`;
  confirmLoss({
    title: one ? "Close this connection?" : `Close ${list.length} connections?`,
    get text() {
      return text();
    },
    typeName: one ? undefined : "close " + list.length,
    act: one ? "Close connection" : `Close ${list.length} connections`, keep: one ? "Keep connection" : "Keep connections", refused: "Not closed.", call: () => list.map((c) => call(c, state.reason)),
    run: async () => {
      for (const c of list) await close(c, state.reason).catch((e) => e.status === 404 || Promise.reject(e));
      toast({ text: one ? html`The connection of <b>${clientName(list[0])}</b> is closed` : `${list.length} connections are closed` });
      done?.();
    },
  });
}
