// The login form. Of wrong credentials it says neither which half was wrong nor which users exist.
import { html, nothing } from "lit-html";
import { logIn } from "./api.js";
import { context } from "./context.js";
import { age } from "./format.js";
import { logo, sprite } from "./icons.js";
import { redraw } from "./redraw.js";

const form = { user: "", refused: null, busy: false };

async function submit(event, done) {
  event.preventDefault();
  const data = new FormData(event.target);
  form.busy = true;
  form.refused = null;
  redraw();
  try {
    await logIn(data.get("user"), data.get("password"));
    event.target.reset();
    await done();
  } catch (error) {
    form.refused = refusal(error, data.get("user"));
  }
  form.busy = false;
  redraw();
  if (form.refused) event.target.elements.user.focus();
}

function refusal(error, user) {
  if (error.status === 401 && /not.*(loopback|localhost|via)/i.test(error.reason ?? "")) return ["Login refused.", error.reason];
  if (error.reason === "Not management user") return ["Login refused.", html`<bdi>${user}</bdi> has no tag that lets it in. An administrator gives it one under Admin, or with <span class="mono">rabbitmqctl set_user_tags</span>.`];
  if (error.status === 401) return ["Login refused.", "User or password is wrong."];
  if (error.status) return ["Login refused.", error.reason ?? "The server answered " + error.status + "."];
  return ["No answer.", "The broker is not reachable."];
}

export const loginPage = (done) => html`${sprite}
  <main class="login"><form @submit=${(e) => submit(e, done)}>
    <div class="loginmark">${logo}<span>Harvey</span></div>
    <div class="panel">
      ${form.refused ? html`<div class="callout bad-c" role="alert"><b>${form.refused[0]}</b> ${form.refused[1]}</div>` : nothing}
      <div class="field"><label for="user">User</label><input id="user" name="user" class="input" autocomplete="username" autocapitalize="none" spellcheck="false" autofocus required></div>
      <div class="field"><label for="password">Password</label><input id="password" name="password" class="input" type="password" autocomplete="current-password"></div>
      <button class="btn primary" ?disabled=${form.busy}>Log in</button>
      ${context.greeting?.guest_hint ? html`<p class="small muted">The first user is <b>guest</b>, password <b>guest</b>. This line disappears once you change it.</p>` : nothing}
    </div>
    ${context.greeting?.node ? html`<p class="small muted center">${[context.greeting.node, context.greeting.version, context.greeting.speaks && "speaks RabbitMQ " + context.greeting.speaks, context.greeting.since && "up " + age(Date.now() - context.greeting.since)].filter(Boolean).join(" · ")}</p>` : nothing}
  </form></main>`;
