// The states of a machine, told by a word, a sign and a colour: never by colour alone.

import { h } from "./dom.js";

/** In the order in which a machine goes through them. */
export const states = ["discovered", "configured", "installing", "installed", "running", "failed"];

const signs = { discovered: "?", configured: "○", installing: "◔", installed: "◑", running: "●", failed: "✕" };

export const sign = state => h("span", { class: "sign", "aria-hidden": "true" }, signs[state]);

/** @param {string} state */
export const badge = state => h("span", { class: `state ${state}` }, sign(state), state);

/** What else there is to know of a machine in one word. */
export const remarks = machine => [
  machine.held && h("span", { class: "remark" }, "held"),
  machine.waiting && h("span", { class: "remark", title: `${machine.waiting.reason}. ${machine.waiting.remedy}.` }, "waiting"),
  machine.armed && h("span", { class: "remark" }, "to be reinstalled"),
];
