// Dead letters: why they left a queue, and what comes to an exchange of them.
import { alternate, isBound } from "./bound.js";
import { DEATHS, inventory, setting } from "./inventory.js";

/** Why messages of a queue went on to its dead letter exchange: { rejected: 0.06 }, per second. */
export const deathRates = (q) => Object.fromEntries(DEATHS.map((why) => [why, q.message_stats?.[`dead_lettered_${why}_details`]?.rate ?? 0]).filter(([, r]) => r > 0));

const sum = (numbers) => numbers.reduce((all, n) => all + n, 0);

const NONE = { queues: 0, rate: 0, count: 0 };

let known = { queues: null };

/** By virtual host and name of exchanges, from the inventory that it was made from. */
function byExchange() {
  if (known.queues === inventory.queues) return known.by;
  const by = new Map();
  for (const q of inventory.queues) {
    const name = setting(q, "dead-letter-exchange");
    if (name === undefined || name === null) continue;
    const key = q.vhost + "\u0000" + name;
    const before = by.get(key) ?? NONE;
    by.set(key, { queues: before.queues + 1, rate: before.rate + sum(Object.values(deathRates(q))), count: before.count + sum(DEATHS.map((why) => q.message_stats?.["dead_lettered_" + why] ?? 0)) });
  }
  known = { queues: inventory.queues, by };
  return by;
}

/** The dead letters that came to an exchange: from how many queues, how many a second, how many in all. */
export const lettersTo = ({ vhost, name }) => byExchange().get(vhost + "\u0000" + name) ?? NONE;

/** How many of them a second come to an exchange that leads nowhere. */
export const lettersLost = (x) => (!inventory.ready || isBound(x) || alternate(x) ? 0 : lettersTo(x).rate);
