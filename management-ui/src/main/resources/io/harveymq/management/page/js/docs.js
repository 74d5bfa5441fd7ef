// Lists the endpoints of the OpenAPI document, by their first segment.
const METHODS = ["get", "put", "post", "delete"];

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function row(base, path, item) {
  const methods = METHODS.filter((method) => item[method]);
  const who = new Set(methods.map((method) => item[method].description));
  const names = element("td", methods.join(" ").toUpperCase());
  names.className = "mono methods";
  const where = element("td", base + path);
  where.className = "mono";
  const rights = element("td", [...who].join(" "));
  rights.className = "muted";
  return element("tr", "", names, where, rights);
}

function panel(base, tag, paths) {
  const rows = paths.map(([path, item]) => row(base, path, item));
  const wide = element("div", "", element("table", "", element("tbody", "", ...rows)));
  wide.className = "tw";
  const made = element("section", "", element("header", tag), wide);
  made.className = "panel";
  return made;
}

async function show(target) {
  const answer = await fetch("docs", { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const api = await answer.json();
  const base = api.servers[0].url;
  const all = Object.entries(api.paths);
  const panels = api.tags.map(({ name }) =>
    panel(base, name, all.filter(([path]) => path.split("/")[1] === name)));
  target.replaceChildren(...panels);
}

const target = document.getElementById("endpoints");
show(target).catch((failure) => {
  target.replaceChildren(element("p", `The list could not be read: ${failure.message}`));
});
