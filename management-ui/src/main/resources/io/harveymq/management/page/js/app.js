// Starts the page: login, routes, drawing.
import { html, render } from "lit-html";
import * as api from "./api.js";
import { chooseVhost, context, countVhost, loadVhosts } from "./context.js";
import { close } from "./floating.js";
import { toast } from "./components/toast.js";
import { installKeys } from "./keys.js";
import { lazily } from "./lazy.js";
import { refreshInventory } from "./inventory.js";
import { onRedraw, redraw } from "./redraw.js";
import { addressIsShown, forgetTabs, go, link, parse } from "./router.js";
import { loaderOf } from "./routes.js";
import { shell } from "./shell.js";
import { watch } from "./live.js";
import { watchUnusual } from "./unusual.js";
import { keepWidths } from "./widths.js";

const app = { starting: true, page: null, module: null, unknown: false, shows: 0, overviewWatch: null, endUnusual: null };
const root = document.getElementById("app");
const narrow = matchMedia("(max-width: 720px)");
let drawn = (draw) => draw();

function draw() {
  if (!api.user()) {
    document.title = "Log in · Harvey";
    if (app.login) render(app.login(afterLogin), root);
    else import("./login.js").then((m) => (app.login = m.loginPage, draw()));
    return;
  }
  const page = app.unknown ? NO_PAGE : app.page;
  if (app.starting && !page) return;
  document.title = (page?.title ? isolated(page.title) + " · " : "") + "Harvey";
  render(shell(page, page?.render() ?? html``, signOut, changeVhost), root);
  keepWidths();
  const tab = root.querySelector(".tabs [aria-current=page]");
  if (tab && tab !== app.tab) tab.parentElement.scrollLeft = tab.offsetLeft - 90;
  app.tab = tab;
}

/** A name that is written from right to left does not turn what stands beside it round. */
const isolated = (name) => (/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(name) ? `\u2068${name}\u2069` : name);

/** On phones the history knows what covers the page. */
async function cover() {
  const module = narrow.matches ? await lazily(() => import("./covers.js")) : null;
  if (module) drawn = module.drawCovered;
  redraw();
}

const NO_PAGE = {
  title: "No page",
  render: () => html`<div class="head"><h1>No page at this address</h1></div><p><a href="#/">Overview</a></p>`,
};

async function show() {
  const mine = ++app.shows;
  const route = parse(location.hash);
  if (route.parts[0] === "login") return loginByAddress(route.parts);
  if (!api.user()) return redraw();
  const load = loaderOf(route.parts);
  app.unknown = !load;
  if (!load) return redraw();
  const module = await lazily(() => load(route.parts));
  if (mine !== app.shows) return; // on the way to another page meanwhile
  if (!module) {
    setTimeout(() => mine === app.shows && show(), 2_000);
    return;
  }
  heedVhost(route.query.get("vhost"));
  if (app.page && app.module === module && app.page.readdress(route)) {
    addressIsShown();
    return redraw();
  }
  close("sheet");
  close("dialog");
  if (app.page) close("toast");
  app.page?.stop();
  app.module = module;
  app.page = new module.default(route);
  addressIsShown();
  forgetTabs();
  app.page.start();
  window.scrollTo(0, 0);
  redraw();
}

/** RabbitMQ's #/login/user/password. The address is wiped from the history. */
async function loginByAddress([, name, password]) {
  history.replaceState(null, "", "#/");
  try {
    if (name) await api.logIn(name, password ?? "");
    if (api.user()) return afterLogin();
  } catch {
    // the form is there for another try
  }
  redraw();
}

async function afterLogin() {
  await begin();
  await show();
}

async function begin() {
  app.overviewWatch?.close();
  app.overviewWatch = watch({
    where: "overview",
    interval: 5000,
    onData: (o) => {
      context.overview = o;
      countVhost();
    },
  });
  const { parts } = parse(location.hash);
  loaderOf(parts)?.(parts);
  try {
    const [greeting] = await Promise.all([api.detectFeatures(), loadVhosts()]);
    context.greeting = greeting;
    countVhost();
  } catch (error) {
    if (!api.user()) return;
    context.vhosts = [];
  }
  app.endUnusual?.();
  app.endUnusual = watchUnusual();
}

function signOut() {
  app.shows++;
  app.page?.stop();
  app.page = null;
  app.module = null;
  app.overviewWatch?.close();
  app.endUnusual?.();
  context.overview = null;
  api.logOut();
  redraw();
  greet();
}

/** What the login form tells of the broker. */
async function greet() {
  context.greeting = await api.detectFeatures();
  redraw();
}

function changeVhost() {
  refreshInventory(true);
  app.page?.stop();
  app.page = null;
  app.module = null;
  const { parts, query } = parse(location.hash);
  const one = ["queues", "exchanges"].includes(parts[0]) && parts.length > 2;
  if (one) return go("#/" + parts[0]);
  for (const name of ["vhost", "message", "id", "focus", "in", "page"]) query.delete(name);
  history.replaceState(null, "", link(...parts) + (query.size ? "?" + query : ""));
  show();
}

/** An address that names a virtual host is of that one. */
function heedVhost(vhost) {
  if (vhost === null || vhost === context.vhost || !context.vhosts.includes(vhost)) return;
  chooseVhost(vhost);
  refreshInventory(true);
  app.page?.stop();
  app.page = null;
  app.module = null;
}

api.onRefused(signOut);
onRedraw(() => drawn(draw));
narrow.addEventListener("change", cover);
cover();
installKeys(() => app.page);
addEventListener("hashchange", show);
addEventListener("vhostchange", changeVhost);
addEventListener("lacking", (e) => toast({ text: e.detail.startsWith("needs") ? `Your user ${e.detail}.` : e.detail, bad: true }));
addEventListener("notloaded", () => toast({ title: "Not loaded.", text: `No answer from the broker at ${location.host}.`, bad: true }));

// The frame without a page is drawn only if the page is long in coming: to draw it takes time.
setTimeout(() => {
  app.starting = false;
  redraw();
}, 150);

if (api.user()) begin().then(show);
else greet().then(show);
