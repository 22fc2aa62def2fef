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

/** An arrow from one state to the next, a name such as master-1; a longer one may be wider than a phone. */
const unbroken = /(->|(?<![\w-])(?=[\w-]{3,20}(?![\w-]))\w+(?:-\w+)+)/;

/** What somebody else wrote, of which no line is broken where it stays one thing. @param {string} text */
export const whole = text => text.split(unbroken).map((part, i) => i % 2 === 0 ? part : h("span", { class: "unbroken" }, part));
