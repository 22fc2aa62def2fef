// All machines at once: a tile for each, which has the colour and the shape of what it is doing. A tile is a link; of all of them one
// takes the focus (WAI-ARIA: roving tabindex), and the arrow keys lead to the others.

import { h } from "../dom.js";
import { count } from "../format.js";
import { link } from "../router.js";
import { inProgress, inTrouble } from "../states.js";

/** What somebody waits for, or has to look at. */
const telling = [...inTrouble, ...inProgress];

/** So few have room for their names. */
const mostNamed = 60;

/** In pixels, with the gap; smaller where there are more. */
const sizes = [[400, 24], [1500, 16], [Infinity, 11]];

/** Of a group's name. */
const letter = 7;

/**
 * @param {object} wall
 * @param {{name: string, machines: any[]}[]} wall.groups
 * @param {string} wall.current MAC address of the machine that takes the focus.
 * @param {(mac: string) => void} wall.choose Is told which one has taken it.
 * @param {(mac: string) => void} wall.point Is told which one the mouse is over.
 */
export function wall({ groups, current, choose, point }) {
  const all = groups.flatMap(({ machines }) => machines);
  const named = all.length <= mostNamed;
  const size = sizes.find(([most]) => all.length <= most)[1];
  const first = all.some(({ mac }) => mac === current) ? current : all[0]?.mac;
  return h("div", {
    class: named ? "wall named" : "wall",
    "--tile": `${size}px`,
    role: "group",
    "aria-label": `All machines, ${count(all.length)}: arrow keys lead from one to the next`,
    onkeydown: event => step(event, choose),
    onmouseover: event => event.target.dataset.mac && point(event.target.dataset.mac),
  }, groups.map(group => groupOf(group, { named, size, first, isOnly: groups.length === 1 })));
}

function groupOf({ name, machines }, { named, size, first, isOnly }) {
  const tiles = h("div", { class: isOnly ? "tiles all" : "tiles" }, machines.map(machine => tile(machine, named, machine.mac === first)));
  return isOnly ? tiles : h("div", { key: name, class: "group", role: "group", "aria-label": told(name, machines), ...room(name, machines.length, size) },
    h("p", { class: "quiet", "aria-hidden": "true" }, name || "none"), tiles);
}

/** What a group takes; on a phone, groups side by side share what is left of the page's width. */
function room(name, machines, size) {
  const columns = Math.min(machines, Math.max(5, Math.ceil(Math.sqrt(machines * 1.5))));
  return { "--width": `${Math.max(columns * size, name.length * letter)}px`, "--height": `${Math.ceil(machines / columns) * size}px` };
}

const told = (name, machines) => `${name || "none"}: ${count(machines.length)}, ${count(machines.filter(({ phase }) => phase === "running").length)} running`;

const tile = (machine, named, isFirst) => h("a", {
  key: machine.mac,
  class: machine.held ? `tile ${machine.phase} held` : `tile ${machine.phase}`,
  href: link(["machines", machine.mac]),
  "aria-label": nameOf(machine),
  "data-mac": machine.mac,
  tabindex: isFirst ? 0 : -1,
  "--done": machine.phase === "installing" ? `${machine.progress ?? 0}%` : undefined,
}, ...(named ? [machine.hostName, h("span", { class: "quiet" }, wordOf(machine))] : []));

/** What a sign beside a name does not say by itself. */
const wordOf = machine => telling.includes(machine.phase) ? ` ${doing(machine)}` : "";

const doing = ({ phase, progress }) => `${phase}${phase === "installing" && progress ? ` ${progress} %` : ""}`;

const nameOf = machine => `${machine.hostName}: ${doing(machine)}${machine.held ? ", held" : ""}`;

function step(event, choose) {
  const tiles = [...event.currentTarget.querySelectorAll("a")];
  const at = tiles.indexOf(document.activeElement);
  const to = at < 0 ? undefined : {
    ArrowRight: () => tiles[at + 1],
    ArrowLeft: () => tiles[at - 1],
    ArrowDown: () => nearest(tiles, at, 1),
    ArrowUp: () => nearest(tiles, at, -1),
    Home: () => tiles[0],
    End: () => tiles.at(-1),
  }[event.key]?.();
  if (to) {
    event.preventDefault();
    to.focus();
    choose(to.dataset.mac);
  }
}

/** The tile above or below: the one that stands closest, to the side counting twice. */
function nearest(tiles, at, way) {
  const from = tiles[at].getBoundingClientRect();
  let [best, least] = [undefined, Infinity];
  for (const tile of tiles) {
    const { left, top } = tile.getBoundingClientRect();
    const [down, far] = [(top - from.top) * way, Math.abs(top - from.top) + 2 * Math.abs(left - from.left)];
    if (down > 2 && far < least) {
      [best, least] = [tile, far];
    }
  }

  return best;
}
