// Values that keep coming: the server's event stream where it has one, else a poll each second.
import { ApiError, features, request } from "./api.js";
import { redraw, redrawSoon } from "./redraw.js";

/** What the top bar shows. `lastAt` is the time of the last value, `changedAt` that of the last one unlike the one before, ms. */
export const liveState = { frozen: false, lost: false, lastAt: 0, changedAt: 0 };

/** How long a stream may give nothing: no value at its start, not even a comment later. Ms. */
const PATIENCE = 5000;

/** How long an answer may take, ms. */
const ANSWER = 10_000;

/** While nothing changes, curves and ages are drawn again so often, ms. */
const IDLE = 5000;

/** What is polled every few seconds rests so long while nothing changes; the first change wakes it. Ms. */
const RESTING = 10_000;

/** Whether nothing is to be asked for: frozen, or not seen. */
export const isStill = () => liveState.frozen || document.hidden;

const watches = new Set();
const unknownViews = new Set();

export function freeze(on = !liveState.frozen) {
  liveState.frozen = on;
  resumeAll();
  redraw();
}

function resumeAll() {
  for (const watch of watches) {
    if (isStill()) watch.pause();
    else watch.resume();
  }
}

document.addEventListener("visibilitychange", resumeAll);
setInterval(() => liveState.lost && redraw(), 1000);
setInterval(() => watches.size && !isStill() && redrawSoon(), IDLE);

function arrived() {
  liveState.lastAt = Date.now();
  if (liveState.lost) {
    liveState.lost = false;
    redraw();
  }
}

function failed(error) {
  if (error.name === "AbortError" || error instanceof ApiError) return;
  if (!liveState.lost) {
    liveState.lost = true;
    redraw();
  }
}

function stirred(at) {
  liveState.changedAt = at;
  for (const watch of watches) if (watch.rests) watch.hurry();
}

/** One source of values. Create it with watch(). */
class Watch {
  constructor(options) {
    Object.assign(this, options);
    this.running = 0;
    this.abort = null;
  }

  resume() {
    if (this.abort) return;
    const abort = (this.abort = new AbortController());
    this.run(abort);
  }

  pause() {
    this.last = this.text = undefined;
    this.abort?.abort();
    this.abort = null;
  }

  /** Asks again now, with the parameters of now. */
  again() {
    if (!this.abort) {
      if (!liveState.frozen) return;
      const once = new AbortController();
      this.poll(once).catch(() => {});
      return;
    }
    this.pause();
    this.resume();
  }

  /** Polls now rather than when it is time. */
  hurry() {
    this.wake?.();
  }

  close() {
    this.pause();
    watches.delete(this);
  }

  streams() {
    return this.view && features.has("live") && !unknownViews.has(this.view);
  }

  async run(abort) {
    while (!abort.signal.aborted) {
      const streams = this.streams();
      try {
        if (streams) await this.stream(abort);
        else await this.poll(abort);
      } catch (error) {
        if (abort.signal.aborted) return;
        if (streams && error instanceof ApiError && [400, 404].includes(error.status) && error.error !== "gone") {
          unknownViews.add(this.view);
          continue;
        }
        failed(error);
        if (error instanceof ApiError) {
          this.onError?.(error);
          redraw();
          await pauseFor(4000, abort.signal);
        }
      }
      const pause = (ms) => pauseFor(ms, abort.signal, (wake) => (this.wake = wake));
      await pause(this.interval);
      this.rests = this.interval >= 5000 && !liveState.lost && liveState.changedAt < this.askedAt;
      if (this.rests) await pause(RESTING - this.interval);
      this.rests = false;
    }
  }

  async poll(abort) {
    this.askedAt = Date.now();
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(ANSWER)]);
    const text = await (await request("GET", this.where, { params: this.params(), signal })).text();
    if (abort.signal.aborted) return;
    arrived();
    if (text !== this.text) {
      this.text = text;
      this.changed(JSON.parse(text), !this.polled);
      this.polled = true;
    } else this.onData(this.last);
  }

  changed(value, first) {
    this.last = value;
    this.lastAt = Date.now();
    if (this.stirs) stirred(this.lastAt);
    this.onData(value);
    if (first) redraw();
    else if (this.stirs) redrawSoon();
  }

  async stream(abort) {
    const params = { view: this.view, ...this.names, ...this.params() };
    const cut = new AbortController();
    const end = () => cut.abort();
    abort.signal.addEventListener("abort", end);
    this.last = undefined;
    const patience = setTimeout(() => this.last === undefined && this.distrust(cut), PATIENCE);
    try {
      const response = await request("GET", "dev/live", { params, signal: cut.signal, headers: { Accept: "text/event-stream" } });
      await this.follow(response.body.pipeThrough(new TextDecoderStream()).getReader(), abort, cut);
    } finally {
      clearTimeout(patience);
      abort.signal.removeEventListener("abort", end);
      cut.abort();
    }
  }

  /** Something on the way holds the stream back, a proxy perhaps: unless the broker is lost, this view is polled from now on. */
  distrust(cut) {
    if (!liveState.lost) unknownViews.add(this.view);
    cut.abort();
  }

  async follow(reader, abort, cut) {
    const repeat = setInterval(() => this.repeat(abort, cut), 1000);
    try {
      await this.read(reader, abort);
    } finally {
      clearInterval(repeat);
    }
  }

  async read(reader, abort) {
    let rest = "";
    for (;;) {
      this.heardAt = Date.now();
      const { value, done } = await reader.read();
      if (done) throw new TypeError("the event stream ended");
      if (this.last !== undefined) arrived();
      const events = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
      rest = events.pop();
      for (const event of events) this.take(event, abort);
    }
  }

  /** The stream has comments only while nothing changes; curves go on all the same. Without them the broker is not heard any more. */
  repeat(abort, cut) {
    const now = Date.now();
    if (abort.signal.aborted || this.last === undefined || now - this.lastAt < 1500) return;
    if (now - this.heardAt > PATIENCE) {
      failed(new TypeError("nothing is heard of the broker"));
      cut.abort();
    } else this.onData(this.last);
  }

  take(event, abort) {
    if (abort.signal.aborted) return;
    let name = this.view;
    const data = [];
    for (const line of event.split("\n")) {
      if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      else if (line.startsWith("event:")) name = line.slice(6).trim();
    }
    if (data.length === 0) return;
    const value = JSON.parse(data.join("\n"));
    arrived();
    if (name === "gone") throw new ApiError(value.status ?? 404, "gone", value.reason);
    this.changed(value, this.last === undefined);
  }
}

function pauseFor(ms, signal, wakeable = () => {}) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    wakeable(end);
  });
}

/**
 * Watches a REST address. `view` and `names` address the same thing in the event stream (leave the view out to poll);
 * `params` is a function, asked each time; `interval` in ms counts for polling only. What never stands still does not stir:
 * its changes say nothing of others, and are drawn with the next ones.
 */
export function watch({ view, names = {}, where, params = () => ({}), onData, onError, interval = 1000, stirs = true }) {
  const created = new Watch({ view, names, where, params, onData, onError, interval, stirs });
  watches.add(created);
  if (!isStill()) created.resume();
  else if (!document.hidden) created.again();
  return created;
}
