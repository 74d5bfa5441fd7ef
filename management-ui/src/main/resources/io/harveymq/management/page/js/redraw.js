// One drawing of the whole page per frame, however many values changed. lit patches only what differs.
let draw = () => {};
let asked = false;
let later = null;

export const onRedraw = (callback) => (draw = callback);

export function redraw() {
  if (asked) return;
  asked = true;
  clearTimeout(later);
  later = null;
  const run = () => {
    asked = false;
    draw();
  };
  if (document.hidden) setTimeout(run, 200);
  else requestAnimationFrame(run);
}

/** The same for values that arrived: what comes within a moment is drawn together. */
export function redrawSoon() {
  later ??= setTimeout(redraw, 120);
}
