// How far an installation is, and how long it will take at the pace it had until now.

import { now } from "./api.js";
import { h } from "./dom.js";
import { duration } from "./format.js";

/** Before that the pace is a guess. */
const [enoughSeconds, enoughProgress] = [3, 2];

/** Seconds; longer estimates are not so exact. */
const exact = 120;

/** @param {{since: string, progress?: number}} machine @param {number} at @returns {number | null} Seconds */
export function remaining({ since, progress }, at) {
  const elapsed = (at - Date.parse(since)) / 1000;
  return progress >= enoughProgress && elapsed >= enoughSeconds ? elapsed * (100 - progress) / progress : null;
}

export function progressBar(machine) {
  const left = remaining(machine, now());
  return h("span", { class: "pace" },
    h("progress", { max: 100, value: machine.progress ?? 0, "aria-label": `Progress of ${machine.hostName}` }),
    h("span", { class: "number" }, `${machine.progress ?? 0} %`),
    h("span", { class: "quiet" }, left === null ? "just begun" : left < 1 ? "nearly done" : `about ${duration(left < exact ? left : Math.round(left / 60) * 60)} left`));
}
