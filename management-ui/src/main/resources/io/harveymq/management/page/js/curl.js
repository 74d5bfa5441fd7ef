// Calls of the HTTP API as command lines.
import { address, user } from "./api.js";

const PLAIN = /^[\w.=:,/@%+-]+$/;

/** What every POSIX shell takes as it is. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** A word of a command line, quoted where it has to be. */
export const word = (text) => (PLAIN.test(text) ? text : quoted(text));

/** The call as a command line, the password left to the reader. */
export function curl(method, where, body, headers = {}, params = {}) {
  const parts = [`curl -u ${word(user() ?? "guest")}`];
  if (method !== "GET") parts.push(`-X ${method}`);
  if (body !== undefined) {
    parts.push(`-H 'content-type: application/json'`);
    parts.push(`-d ${quoted(JSON.stringify(body))}`);
  }
  for (const [name, text] of Object.entries(headers)) parts.push(`-H ${quoted(name + ": " + text)}`);
  parts.push(quoted(String(address(where, params))));
  return parts.join(" \\\n  ");
}
