// The timeline as a picture, and as a list.

import { now } from "../api.js";
import { h } from "../dom.js";
import { bytes, clock, count, duration, moment, zone } from "../format.js";
import { journeys } from "../phases.js";
import { lasting, picture } from "../picture.js";
import { whole } from "../states.js";

const mostEarlier = 3;
const mostRows = 300;

/** @param {import("../events.js").Seen[]} events Oldest first. @param {number} width In pixels. */
export function pictures(events, width) {
  const [last, ...earlier] = journeys(events).reverse();
  return last && [
    h("h2", null, "Last run"),
    figure(last, events, width),
    earlier.length > 0 && h("details", { class: "earlier" },
      h("summary", null, `Earlier runs, ${count(earlier.length)}`),
      earlier.slice(0, mostEarlier).map(phases => figure(phases, events, width))),
  ];
}

const figure = (phases, events, width) => h("figure", { key: phases[0].from },
  picture({ phases, events, width, now: now() }),
  h("figcaption", null,
    h("span", { class: "quiet" }, `From ${moment(phases[0].from, now())}: `),
    h("ol", { class: "legend" }, phases.map(phase => h("li", { class: phase.name.replace(" ", "-") }, phase.name, " ", h("span", { class: "number" }, lasting(phase, now())))))));

/**
 * What came several times in a row is one row, and so is the progress of one installation, which is told every few seconds.
 * @param {import("../events.js").Seen[]} events Oldest first.
 * @returns {(import("../events.js").Seen & {times: number, first: string})[]} Each as it was last.
 */
export function folded(events) {
  const rows = [];
  for (const seen of events) {
    const last = rows.at(-1);
    const isSame = last?.kind === seen.kind && last.by === seen.by && (seen.kind === "progress" || last.text === seen.text);
    isSame ? rows.splice(-1, 1, { ...seen, id: last.id, times: last.times + 1, first: last.first })
      : rows.push({ ...seen, times: 1, first: seen.at });
  }

  return rows;
}

/**
 * @param {object} options
 * @param {import("../events.js").Seen[]} options.events
 * @param {Set<string>} options.hidden Kinds that somebody does not want to see.
 * @param {(kind: string) => void} options.toggle
 * @param {(() => void) | null} options.older Asks for older ones; `null` when there are none.
 */
export function eventList({ events, hidden, toggle, older }) {
  if (events.length === 0) {
    return h("p", { class: "quiet" }, "No event is recorded.");
  }

  const kinds = [...new Set(events.map(({ kind }) => kind))].sort();
  const shown = folded(events.filter(({ kind }) => !hidden.has(kind)));
  return [
    h("ul", { class: "chips", "aria-label": "Kinds of events" }, kinds.map(kind => h("li", { key: kind },
      h("button", { type: "button", class: "chip", "aria-pressed": String(!hidden.has(kind)), onclick: () => toggle(kind) }, h("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), kind)))),
    h("table", { class: "events" },
      h("caption", { class: "unseen" }, "Events, the newest first"),
      h("thead", null, h("tr", null, [`Time (${zone()})`, "Kind", "Event"].map(title => h("th", { scope: "col" }, title)))),
      h("tbody", null, shown.slice(-mostRows).reverse().map(row))),
    shown.length > mostRows ? h("p", { class: "quiet" }, `The newest ${mostRows} of ${shown.length}: select fewer kinds to see older ones.`)
      : older && h("p", null, h("button", { type: "button", onclick: older }, "Older events")),
  ];
}

const row = ({ id, at, kind, text, by, bytes: size, seconds, times, first }) => h("tr", { key: id },
  h("td", { class: "time" }, clock(Date.parse(at), now())),
  h("td", { class: "kind" }, h("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), kind),
  h("td", { class: "hostile" }, whole(text), h("span", { class: "quiet" },
    [
      by && ` by ${by}`,
      size !== undefined && ` ${bytes(size)}`,
      seconds >= 0.1 && ` ${kind === "state" ? "after " : ""}${duration(seconds)}`,
      times > 1 && ` ${count(times)} times since ${clock(Date.parse(first), now())}`,
    ].filter(Boolean).join(","))));
