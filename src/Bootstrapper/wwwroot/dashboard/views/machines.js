import { now, query, request } from "../api.js";
import { h, render } from "../dom.js";
import { age, count, moment } from "../format.js";
import { progressBar } from "../progress.js";
import { link, replace } from "../router.js";
import { badge, inProgress, phases, remarks, sign } from "../states.js";

const pageSize = 50;
const typing = 250; // ms
const failedFirst = "phase";

/** What is asked for most, with one button. */
const chips = [["failed"], ["stuck"], inProgress, ["configured"], ["discovered"], ["running"]];

const more = machine => machine.phase === "installing" ? progressBar(machine)
  : machine.reason && h("span", { class: "reason hostile" }, machine.reason);

const ago = time => h("time", { class: "time", datetime: time, title: moment(Date.parse(time), now()) }, age(time, now()));

/** `sort`: what the API calls it. `wide`: left out where there is little room. */
const columns = [
  { title: "Machine", sort: "hostName", cell: machine => h("a", { href: link(["machines", machine.mac]) }, machine.hostName) },
  { title: "State", sort: "phase", cell: machine => [
    h("span", { class: "standing-cell" }, badge(machine.phase), remarks(machine)), h("div", { class: "narrow" }, more(machine))] },
  { title: "For", sort: "since", wide: true, falls: true, cell: machine => ago(machine.phaseSince ?? machine.since) },
  { title: "Progress or reason", wide: true, cell: more },
  { title: "Profile", sort: "profile", wide: true, cell: machine => machine.profile },
  { title: "Address", sort: "ip", cell: machine => h("code", null, machine.ip) },
  { title: "MAC address", wide: true, cell: machine => h("code", null, machine.mac) },
  { title: "System", wide: true, cell: machine => machine.osVersion },
  { title: "Last seen", sort: "lastSeen", wide: true, falls: true, cell: machine => machine.lastSeen && h("span", { class: "time" }, ago(machine.lastSeen), " ago") },
];

/** @param {import("../page.js").Page} page @returns {(place: import("../router.js").Place) => void} */
export function open(page) {
  let wish = wishOf(page.place);
  let [list, cluster, profiles, typed] = [null, null, [], 0];
  const before = []; // where the pages began that were turned over
  const show = () => render(page.root,
    h("h1", { tabindex: -1 }, "Machines"),
    filter(wish, { cluster, profiles, search }),
    list && table(list, wish),
    list && paging(list));

  function search(event) {
    clearTimeout(typed);
    const text = event.target.value;
    typed = setTimeout(() => {
      replace(link(["machines"], { ...wish, search: text, after: null }));
      change({ ...wish, search: text, after: "" });
    }, typing);
  }

  function change(next) {
    if (next.after !== wish.after) {
      before.at(-1) === next.after ? before.pop() : next.after ? before.push(wish.after) : before.splice(0);
    }

    wish = next;
    show();
    refresh();
  }

  async function load() {
    const [asked, turned] = [wish, [...before]];
    const found = await request(`/api/v1/nodes${query({ ...asked, sort: asked.sort || failedFirst, limit: pageSize })}`, { signal: page.signal });
    if (asked === wish) {
      list = { ...found, asked, turned };
      show();
    }
  }

  show();
  const refresh = page.fresh({ load, every: 10_000 });
  page.fresh({
    load: async () => {
      cluster = await request("/api/v1/cluster", { signal: page.signal });
      show();
    },
    wants: ({ kind }) => kind === "state",
  });
  request("/api/v1/profiles", { signal: page.signal }).then(found => (profiles = found, show())).catch(page.failed);
  return place => change(wishOf(place));
}

const wishOf = ({ query }) => Object.fromEntries(["phase", "profile", "search", "sort", "after"].map(name => [name, query.get(name) ?? ""]));

function filter(wish, { cluster, profiles, search }) {
  return h("form", { class: "filter", role: "search", onsubmit: event => event.preventDefault() },
    h("div", { class: "field" },
      h("label", { for: "search" }, "Search ", h("kbd", { class: "wide" }, "/")),
      h("input", { id: "search", type: "search", value: wish.search, oninput: search, placeholder: "name, address, serial, label", autocomplete: "off", spellcheck: "false" })),
    profiles.length > 0 && h("div", { class: "field" },
      h("label", { for: "profile" }, "Profile"),
      h("select", { id: "profile", value: wish.profile, onchange: event => location.hash = link(["machines"], { ...wish, profile: event.target.value, after: null }) },
        h("option", { value: "" }, "all"), profiles.map(({ name }) => h("option", { key: name, value: name }, name)))),
    h("ul", { class: "chips", "aria-label": "States" }, chips.map(chip => h("li", null, button(chip, wish, cluster)))));
}

/** Adds its phases to those that are shown, or takes them from them. */
function button(chip, wish, cluster) {
  const chosen = wish.phase.split(",").filter(Boolean);
  const isChosen = chip.every(phase => chosen.includes(phase));
  const next = phases.filter(phase => chip.includes(phase) ? !isChosen : chosen.includes(phase)).join();
  return h("button", {
    type: "button",
    class: `chip ${chip[0]}`,
    "aria-pressed": String(isChosen),
    onclick: () => location.hash = link(["machines"], { ...wish, phase: next, after: null }),
  }, sign(chip[0]), chip === inProgress ? "in progress" : chip[0],
  cluster && h("span", { class: "number" }, ` ${count(chip.reduce((sum, phase) => sum + cluster.phases[phase], 0))}`));
}

const table = ({ items, total }, wish) => h("table", { class: "machines" },
  h("caption", { class: "unseen" }, `Machines, ${count(total)} in all`),
  h("thead", null, h("tr", null, columns.map(column => heading(column, wish)))),
  h("tbody", null,
    items.map(machine => h("tr", { key: machine.mac }, columns.map(({ cell, wide }, i) => h(i === 0 ? "th" : "td", { ...(i === 0 ? { scope: "row" } : {}), class: wide && "wide" }, cell(machine))))),
    items.length === 0 && h("tr", { key: "none" }, h("td", { colspan: columns.length, class: "quiet" }, "No machine matches."))));

/** `falls`: a duration or an age grows as its time falls. */
function heading({ title, sort, wide, falls = false }, wish) {
  const [current, reversed] = [wish.sort.replace("-", "") || failedFirst, wish.sort.startsWith("-")];
  const isCurrent = sort === current;
  const descends = reversed !== falls;
  return h("th", { scope: "col", class: wide && "wide", "aria-sort": isCurrent && (descends ? "descending" : "ascending") }, sort === undefined ? title
    : h("a", { href: link(["machines"], { ...wish, sort: isCurrent && !reversed ? `-${sort}` : sort, after: null }) }, title, isCurrent && h("span", { "aria-hidden": "true" }, descends ? " ▾" : " ▴")));
}

/** Of the page that is there, and not of one that is on its way: a second click must not go astray. */
const paging = ({ items, total, next, asked, turned }) => h("nav", { class: "paging", "aria-label": "Pages" },
  h("span", { class: "quiet" }, `${count(Math.min(turned.length * pageSize + 1, total))}–${count(turned.length * pageSize + items.length)} of ${count(total)}`),
  asked.after && h("a", { key: "first", href: link(["machines"], { ...asked, after: null }) }, "First page"),
  turned.length > 1 && h("a", { key: "back", href: link(["machines"], { ...asked, after: turned.at(-1) }) }, "Previous page"),
  next && h("a", { key: "next", href: link(["machines"], { ...asked, after: next }) }, "Next page"));
