// Where we are is what stands behind the # of the address: no path of the server is taken, and the back button works.

import { query } from "./api.js";

/**
 * @typedef {{path: string[], query: URLSearchParams}} Place
 */

/** @returns {Place} */
export function here() {
  const [path, parameters] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").map(decode), query: new URLSearchParams(parameters ?? "") };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray % that somebody typed
  }
}

/** The address of a place. @param {string[]} path @param {Record<string, any>} [parameters] What is empty is left out. */
export function link(path, parameters = {}) {
  return `#/${path.map(encodeURIComponent).join("/")}${query(parameters)}`;
}

/** Goes there without a step for the back button: where somebody types, every letter would be one. @param {string} address */
export function replace(address) {
  history.replaceState(null, "", address);
}
