// Columns fit their panel, and keep the widths that they had with the first rows, until a value outgrows its column or the user asks for other rows or columns.
const known = new WeakMap();

/** Cells that are never narrower than what they show; the others share the room that these leave. */
const RIGID = ".n, .tickcell, :has(.st, .spark, .menu, .bar)";

/** Pixels that a column of texts gets. */
const [LEAST, MOST] = [64, 600];
const sizes = new ResizeObserver((entries) => {
  for (const table of new Set(entries.map((e) => e.target.closest(".tw")?.firstElementChild))) if (table) check(table);
});

/** Whether features are words, and not RabbitMQ's short names for them. */
const inWords = matchMedia("(min-width: 1400px)");

const heads = (table) => [...table.tHead.rows[0].cells];
const total = (list) => list.reduce((sum, w) => sum + w, 0);
const widths = (table) => heads(table).map((th) => th.getBoundingClientRect().width);

/** After each drawing: measures the tables whose columns or rows are others than before; those that were just asked for anew each time. */
export function keepWidths() {
  for (const table of document.querySelectorAll("main .tw > table")) {
    const settling = performance.now() < table.dataset.renewed;
    const key = settling ? "" : table.tHead.textContent + table.dataset.renewed;
    if (!table.tBodies[0].rows.length) known.delete(table);
    else if (!key || known.get(table)?.key !== key) measure(table, key);
  }
}

/** How wide columns are that have no room to be as wide as they like: of what is missing, the widest texts give most, features first and names last. */
function share(table, wide, room) {
  table.dataset.tight = "";
  table.style.width = 0;
  const least = widths(table);
  table.style.width = "";
  const row = [...table.tBodies[0].rows[0].cells];
  const weight = row.map((td) => (td.matches(RIGID) ? 0 : td.matches(".c-name") ? 1.5 : td.matches(".features") ? (inWords.matches ? 0.6 : 1.5) : 1));
  const at = (cap) => least.map((w, i) => (wide[i] ? Math.max(w, Math.min(wide[i] + 1, weight[i] * cap)) : 0));
  let cap = MOST;
  while (cap > LEAST && total(at(cap)) > room) cap--;
  return at(cap);
}

function measure(table, key) {
  const room = table.parentElement.clientWidth;
  const cells = heads(table);
  table.removeAttribute("data-tight");
  for (const th of cells) th.style.width = "";
  table.style.width = "max-content";
  const wide = widths(table);
  table.style.width = "";
  const fits = total(wide) <= room + 1;
  const all = fits ? widths(table) : share(table, wide, room);
  table.toggleAttribute("data-wide", !fits && total(all) > room + 1);
  cells.forEach((th, i) => {
    th.style.width = all[i] ? all[i] + "px" : "";
    sizes.observe(th);
  });
  known.set(table, { key, all: widths(table), room });
  sizes.observe(table.parentElement);
}

/** A window of another width, or a value wider than its column. */
function check(table) {
  const k = known.get(table);
  if (!k) return;
  const now = widths(table);
  if (k.room !== table.parentElement.clientWidth || now.some((w, i) => w > (k.all[i] ?? 0) + 1)) measure(table, k.key);
}

/** What is cut off is told under the pointer. */
addEventListener("mouseover", (e) => {
  const td = e.target.closest?.("[data-tight] td:not(.n)");
  if (td) td.title = td.innerText;
});
