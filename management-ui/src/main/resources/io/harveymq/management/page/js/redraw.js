// One drawing of the whole page per frame, however many values changed. lit patches only what differs.
let draw = () => {};
let asked = false;

export const onRedraw = (callback) => (draw = callback);

export function redraw() {
  if (asked) return;
  asked = true;
  const run = () => {
    asked = false;
    draw();
  };
  if (document.hidden) setTimeout(run, 200);
  else requestAnimationFrame(run);
}
