// Holds a queue's deliveries to its consumers back, and lets them go on.
import { html } from "lit-html";
import { path } from "./api.js";
import { actNow } from "./components/act.js";
import { refreshInventory } from "./inventory.js";
import { queueLink } from "./router.js";

/** `q` has vhost and name. Whether it was done; the user is told. */
export async function pauseQueue(q, on) {
  const call = { method: "PUT", where: "dev/" + path("queues", q.vhost, q.name) + (on ? "/pause" : "/resume") };
  const done = await actNow(call, on ? "Not paused." : "Not resumed.", () => ({
    text: html`<b><bdi>${q.name}</bdi></b> ${on ? "is paused: its consumers get nothing until it goes on" : "goes on"}`, link: ["Show queue", queueLink(q)],
  }));
  if (done) refreshInventory();
  return done !== undefined;
}
