// What the top bar tells of what is not as usual, in short where there is little room.
import { html, nothing } from "lit-html";
import { age, plural } from "./format.js";
import { icon } from "./icons.js";
import { MOVED } from "./unusual.js";

const note = (href, title, text, short) => html`<a class="unusual" href=${href} title=${title} aria-label=${text}>${icon("warn")}<span class="long">${text}</span><span class="short">${short}</span></a>`;

/** The largest unit of an age. */
const roughly = (ms) => age(ms).split(" ").slice(0, 2).join(" ");

/** `now` has how many faults and recordings are on, and how many ms the clock is ahead. */
export const notes = (now) => html`${now.faults ? note("#/test/faults", "Clients meet injected faults", plural(now.faults, "fault") + " on", now.faults) : nothing}
  ${now.recordings ? note("#/test/record", "What is published is being recorded", plural(now.recordings, "recording") + " on", now.recordings) : nothing}
  ${now.ahead > MOVED ? note("#/test/clock", "The broker's clock was moved", `Clock ${age(now.ahead)} ahead`, roughly(now.ahead)) : nothing}`;
