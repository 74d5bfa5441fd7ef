// A part of a page that few look at: it is loaded when it is first asked for, and its address says that it is open.
import { html } from "lit-html";
import { lazily } from "../lazy.js";
import { redraw } from "../redraw.js";
import { setQuery } from "../router.js";

export class Later {
  /** `name` stands in the address, `load` gives the module. */
  constructor(route, name, load) {
    Object.assign(this, { name, load, module: null });
    this.toggle(route.query.get(name) === "1", false);
  }

  toggle(open, told = true) {
    this.open = open;
    if (open && !this.module) lazily(this.load).then((m) => ((this.module = m), redraw()));
    if (told) setQuery({ [this.name]: open ? 1 : null });
    redraw();
  }

  /** The address changed. */
  read(route) {
    const open = route.query.get(this.name) === "1";
    if (open !== this.open) this.toggle(open, false);
  }

  /** The link that opens and closes it. */
  link(label) {
    return html`<button type="button" class="linkbtn" aria-expanded=${this.open ? "true" : "false"} @click=${() => this.toggle(!this.open)}>${label}</button>`;
  }

  /** What `part` makes of the module while it is open. */
  show(part) {
    return this.open && this.module ? part(this.module) : "";
  }
}
