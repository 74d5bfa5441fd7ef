// Calls of the HTTP API as command lines.
import { address, user } from "./api.js";

/** The call as a command line, the password left to the reader. */
export function curl(method, where, body) {
  const parts = [`curl -u ${user() ?? "guest"}`];
  if (method !== "GET") parts.push(`-X ${method}`);
  if (body !== undefined) {
    parts.push(`-H 'content-type: application/json'`);
    parts.push(`-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  }
  parts.push(`'${address(where)}'`);
  return parts.join(" \\\n  ");
}
