// What is not as usual because somebody tests: faults that are on, recordings, a clock that was moved. The top bar says so on every page.
import { html, nothing } from "lit-html";
import { features } from "./api.js";
import { lazily } from "./lazy.js";
import { watch } from "./live.js";
import { redraw } from "./redraw.js";

/** Below this a clock that stands still has only been read late. */
export const MOVED = 60_000;

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

let notes = null;

/** They are loaded once there is something to tell. */
function told() {
  if (!now.faults && !now.recordings && now.ahead <= MOVED) return nothing;
  notes ??= lazily(() => import("./unusual-notes.js")).then((module) => {
    notes = module;
    redraw();
  });
  return notes.notes?.(now) ?? nothing;
}

/** For the top bar. */
export const unusual = () => html`<span class="unusuals" role="status">${told()}</span>`;
