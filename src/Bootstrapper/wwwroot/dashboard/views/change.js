import { now, part, request } from "../api.js";
import { copyButton } from "../copy.js";
import { h, render } from "../dom.js";
import { moment } from "../format.js";
import { link } from "../router.js";

/** One commit of the audit trail. @param {import("../page.js").Page} page */
export function open(page) {
  const id = page.place.path[1];
  const show = change => render(page.root,
    h("h1", { tabindex: -1 }, "Change"),
    change && [
      h("p", { class: "hostile" }, change.mac ? h("a", { href: link(["machines", change.mac]) }, change.subject) : change.subject),
      h("dl", { class: "facts" },
        h("dt", null, "Time"), h("dd", null, moment(Date.parse(change.at), now())),
        h("dt", null, "Author"), h("dd", { class: "hostile" }, `${change.author}, ${change.authorKind}`),
        change.reason && [h("dt", null, "Reason"), h("dd", { class: "hostile" }, change.reason)],
        h("dt", null, "Commit"), h("dd", null, h("code", { class: "hostile" }, change.id), " ", copyButton("commit", change.id))),
      h("pre", { tabindex: 0, class: "diff", "aria-label": "Changes in the file" }, change.diff.split("\n").map(line => h("span", { class: kindOf(line) }, `${line}\n`))),
    ]);

  show(null);
  request(`/api/v1/audit/${part(id)}`, { signal: page.signal }).then(show).catch(page.failed);
}

/** The names of the files begin as what was added and removed. */
const kindOf = line => /^(\+\+\+|---) /.test(line) ? "where" : kinds[line[0]];

const kinds = { "+": "added", "-": "removed", "@": "where" };
