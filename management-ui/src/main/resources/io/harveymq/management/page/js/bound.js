// Where an exchange sends to, and what it lost.
import { inventory, keyOf } from "./inventory.js";

/** The name of its alternate exchange, by argument or policy. */
export const alternate = (x) => x.arguments?.["alternate-exchange"] ?? x.effective_policy_definition?.["alternate-exchange"];

/** Whether anything is bound to it. */
export const isBound = (x) => x.name === "" || inventory.bindings.some((b) => b.source === x.name && b.vhost === x.vhost);

/** How many messages it dropped that still want attention: lately, or without anything that is bound to it since; else 0. */
export function droppedBy(x) {
  const dropped = x.message_stats?.drop_unroutable ?? 0;
  return dropped && (inventory.dropped.has(keyOf(x)) || (inventory.ready && !isBound(x) && !alternate(x))) ? dropped : 0;
}
