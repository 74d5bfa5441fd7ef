// What the node page tells besides: the runtime, where its memory is, what it offers, the cluster's name.
import { html } from "lit-html";
import { send } from "../api.js";
import { button, kv, meter, skeleton, status } from "../components/basic.js";
import { field } from "../components/fields.js";
import { openSheet } from "../components/sheet.js";
import { table } from "../components/table.js";
import { toast } from "../components/toast.js";
import { curl } from "../curl.js";
import { sameInCode } from "../forms/code.js";
import { bytes, count, perSecond } from "../format.js";
import { lacksTag } from "../rights.js";

/** RabbitMQ's names of parts that a JVM has, and what is in them. */
const PARTS = {
  other_proc: ["Heap", "Messages, queues and whatever else the broker keeps"],
  binary: ["Buffers", "Of sockets and files"],
  code: ["Code", "Classes and compiled code"],
  other_system: ["Other", "The rest of the process: threads, the collector, the runtime"],
};

/** The API's parts that are not 0, the largest first. */
export function memoryPanel(memory) {
  if (!memory) return html`<section class="panel"><header><h2>Memory details</h2></header>${skeleton(4)}</section>`;
  const rows = Object.entries(memory).filter(([, v]) => typeof v === "number" && v > 0).sort((a, b) => b[1] - a[1]);
  const total = memory.total?.[memory.strategy] ?? rows.reduce((sum, r) => sum + r[1], 0);
  return html`<section class="panel"><header><h2>Memory details</h2><span class="right muted">${bytes(total)} by ${memory.strategy ?? "rss"}</span></header>${table({
    label: "Memory details", rows, key: (r) => r[0],
    columns: [
      { head: "Part", cls: "c-name", cell: ([name]) => html`${PARTS[name]?.[0] ?? name.replaceAll("_", " ")} <span class="muted mono small">${name}</span>` },
      { head: "Bytes", n: true, cls: "c-ready", cell: (r) => bytes(r[1]) },
      { head: "Share", cls: "c-st", cell: (r) => meter(r[1], total, "Share") },
      { head: "What is in it", hide: "hide-t", cls: "muted help", cell: ([name]) => PARTS[name]?.[1] ?? "" },
    ],
  })}</section>`;
}

export function runtimePanel(n, clusterName, renamed) {
  const version = (name) => n.applications?.find((a) => a.name === name)?.version;
  return html`<section class="panel"><header><h2>Runtime</h2><span class="right">${button("Change the cluster name…", () => nameSheet(clusterName, renamed), { kind: "sm", lack: lacksTag("administrator") })}</span></header><div class="body">${kv([
    ["Cluster name", html`<bdi>${clusterName ?? "–"}</bdi>`],
    version("rabbit") && ["Speaks", `RabbitMQ ${version("rabbit")}`],
    version("java") && ["Java", version("java")],
    ["Type", n.type === "ram" ? "RAM" : "disc"],
    ["Garbage collections", n.gc_num === undefined ? "–" : `${count(n.gc_num)}, ${perSecond(n.gc_num_details?.rate ?? 0)}`],
    n.context_switches !== undefined && ["Context switches", perSecond(n.context_switches_details?.rate)],
    n.run_queue > 0 && ["Run queue", count(n.run_queue)],
    ["Memory counted by", n.mem_calculation_strategy],
    ["Rates mode", n.rates_mode],
  ])}</div></section>`;
}

function nameSheet(name, done) {
  openSheet({
    title: "Change the cluster name", act: "Change cluster name", refused: "Not changed.", state: { name: name ?? "" },
    blocked: (s) => !s.name,
    body: (s) => html`${field(s, "name", "Cluster name", { required: true, hint: "Clients are told it before they log in, so it is no secret." })}${sameInCode({ curl: () => curl("PUT", "cluster-name", { name: s.name }) })}`,
    run: async (s) => {
      await send("PUT", "cluster-name", { name: s.name });
      toast({ text: html`The cluster is now <b><bdi>${s.name}</bdi></b>`, link: ["Show node", "#/node"] });
      done();
    },
  });
}

export const offersPanel = (title, list) => html`<section class="panel"><header><h2>${title}</h2></header>${table({
  label: title, rows: list ?? [], key: (e) => e.name,
  columns: [
    { head: "Name", cls: "c-name", cell: (e) => html`<span class="mono">${e.name}</span>` },
    { head: "What it does", cls: "muted help", cell: (e) => e.description },
    { head: "", label: "Enabled", n: true, cls: "c-ready muted", cell: (e) => (e.enabled === false ? "off" : "") },
  ],
})}</section>`;

/** Of RabbitMQ's phases, what each means for who asks for such a feature. */
const PHASES = { permitted_by_default: "Permitted", denied_by_default: "Denied unless permitted", disconnected: "Without effect", removed: "Removed" };

/** What RabbitMQ of this version is about to give up, and whether something here needs it. */
export const deprecatedPanel = (list, used) => html`<section class="panel"><header><h2>Deprecated features</h2></header>${table({
  label: "Deprecated features", rows: list, key: (f) => f.name,
  columns: [
    { head: "Name", cls: "c-name", cell: (f) => html`<span class="mono">${f.name}</span>` },
    { head: "State", cls: "c-st", cell: (f) => (used.some((u) => u.name === f.name) ? status({ tone: "warn", icon: "warn", word: "In use" }) : "") },
    { head: "Phase", cls: "c-more muted", cell: (f) => PHASES[f.deprecation_phase] ?? f.deprecation_phase },
    { head: "What it is", cls: "muted help", cell: (f) => html`${f.desc}${f.doc_url ? html` <a href=${f.doc_url} target="_blank" rel="noreferrer">Learn more</a>` : ""}` },
  ],
})}</section>`;
