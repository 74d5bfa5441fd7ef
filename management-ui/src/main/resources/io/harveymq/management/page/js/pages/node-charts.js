// What a node used over time, as RabbitMQ's page of a node has it.
import { html } from "lit-html";
import { chart, sampleParams, SERIES } from "../components/chart.js";
import "../components/series.js";
import { bytes } from "../format.js";

Object.assign(SERIES, {
  memory: { label: "process", color: "--c-publish", area: true },
  disk: { label: "free", color: "--c-publish", area: true },
  files: { label: "files", color: "--c-publish" },
  sockets: { label: "sockets", color: "--c-deliver", dash: [6, 3] },
  threads: { label: "threads", color: "--c-publish" },
  collections: { label: "collections", color: "--c-publish" },
  freed: { label: "freed", color: "--c-publish" },
  switches: { label: "switches", color: "--c-publish" },
  connections: { label: "connections", color: "--c-publish" },
  channels: { label: "channels", color: "--c-deliver", dash: [6, 3] },
});

/** By series what the API calls it; of those that are counted the rate is shown. */
const LEVELS = [["memory", "mem_used"], ["disk", "disk_free"], ["files", "fd_used"], ["sockets", "sockets_used"], ["threads", "proc_used"]];
const COUNTS = [["collections", "gc_num"], ["freed", "gc_bytes_reclaimed"], ["switches", "context_switches"], ["connections", "connection_created"], ["channels", "channel_created"]];

/** Title, series, and how their values are written. */
const CHARTS = [
  ["Memory", ["memory"], { kind: "bytes", format: bytes }],
  ["Disk free", ["disk"], { kind: "bytes", format: bytes }],
  ["File descriptors and sockets", ["files", "sockets"]],
  ["Threads", ["threads"]],
  ["Garbage collections per second", ["collections"], { kind: "rate" }],
  ["Bytes freed per second", ["freed"], { kind: "bytes", format: bytes }],
  ["Context switches per second", ["switches"], { kind: "rate" }],
  ["Opened per second", ["connections", "channels"], { kind: "rate" }],
];

/** What of a node is asked for to seed its history. */
export function nodeParams(span, width) {
  const { lengths_age, lengths_incr } = sampleParams(span, width);
  return { node_stats_age: lengths_age, node_stats_incr: lengths_incr, columns: [...LEVELS, ...COUNTS].map(([, name]) => name + "_details").join(",") };
}

export function seedNode(history, node) {
  for (const [series, name] of LEVELS) history.seed(series, node[name + "_details"]);
  for (const [series, name] of COUNTS) history.seed(series, node[name + "_details"], true);
}

export function pushNode(history, node) {
  const now = Date.now();
  for (const [series, name] of LEVELS) history.push(series, now, node[name]);
  for (const [series, name] of COUNTS) history.push(series, now, node[name + "_details"]?.rate);
}

/** Those of which something is known. */
export const nodeCharts = (history, span) => CHARTS.filter(([, names]) => names.some((name) => history.points(name).length)).map(([title, names, options]) => html`
  <section class="panel"><header><h2>${title}</h2></header><div class="body">${chart(title, history, names, span, options)}</div></section>`);
