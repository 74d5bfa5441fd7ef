// The bar above a table while rows are selected.
import { html } from "lit-html";
import { plural } from "../format.js";
import { redraw } from "../redraw.js";

export const bulkBar = (state, acts, more = "", said = plural(state.selected.size, "selected", "selected")) => html`
  <div class="bulk"><b class="nowrap">${said}</b>${acts}${more}
    <button type="button" class="btn sm plain" @click=${() => {
      state.clear();
      redraw();
    }}>Clear selection</button></div>`;
