// What is declared in a virtual host and is hardly meant so, and the command for a test that is to fail on it.
import { html, nothing } from "lit-html";
import { path } from "../api.js";
import { curl } from "../curl.js";
import { empty, problem, skeleton } from "../components/basic.js";
import { copyButton } from "../components/copy.js";
import { code } from "../components/code.js";
import { standing } from "../components/findings-panel.js";
import { count } from "../format.js";
import { fromServer } from "../server-findings.js";

export const lintOf = (vhost) => "dev/lint/" + path(vhost);

const command = (vhost) => `test "$(${curl("GET", lintOf(vhost)).replace("curl ", "curl -s ")} | jq .total)" = 0`;

function list(answer, failure, vhost) {
  if (failure) return problem("Not known.", failure);
  if (!answer) return skeleton(2);
  if (!answer.total) return empty("Nothing found", `Dead letters, bindings and alternate exchanges in vhost ${vhost} look as if they were meant so.`);
  return html`${fromServer(answer.items).map((f) => standing(f))}${answer.total > answer.items.length ? html`<p class="muted small">The first ${count(answer.items.length)} of ${count(answer.total)}.</p>` : nothing}`;
}

/** `answer` null while it is unknown. */
export const lintTab = (answer, failure, vhost) => html`
  <section class="panel" aria-label="Lint"><header><h2>Hardly meant so, in vhost ${vhost}</h2>${answer?.total ? html`<span class="tag">${count(answer.total)}</span>` : nothing}</header><div aria-live="polite">${list(answer, failure, vhost)}</div></section>
  <section class="panel"><header><h2>In a test</h2><span class="right">${copyButton(() => command(vhost), "Command copied")}</span></header><div class="body">
    <p class="muted">Looks at what is declared: it fails before a message is lost.</p><div class="gap">${code(command(vhost))}</div></div></section>`;
