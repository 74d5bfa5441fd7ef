// Lists the endpoints of the OpenAPI document, by their first segment.
const METHODS = ["get", "put", "post", "delete"];

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function row(method, where, who) {
  const cells = [element("td", method.toUpperCase()), element("td", where), element("td", who)];
  cells[0].className = "mono method";
  cells[1].className = "mono";
  cells[2].className = "muted who";
  return element("tr", "", ...cells);
}

function panel(base, tag, paths) {
  const rows = paths.flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => row(method, base + path, item[method].description)));
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
  target.replaceChildren(element("p", `The list could not be read: ${failure instanceof TypeError ? `no answer from the broker at ${location.host}` : failure.message}`));
});
