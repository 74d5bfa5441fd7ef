// The forms, loaded when first opened.
import { lazily } from "./lazy.js";

const open = (load, name) => (options) => lazily(load).then((m) => m?.[name](options));

export const bindSheet = open(() => import("./forms/bind.js"), "bindSheet");
export const exchangeSheet = open(() => import("./forms/exchange.js"), "exchangeSheet");
export const queueSheet = open(() => import("./forms/queue.js"), "queueSheet");
export const policySheet = open(() => import("./forms/policy.js"), "policySheet");
export const alternateSheet = open(() => import("./forms/policy.js"), "alternateSheet");
export const publishSheet = open(() => import("./forms/publish.js"), "publishSheet");
export const getSheet = open(() => import("./forms/get.js"), "getSheet");
