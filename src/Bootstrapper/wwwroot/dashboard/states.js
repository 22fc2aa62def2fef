// What a machine is doing, told by a word, a sign and a colour: never by colour alone.

import { h } from "./dom.js";

/** As the API names them: what needs somebody comes first. */
export const phases = ["failed", "stuck", "booting", "installing", "restarting", "configured", "discovered", "running"];

export const inProgress = ["booting", "installing", "restarting"];

export const inTrouble = ["failed", "stuck"];

/** As its tile on the wall. */
export const sign = phase => h("span", { class: `tile key ${phase}`, "aria-hidden": "true" });

/** @param {string} phase @param {string} [word] Where it stands for something else than a machine. */
export const badge = (phase, word = phase) => h("span", { class: `state ${phase}` }, sign(phase), word);

/** What else there is to know of a machine in one word. */
export const remarks = machine => [
  machine.held && h("span", { class: "remark" }, "held"),
  machine.waiting && h("span", { class: "remark", title: `${machine.waiting.reason}. ${machine.waiting.remedy}.` }, "waiting"),
  machine.armed && h("span", { class: "remark" }, "to be reinstalled"),
];

/** What says from which state a machine went to which: no line is broken within the arrow. @param {string} text */
export const changed = text => text.split("->").flatMap((part, i) => i === 0 ? part : [h("span", { class: "arrow" }, "->"), part]);
