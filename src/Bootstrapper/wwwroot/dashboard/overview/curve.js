// Machines that run, over time, and when those in progress will.

import { h } from "../dom.js";
import { clock, count, counted, duration, moment } from "../format.js";
import { remaining } from "../progress.js";
import { inProgress } from "../states.js";

/** After so long without another machine what comes is a rollout of its own. */
const pause = 3_600_000;
const recent = 1_800_000;
/** With fewer machines the pace is a guess. */
const enough = 3;
const [width, height, top, left] = [560, 130, 14, 58];

/**
 * @param {any[]} machines @param {number} now
 * @returns {{before: number, times: number[], total: number, end: number | null}} The last rollout: how many ran before, when each of the
 * others came to run, how many there are to be, and when the last of those in progress is expected to.
 */
export function rolloutOf(machines, now) {
  const times = machines.filter(({ phase }) => phase === "running").map(({ since }) => Date.parse(since)).sort((a, b) => a - b);
  let begin = times.length - 1;
  while (begin > 0 && times[begin] - times[begin - 1] < pause) {
    begin--;
  }

  const before = Math.max(begin, 0);
  return { before, times: times.slice(before), total: machines.length, end: endOf(machines, times, now) };
}

/** By the pace of the last half hour; where that is too little to go by, by the installation that is farthest from its end. */
function endOf(machines, times, now) {
  const going = machines.filter(({ phase }) => inProgress.includes(phase));
  const last = times.filter(time => time > now - recent);
  if (going.length === 0) {
    return null;
  }

  return last.length >= enough && now - last[0] > 0
    ? now + going.length * (now - last[0]) / last.length
    : Math.max(...going.map(machine => now + (remaining(machine, now) ?? NaN) * 1000).filter(Number.isFinite), 0) || null;
}

/** Nobody knows it to the second. @param {number} time @param {number} now */
const about = (time, now) => moment(time, now).replace(/:\d\d(?= UTC)/, "");

/** @param {any[]} machines @param {number | null} end @param {number} now */
export function expected(machines, end, now) {
  const going = machines.filter(({ phase }) => inProgress.includes(phase)).length;
  return end === null ? "" : `${count(going)} in progress, expected to run by about ${about(end, now)}, in ${duration((end - now) / 1000)}`;
}

/** @param {ReturnType<typeof rolloutOf>} rollout @param {number} going How many are in progress. @param {number} now */
export function curve({ before, times, total, end }, going, now) {
  if (times.length < enough) {
    return null;
  }

  const from = times[0];
  const until = Math.max(end ?? 0, now, from + 60_000);
  const x = time => Math.round(left + (time - from) / (until - from) * (width - left - 8));
  const y = number => Math.round((height - 20) - number / total * (height - 20 - top));
  const path = times.map((time, i) => `H${x(time)}V${y(before + i + 1)}`).filter((step, i, all) => step !== all[i - 1]).join("");
  const running = before + times.length;
  const told = `${counted(running, "machine")} of ${count(total)} run; the last ${count(times.length)} began to in ${duration((times.at(-1) - from) / 1000)}`;
  return h("section", { class: "curve" },
    h("h2", null, "Running over time"),
    h("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told },
      [0, total].map(number => h("g", { key: number, class: "tick" },
        h("line", { x1: left, x2: width, y1: y(number), y2: y(number) }),
        h("text", { x: left - 6, y: y(number) + 4, "text-anchor": "end" }, count(number)))),
      h("path", { class: "ran", d: `M${x(from)} ${y(before)}${path}H${x(now)}` }),
      end && h("path", { class: "expected", d: `M${x(now)} ${y(running)}L${x(end)} ${y(running + going)}` }),
      h("text", { x: left, y: height - 4 }, moment(from, now)),
      h("text", { x: width - 4, y: height - 4, "text-anchor": "end" }, end ? `about ${about(until, now)}` : clock(until, now))));
}
