import { now, request } from "../api.js";
import { h, render } from "../dom.js";
import { clock, count, zone } from "../format.js";
import { badge } from "../states.js";

/** @param {import("../page.js").Page} page */
export function open(page) {
  let [releases, images] = [null, null];
  const show = () => render(page.root,
    h("h1", { tabindex: -1 }, "Images"),
    releases && operatingSystems(releases),
    images && containerImages(images));

  show();
  page.fresh({
    load: async () => {
      [releases, images] = await Promise.all(["/api/v1/releases", "/api/v1/images"].map(path => request(path, { signal: page.signal })));
      show();
    },
    wants: () => false,
    every: 5000,
  });
}

const time = at => at ? clock(Date.parse(at), now()) : "–";

const operatingSystems = releases => h("section", null,
  h("h2", null, "Operating system releases"),
  h("table", null,
    h("caption", { class: "unseen" }, "Releases by channel"),
    h("thead", null, h("tr", null, ["Channel", "State", "Current", "Kept", `Checked (${zone()})`, "Next check"].map((title, i) => h("th", { scope: "col", class: i > 2 && "wide" }, title)))),
    h("tbody", null, releases.map(release => [
      h("tr", { key: release.channel },
        h("th", { scope: "row" }, h("code", null, release.channel)),
        h("td", null, readiness(release.ready, "complete", "not complete")),
        h("td", null, release.current ?? "–"),
        h("td", { class: "wide" }, release.versions?.join(", ") || "–"),
        h("td", { class: "wide" }, time(release.looked)),
        h("td", { class: "wide" }, time(release.next))),
      (release.missing || release.failure) && h("tr", { key: `${release.channel} trouble`, class: "trouble" }, h("td", { colspan: 6 },
        release.missing && [
          h("p", { class: "hostile" }, "Missing: ", h("code", null, release.missing)),
          h("p", null, "Run ", h("code", null, "bootstrapper fetch os"), ", or set ", h("code", null, "os.update.enabled"), "."),
        ],
        release.failure && h("p", { class: "hostile" }, `The last check failed: ${release.failure}`))),
    ]))));

const readiness = (ready, yes, no) => ready ? badge("running", yes) : badge("failed", no);

/** How many of those that the archives hold have come where nodes get them; no word of all of them where others are missing. */
export const arrivedOf = ({ ready, arrived, total, missing, problems }) => total > 0 && arrived === total && missing.length > 0 ? ""
  : total > 0 ? `${count(arrived)} of ${count(total)} are in the registry`
  : ready || problems.length > 0 ? "images/ holds no archive"
  : "images/ is not read yet";

/** Nodes get what is there, and will ask for more. */
export const isDegraded = ({ ready, missing }) => ready && missing.length > 0;

const containerImages = ({ problems, missing, ...images }) => h("section", null,
  h("h2", null, "Container images"),
  h("p", null, isDegraded({ missing, ...images }) ? badge("stuck", "degraded") : readiness(images.ready, "ready", "not ready"), ` ${arrivedOf({ problems, missing, ...images }) || `Nodes will ask for ${count(missing.length)} more than are in the registry`}.`),
  list("Problems", problems),
  list("Missing", missing, ["Run ", h("code", null, "bootstrapper fetch images"), "."]));

const list = (title, lines, remedy) => lines.length > 0 && h("div", { key: title },
  h("h3", null, title, h("span", { class: "quiet" }, ` ${count(lines.length)}`)),
  remedy && h("p", { class: "quiet" }, remedy),
  h("ul", { class: "lines" }, lines.map(line => h("li", { key: line, class: "hostile" }, h("code", null, line)))));
