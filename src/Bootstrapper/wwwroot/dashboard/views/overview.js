import { request } from "../api.js";
import { diagnose } from "../diagnosis.js";
import { h, render } from "../dom.js";
import { bytes, count, counted } from "../format.js";
import { progressBar } from "../progress.js";
import { link } from "../router.js";
import { badge, sign, states } from "../states.js";

const mostInstalling = 20;

/** @param {import("../page.js").Page} page */
export function open(page) {
  const known = { cluster: null, installing: null, stuck: null, releases: null, images: null };
  const show = () => render(page.root,
    h("h1", { tabindex: -1 }, "Overview"),
    known.cluster && counts(known.cluster),
    h("div", { class: "columns" },
      h("div", null, installing(known.installing), stuck(known.stuck)),
      h("div", null, parts(known.cluster), disk(known.cluster), releases(known.releases), images(known.images))));
  const learn = (name, path) => async () => {
    known[name] = await request(path, { signal: page.signal });
    show();
  };

  show();
  page.fresh({ load: learn("cluster", "/api/v1/cluster"), wants: ({ kind }) => kind === "state" || kind === "service" });
  page.fresh({
    load: learn("installing", `/api/v1/nodes?state=installing&sort=since&limit=${mostInstalling}`),
    wants: ({ kind }) => kind === "state" || kind === "progress",
    every: 5000, // the time that is left goes down without an event
  });
  page.fresh({
    load: async () => {
      known.stuck = await diagnose(page.signal);
      show();
    },
    wants: ({ kind, text }) => kind === "state" && text.includes("failed"),
  });
  page.fresh({ load: learn("releases", "/api/v1/releases"), wants: () => false });
  page.fresh({ load: learn("images", "/api/v1/images"), wants: () => false });
}

function counts({ nodes }) {
  const total = states.reduce((sum, state) => sum + nodes[state], 0);
  return h("section", { class: "counts", "aria-label": "Machines by state" },
    h("ul", null, states.map(state => h("li", null,
      h("a", { href: link(["machines"], { state }), class: `count ${state}` },
        h("span", { class: "number" }, count(nodes[state])), " ", h("span", null, sign(state), state))))),
    total > 0 && share(nodes, total));
}

/** The same as one bar. */
function share(nodes, total) {
  let left = 0;
  return h("svg", { class: "share", viewBox: "0 0 1000 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    states.filter(state => nodes[state] > 0).map(state => {
      const width = nodes[state] / total * 1000;
      left += width;
      return h("rect", { key: state, class: state, x: left - width, y: 0, width, height: 6 });
    }));
}

const installing = page => page && h("section", null,
  h("h2", null, "Being installed", h("span", { class: "quiet" }, ` ${count(page.total)}`)),
  page.total === 0 ? h("p", { class: "quiet" }, "Nothing is being installed.") : h("ul", { class: "rows" }, page.items.map(machine =>
    h("li", { key: machine.mac, class: "row" },
      h("a", { href: link(["machines", machine.mac]) }, machine.hostName),
      progressBar(machine),
      machine.tries > 1 && h("span", { class: "remark" }, `try ${machine.tries}`)))),
  page.total > page.items.length && h("p", null, h("a", { href: link(["machines"], { state: "installing" }) }, `All ${count(page.total)}`)));

const stuck = found => found && h("section", null,
  h("h2", null, "Failed or stuck"),
  found.length === 0 ? h("p", { class: "quiet" }, "No machine has failed or is stuck.") : h("ul", { class: "rows" }, found.map(({ machine, findings }) =>
    h("li", { key: machine.mac, class: "stuck" },
      h("p", null, h("a", { href: link(["machines", machine.mac]) }, machine.hostName), " ", badge(machine.state)),
      findings.map(({ reason }) => h("p", { class: "hostile" }, `${reason}.`))))),
  found.more > 0 && h("p", null, h("a", { href: link(["machines"], { state: "failed" }) }, `${counted(found.more, "more machine")} failed`)));

const parts = cluster => cluster && h("section", null,
  h("h2", null, "Parts"),
  h("ul", { class: "rows" }, cluster.parts.map(({ name, ready, degraded, detail }) => h("li", { key: name, class: "part" },
    h("span", { class: ready ? "state running" : "state failed" }, h("span", { class: "sign", "aria-hidden": "true" }, ready ? "●" : "✕"), degraded ? "degraded" : ready ? "ready" : "not ready"),
    h("span", null, name),
    detail.length > 0 && h("ul", { class: "detail" }, detail.map(line => h("li", { class: "hostile" }, line)))))));

const disk = cluster => cluster && h("section", null,
  h("h2", null, "Disk of the data root"),
  h("p", null, h("progress", { max: cluster.diskSize, value: cluster.diskSize - cluster.diskFree, "aria-label": "Disk in use" }),
    ` ${bytes(cluster.diskFree)} free of ${bytes(cluster.diskSize)}`));

const releases = found => found && h("section", null,
  h("h2", null, h("a", { href: link(["images"]) }, "Releases")),
  h("ul", { class: "rows" }, found.map(({ channel, ready, current, missing }) => h("li", { key: channel },
    h("code", null, channel), " ", ready ? current : h("span", { class: "hostile" }, `not complete: ${missing}`)))));

const images = found => found && h("section", null,
  h("h2", null, h("a", { href: link(["images"]) }, "Container images")),
  h("p", null, `${count(found.arrived)} of ${count(found.total)} are in the registry`, found.missing.length > 0 && `, ${counted(found.missing.length, "image")} missing`, "."));
