import { now, request } from "../api.js";
import { h, render } from "../dom.js";
import { age } from "../format.js";
import { curve, expected, rolloutOf } from "../overview/curve.js";
import { groupsOf, waysOf } from "../overview/groups.js";
import { countsOf, headline } from "../overview/headline.js";
import { going, trouble } from "../overview/now.js";
import { parts } from "../overview/parts.js";
import { wall } from "../overview/wall.js";
import { link, replace } from "../router.js";
import { badge, inProgress, remarks } from "../states.js";

/** Is it going well? @param {import("../page.js").Page} page */
export function open(page) {
  const known = { machines: null, cluster: null, images: null, kubernetes: null };
  let [way, current, pointed] = [page.place.query.get("by") ?? undefined, "", ""];
  const show = () => render(page.root,
    h("h1", { tabindex: -1 }, "Overview"),
    known.machines && all(known.machines),
    known.cluster && h("div", { key: "parts", class: "parts" }, parts(known.cluster, known.images, known.kubernetes)));
  page.root.classList.add("overview");

  function all(machines) {
    const nodes = machines.filter(({ phase }) => phase !== "discovered"); // others are no part of the rollout
    const [counts, rollout, ways] = [countsOf(machines), rolloutOf(nodes, now()), waysOf(machines)];
    const chosen = ways.includes(way) ? way : ways[0];
    const underway = inProgress.reduce((sum, phase) => sum + counts[phase], 0);
    return [
      headline(counts, machines.filter(({ held }) => held).length, nodes.length, expected(nodes, rollout.end, now())),
      h("div", { key: "now", class: "now" }, trouble(machines), going(machines)),
      h("div", { key: "wall", class: "all" },
        h("div", { class: "pointed" }, by(ways, chosen), h("p", { key: "pointed", "aria-hidden": "true" }, pointedAt(machines.find(({ mac }) => mac === (pointed || current))))),
        wall({ groups: groupsOf(machines, chosen), current, choose, point }),
        curve(rollout, underway, now())),
    ];
  }

  const by = (ways, chosen) => ways.length > 0 && h("label", { key: "by" }, "By ",
    h("select", { value: chosen, onchange: event => regroup(event.target.value) }, ways.map(name => h("option", { key: name, value: name }, name))));

  function regroup(name) {
    way = name;
    replace(link([""], { by: name }));
    show();
  }

  function choose(mac) {
    if (mac !== current) {
      current = pointed = mac;
      show();
    }
  }

  function point(mac) {
    pointed = mac;
    render(page.root.querySelector(".pointed > p"), pointedAt(known.machines.find(machine => machine.mac === mac)));
  }

  const learn = (name, path) => async () => {
    known[name] = await request(path, { signal: page.signal });
    show();
  };

  show();
  page.fresh({ load: learn("machines", "/api/v1/wall"), every: 5000 }); // the time that is left goes down without an event
  page.fresh({ load: learn("cluster", "/api/v1/cluster"), wants: ({ kind }) => kind === "service" });
  page.fresh({ load: learn("images", "/api/v1/images"), wants: () => false });
  page.fresh({ load: learn("kubernetes", "/api/v1/kubernetes"), wants: () => false, every: 15000 });
}

/** Who has no pointer is told it by the link itself. */
const pointedAt = machine => machine
  ? [machine.hostName, " ", badge(machine.phase), remarks(machine), h("span", { class: "quiet" }, ` for ${age(machine.since, now())} `), machine.cause]
  : h("span", { class: "quiet" }, "Each tile is a machine.");
