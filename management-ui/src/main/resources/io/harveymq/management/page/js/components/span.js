// The time range that the charts of a page show; the page's address has it.
import { setQuery } from "../router.js";

/** [milliseconds, label] */
export const SPANS = [[60_000, "1 min"], [600_000, "10 min"], [3_600_000, "1 h"], [86_400_000, "1 day"]];

const USUAL = 600_000;

/** Milliseconds: what the address says. */
export function spanOf(route) {
  const asked = Number(route.query.get("span"));
  return SPANS.some(([span]) => span === asked) ? asked : USUAL;
}

export const tellSpan = (span) => setQuery({ span: span === USUAL ? null : span });
