import { request } from "../api.js";
import { h, render } from "../dom.js";
import { counted } from "../format.js";

/** The file that operators write, and what is wrong with it. @param {import("../page.js").Page} page */
export function open(page) {
  let found = null;
  const show = () => render(page.root,
    h("h1", { tabindex: -1 }, "Description"),
    found && [
      h("p", null, h("code", null, "cluster-desc.yml"), found.inForce ? " as it is on disk is in force." : h("strong", null, " as it is on disk is not in force: the last valid one stays in force until this one is fixed.")),
      problems(found.problems),
      source(found),
    ]);

  show();
  page.fresh({
    load: async () => {
      found = await request("/api/v1/description", { signal: page.signal });
      show();
    },
    wants: () => false,
    every: 3000, // about as long as it takes until a change is in force
  });
}

const sentence = ({ severity, path, message }) => `${severity}: ${path ? `${path}: ` : ""}${message}`;

/** Most are in the file that is shown; some are in one that stands beside it. */
const isHere = ({ file }) => file === undefined;

const problems = list => list.length > 0 && h("section", null,
  h("h2", null, counted(list.length, "problem")),
  h("ul", { class: "rows" }, list.map(problem => h("li", { class: problem.severity },
    problem.line === undefined ? null : isHere(problem) ? h("button", { type: "button", class: "link", onclick: () => goTo(problem.line) }, `${problem.line}:${problem.column}`) : h("code", null, `${problem.file}:${problem.line}:${problem.column}`), " ", h("span", { class: "hostile" }, sentence(problem))))));

function goTo(line) {
  const mark = document.getElementById(`line-${line}`);
  mark?.scrollIntoView({ block: "center" });
  mark?.focus();
}

/** Line by line, and under each what is wrong with it, at its column. */
const source = ({ text, problems }) => h("pre", { tabindex: 0, class: "source", "aria-label": "cluster-desc.yml" }, text.replace(/\n$/, "").split("\n").map((line, i) => {
  const wrong = problems.filter(problem => isHere(problem) && problem.line === i + 1);
  return h("span", { key: i, id: `line-${i + 1}`, tabindex: -1, class: wrong.length > 0 ? `line ${wrong[0].severity}` : "line" },
    h("span", { class: "number" }, String(i + 1)), h("code", null, `${line}\n`),
    wrong.map(problem => h("span", { class: `mark ${problem.severity}` }, `${" ".repeat(Math.max(0, problem.column - 1))}^ ${sentence(problem)}\n`)));
}));
