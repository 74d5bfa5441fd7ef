// The life story of the message that is open, while life stories are recorded.
import { html, nothing } from "lit-html";
import { features, get, path } from "../api.js";
import { redraw } from "../redraw.js";
import { storySection } from "./story.js";

/** It may go on while it is read, ms. */
const ASKED_EVERY = 2000;
const told = { key: "", asked: 0, story: null, lost: false };

async function ask(m, key) {
  told.asked = Date.now();
  try {
    const story = await get("dev/messages/" + path(String(m.story), "story"), { vhost: m.vhost });
    if (told.key === key) told.story = story;
  } catch {
    if (told.key === key) told.lost = true; // not recorded any more, or forgotten
  }
  redraw();
}

/** For the viewer: who published the message and what became of it, or that this was not recorded; nothing if it is forgotten. */
export function toldStory(m) {
  if (!m || !features.has("stories")) return nothing;
  if (m.story === undefined) return html`<section><h3>Life story</h3><p class="small muted">Not recorded. <a href="#/messages?in=stories">Record life stories</a> to see who publishes a message, and what becomes of it.</p></section>`;
  const key = m.vhost + "\n" + m.story;
  if (told.key !== key) Object.assign(told, { key, asked: 0, story: null, lost: false });
  if (!told.lost && Date.now() - told.asked > ASKED_EVERY) ask(m, key);
  return told.story ? storySection(told.story, m.vhost) : nothing;
}
