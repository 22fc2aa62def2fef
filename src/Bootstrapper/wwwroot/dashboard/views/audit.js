import { now, query, request } from "../api.js";
import { h, render } from "../dom.js";
import { clock, count, zone } from "../format.js";
import { link, replace } from "../router.js";
import { whole } from "../states.js";

const pageSize = 50;
const most = 1000; // rows on the page

/** @param {import("../page.js").Page} page */
export function open(page) {
  let node = page.place.query.get("node") ?? "";
  /** Newest first; `next` is where the older ones begin. */
  let [items, next, typed] = [null, null, 0];
  const show = () => render(page.root,
    h("h1", { tabindex: -1 }, "Audit trail"),
    h("form", { class: "filter", role: "search", onsubmit: event => event.preventDefault() }, h("div", { class: "field" },
      h("label", { for: "node" }, "Machine"),
      h("input", { id: "node", type: "search", value: node, oninput: choose, placeholder: "name, MAC address, serial", autocomplete: "off", spellcheck: "false" }))),
    items && table(items),
    next && items.length < most && h("p", null, h("button", { type: "button", onclick: () => older().catch(page.failed) }, "Older changes")));

  const read = before => request(`/api/v1/audit${query({ node, before, limit: pageSize })}`, { signal: page.signal });

  function choose(event) {
    clearTimeout(typed);
    typed = setTimeout(() => {
      node = event.target.value.trim();
      [items, next] = [null, null];
      replace(link(["audit"], { node }));
      refresh();
    }, 250);
  }

  /** Nothing where the list became another one meanwhile, or somebody pressed twice. */
  async function older() {
    const [asked, before] = [node, next];
    const found = await read(before);
    if (asked === node && before === next) {
      [items, next] = [[...items, ...found.items], found.next];
      show();
    }
  }

  show();
  const refresh = page.fresh({
    load: async () => {
      const [asked, newest] = [node, await read(null)];
      if (asked === node) {
        const known = new Set(newest.items.map(({ id }) => id));
        const overlaps = items?.some(({ id }) => known.has(id));
        [items, next] = overlaps ? [[...newest.items, ...items.filter(({ id }) => !known.has(id))].slice(0, most), next] : [newest.items, newest.next];
        show();
      }
    },
    wants: ({ kind }) => kind === "state",
  });
}

/** What was done to many machines at once, such as by an edit of the description, is one row. */
function folded(items) {
  const rows = [];
  for (const item of items) {
    const [last, what] = [rows.at(-1), whatOf(item)];
    const isSame = item.mac && last?.what === what && last.mac !== item.mac && last.author === item.author && last.reason === item.reason;
    isSame ? last.others.push(item) : rows.push({ ...item, what, others: [] });
  }

  return rows;
}

const whatOf = ({ node, subject }) => node ? subject.replace(node, "") : subject;

const table = items => h("table", { class: "audit" },
  h("caption", { class: "unseen" }, "Changes, the newest first"),
  h("thead", null, h("tr", null, [`Time (${zone()})`, "Author", "Change and reason"].map(title => h("th", { scope: "col" }, title)))),
  h("tbody", null,
    folded(items).map(({ id, at, author, authorKind, mac, subject, reason, others }) => h("tr", { key: id },
      h("td", { class: "time" }, h("a", { href: link(["audit", id]), title: `Commit ${id}` }, clock(Date.parse(at), now()))),
      h("td", { class: "author" }, h("span", { class: "hostile" }, author), h("span", { class: "quiet" }, ` ${authorKind}`)),
      h("td", { class: "hostile" },
        mac ? h("a", { href: link(["machines", mac]) }, whole(subject)) : subject,
        others.length > 0 && h("details", null,
          h("summary", { class: "quiet" }, `and ${count(others.length)} more machine${others.length === 1 ? "" : "s"} likewise`),
          h("p", null, others.map(other => [h("a", { href: link(["audit", other.id]) }, other.node ?? other.mac), " "]))),
        reason && h("p", { class: "quiet" }, reason)))),
    items.length === 0 && h("tr", { key: "none" }, h("td", { colspan: 3, class: "quiet" }, "No change is recorded."))));
