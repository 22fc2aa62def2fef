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

  /** Reads the newest page. Where it does not reach back to what was known, that is given up: there would be a hole. */
  async renew() {
    const { items, next } = await this.#read({});
    const first = items[0]?.id ?? 0;
    const known = this.events.filter(seen => seen.id < first);
    const isWhole = next === undefined || this.events.some(seen => seen.id >= first);
    [this.events, this.before] = isWhole ? [[...known, ...items], known.length > 0 ? this.before : next] : [items, next];
  }

  async readOlder() {
    const { items, next } = await this.#read({ before: this.before });
    [this.events, this.before] = [[...items, ...this.events], next];
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
