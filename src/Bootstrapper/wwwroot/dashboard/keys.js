// The keyboard beside Tab: / searches, the arrow keys go from row to row, and Enter opens what has the focus, as links do.

const typing = "input, textarea, select, [contenteditable]";

/** A row is gone to by its first link. */
const rows = () => [...document.querySelectorAll("main tbody tr, main .rows > li")].map(row => row.querySelector("a")).filter(Boolean);

/** @param {() => void} toSearch Goes to where one can search; from a page that has nothing of the kind. */
export function listen(toSearch) {
  addEventListener("keydown", event => {
    const isTyping = event.target.matches(typing);
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) {
      return;
    }

    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      searchField() ? searchField().focus() : toSearch();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (!isTyping || event.target.type === "search")) {
      step(event, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}

export const searchField = () => document.querySelector("main input[type=search]");

/** Where no row has the focus, and nothing that one searches in, the arrow keys scroll as always. */
function step(event, way) {
  const links = rows();
  const at = links.findIndex(link => link.closest("tr, li").contains(document.activeElement));
  const to = at >= 0 ? links[at + way] ?? (way < 0 ? searchField() : null) : event.target.type === "search" && way > 0 ? links[0] : null;
  if (to) {
    event.preventDefault();
    to.focus();
  }
}
