// The flow strip: the path of a message in five numbers.
import { html, nothing } from "lit-html";
import { full } from "../format.js";

/**
 * One station: `dot` names the series (publish, deliver, ack, unacked), `value` and `unit` the big number, `note` what stands
 * below, `more` its part that narrow windows leave out, `why` that it tells a cause: it is told whole then, on more lines. `tone` is its status. `exact` is the tooltip of the number.
 */
export const station = ({ dot, label, value, unit = "", note = "", more = "", why = false, tone = "", exact }) => html`
  <div class="station"><div class="k"><i class="dot-${dot}"></i>${label}</div>
    <div class="v" title=${exact === undefined ? nothing : full(exact)}>${value}<small>${unit}</small></div>
    <div class="d ${tone} ${why ? "why" : ""}" title=${note ? note + more : nothing}>${note}${more ? html`<span class=${why ? "" : "hide-t"}>${more}</span>` : nothing}</div></div>`;

export const flow = (stations) =>
  html`<section class="panel flow" aria-label="Path of a message">${stations.map(station)}</section>`;
