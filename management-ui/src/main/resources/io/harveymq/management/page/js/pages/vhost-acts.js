// Acts on virtual hosts: add, change, delete, look into.
import { html } from "lit-html";
import { get, path, send } from "../api.js";
import { curl } from "../curl.js";
import { status } from "../components/basic.js";
import { confirmLoss } from "../components/dialog.js";
import { choice, field, tick } from "../components/fields.js";
import { askAgain, countedNow, inAll, MOVED, moreToCome, unlessMore } from "../components/loss.js";
import { openSheet } from "../components/sheet.js";
import { toast, toastError } from "../components/toast.js";
import { context, loadVhosts, showVhost } from "../context.js";
import { sameInCode } from "../forms/code.js";
import { plural } from "../format.js";
import { link } from "../router.js";
import { exchangePlace, exportFirst, queuePlace } from "./export-messages.js";

const where = (name) => path("vhosts", name);

export const vhostTags = (v) => (Array.isArray(v.tags) ? v.tags : String(v.tags ?? "").split(",").filter(Boolean));

/** Adds a virtual host, or changes `v`. */
export function vhostSheet(v, done) {
  const state = { name: v?.name ?? "", description: v?.description ?? "", tags: v ? vhostTags(v).join(", ") : "", type: v?.default_queue_type ?? "", tracing: v?.tracing ?? false };
  const sent = (s) => ({ description: s.description, tags: s.tags, tracing: s.tracing, ...(s.type ? { default_queue_type: s.type } : {}) });
  openSheet({
    title: v ? html`Virtual host <bdi>${v.name}</bdi>` : "Add a virtual host", act: v ? "Save virtual host" : "Add virtual host", refused: v ? "Not saved." : "Not added.", state,
    blocked: (s) => !s.name,
    body: (s) => html`${v ? "" : field(s, "name", "Name", { required: true, hint: "You get all permissions in it." })}${field(s, "description", "Description")}${field(s, "tags", "Tags", { hint: "Divided by commas" })}
      ${choice(s, "type", "Default queue type", [...(state.type && v ? [] : [["", "the broker's"]]), ["classic", "classic"], ["quorum", "quorum"], ["stream", "stream"]], { hint: "Of queues that are declared without x-queue-type" })}
      ${tick(s, "tracing", "Tracing: copies of all messages go to amq.rabbitmq.trace")}${sameInCode({ curl: () => curl("PUT", where(s.name || "name"), sent(s)) })}`,
    run: async (s) => {
      await send("PUT", where(s.name), sent(s));
      toast({ text: html`Virtual host <b><bdi>${s.name}</bdi></b> is ${v ? "saved" : "added"}`, link: ["Show virtual host", link("vhosts", s.name)] });
      loadVhosts();
      done?.();
    },
  });
}

/** How much there is now. */
async function contents(name) {
  const [queues, exchanges, clients] = await Promise.all([get(path("queues", name), { columns: "name,type,messages,messages_ready,message_stats.publish_details.rate" }), get(path("exchanges", name), { columns: "name,messages_delayed" }), get(where(name) + "/connections", { disable_stats: true })]);
  const inQueues = queues.reduce((n, q) => n + ((q.type === "stream" ? q.messages_ready : q.messages) ?? 0), 0);
  const delayed = exchanges.reduce((n, x) => n + (x.messages_delayed ?? 0), 0);
  const places = [...queues.map((q) => queuePlace({ ...q, vhost: name })), ...exchanges.map((x) => exchangePlace({ ...x, vhost: name }))];
  return { places, queues: queues.length, messages: inQueues + delayed, delayed, connections: clients.length, publishing: queues.reduce((n, q) => n + (q.message_stats?.publish_details?.rate ?? 0), 0) };
}

/** `before` is what an earlier dialog counted, see countedNow(). */
export async function removeVhost(v, done, before) {
  const lost = await contents(v.name).catch((e) => toastError("Not counted.", e));
  if (!lost) return;
  const most = inAll(lost.messages, before, lost.publishing);
  const call = { method: "DELETE", where: where(v.name), params: { "if-queues": lost.queues, "if-messages": most, "if-connections": lost.connections } };
  const first = countedNow(lost.messages);
  confirmLoss({
    title: html`Delete virtual host <bdi>${v.name}</bdi>?`,
    text: html`<p>${before ? MOVED : ""}${plural(lost.queues, "queue")} with ${plural(lost.messages - lost.delayed, "message")} ${lost.queues === 1 ? "goes" : "go"}, and all exchanges, bindings and policies${lost.delayed ? `, with ${plural(lost.delayed, "delayed message")}` : ""}; ${plural(lost.connections, "connection is", "connections are")} cut off.${moreToCome(lost.messages, most)}</p><p class="muted">This cannot be undone.${exportFirst(lost.places, v.name === "/" ? "default" : v.name)}</p>`,
    typeName: v.name, act: "Delete virtual host", keep: "Keep virtual host", call, refused: "Not deleted.",
    run: async () => {
      if (!(await unlessMore(() => send(call.method, call.where, undefined, { params: call.params })))) return askAgain(() => removeVhost(v, done, first));
      toast({ text: html`Virtual host <b><bdi>${v.name}</bdi></b> is deleted`, link: ["Show virtual hosts", "#/vhosts"] });
      const chosen = context.vhost === v.name;
      await loadVhosts();
      done?.();
      if (chosen) dispatchEvent(new Event("vhostchange"));
    },
  });
}

/** The page then shows this virtual host only, its queues first. */
export function lookInto(v) {
  showVhost(v.name, "#/queues").catch((e) => toastError("Not shown.", e));
}

export function vhostStatus(v) {
  const down = Object.values(v.cluster_state ?? {}).some((s) => s !== "running");
  return down ? status({ tone: "bad", icon: "bad", word: "Down" }) : status({ tone: "ok", icon: "ok", word: v.tracing ? "Running, traced" : "Running" });
}
