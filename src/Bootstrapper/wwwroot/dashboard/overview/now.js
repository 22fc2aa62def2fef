// What needs somebody, and what is being done: each cause once, with the machine that it struck first.

import { now } from "../api.js";
import { h } from "../dom.js";
import { age, count, counted, moment } from "../format.js";
import { progressBar } from "../progress.js";
import { link } from "../router.js";
import { badge, inProgress, inTrouble, remarks } from "../states.js";

const mostCauses = 5;
const mostInProgress = 6;

const bySince = (one, other) => Date.parse(one.since) - Date.parse(other.since);

const causeOf = ({ phase, cause = "" }) => `${phase} ${cause}`;

/** @returns {{machine: any, others: number}[]} The first machine of each cause, and how many more it has. */
export function causesOf(machines) {
  const causes = new Map();
  for (const machine of machines.filter(({ phase }) => inTrouble.includes(phase)).sort(bySince)) {
    const known = causes.get(causeOf(machine));
    known ? known.others++ : causes.set(causeOf(machine), { machine, others: 0 });
  }

  return [...causes.values()].sort((one, other) => inTrouble.indexOf(one.machine.phase) - inTrouble.indexOf(other.machine.phase));
}

/** @param {any[]} machines */
export function trouble(machines) {
  const causes = causesOf(machines);
  const total = machines.filter(({ phase }) => inTrouble.includes(phase)).length;
  return h("section", { key: "trouble" },
    h("h2", null, "Failed or stuck", total > 0 && h("span", { class: "quiet" }, ` ${count(total)}, the first one first`)),
    causes.length === 0 ? h("p", { class: "quiet" }, "No machine has failed or is stuck.")
      : h("ul", { class: "rows" }, causes.slice(0, mostCauses).map(cause)),
    total > 1 && h("p", null, h("a", { href: link(["machines"], { phase: inTrouble.join() }) }, `All ${count(total)}`)));
}

const cause = ({ machine, others }) => h("li", { key: machine.mac, class: "cause" },
  h("p", { class: "row" }, h("a", { href: link(["machines", machine.mac]), class: "hostile" }, machine.hostName), badge(machine.phase),
    h("span", { class: "quiet", title: `since ${moment(Date.parse(machine.since), now())}` }, `${age(machine.since, now())} ago`)),
  h("p", { class: "reason hostile" }, machine.cause ?? "no reason was given"),
  others > 0 && h("p", { class: "quiet" }, `and ${counted(others, "more machine")} for the same reason`));

/** Those first that say how far they are. */
const order = ["installing", "restarting", "booting"];

/** @param {any[]} machines */
export function going(machines) {
  const all = order.flatMap(phase => machines.filter(machine => machine.phase === phase).sort(bySince));
  return h("section", { key: "going" },
    h("h2", null, "In progress", h("span", { class: "quiet" }, ` ${count(all.length)}`)),
    all.length === 0 ? h("p", { class: "quiet" }, "No machine is being installed.")
      : h("ul", { class: "rows" }, all.slice(0, mostInProgress).map(machine => h("li", { key: machine.mac, class: "row" },
        h("a", { href: link(["machines", machine.mac]), class: "hostile" }, machine.hostName),
        machine.phase === "installing" ? progressBar(machine) : [badge(machine.phase), h("span", { class: "quiet" }, `for ${age(machine.since, now())}`)],
        remarks(machine)))),
    all.length > mostInProgress && h("p", null, h("a", { href: link(["machines"], { phase: inProgress.join() }) }, `All ${count(all.length)}`)));
}
