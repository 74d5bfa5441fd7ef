// Acts that lose something carry what their dialog showed; where more would be lost by now, another dialog asks.
import { toastError } from "./toast.js";

/** What the dialog begins with that asks again. */
export const MOVED = "More is at stake than was shown; counted anew: ";

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
