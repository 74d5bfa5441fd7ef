// What is not as usual because somebody tests: faults that are on, recordings, a clock that was moved. The top bar says so on every page.
import { html, nothing } from "lit-html";
import { features } from "./api.js";
import { age, plural } from "./format.js";
import { icon } from "./icons.js";
import { watch } from "./live.js";

/** Below this a clock that stands still has only been read late. */
const MOVED = 60_000;

const now = { faults: 0, recordings: 0, ahead: 0 };

/** What a list of faults says; pages that read one themselves tell it at once. */
export const faultsSeen = (list) => (now.faults = list.filter((f) => f.on).length);
export const recordingsSeen = (list) => (now.recordings = list.filter((r) => r.on).length);
export const clockSeen = (time) => Object.assign(now, { time, ahead: time - Date.now() });

/** The broker's time, where ages are counted from. */
export const brokerNow = () => now.time ?? Date.now();

/** Begins to watch, as far as the server knows such things. Returns what ends it. */
export function watchUnusual() {
  Object.assign(now, { faults: 0, recordings: 0, ahead: 0, time: undefined });
  const watches = [];
  if (features.has("faults")) watches.push(watch({ where: "dev/faults", interval: 10_000, onData: faultsSeen }));
  if (features.has("record")) watches.push(watch({ where: "dev/recordings", interval: 10_000, onData: recordingsSeen }));
  if (features.has("clock")) watches.push(watch({ where: "dev/clock", interval: 5000, stirs: false, onData: (c) => clockSeen(c.time) }));
  return () => watches.forEach((w) => w.close());
}

const note = (href, title, text, short) => html`<a class="unusual" href=${href} title=${title} aria-label=${text}>${icon("warn")}<span class="long">${text}</span><span class="short">${short}</span></a>`;

/** The largest unit of an age. */
const roughly = (ms) => age(ms).split(" ").slice(0, 2).join(" ");

/** For the top bar; short where there is little room. */
export const unusual = () => html`<span class="unusuals" role="status">
  ${now.faults ? note("#/test/faults", "Clients meet injected faults", plural(now.faults, "fault") + " on", now.faults) : nothing}
  ${now.recordings ? note("#/test/record", "What is published is being recorded", plural(now.recordings, "recording") + " on", now.recordings) : nothing}
  ${now.ahead > MOVED ? note("#/test/clock", "The broker's clock was moved", `Clock ${age(now.ahead)} ahead`, roughly(now.ahead)) : nothing}</span>`;
