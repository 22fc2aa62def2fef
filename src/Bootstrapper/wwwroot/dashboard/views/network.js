import { now, request } from "../api.js";
import { offered, perform } from "../actions.js";
import { h, render } from "../dom.js";
import { age, clock, count, zone } from "../format.js";
import { summary } from "../machine/facts.js";
import { link } from "../router.js";

const mostUnknown = 1000; // as many as are put on record
const mostRows = 100; // until somebody wants all

/** @param {import("../page.js").Page} page */
export function open(page) {
  let [unknown, leases] = [null, null];
  /** The tables that somebody wants whole. */
  const whole = new Set();
  const show = () => render(page.root,
    h("h1", { tabindex: -1 }, "Network"),
    unknown && unknownMachines(unknown, refresh, page.failed, part("unknown")),
    leases && leased(leases, part("leases")));

  /** @returns {(rows: any[], row: (item: any) => any, columns: number) => any[]} The rows to show, and a button for the others. */
  function part(table) {
    return (items, row, columns) => [
      items.slice(0, whole.has(table) ? items.length : mostRows).map(row),
      items.length > mostRows && !whole.has(table) && h("tr", { key: "others" }, h("td", { colspan: columns },
        h("button", { type: "button", onclick: () => (whole.add(table), show()) }, `Show all ${count(items.length)}`))),
    ];
  }

  show();
  const refresh = page.fresh({
    load: async () => {
      [unknown, leases] = await Promise.all([
        request(`/api/v1/nodes?state=discovered&sort=-lastSeen&limit=${mostUnknown}`, { signal: page.signal }),
        request("/api/v1/leases", { signal: page.signal }),
      ]);
      show();
    },
    wants: ({ kind }) => kind === "state" || kind === "dhcp",
  });
}

const unknownMachines = ({ items, total }, refresh, failed, rows) => h("section", null,
  h("h2", null, "Unknown machines", h("span", { class: "quiet" }, ` ${count(total)}`)),
  items.length === 0 ? h("p", { class: "quiet" }, "No unknown machine has been seen.") : h("table", null,
    h("caption", { class: "unseen" }, "Machines that were seen and are not nodes"),
    h("thead", null, h("tr", null, ["Machine", "Address", "Hardware", "Last seen", ""].map((title, i) =>
      h("th", { scope: "col", class: (i === 2 || i === 3) && "wide" }, title || h("span", { class: "unseen" }, "Actions"))))),
    h("tbody", null, rows(items, machine => h("tr", { key: machine.mac },
      h("th", { scope: "row" }, h("a", { href: link(["machines", machine.mac]) }, h("code", null, machine.mac))),
      h("td", null, h("code", null, machine.ip)),
      h("td", { class: "wide hostile" }, machine.facts ? summary(machine.facts) : h("span", { class: "quiet" }, "not reported yet")),
      h("td", { class: "wide" }, machine.lastSeen && `${age(machine.lastSeen, now())} ago`),
      h("td", { class: "buttons" }, offered(machine).filter(({ title }) => title === "Enrol").map(action =>
        h("button", { type: "button", onclick: () => perform(action, machine, refresh).catch(failed) }, "Enrol", h("span", { class: "unseen" }, ` ${machine.mac}`))))), 5))));

const leased = (leases, rows) => h("section", null,
  h("h2", null, "Leases", h("span", { class: "quiet" }, ` ${count(leases.length)}`)),
  leases.length === 0 ? h("p", { class: "quiet" }, "No address is leased.") : h("table", null,
    h("caption", { class: "unseen" }, "Addresses that DHCP has leased"),
    h("thead", null, h("tr", null, ["Address", "MAC address", "Name", `Until (${zone()})`].map((title, i) => h("th", { scope: "col", class: (i === 1 || i === 3) && "wide" }, title)))),
    h("tbody", null, rows(leases, ({ address, mac, hostName, expiry }) => h("tr", { key: address },
      h("th", { scope: "row" }, h("code", null, address)),
      h("td", { class: "wide" }, h("code", null, mac)),
      h("td", null, h("a", { href: link(["machines", mac]), class: "hostile" }, hostName ?? mac)),
      h("td", { class: "wide" }, expiry ? clock(Date.parse(expiry), now()) : "never")), 4))));
