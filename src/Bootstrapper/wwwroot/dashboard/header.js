// What stands above every view: where to go, whether the page is up to date, and who is signed in. On a phone all but one line of it
// is a menu.

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
  const name = state?.place.path[0];
  render(header,
    h("p", { class: "brand" }, "Bootstrapper"),
    state && [
      h("button", { key: "menu", type: "button", class: "opener", popovertarget: "menu" }, "Menu"),
      h("div", { key: "menu itself", id: "menu", popover: "auto", onclick: close },
        h("nav", { "aria-label": "Views" }, h("ul", null, Object.entries(views).filter(([, { least }]) => !least || may(least)).map(([view, { title }]) =>
          h("li", null, h("a", { href: view ? link([view]) : "#/", "aria-current": name === view && "page" }, title))))),
        h("p", { class: "who" },
          h("span", null, current().name, h("span", { class: "quiet" }, ` ${current().role}`)),
          h("button", { type: "button", onclick: () => state.leave() }, "Sign out"))),
      h("p", { key: "status", class: `connection ${state.status}` }, words[state.status]),
    ]);
}

function close(event) {
  const menu = event.currentTarget;
  event.target.closest("a, button") && menu.matches(":popover-open") && menu.hidePopover();
}
