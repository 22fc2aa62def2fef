import { now, request } from "../api.js";
import { h, render } from "../dom.js";
import { age, count } from "../format.js";
import { link } from "../router.js";
import { badge } from "../states.js";

/** The cluster that the machines make together, as its own programs tell of it. @param {import("../page.js").Page} page */
export function open(page) {
  let known = null;
  const show = () => render(page.root,
    h("h1", { tabindex: -1 }, "Kubernetes"),
    known && (known.apiServers.length === 0
      ? h("p", { class: "quiet" }, "The description has no control plane.")
      : [apiServers(known), etcd(known), nodes(known), certificates(known)]));

  show();
  page.fresh({
    load: async () => {
      known = await request("/api/v1/kubernetes", { signal: page.signal });
      show();
    },
    wants: () => false,
    every: 10000,
  });
}

/** How it is, in one line. */
export const summaryOf = ({ apiServers, nodes, message }) => [
  `${count(healthy(apiServers).length)} of ${count(apiServers.length)} control planes`,
  message ? "nodes unknown" : `${count(ready(nodes).length)} of ${count(described(nodes).length)} nodes Ready`,
].join(", ");

const healthy = parts => parts.filter(({ state }) => state === "healthy" || state === "leader");
const ready = nodes => nodes.filter(({ state }) => state === "ready");
const described = list => list.filter(({ state }) => state !== "notDescribed");

/** What each state is called, and as what it counts: as a phase of machines does. */
const words = {
  healthy: ["running", "healthy"], leader: ["running", "leader"], ready: ["running", "Ready"],
  learner: ["stuck", "learner"], notDescribed: ["stuck", "not described"], unknown: ["stuck", "unknown"], renew: ["stuck", "not renewed"],
  unhealthy: ["failed", "unhealthy"], unreachable: ["failed", "unreachable"], noMember: ["failed", "no member"],
  notReady: ["failed", "not Ready"], missing: ["failed", "missing"],
  expired: ["failed", "expired"], early: ["failed", "not valid yet"], untrusted: ["failed", "not trusted"],
};

const of = (title, part, whole) => h("h2", null, title, h("span", { class: "quiet" }, ` ${count(part)} of ${count(whole)}`));

const table = (caption, titles, rows) => h("table", null,
  h("caption", { class: "unseen" }, caption),
  h("thead", null, h("tr", null, titles.map((title, i) => h("th", { scope: "col", class: i === 2 && "wide" }, title)))),
  h("tbody", null, rows));

const row = (name, state, third, message) => h("tr", { key: name },
  h("th", { scope: "row" }, name),
  h("td", null, badge(...words[state])),
  h("td", { class: "wide" }, third || "–"),
  h("td", { class: "hostile" }, message));

const machine = (name, state) => state === "notDescribed" ? name : h("a", { href: link(["machines", name]), class: "hostile" }, name);

const apiServers = ({ apiServers: servers }) => h("section", { key: "api servers" },
  of("API servers", healthy(servers).length, servers.length),
  table("API servers by control plane", ["Control plane", "State", "Version", "Remarks"], servers.map(({ name, state, version, notAfter, message }) =>
    row(machine(name, state), state, version, message ?? (notAfter && `certificate until ${notAfter.slice(0, 10)}`)))));

const etcd = ({ etcd: members }) => h("section", { key: "etcd" },
  of("etcd", healthy(members).length, described(members).length),
  table("Members of etcd", ["Member", "State", "Version", "Remarks"], members.map(({ name, state, version, message }) =>
    row(machine(name, state), state, version, message))));

function nodes({ nodes: all, version, message }) {
  const remarkable = all.filter(({ state, behind }) => state !== "unknown" && (state !== "ready" || behind));
  return h("section", { key: "nodes" },
    of("Nodes Ready", ready(all).length, described(all).length),
    message ? h("p", { class: "hostile" }, `They are unknown: ${message}`)
      : remarkable.length === 0 ? h("p", { class: "quiet" }, `All of them are Ready, of version ${version}.`)
      : table("Nodes that are not Ready, or not as described", ["Node", "State", "Kubelet", "Remarks"], remarkable.map(node =>
        row(machine(node.name, node.state), node.state, node.version, remarksOf(node, version)))));
}

const remarksOf = ({ state, behind, reason, message, since }, version) => [
  behind && `older than ${version}`,
  [reason, message].filter(Boolean).join(": "),
  state === "notReady" && since && `for ${age(since, now())}`,
].filter(Boolean).join("; ");

const certificates = ({ certificates: ending }) => ending.length > 0 && h("section", { key: "certificates" },
  h("h2", null, "Certificates", h("span", { class: "quiet" }, ` ${count(ending.length)}`)),
  h("p", { class: "quiet" }, "They have less than a third of their life left, or are of no use."),
  table("Certificates that somebody must do something about", ["Node", "State", "Until", "Certificate"], ending.map(({ node, name, ca, notAfter, health }) =>
    h("tr", { key: `${node} ${name} ${ca}` },
      h("th", { scope: "row" }, node),
      h("td", null, badge(...words[health])),
      h("td", { class: "wide" }, notAfter.slice(0, 10)),
      h("td", null, name === "root" ? `${ca} root` : name)))));
