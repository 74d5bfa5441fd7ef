// What the administration pages share: their tabs, and the phone's list of everything.
import { html } from "lit-html";
import { isAdministrator, mayMonitor } from "../api.js";
import { tabs } from "./parts.js";

const TABS = [
  ["vhosts", "Virtual hosts", "#/vhosts", () => true],
  ["users", "Users", "#/users", isAdministrator],
  ["policies", "Policies", "#/policies", () => true],
  ["limits", "Limits", "#/limits", isAdministrator],
  ["definitions", "Definitions", "#/definitions", () => true],
  ["node", "Node", "#/node", mayMonitor],
];

export const adminTabs = (chosen) => tabs(TABS.filter(([, , , may]) => may()).map(([id, label, href]) => [id, label, href]), chosen);

export const adminHead = (chosen, right = "") => html`<div class="head"><h1>Admin</h1><div class="right">${right}</div></div>${adminTabs(chosen)}`;
