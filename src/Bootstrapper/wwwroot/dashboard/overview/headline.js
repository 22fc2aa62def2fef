// How many of all machines are doing what: as a sentence, as a bar, and each with its share.

import { h } from "../dom.js";
import { count, share } from "../format.js";
import { link } from "../router.js";
import { phases } from "../states.js";

/** As a rollout fills the bar. */
const filling = ["running", "restarting", "installing", "booting", "configured", "stuck", "failed"];

/** @param {any[]} machines @returns {Record<string, number>} By phase. */
export function countsOf(machines) {
  const counts = Object.fromEntries(phases.map(phase => [phase, 0]));
  machines.forEach(({ phase }) => counts[phase]++);
  return counts;
}

/** @param {Record<string, number>} counts @param {number} held Whatever they are doing. @param {number} total Of nodes. @param {string} end When those in progress are expected to run. */
export const headline = (counts, held, total, end) => h("section", { class: "counts", "aria-label": "Machines by phase" },
  h("p", { class: "headline" },
    h("strong", null, count(counts.running)), ` of ${count(total)} running`,
    h("span", { class: "quiet" }, `, ${share(counts.running, total)}`),
    end && h("span", { class: "end" }, end)),
  total > 0 && bar(counts, total),
  h("ul", null, phases.map(phase => h("li", { key: phase },
    h("a", { href: link(["machines"], { phase }), class: `count ${phase}${counts[phase] === 0 ? " none" : ""}` },
      h("span", { class: `tile key ${phase}`, "aria-hidden": "true" }), h("span", { class: "number" }, count(counts[phase])), h("span", { class: "word" }, ` ${phase} `),
      counts[phase] > 0 && phase !== "discovered" && h("span", { class: "quiet" }, share(counts[phase], total))))),
    held > 0 && h("li", { key: "held" }, h("span", { class: "count" },
      h("span", { class: "tile key configured held", "aria-hidden": "true" }), h("span", { class: "number" }, count(held)), " held"))));

function bar(counts, total) {
  let left = 0;
  return h("svg", { class: "share", viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    filling.filter(phase => counts[phase] > 0).map(phase => {
      const width = counts[phase] / total * 1000;
      left += width;
      return h("rect", { key: phase, class: phase, x: left - width, y: 0, width: Math.max(width, 2), height: 10 });
    }));
}
