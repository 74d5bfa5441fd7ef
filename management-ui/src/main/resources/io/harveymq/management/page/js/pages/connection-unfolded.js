// What a row of the connections unfolds to: its channels, what each moves, and its consumers with their queues.
import { html, nothing } from "lit-html";
import { path } from "../api.js";
import { status, tag } from "../components/basic.js";
import { clientName, count, plural, rate } from "../format.js";
import { icon } from "../icons.js";
import { link, queueLink, setQuery } from "../router.js";
import { redraw } from "../redraw.js";
import { clientStatus } from "../words.js";
import "../icons-more.js";

const MOST = 50;
const OF_CHANNELS = "name,number,vhost,state,confirm,transactional,consumer_count,messages_unacknowledged,messages_unconfirmed,message_stats.publish_details.rate,message_stats.deliver_get_details.rate";
const OF_CONSUMERS = "queue,consumer_tag,channel_details.name,channel_details.connection_name,prefetch_count,ack_required,exclusive,active";

/** One connection at a time is open; the address names it. The server is asked only while one is. */
export class Unfolded {
  constructor(page) {
    this.page = page;
    this.name = null;
  }

  /** Opens the connection of this name, or none for null. */
  show(name) {
    if (name === this.name) return;
    this.watch?.close();
    this.takers?.close();
    Object.assign(this, { name, watch: null, takers: null, channels: null, consumers: null });
    if (name === null) return;
    this.watch = this.page.watch({ where: path("connections", name, "channels"), params: () => ({ columns: OF_CHANNELS }), onData: (list) => this.take(list), onError: (e) => e.status === 404 && this.toggle(name) });
  }

  take(list) {
    this.channels = list.sort((a, b) => a.number - b.number);
    if (this.takers || !list.some((c) => c.consumer_count)) return;
    this.takers = this.page.watch({ where: path("consumers", list[0].vhost), interval: 2000, params: () => ({ columns: OF_CONSUMERS }), onData: (all) => (this.consumers = all.filter((c) => c.channel_details?.connection_name === this.name)) });
  }

  toggle(name) {
    this.show(this.name === name ? null : name);
    setQuery({ open: this.name });
    redraw();
  }

  button(c) {
    const open = c.name === this.name;
    return html`<button type="button" class="iconbtn unfold" aria-expanded=${open ? "true" : "false"} aria-label="Channels of ${clientName(c)}" title=${open ? "Hide its channels" : "Show its channels and consumers"} @click=${() => this.toggle(c.name)}>${icon(open ? "down" : "chev")}</button>`;
  }

  /** What stands below the connection's row, across all columns. */
  row(c, columns) {
    if (c.name !== this.name) return nothing;
    return html`<tr class="under"><td colspan=${columns}><ul aria-label="Channels of ${clientName(c)}">${this.lines(c)}</ul></td></tr>`;
  }

  lines(c) {
    const list = this.channels;
    if (!list) return html`<li class="muted">…</li>`;
    if (!list.length) return html`<li class="muted">No channel is open.</li>`;
    const more = list.length - MOST;
    return html`${list.slice(0, MOST).map((one) => this.channel(one))}${more > 0 ? html`<li><a href=${link("connections", c.name)}>and ${count(more)} more</a></li>` : nothing}`;
  }

  channel(c) {
    const stat = (name) => rate(c.message_stats?.[name + "_details"]?.rate ?? 0);
    const says = [c.confirm ? "confirms" : c.transactional ? "transactions" : "", `${stat("publish")}/s published`, `${stat("deliver_get")}/s delivered`, `${count(c.messages_unacknowledged)} unacked`, c.messages_unconfirmed ? `${count(c.messages_unconfirmed)} unconfirmed` : ""];
    const consumers = this.consumers?.filter((one) => one.channel_details?.name === c.name) ?? [];
    return html`<li><a class="name" href=${link("channels", c.name)}>channel ${c.number}</a>${status(clientStatus(c))}<span class="muted">${says.filter(Boolean).join(" · ")}</span>
      ${consumers.length ? html`<ul aria-label="Consumers of channel ${c.number}">${consumers.slice(0, MOST).map(consumer)}${consumers.length > MOST ? html`<li><a href=${link("channels", c.name)}>and ${count(consumers.length - MOST)} more</a></li>` : nothing}</ul>`
        : c.consumer_count ? html`<span class="muted">${plural(c.consumer_count, "consumer")}</span>` : nothing}</li>`;
  }
}

const consumer = (c) => html`<li><span class="mono"><bdi>${c.consumer_tag}</bdi></span><span>takes from <a href=${queueLink(c.queue, "consumers")}><bdi>${c.queue.name}</bdi></a></span>
  <span class="muted">${c.prefetch_count ? `prefetch ${count(c.prefetch_count)}` : "no prefetch limit"}, acks ${c.ack_required ? "by the client" : "automatic"}</span>${c.exclusive ? tag("exclusive") : nothing}${c.active === false ? tag("waits its turn") : nothing}</li>`;
