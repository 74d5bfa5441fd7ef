// Where an exchange sends to.
import { inventory } from "./inventory.js";

/** The name of its alternate exchange, by argument or policy. */
export const alternate = (x) => x.arguments?.["alternate-exchange"] ?? x.effective_policy_definition?.["alternate-exchange"];

/** Whether anything is bound to it. */
export const isBound = (x) => x.name === "" || inventory.bindings.some((b) => b.source === x.name && b.vhost === x.vhost);
