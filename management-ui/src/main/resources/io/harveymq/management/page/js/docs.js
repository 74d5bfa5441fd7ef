// Shows the OpenAPI document: endpoints by their tags, each folded with what it takes and answers.
const METHODS = ["get", "put", "post", "delete"];

const target = document.getElementById("endpoints");
const search = document.getElementById("search");
let api;

function element(name, classes, ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A text with `code` in it. */
const prose = (text) => text.split("`").map((part, i) => (i % 2 ? element("code", "", part) : part));

const table = (...rows) => element("div", "tw", element("table", "", element("tbody", "", ...rows)));

/** What is folded is made when it is opened. */
function folded(classes, summary, content) {
  const made = element("details", classes, element("summary", "", ...summary));
  made.addEventListener("toggle", () => made.append(...content()), { once: true });
  return made;
}

// ---- types

const named = (schema) => (schema.allOf ? schema.allOf[0] : schema).$ref?.split("/").at(-1);

/** The names of schemas that a type is made of. */
function names(schema) {
  const name = named(schema);
  if (name) return [name];
  return [schema.items, schema.additionalProperties, ...(schema.oneOf ?? [])].filter(Boolean).flatMap(names);
}

function typeOf(schema) {
  const name = named(schema);
  if (name) return name;
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(" or ");
  const orNull = schema.nullable ? " or null" : "";
  if (schema.type === "array") return `list of ${typeOf(schema.items)}${orNull}`;
  if (schema.additionalProperties?.type || schema.additionalProperties?.$ref) return `object of ${typeOf(schema.additionalProperties)}`;
  if (schema.enum) return schema.enum.filter((one) => one !== null).map((one) => JSON.stringify(one)).join(" | ") + orNull;
  return (schema.type ?? "anything") + orNull;
}

/** The fields of the schemas of a type, each schema folded. */
const schemas = (schema) => [...new Set(names(schema))].map((name) => {
  const shown = api.components.schemas[name];
  return folded("schema", [element("span", "mono", name), " ", element("span", "muted", shown.description ?? "")], () => (shown.properties ? [fields(shown)] : shape(shown).filter(Boolean)));
});

const unlessGiven = (schema) => ("default" in schema ? [" ", element("span", "muted", `Unless given: ${JSON.stringify(schema.default)}.`)] : []);

/** A type in words, where its schemas don't say it, and these. */
function shape(schema, also = "") {
  const words = typeOf(schema) + also;
  return [words === named(schema) ? null : element("div", "muted type", words), ...schemas(schema)];
}

function fields(schema) {
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties).map(([name, field]) => {
    const notes = [...prose(field.description ?? ""), ...unlessGiven(field)];
    return element("tr", "",
      element("td", "mono name", name, required.has(name) ? null : element("span", "muted", " optional")),
      element("td", "", element("div", "", ...notes), ...shape(field)));
  });
  return rows.length ? table(...rows) : element("p", "muted", "It has no fields.");
}

// ---- an endpoint

function parameters(all) {
  if (!all.length) return [];
  const rows = all.map((one) => element("tr", "",
    element("td", "mono name", one.name, one.required ? null : element("span", "muted", " optional")),
    element("td", "", element("div", "", ...prose(one.description), ...unlessGiven(one.schema)), element("div", "muted type", `${one.in}, ${typeOf(one.schema)}`))));
  return [element("h3", "", "Parameters"), table(...rows)];
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(method, path, all, body) {
  const where = path.replaceAll(/{(\w+)}/g, (whole, name) => encodeURIComponent(all.find((one) => one.name === name).example));
  const needed = all.filter((one) => one.in === "query" && one.required).map((one) => `${one.name}=`).join("&");
  const parts = ["curl -u guest:guest"];
  if (method !== "get") parts.push(`-X ${method.toUpperCase()}`);
  if (body?.media === "application/json") parts.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(body.example))}`);
  else if (body) parts.push(`-d ${quoted(new URLSearchParams(body.example).toString())}`);
  parts.push(quoted(location.origin + api.servers[0].url + where + (needed && `?${needed}`)));
  return parts.join(" \\\n  ");
}

function copied(text) {
  const button = element("button", "btn sm", "Copy as curl");
  button.type = "button";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "The browser refused access to the clipboard";
    }
    setTimeout(() => { button.textContent = "Copy as curl"; }, 2000);
  });
  return button;
}

function request(body) {
  if (!body) return [];
  return [element("h3", "", body.optional ? "Body, which may be left out" : "Body"), ...shape(body.schema).filter(Boolean)];
}

function answers(responses) {
  const rows = Object.entries(responses).map(([status, one]) => {
    const [media, content] = Object.entries(one.content ?? {})[0] ?? [];
    const shapes = content ? shape(content.schema, media === "application/json" ? "" : `, ${media}`) : [];
    return element("tr", "", element("td", "mono status", status), element("td", "", element("div", "", ...prose(one.description)), ...shapes));
  });
  return [element("h3", "", "Answers"), table(...rows)];
}

function endpoint(method, path, item) {
  const operation = item[method];
  const all = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
  const [media, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const body = content && { media, ...content, optional: !operation.requestBody.required };
  const command = curl(method, path, all, body);
  const made = folded("endpoint",
    [element("span", `method ${method}`, method.toUpperCase()), element("span", "mono path", path), element("span", "muted what", operation.summary)],
    () => [element("div", "what-it-does",
      ...operation.description.split("\n\n").map((part) => element("p", "", ...prose(part))),
      ...parameters(all), ...request(body), ...answers(operation.responses),
      element("h3", "", "Example"), element("pre", "", command), copied(command))]);
  made.id = operation.operationId;
  made.dataset.words = `${method} ${path} ${operation.summary}`.toLowerCase();
  return made;
}

// ---- the page

function panel({ name, description }, all) {
  return element("section", "panel", element("header", "", element("h2", "", name), element("span", "muted", description)), element("div", "body", ...all));
}

/** Opens the endpoint of the address. */
function reveal() {
  const chosen = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (chosen?.matches(".endpoint")) {
    chosen.open = true;
    chosen.scrollIntoView();
  }
}

function find() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const endpoints = [...target.querySelectorAll(".endpoint")];
  const found = endpoints.filter((one) => words.every((word) => one.dataset.words.includes(word)));
  for (const one of endpoints) one.hidden = !found.includes(one);
  for (const one of target.querySelectorAll(".panel")) one.hidden = !one.querySelector(".endpoint:not([hidden])");
  document.getElementById("found").textContent = `${found.length} of ${endpoints.length} endpoints`;
  if (words.length && found.length === 1) found[0].open = true;
}

async function show() {
  const answer = await fetch("docs", { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  api = await answer.json();
  const byTag = new Map(api.tags.map(({ name }) => [name, []]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((one) => item[one])) byTag.get(item[method].tags[0]).push(endpoint(method, path, item));
  }
  target.replaceChildren(...api.tags.filter(({ name }) => byTag.get(name).length).map((tag) => panel(tag, byTag.get(tag.name))));
  find();
  reveal();
}

search.addEventListener("input", find);
addEventListener("hashchange", reveal);
target.addEventListener("toggle", ({ target: one }) => {
  if (one.open && one.matches(".endpoint")) history.replaceState(null, "", `#${one.id}`);
}, true);
show().catch((failure) => {
  target.replaceChildren(element("p", "", `The list could not be read: ${failure instanceof TypeError ? `no answer from the broker at ${location.host}` : failure.message}`));
});
