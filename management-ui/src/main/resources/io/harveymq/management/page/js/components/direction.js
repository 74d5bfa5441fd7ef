// How the address of a list tells its order.
import { falls } from "./table.js";

/** Whether an address has the largest first, by its `dir`. */
export const reverseOf = (query, columns, sort) => (query.has("dir") ? query.get("dir") === "down" : falls(columns, sort));

/** `dir` of an address, or null where it is understood. */
export const dirOf = (reverse, columns, sort) => (reverse === falls(columns, sort) ? null : reverse ? "down" : "up");
