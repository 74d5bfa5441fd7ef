// Columns keep the widths that they had with the first rows, until a value outgrows its column or the user asks for other rows or columns.
const known = new WeakMap();

/** Pixels of the column of features. */
const [LEAST, MOST] = [100, 420];
const sizes = new ResizeObserver((entries) => {
  for (const table of new Set(entries.map((e) => e.target.closest(".tw")?.firstElementChild))) if (table) check(table);
});

const heads = (table) => [...table.tHead.rows[0].cells];
const widths = (table) => heads(table).map((th) => th.getBoundingClientRect().width);

/** After each drawing: measures the tables whose columns or rows are others than before. */
export function keepWidths() {
  for (const table of document.querySelectorAll("main .tw > table")) {
    const settling = performance.now() < table.dataset.renewed;
    const key = settling || !table.tBodies[0].rows.length ? "" : table.tHead.textContent + table.dataset.renewed;
    if ((known.get(table)?.key ?? "") === key) continue;
    if (key) measure(table, key);
    else release(table);
  }
}

function release(table) {
  known.delete(table);
  for (const th of heads(table)) th.style.width = "";
}

/** The column whose end may be cut off gets what the others leave. */
function fit(table) {
  const cell = table.querySelector("td.features");
  if (!cell) return;
  table.style.setProperty("--features", MOST + "px");
  table.style.width = "max-content";
  const over = Math.ceil(table.getBoundingClientRect().width) - table.parentElement.clientWidth;
  if (over > 0) table.style.setProperty("--features", Math.max(LEAST, cell.offsetWidth - over) + "px");
  table.style.width = "";
}

function measure(table, key) {
  release(table);
  fit(table);
  const all = widths(table);
  known.set(table, { key, all, room: table.parentElement.clientWidth });
  heads(table).forEach((th, i) => {
    th.style.width = all[i] ? all[i] + "px" : "";
    sizes.observe(th);
  });
  sizes.observe(table.parentElement);
}

/** A window of another width, or a value wider than its column. */
function check(table) {
  const k = known.get(table);
  if (!k) return;
  const now = widths(table);
  if (k.room !== table.parentElement.clientWidth || now.some((w, i) => w > (k.all[i] ?? 0) + 1)) measure(table, k.key);
}
