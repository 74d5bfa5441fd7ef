// The life story of the message that is open, while life stories are recorded.
import { nothing } from "lit-html";
import { get, path } from "../api.js";
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

/** For the viewer: who published the message and what became of it; nothing if that was not recorded, or is forgotten. */
export function toldStory(m) {
  if (m?.story === undefined) return nothing;
  const key = m.vhost + "\n" + m.story;
  if (told.key !== key) Object.assign(told, { key, asked: 0, story: null, lost: false });
  if (!told.lost && Date.now() - told.asked > ASKED_EVERY) ask(m, key);
  return told.story ? storySection(told.story, m.vhost) : nothing;
}
