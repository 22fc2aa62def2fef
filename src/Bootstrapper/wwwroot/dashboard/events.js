// What happens to the machines, as it happens. EventSource cannot send a header of ours, so this is fetch, which can; resuming and waiting between
// tries are ours to do then.

import { ApiError, send } from "./api.js";
import { MessageParser } from "./sse.js";

/** Something comes every 15 seconds. A connection that has been silent for so long is dead, though nobody has told us. */
const longestSilence = 40_000;
const longestPause = 15_000;

/**
 * @typedef {{id: number, at: string, mac: string, node?: string, kind: string, text: string, by?: string, bytes?: number, seconds?: number,
 *   stage?: "asked" | "offered" | "addressed" | "loader" | "script" | "kernel" | "liveSystem", message?: string, left?: string, entered?: string}} Seen
 * @typedef {"connecting" | "live" | "lost"} Status
 */

/**
 * Tells its listeners: `seen` with all that came at once (`detail`: Seen[]), `gap` when something was missed, so that what is shown must be read
 * again, and `status` (`detail`: Status).
 */
export class EventFeed extends EventTarget {
  #lastId = null;
  #stopped = new AbortController();
  /** @type {Status} */
  status = "connecting";

  async run() {
    for (let failures = 0; !this.#stopped.signal.aborted; failures++) {
      try {
        await this.#connect(() => failures = 0);
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) {
          return; // api.js has told it
        }
      }

      this.#set("lost");
      await this.#pause(failures);
    }
  }

  stop() {
    this.#stopped.abort();
  }

  async #connect(arrived) {
    const connection = new AbortController();
    const signal = AbortSignal.any([connection.signal, this.#stopped.signal]);
    const watchdog = new Watchdog(() => connection.abort());
    try {
      const response = await send("/api/v1/events", { signal, headers: this.#lastId ? { "Last-Event-ID": this.#lastId } : {} });
      const [parser, reader] = [new MessageParser(), response.body.pipeThrough(new TextDecoderStream()).getReader()];
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        watchdog.pat();
        this.#welcome(arrived);
        this.#take(parser.push(chunk.value));
      }
    } finally {
      watchdog.end();
    }
  }

  /** Nothing is resumed when nothing was heard before: what was read until now may have missed something. */
  #welcome(arrived) {
    if (this.status !== "live") {
      arrived();
      this.#set("live");
      if (this.#lastId === null) {
        this.dispatchEvent(new Event("gap"));
      }
    }
  }

  #take(messages) {
    this.#lastId = messages.findLast(message => message.id)?.id ?? this.#lastId;
    if (messages.some(message => message.event === "gap")) {
      this.dispatchEvent(new Event("gap"));
    }

    const seen = messages.filter(message => message.event === "seen").map(message => JSON.parse(message.data));
    if (seen.length > 0) {
      this.dispatchEvent(new CustomEvent("seen", { detail: seen }));
    }
  }

  #set(status) {
    if (this.status !== status && !this.#stopped.signal.aborted) {
      this.status = status;
      this.dispatchEvent(new CustomEvent("status", { detail: status }));
    }
  }

  /** Longer each time, and not for everybody at the same moment: a hundred pages wait for a bootstrapper that restarts. */
  #pause(failures) {
    const most = Math.min(500 * 2 ** failures, longestPause);
    return new Promise(resolve => {
      setTimeout(resolve, most * (0.5 + Math.random() / 2));
      this.#stopped.signal.addEventListener("abort", resolve, { once: true });
    });
  }
}

class Watchdog {
  #timer = 0;
  #bark;

  constructor(bark) {
    this.#bark = bark;
    this.pat();
  }

  pat() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#bark, longestSilence);
  }

  end() {
    clearTimeout(this.#timer);
  }
}
