// One user: permissions and topic permissions by vhost.
import { html } from "lit-html";
import { path } from "../api.js";
import { button, skeleton, tagList } from "../components/basic.js";
import { context } from "../context.js";
import { go } from "../router.js";
import { Page } from "./page.js";
import { crumb, missing } from "./parts.js";
import { Permissions } from "./permissions.js";
import { removeUser, tagsOf, userSheet } from "./users.js";

export default class User extends Page {
  constructor(route) {
    super(route);
    this.name = route.parts[1];
    this.title = this.name;
    this.nav = "admin";
  }

  readdress(route) {
    return route.parts[1] === this.name;
  }

  start() {
    this.source = this.watch({ where: path("users", this.name), interval: 5000, onData: (u) => (this.user = u), onError: (e) => (this.gone = e.status === 404) });
    this.permissions = new Permissions(this, "user", this.name, () => context.vhosts);
  }

  render() {
    if (this.gone) return missing("user", this.name, undefined, null, null, "#/users");
    if (!this.user) return skeleton(5);
    return html`<div class="head">${crumb("Users", "users")}<h1><bdi>${this.name}</bdi></h1>${tagList(tagsOf(this.user))}
        <div class="right">${button("Edit user…", () => userSheet(this.user, () => this.source.again()))}${button("Delete user…", () => removeUser(this.name, () => go("#/users")), { kind: "danger" })}</div></div>
      ${this.permissions.render()}`;
  }

  keys() {
    return { n: () => this.permissions.edit(), escape: () => go("#/users") };
  }
}
