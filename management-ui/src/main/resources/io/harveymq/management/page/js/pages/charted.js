// A page with charts of a time range that is chosen; its address has it.
import { segments } from "../components/basic.js";
import { historyOf } from "../history.js";
import { redraw } from "../redraw.js";
import { setQuery } from "../router.js";
import { Page } from "./page.js";

/** [milliseconds, label] */
const SPANS = [[60_000, "1 min"], [600_000, "10 min"], [3_600_000, "1 h"], [86_400_000, "1 day"]];

const USUAL = 600_000;

const inAddress = (span) => (span === USUAL ? null : span);

/** As the address says; longer where it zooms to what is longer ago. */
function spanOf(route) {
  const asked = Number(route.query.get("span"));
  const least = SPANS.some(([span]) => span === asked) ? asked : USUAL;
  const ago = Date.now() - parseInt(route.query.get("zoom"));
  return SPANS.find(([span]) => span >= least && !(ago > span))?.[0] ?? least;
}

/** `seed(span, width)` fills `history` with what the server knows of the time since `span` ms ago, for a chart of `width` ms. */
export class Charted extends Page {
  constructor(route) {
    super(route);
    this.span = spanOf(route);
  }

  /** Keeps a history by that key, which the server fills, now and where it has holes. */
  recall(key) {
    this.tellSpan();
    this.history = historyOf(key);
    this.history.reseed = (...of) => this.seed(...of);
    this.seedSpan();
  }

  /** The address changed. */
  readSpan(route) {
    if (spanOf(route) !== this.span) this.showSpan(spanOf(route));
  }

  chooseSpan(span) {
    setQuery({ zoom: null, span: inAddress(span) }, true);
    this.showSpan(span);
  }

  tellSpan() {
    setQuery({ span: inAddress(this.span) });
  }

  showSpan(span) {
    this.span = span;
    this.tellSpan();
    this.seedSpan();
    redraw();
  }

  /** What is near the present also as close as it is known. */
  seedSpan() {
    this.seed();
    if (this.span > USUAL) this.seed(USUAL);
  }

  timeRange() {
    return segments("Time range", SPANS, this.span, (span) => this.chooseSpan(span));
  }
}
