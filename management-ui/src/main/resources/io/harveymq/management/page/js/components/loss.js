// Acts that lose something carry what their dialog showed; where more would be lost by now, another dialog asks.
import { count } from "../format.js";
import { toastError } from "./toast.js";

/** What the dialog begins with that asks again. */
export const MOVED = "More is at stake than was shown; counted anew: ";

/** How long somebody reads the dialog that asks again, and types a name into it. Seconds. */
const ANSWERED = 60;

/** What was counted, for the dialog that may ask again. */
export const countedNow = (n) => ({ n, at: Date.now() });

/**
 * How many in all may go by a dialog that has counted `n`: where `before` was counted first, as many more as come until it is answered, at the pace
 * of until now or at `publishing` each second. So there is an end also where messages come all the time.
 */
export function inAll(n, before, publishing = 0) {
  if (!before) return n;
  const pace = (n - before.n) / Math.max(1, (Date.now() - before.at) / 1000);
  return n + Math.ceil(Math.max(0, pace, publishing) * ANSWERED);
}

/** Tells of them where they are more than were counted. */
export const moreToCome = (n, most) => (most > n ? ` More may come until you answer: up to ${count(most)} are lost in all.` : "");

/** What the call answers; null if the broker refuses it because more would go than was shown. */
export async function unlessMore(call) {
  try {
    return (await call()) ?? {};
  } catch (error) {
    if (error.status === 400 && /would lose|not empty$|in use$/.test(error.reason)) return null;
    throw error;
  }
}

/** Once the dialog is closed, another one asks. */
export function askAgain(ask) {
  setTimeout(() => ask().catch((e) => toastError("Not counted anew.", e)));
}
