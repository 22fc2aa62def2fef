// A machine's way from its firmware to the running system, drawn to scale.

import { h } from "./dom.js";
import { clock, duration } from "./format.js";

const [barTop, barHeight, dotsTop, height] = [4, 26, 42, 70];
const radius = 2.5;
const letter = 6.6; // width of one, in the font of the picture
const steps = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400];

/** What lasts for weeks would leave no room for the minutes that matter: it gets this part of the width. */
const tail = 0.14;

/**
 * @param {object} options
 * @param {import("./phases.js").Phase[]} options.phases
 * @param {import("./events.js").Seen[]} options.events
 * @param {number} options.width In pixels.
 * @param {number} options.now
 */
export function picture({ phases, events, width, now }) {
  const scale = scaleOf(phases, width, now);
  const told = phases.map(phase => `${phase.name} ${lasting(phase, now)}`).join(", ");
  return h("svg", { class: "picture", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": `Boot progress of this machine: ${told}` },
    phases.map(phase => bar(phase, scale, now)),
    axis(scale),
    events.filter(seen => Date.parse(seen.at) >= scale.from && Date.parse(seen.at) <= scale.to).map(seen => h("circle", {
      key: seen.id, class: `dot ${seen.kind}`, cx: Math.max(radius, scale.x(Date.parse(seen.at))), cy: dotsTop, r: radius,
    }, h("title", null, `${clock(Date.parse(seen.at), now)} ${seen.kind} ${seen.text}`))));
}

/** @param {import("./phases.js").Phase} phase */
export const lasting = (phase, now) => phase.to === null
  ? `for ${duration((now - phase.from) / 1000)} now`
  : duration((phase.to - phase.from) / 1000);

function scaleOf(phases, width, now) {
  const last = phases.at(-1);
  const isLong = phase => phase.name === "running" || phase.name === "failed" || phase.name === "not started";
  const [from, to] = [(phases.find(phase => phase.name !== "not started") ?? phases[0]).from, isLong(last) && phases.length > 1 ? last.from : last.to ?? now];
  const room = isLong(last) && phases.length > 1 ? width * (1 - tail) : width;
  const x = time => Math.round(10 * Math.min(room, Math.max(0, (time - from) / Math.max(1, to - from) * room))) / 10;
  return { from, to, room, width, x };
}

function bar(phase, { x, to, width, from }, now) {
  const [left, right] = [x(phase.from), phase.from >= to ? width : x(phase.to ?? now)];
  const size = right - left;
  const texts = [`${phase.name} ${lasting(phase, now)}`, phase.name, duration(((phase.to ?? now) - phase.from) / 1000)];
  return (phase.to ?? now) > from && h("g", { key: `${phase.name} ${phase.from}`, class: `phase ${phase.name.replace(" ", "-")}` },
    h("rect", { x: left, y: barTop, width: Math.max(2, size - 1), height: barHeight, rx: 2 }, h("title", null, texts[0])),
    h("text", { x: left + 6, y: barTop + 17 }, texts.find(text => text.length * letter + 10 < size)));
}

function axis({ from, to, room, x }) {
  const seconds = (to - from) / 1000;
  const step = steps.find(candidate => seconds / candidate * 70 <= room) ?? steps.at(-1);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => {
    const at = x(from + i * step * 1000);
    return h("g", { key: `tick ${i}`, class: "tick" },
      h("line", { x1: at + 0.5, x2: at + 0.5, y1: barTop + barHeight + 2, y2: height - 16 }),
      at < room - 24 && h("text", { x: at + 1, y: height - 3 }, i === 0 ? "0" : duration(i * step)));
  });
}
