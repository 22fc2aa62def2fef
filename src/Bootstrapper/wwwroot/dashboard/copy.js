// A button beside what people paste elsewhere: into a terminal, a ticket, a switch.

import { h } from "./dom.js";
import { say } from "./say.js";

/** @param {string} what @param {string} text */
export const copyButton = (what, text) => h("button", { type: "button", class: "copy", onclick: event => copy(event.currentTarget.firstChild, what, text) },
  "Copy", h("span", { class: "unseen" }, ` ${what}`));

/** @param {Text} word On the button: says for two seconds what came of it. */
async function copy(word, what, text) {
  const isCopied = await navigator.clipboard.writeText(text).then(() => true, () => false);
  word.data = isCopied ? "Copied" : "Not copied";
  setTimeout(() => { word.data = "Copy"; }, 2000);
  say(isCopied ? `${what} is copied` : `${what} is not copied: the browser does not allow it`);
}
