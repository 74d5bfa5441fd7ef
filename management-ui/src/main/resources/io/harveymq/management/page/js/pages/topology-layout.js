// Where each node stands: four columns, an exchange beside the middle of its queues. Positions stay while rates change.
const WIDE = { all: 848, p: { x: 8, w: 132 }, x: { x: 194, w: 150 }, q: { x: 480, w: 152 }, c: { x: 702, w: 138 } };
const NARROW = { all: 640, p: { x: 4, w: 108 }, x: { x: 134, w: 134 }, q: { x: 362, w: 134 }, c: { x: 526, w: 110 } };

/** Where the columns stand and how wide they are; `all` is the width of the drawing. */
export const NODE = { ...WIDE };

/** Brings the columns closer together where there is no room for the wide drawing: it is never drawn smaller than it is. */
export const spread = (room) => Object.assign(NODE, room < WIDE.all ? NARROW : WIDE);
export const H = 46;
const STEP = 88;
const TOP = 42;
/** Above a dead letter exchange and its queues: the way in of its edges, and what the exchange before dropped. */
const GAP = 98;
/** Above the first row, where dead letters come in there: not over the heads. */
const HEADS = 26;
/** So many dead-letter edges stand beside each other in the gutter. */
const LANES = 5;

const roomOf = (x) => (x.drop ? STEP + 40 : STEP);

/** Remembers the order in which nodes first appeared, so that nothing changes places. What drops messages when it is first laid out stands first. */
export class Layout {
  constructor() {
    this.order = new Map();
    this.worst = new Set();
  }

  rank(id) {
    if (!this.order.has(id)) this.order.set(id, this.order.size);
    return this.order.get(id);
  }

  /** Sets y of every node; answers the height. Node y is the upper edge. */
  place(graph) {
    const nodes = [...graph.nodes.values()];
    if (!this.order.size) this.worst = new Set(nodes.filter((n) => n.drop > 0).map((n) => n.id));
    const of = (kind) => nodes.filter((n) => n.kind === kind);
    const exchanges = of("x").sort((a, b) => this.worst.has(b.id) - this.worst.has(a.id) || first(a) - first(b) || this.rank(a.id) - this.rank(b.id));
    const free = new Set(of("q"));
    let y = TOP;
    for (const x of exchanges) {
      const own = graph.edges.filter((e) => e.from === x.id && e.kind === "p").map((e) => graph.nodes.get(e.to)).filter((q) => free.has(q));
      own.sort((a, b) => this.rank(a.id) - this.rank(b.id));
      if (!own.length) {
        if (!this.worst.has(x.id)) continue;
        x.y = y;
        y += roomOf({ drop: true });
        continue;
      }
      if (x.deadLetters && y > TOP) y += GAP;
      const from = y;
      for (const q of own) {
        free.delete(q);
        q.y = y;
        y += STEP;
      }
      x.y = x.deadLetters ? from + STEP * Math.floor((own.length - 1) / 2) : (from + y - STEP) / 2;
    }
    for (const q of [...free].sort((a, b) => this.rank(a.id) - this.rank(b.id))) {
      q.y = y;
      y += STEP;
    }
    this.besideRows(exchanges.filter((x) => x.deadLetters && x.y === undefined), of("q"), exchanges);
    exchanges.filter((x) => x.deadLetters).forEach((x, i) => (x.lane = i % LANES));
    y = Math.max(y, this.column(exchanges, roomOf));
    for (const p of of("p")) {
      const ys = graph.edges.filter((e) => e.from === p.id).map((e) => graph.nodes.get(e.to).y).filter((v) => v !== undefined);
      p.y = ys.length ? Math.min(...ys) : undefined;
    }
    y = Math.max(y, this.column(of("p").sort((a, b) => (a.y ?? 1e9) - (b.y ?? 1e9)), () => STEP, true));
    for (const c of of("c")) c.y = graph.nodes.get(c.queue).y;
    if (!exchanges.some((x) => x.deadLetters && x.y === TOP)) return y;
    for (const n of nodes) n.y += HEADS;
    return y + HEADS;
  }

  /** Puts dead-letter exchanges beside rows of queues: their edges come in above, where no queue is. */
  besideRows(list, queues, exchanges) {
    const rows = queues.map((q) => q.y).sort((a, b) => a - b);
    for (const _ of list) rows.push(rows.at(-1) + STEP);
    const isFree = (y) => exchanges.every((x) => x.y === undefined || y + STEP <= x.y || y >= x.y + roomOf(x));
    for (const x of list) x.y = rows.find(isFree);
  }

  /** Gives the placeless of a column the first free row below the highest that has a place; with `shift`, moves those that overlap down. */
  column(list, room, shift = false) {
    const taken = [];
    const clashes = (y, n) => taken.some(([at, r]) => y < at + r - 0.5 && at < y + room(n) - 0.5);
    const settle = (n, step) => {
      while (clashes(n.y, n)) n.y += step;
      taken.push([n.y, room(n)]);
    };
    for (const n of list) if (n.y !== undefined) (shift ? settle(n, 10) : taken.push([n.y, room(n)]));
    const highest = Math.min(...taken.map(([at]) => at));
    const below = TOP + (taken.length ? STEP * Math.ceil((highest - TOP) / STEP) : 0);
    for (const n of list) {
      if (n.y !== undefined) continue;
      n.y = below;
      settle(n, STEP);
    }
    return Math.max(TOP, ...taken.map(([at, r]) => at + r));
  }
}

/** Exchanges that carry on from other queues come last. */
const first = (x) => (x.deadLetters ? 2 : x.name === "amq.default" ? 1 : 0);
