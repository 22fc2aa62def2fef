// What a view is given: a place to render into, and news as long as it is shown.

import { ApiError } from "./api.js";
import { h, render } from "./dom.js";
import { keepFresh } from "./fresh.js";

/**
 * @typedef {object} Page
 * @property {Element} root Where the view renders.
 * @property {AbortSignal} signal Aborted when the view is left.
 * @property {import("./router.js").Place} place
 * @property {import("./events.js").EventFeed} feed
 * @property {(options: {load: () => Promise<void>, wants?: (seen: import("./events.js").Seen) => boolean, every?: number}) => () => void} fresh See fresh.js.
 * @property {(error: Error) => void} failed Shows what could not be read, until it can.
 * @property {(title: string) => void} name Names what is shown, where that is known only later.
 */

/**
 * @param {{main: Element, place: import("./router.js").Place, feed: import("./events.js").EventFeed, signal: AbortSignal, name: (title: string) => void}} options
 * @returns {Page}
 */
export function pageIn({ main, place, feed, signal, name }) {
  render(main, h("div", { key: "problem", role: "alert" }), h("div", { key: Symbol("a view of its own"), class: "view" }));
  const [problem, root] = main.children;
  /** By what was read: one part of a view may fail while others do not. */
  const problems = new Map();
  const show = () => signal.aborted || render(problem, [...new Set(problems.values())].map(text => h("p", { class: "problem" }, text)));
  const failed = (error, part = "") => {
    if (error.status !== 0 && error.status !== 401) { // the header tells these
      problems.set(part, error instanceof ApiError ? error.message : `This page is broken: ${error}`);
      show();
    }
  };

  const fresh = ({ load, ...options }) => keepFresh({
    ...options,
    feed,
    signal,
    failed: error => failed(error, load),
    load: async () => {
      await load();
      problems.delete(load) && show();
    },
  });
  return { root, signal, place, feed, failed, name, fresh };
}
