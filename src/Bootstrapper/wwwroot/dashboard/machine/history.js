// A machine's timeline: the newest part of it kept up to date, older parts when somebody asks.

import { part, query, request } from "../api.js";

const pageSize = 500;
const most = 5000;

export class History {
  /** Oldest first. @type {import("../events.js").Seen[]} */
  events = [];
  /** Where the older ones end; nothing when there are none. @type {number | undefined} */
  before;
  #path;
  #signal;

  /** @param {string} mac @param {AbortSignal} signal */
  constructor(mac, signal) {
    [this.#path, this.#signal] = [`/api/v1/nodes/${part(mac)}/timeline`, signal];
  }

  get hasOlder() {
    return this.before !== undefined && this.events.length < most;
  }

  /**
   * Reads the newest page. Where it does not reach back to what was known, that is given up: there would be a hole. What was seen while it was
   * read may not be on it, and stays.
   */
  async renew() {
    const { items, next } = await this.#read({});
    const [first, last] = [items[0]?.id ?? 0, items.at(-1)?.id ?? 0];
    const isWhole = next === undefined || this.events.some(seen => seen.id >= first);
    const known = isWhole ? this.events.filter(seen => seen.id < first) : [];
    const newer = this.events.filter(seen => seen.id > last);
    [this.events, this.before] = [[...known, ...items, ...newer], known.length > 0 ? this.before : next];
  }

  /** Nothing where a newer page was read meanwhile, or the same one twice: there would be a hole, or the same again. */
  async readOlder() {
    const before = this.before;
    const { items, next } = await this.#read({ before });
    if (this.before === before) {
      [this.events, this.before] = [[...items, ...this.events], next];
    }
  }

  /** Takes what was just seen. @param {import("../events.js").Seen[]} seen @returns {boolean} Whether there was anything new. */
  add(seen) {
    const last = this.events.at(-1)?.id ?? 0;
    const fresh = seen.filter(({ id }) => id > last);
    this.events = [...this.events, ...fresh].slice(-most);
    return fresh.length > 0;
  }

  #read(options) {
    return request(`${this.#path}${query({ limit: pageSize, ...options })}`, { signal: this.#signal });
  }
}
