import { h, render } from "../dom.js";

/** @param {import("../page.js").Page} page */
export function open(page) {
  render(page.root,
    h("h1", { tabindex: -1 }, "Page not found"),
    h("p", null, "There is no page at this address. ", h("a", { href: "#/" }, "To the overview")));
}
