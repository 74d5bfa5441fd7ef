// How long ago things were by the broker's clock, which a test may have moved.
import { age } from "./format.js";
import { brokerNow } from "./unusual.js";

/** The age of something that is known to whole seconds. */
export const ageInSeconds = (ms) => (ms < 1000 ? "< 1 s" : age(ms));

/** Milliseconds since a time, never less than none. */
export const sinceThen = (time) => Math.max(0, brokerNow() - time);

/** Milliseconds that the message waits that came first; undefined if nobody knows. */
export const oldestAge = (q) => (q.oldest_since === undefined ? undefined : sinceThen(q.oldest_since));
