// What stands above every view: where to go, whether the page is up to date, and who is signed in.

import { h, render } from "./dom.js";
import { link } from "./router.js";
import { current, may } from "./session.js";
import { views } from "./views.js";

const words = {
  connecting: "connecting",
  live: "live",
  lost: "connection lost, trying again",
};

/** @param {Element} header @param {{place: import("./router.js").Place, status: import("./events.js").Status, leave: () => void} | null} state `null` when nobody is signed in. */
export function showHeader(header, state) {
  render(header,
    h("p", { class: "brand" }, "Bootstrapper"),
    state && [
      h("nav", { "aria-label": "Views" }, h("ul", null, Object.entries(views).filter(([, { least }]) => !least || may(least)).map(([name, { title }]) =>
        h("li", null, h("a", { href: name ? link([name]) : "#/", "aria-current": state.place.path[0] === name && "page" }, title))))),
      h("p", { class: "who" },
        h("span", { class: `connection ${state.status}` }, words[state.status]),
        h("span", null, current().name, h("span", { class: "quiet" }, ` ${current().role}`)),
        h("button", { type: "button", onclick: () => state.leave() }, "Sign out")),
    ]);
}
