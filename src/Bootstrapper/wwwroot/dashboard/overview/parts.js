// The cluster that the machines make, and the parts of the bootstrapper, a line each: how it is, and where to read more.

import { h } from "../dom.js";
import { bytes, count, counted } from "../format.js";
import { link } from "../router.js";
import { may } from "../session.js";
import { badge } from "../states.js";
import { arrivedOf, isDegraded } from "../views/images.js";
import { summaryOf } from "../views/kubernetes.js";

/** Where more is told of a part. */
const places = { kubernetes: ["kubernetes"], description: ["description"], releases: ["images"], images: ["images"] };

/** @param {any} cluster @param {any} images @param {any} kubernetes */
export function parts(cluster, images, kubernetes) {
  const rows = cluster.parts.map(part => ({ ...part, text: textOf(part, cluster) }));
  images && rows.every(({ name }) => name !== "images") && rows.push({ name: "images", ready: images.ready, degraded: isDegraded(images), detail: images.problems });
  return h("section", { key: "parts" },
    h("h2", null, "Parts"),
    h("ul", { class: "rows" }, kubernetes?.apiServers.length > 0 && row({
      name: "kubernetes", ready: kubernetes.healthy, degraded: false, detail: [], text: summaryOf(kubernetes),
    }), rows.map(part => row(part.name === "images" && images ? { ...part, text: imagesOf(images) } : part))));
}

const row = ({ name, ready, degraded, detail, text = "" }) => h("li", { key: name, class: "part" },
  badge(...(degraded ? ["stuck", "degraded"] : ready ? ["running", "ready"] : ["failed", "not ready"])),
  h("span", { class: "line", title: detail.join("\n") },
    places[name] && (name !== "description" || may("operator")) ? h("a", { href: link(places[name]) }, name) : name,
    text && h("span", { class: "quiet hostile" }, ` ${text}`)));

const textOf = ({ name, detail }, cluster) => name === "disk" ? `${bytes(cluster.diskFree)} free of ${bytes(cluster.diskSize)}`
  : detail.length > 1 ? `${counted(detail.length, "problem")}, the first one: ${detail[0]}`
  : detail[0];

const imagesOf = ({ missing, problems, ...images }) => [
  problems.length > 0 && counted(problems.length, "problem"),
  missing.length > 0 && `${count(missing.length)} missing`,
  arrivedOf({ missing, problems, ...images }),
].filter(Boolean).join(", ");
