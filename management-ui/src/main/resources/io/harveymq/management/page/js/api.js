// Calls of the HTTP API: credentials, errors, features. The one place that knows the base address.
const STORE = "harvey.login";
const base = new URL("api/", document.baseURI);

/** What the server knows beyond RabbitMQ's endpoints; empty until login. */
export const features = new Set();

let login = restore();

/** What early.js has asked for, by address: answers to come, each good for once and for who was logged in then. */
let early = globalThis.early ?? {};

async function earlyAnswer(url) {
  const answer = early[url];
  delete early[url];
  return answer?.catch(() => undefined);
}

function restore() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE));
  } catch {
    return null;
  }
}

/** An answer that is no success: `status`, `error` (short) and `reason` (the broker's exact text). */
export class ApiError extends Error {
  constructor(status, error, reason) {
    super(reason || error || "HTTP " + status);
    this.status = status;
    this.error = error;
    this.reason = reason;
  }
}

/** Path segments, percent-encoded: path("queues", "/", "a b") is "queues/%2F/a%20b". */
export const path = (...parts) => parts.map(encodeURIComponent).join("/");

export const user = () => login?.user ?? null;
export const tags = () => login?.tags ?? [];
export const isAdministrator = () => tags().includes("administrator");
export const mayMonitor = () => tags().some((t) => t === "administrator" || t === "monitoring");

function basic(name, password) {
  const bytes = new TextEncoder().encode(name + ":" + password);
  return "Basic " + btoa(String.fromCharCode(...bytes));
}

let refused = () => {};
/** Called when the server no longer accepts the credentials. */
export const onRefused = (callback) => (refused = callback);

export function address(where, params) {
  const url = new URL(where, base);
  for (const [key, value] of Object.entries(params ?? {})) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(key, value);
  }
  return url;
}

async function failure(response) {
  const text = await response.text();
  try {
    const json = JSON.parse(text);
    const reason = typeof json.reason === "string" ? json.reason : JSON.stringify(json.reason);
    return new ApiError(response.status, json.error, reason);
  } catch {
    return new ApiError(response.status, response.statusText, text);
  }
}

/** Instead of what the browser calls it. */
function unanswered(error) {
  throw error.name === "AbortError" ? error : new TypeError(`No answer from the broker at ${base.host}.`);
}

/** The raw response; credentials are sent by hand, so that no browser prompt ever opens. `text` is a body that is JSON already. */
export async function request(method, where, { params, body, text, headers, signal, auth, quiet } = {}) {
  const all = { "X-Requested-With": "harvey", ...headers };
  const authorization = auth ?? login?.authorization;
  if (authorization) all.Authorization = authorization;
  const sent = body === undefined ? text : JSON.stringify(body);
  if (sent !== undefined) all["Content-Type"] = "application/json";
  const url = address(where, params);
  const response = (method === "GET" && (await earlyAnswer(url))) || await fetch(url, {
    method,
    headers: new Headers(all),
    body: sent,
    credentials: "omit",
    cache: "no-store",
    signal,
  }).catch(unanswered);
  if (response.ok) return response;
  const error = await failure(response);
  if (response.status === 401 && !auth && !quiet && error.error !== "not_authorised") refused();
  throw error;
}

/** Parsed JSON of a GET. */
export const get = async (where, params, signal) =>
  (await request("GET", where, { params, signal })).json();

/** A call that changes something; parsed JSON or null. */
export async function send(method, where, body, options) {
  const response = await request(method, where, { body, ...options });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

/** The features, without failing: none on a plain RabbitMQ. Before login most servers refuse. */
export async function detectFeatures() {
  try {
    const answer = await (await request("GET", "dev/features", { quiet: true })).json();
    features.clear();
    for (const feature of answer.features ?? []) features.add(feature);
    return { ...answer, since: Date.now() - answer.uptime };
  } catch {
    return {};
  }
}

/** Checks the credentials and keeps them for this browser tab. */
export async function logIn(name, password) {
  const authorization = basic(name, password);
  const who = await (await request("GET", "whoami", { auth: authorization })).json();
  early = {};
  const list = Array.isArray(who.tags) ? who.tags : String(who.tags ?? "").split(",");
  login = { authorization, user: who.name, tags: list.map((t) => t.trim()).filter(Boolean) };
  sessionStorage.setItem(STORE, JSON.stringify(login));
  await detectFeatures();
}

export function logOut() {
  login = null;
  early = {};
  features.clear();
  sessionStorage.removeItem(STORE);
}
