// Every rate that the broker counts, with what it counts; what is opened and closed.
import { html } from "lit-html";
import { table } from "../components/table.js";
import { clientName, count, exchangeName, perSecond, rate } from "../format.js";
import { inventory } from "../inventory.js";
import { exchangeLink, link, queueLink } from "../router.js";

/** Name in message_stats, RabbitMQ's words, what is counted. */
const RATES = [
  ["publish", "Publish", "Messages that come in"],
  ["publish_in", "Publish (in)", "Published to this exchange"],
  ["publish_out", "Publish (out)", "Put into queues, a copy in each"],
  ["confirm", "Publisher confirm", "Publishes that the broker confirmed"],
  ["return_unroutable", "Unroutable (return)", "Sent back to who asked for it"],
  ["drop_unroutable", "Unroutable (drop)", "Dropped without a word"],
  ["deliver", "Deliver (manual ack)", "To consumers that acknowledge"],
  ["deliver_no_ack", "Deliver (auto ack)", "To consumers that do not"],
  ["ack", "Consumer ack", "Acknowledged"],
  ["redeliver", "Redelivered", "With the redelivered flag"],
  ["dropped_maxlen", "Dropped", "The oldest, when there are more than the limit"],
  ["rejected_maxlen", "Refused", "New ones, while the queue is full"],
  ["get", "Get (manual ack)", "By basic.get, to be acknowledged"],
  ["get_no_ack", "Get (auto ack)", "By basic.get, for good"],
  ["get_empty", "Get (empty)", "By basic.get, nothing found"],
];

const CHURN = [
  ["connection_created", "Connections opened"], ["connection_closed", "Connections closed"], ["channel_created", "Channels opened"], ["channel_closed", "Channels closed"],
  ["queue_declared", "Queues declared", "Also those that existed"], ["queue_created", "Queues created"], ["queue_deleted", "Queues deleted"],
];

const perSecondOf = (stats, name) => stats?.[name + "_details"]?.rate ?? 0;

function figures(title, list, stats, unit) {
  const rows = list.filter(([name]) => stats?.[name] !== undefined);
  return html`<section class="panel"><header><h2>${title}</h2></header>${rows.length ? table({
    label: title, rows, key: (r) => r[0],
    columns: [
      { head: "What", cls: "c-name", cell: (r) => r[1] },
      { head: "Per second", n: true, zero: (r) => !perSecondOf(stats, r[0]), cell: (r) => rate(perSecondOf(stats, r[0])) },
      { head: unit, n: true, cls: "c-ready", zero: (r) => !stats[r[0]], read: (r) => stats[r[0]], exact: true, cell: (r) => count(stats[r[0]]) },
      { head: "What it counts", cls: "muted help", hide: "hide-t", cell: (r) => r[2] ?? "" },
      { head: "", cls: "c-rate only-s", hide: "only-s", cell: (r) => perSecond(perSecondOf(stats, r[0])) },
    ],
  }) : html`<div class="body"><p class="muted">Nothing yet.</p></div>`}</section>`;
}

/** All rates of message_stats that the object has. */
export const ratesPanel = (stats) => figures("All message rates", RATES, stats, "Messages");

/** Connections, channels and queues that came and went. */
export const churnPanel = (stats, title = "Churn") => figures(title, CHURN, stats, "Since start");

/** What a queue holds, by where and how. */
export function holdsPanel(q, bytes) {
  const row = (label, field) => [label, q["messages" + field], q["message_bytes" + field]];
  const rows = [row("Total", ""), row("Ready", "_ready"), row("Unacked", "_unacknowledged"), row("In memory", "_ram"), row("Persistent", "_persistent"), row("Paged out", "_paged_out"), row("Dead-lettered at least once", "_dlx")].filter((r) => r[1] !== undefined);
  return html`<section class="panel"><header><h2>What it holds</h2></header>${table({
    label: "What it holds", rows, key: (r) => r[0],
    columns: [
      { head: "Messages that are", cls: "c-name", cell: (r) => r[0] },
      { head: "Messages", n: true, cls: "c-ready", zero: (r) => !r[1], cell: (r) => count(r[1]) },
      { head: "Bodies", n: true, zero: (r) => !r[2], cell: (r) => bytes(r[2]) },
    ],
  })}</section>`;
}

const CELLS = {
  exchange: (o) => html`<a class="name" href=${exchangeLink(o.vhost, o.name)}><bdi>${exchangeName(o.name)}</bdi></a>`,
  queue: (o) => html`<a class="name" href=${queueLink(o)}><bdi>${o.name}</bdi></a>`,
  channel_details: (o) => html`<a class="name" href=${link("channels", o.name ?? "")}><bdi>${clientName(inventory.connections.get(o.connection_name) ?? { name: o.connection_name })}</bdi>, channel ${o.number}</a>`,
};

/** So many are told of by name. */
const MOST = 100;

/** Whom the messages came from or went to: `list` of the API, by its `kind`; `stats` [name, head] of what is told. */
export function breakdownPanel(title, list, kind, stats) {
  const of = (r, name) => perSecondOf(r.stats, name);
  const more = (list?.length ?? 0) - MOST;
  const [first] = stats[0];
  const rows = more > 0 ? [...list].sort((a, b) => of(b, first) - of(a, first) || (b.stats?.[first] ?? 0) - (a.stats?.[first] ?? 0)).slice(0, MOST) : list;
  return html`<section class="panel"><header><h2>${title}</h2></header>${list?.length ? html`${table({
    label: title, rows, key: (r) => r[kind]?.name,
    columns: [
      { head: { exchange: "Exchange", queue: "Queue", channel_details: "Channel" }[kind], cls: "c-name", cell: (r) => CELLS[kind](r[kind] ?? {}) },
      ...stats.flatMap(([name, head], i) => [
        { head: head + " /s", n: true, cls: i ? "" : "c-ready", zero: (r) => !of(r, name), cell: (r) => rate(of(r, name)) },
        { head, n: true, hide: "hide-t", zero: (r) => !r.stats?.[name], cell: (r) => count(r.stats?.[name]) },
      ]),
    ],
  })}${more > 0 ? html`<p class="tfoot">The ${MOST} busiest, and ${count(more)} more</p>` : ""}` : html`<div class="body"><p class="muted">Nothing yet.</p></div>`}</section>`;
}
