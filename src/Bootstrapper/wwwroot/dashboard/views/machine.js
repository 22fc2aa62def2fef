import { now, part, request } from "../api.js";
import { offered, perform } from "../actions.js";
import { h, render } from "../dom.js";
import { age, moment } from "../format.js";
import { showConfigs } from "../machine/configs.js";
import { editDetails } from "../machine/details.js";
import { factList } from "../machine/facts.js";
import { History } from "../machine/history.js";
import { eventList, pictures } from "../machine/timeline.js";
import { progressBar } from "../progress.js";
import { link } from "../router.js";
import { may } from "../session.js";
import { badge, remarks } from "../states.js";

/** One machine, by whatever name it has. @param {import("../page.js").Page} page */
export function open(page) {
  const called = page.place.path[1];
  const hidden = new Set();
  let [machine, why, history] = [null, { findings: [] }, null];
  const [head, run, configs, timeline] = sections(page.root);

  const showHead = () => render(head,
    h("h1", { tabindex: -1, class: "hostile" }, machine?.hostName ?? called),
    machine && [why.findings.map(found => finding(found, machine)), standing(machine), buttons(machine, refreshAll, page.failed), factList({ ...machine, power: why.power })]);

  function showTimeline() {
    if (history) {
      render(run, pictures(history.events, run.clientWidth));
      render(timeline,
        h("h2", null, "Timeline"),
        eventList({ events: history.events, hidden, toggle, older: history.hasOlder ? older : null }));
    }
  }

  function toggle(kind) {
    hidden.delete(kind) || hidden.add(kind);
    showTimeline();
  }

  function older() {
    history.readOlder().then(showTimeline).catch(page.failed);
  }

  async function load() {
    machine = await request(`/api/v1/nodes/${part(called)}`, { signal: page.signal });
    page.name(`${machine.hostName} · Machines`);
    showHead();
    if (history === null) {
      readFindings();
      history = new History(machine.mac, page.signal);
      machine.planned && may("operator") && showConfigs(configs, { mac: machine.mac, signal: page.signal, failed: page.failed });
      readTimeline();
    }
  }

  /** Not waited for: a BMC that does not answer takes its time. */
  const readFindings = () => {
    refreshFindings = page.fresh({
      load: async () => {
        why = await request(`/api/v1/nodes/${part(machine.mac)}/why`, { signal: page.signal });
        showHead();
      },
      wants: isOurs,
      every: 5000,
    });
  };

  let refreshFindings = () => {};
  const refreshAll = () => [refresh, refreshFindings].forEach(again => again());

  const isOurs = seen => seen.mac === machine?.mac;

  /** Once in a while it is read again: who is too slow for the stream misses some of it. */
  const readTimeline = () => page.fresh({
    load: async () => {
      await history.renew();
      showTimeline();
    },
    wants: () => false,
    every: 60_000,
  });
  page.feed.addEventListener("seen", ({ detail }) => history?.add(detail.filter(isOurs)) && showTimeline(), { signal: page.signal });

  showHead();
  const refresh = page.fresh({ load, wants: seen => machine === null || isOurs(seen), every: 5000 });
  const resized = new ResizeObserver(showTimeline);
  resized.observe(run);
  page.signal.addEventListener("abort", () => resized.disconnect());
}

/** Each is rendered by itself: they change at different times. */
function sections(root) {
  render(root, h("div", { key: "head" }), h("section", { key: "run" }), h("section", { key: "configs" }), h("section", { key: "timeline", class: "timeline" }));
  return root.children;
}

const standing = machine => h("p", { class: "standing" },
  badge(machine.phase),
  h("span", null, `${machine.phase === machine.state ? "" : `${machine.state} `}since ${moment(Date.parse(machine.since), now())}, for ${age(machine.since, now())}`),
  remarks(machine),
  machine.state === "installing" && progressBar(machine));

const leads = { failed: "Failed: ", stuck: "Stuck: ", configured: "Not booted yet: " };

/** One that has not been switched on is told so, and has no fault. */
const finding = ({ rule, reason, remedy }, { phase }) => h("div", { key: rule, class: `finding ${phase}` },
  h("p", { class: "hostile" }, leads[phase] && h("strong", null, leads[phase]), `${reason}.`),
  h("p", null, remedy));

const buttons = (machine, refresh, failed) => h("p", { class: "buttons" },
  offered(machine).map(action => h("button", { key: action.title, type: "button", class: action.danger && "danger", onclick: () => perform(action, machine, refresh).catch(failed) }, action.title)),
  may("operator") && h("button", { key: "details", type: "button", onclick: () => editDetails(machine, refresh) }, "Edit details"),
  h("a", { key: "audit", href: link(["audit"], { node: machine.mac }) }, "Audit trail of this machine"));
