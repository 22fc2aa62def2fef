// The text/event-stream format (WHATWG HTML 9.2.6), as far as the bootstrapper uses it.

/** @typedef {{id: string | null, event: string, data: string}} Message */

/** Takes text as it comes, cut anywhere, and gives whole messages. */
export class MessageParser {
  #rest = "";
  /** @type {Message} */
  #message = { id: null, event: "message", data: "" };

  /** @param {string} text @returns {Message[]} */
  push(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap(line => this.#take(line.replace(/\r$/, "")));
  }

  #take(line) {
    if (line === "") {
      const message = this.#message;
      this.#message = { id: null, event: "message", data: "" };
      return [message];
    }

    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field in this.#message) {
      this.#message[field] = field === "data" && this.#message.data ? `${this.#message.data}\n${value}` : value;
    }

    return [];
  }
}
