// Code to read and to copy, its words coloured.
import { html } from "lit-html";

export const code = (text) => html`<pre class="code" tabindex="0">${colour(text)}</pre>`;

const TOKENS = /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(#[^\n]*|\/\/[^\n]*)|\b(import|from|for|in|print|True|False|None|null|true|false|try|new|var|class|public|void|final|static|return|with|as|def)\b|(-?\b\d+(?:\.\d+)?\b)/g;

/** Strings, words, numbers and remarks of a snippet, marked; text nodes only. */
function colour(text) {
  const out = [];
  let last = 0;
  for (const m of text.matchAll(TOKENS)) {
    out.push(text.slice(last, m.index));
    const kind = m[1] ? "s" : m[2] ? "c" : m[3] ? "k" : "m";
    out.push(html`<span class=${kind}>${m[0]}</span>`);
    last = m.index + m[0].length;
  }
  out.push(text.slice(last));
  return out;
}
