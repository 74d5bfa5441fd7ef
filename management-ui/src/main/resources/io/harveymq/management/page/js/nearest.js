// Names that somebody may have meant.

/** The nearest of some names by edit distance, or null if none is near. */
export function nearest(wanted, names) {
  let best = null;
  let least = Math.max(2, Math.ceil(wanted.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= least) continue;
    const d = distance(wanted.toLowerCase(), name.toLowerCase());
    if (d < least) {
      least = d;
      best = name;
    }
  }
  return best;
}

/** The nearest few, the nearest first. */
export function nearestNames(wanted, names, most = 3) {
  const left = new Set(names);
  const found = [];
  while (found.length < most) {
    const next = nearest(wanted, left);
    if (next === null) break;
    left.delete(next);
    found.push(next);
  }
  return found;
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
