// One virtual host of the API: only administrators may ask for one, but all find theirs in the list.
import { isAdministrator, path } from "./api.js";

/** { where, of(answer) }: what to ask for, and the virtual host in the answer; undefined for none. */
export const vhostSource = (name) => (isAdministrator() ? { where: path("vhosts", name), of: (v) => v } : { where: "vhosts", of: (list) => list.find((v) => v.name === name) });
