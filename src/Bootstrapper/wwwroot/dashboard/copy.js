// A button beside what people paste elsewhere: into a terminal, a ticket, a switch.

import { h } from "./dom.js";
import { say } from "./say.js";

/** @param {string} what @param {string} text */
export const copyButton = (what, text) => h("button", { type: "button", class: "copy", onclick: () => copy(what, text) },
  "Copy", h("span", { class: "unseen" }, ` ${what}`));

async function copy(what, text) {
  await navigator.clipboard.writeText(text);
  say(`${what} is copied`);
}
