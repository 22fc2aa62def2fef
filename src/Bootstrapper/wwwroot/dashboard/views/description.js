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
      found.text && source(found),
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

/** Lines with which nothing is wrong are one block, however many; under each other one stands what is wrong, at its column. */
function source({ text, problems }) {
  const lines = text.replace(/\n$/, "").split("\n");
  const wrong = [...new Set(problems.filter(isHere).map(({ line }) => line))].filter(line => line <= lines.length).sort((a, b) => a - b);
  const blocks = [];
  let from = 1;
  for (const line of [...wrong, lines.length + 1]) {
    line > from && blocks.push(block(lines, from, line - 1));
    line <= lines.length && blocks.push(block(lines, line, line, problems.filter(problem => isHere(problem) && problem.line === line)));
    from = line + 1;
  }

  return h("pre", { tabindex: 0, class: "source", "aria-label": "cluster-desc.yml" }, blocks);
}

const block = (lines, from, to, wrong = []) => h("div", { key: from, id: `line-${from}`, tabindex: -1, class: wrong.length > 0 ? `line ${wrong[0].severity}` : "line" },
  h("span", { class: "number" }, Array.from({ length: to - from + 1 }, (_, i) => `${from + i}\n`).join("")),
  h("code", null, lines.slice(from - 1, to).map(line => `${line}\n`).join("")),
  wrong.map(problem => h("span", { class: `mark ${problem.severity}` }, `${" ".repeat(Math.max(0, problem.column - 1))}^ ${sentence(problem)}\n`)));
