// Holds a queue's deliveries to its consumers back, and lets them go on.
import { html } from "lit-html";
import { path, request } from "./api.js";
import { toast, toastError } from "./components/toast.js";
import { refreshInventory } from "./inventory.js";

/** `q` has vhost and name. Whether it was done; the user is told. */
export async function pauseQueue(q, on) {
  try {
    await request("PUT", "dev/" + path("queues", q.vhost, q.name) + (on ? "/pause" : "/resume"));
    toast({ text: on ? html`<b>${q.name}</b> is paused: its consumers get nothing until it goes on` : html`<b>${q.name}</b> goes on` });
    refreshInventory();
    return true;
  } catch (error) {
    toastError(on ? "Not paused." : "Not resumed.", error);
    return false;
  }
}
