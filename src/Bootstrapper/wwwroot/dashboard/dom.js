// A view says what should stand on the page; render changes only what differs. So focus, selection and open details survive that the
// data behind them is new. Text stays text: what machines say of themselves has no way from here into markup.

const svg = "http://www.w3.org/2000/svg";

/** What the person at the page may have changed meanwhile: set when we want another value than before, and else left alone. */
const properties = new Set(["value", "checked", "open", "selected"]);

/** The properties that each element was last rendered with. @type {WeakMap<Node, Record<string, any>>} */
const rendered = new WeakMap();

/**
 * @typedef {{tag: string, props: Record<string, any>, children: Child[]}} Wanted
 * @typedef {Wanted | string | number | null | undefined | false | Child[]} Child
 */

/**
 * An element that should be there. `key` in its properties tells it from its siblings when their order changes; `on…` are
 * listeners, `--…` properties of its style.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...Child} children
 * @returns {Wanted}
 */
export const h = (tag, props, ...children) => ({ tag, props: props ?? {}, children });

/** Makes the children of an element what they should be. @param {Element} parent @param {...Child} children */
export function render(parent, ...children) {
  const wanted = children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false && child !== "");
  const kept = new Set(wanted.map(keyOf));
  const keyed = new Map();
  for (const node of [...parent.childNodes]) {
    const key = rendered.get(node)?.key;
    if (key !== undefined) {
      kept.has(key) ? keyed.set(key, node) : node.remove();
    }
  }

  let at = parent.firstChild;
  for (const child of wanted) {
    const old = keyOf(child) === undefined ? at : keyed.get(keyOf(child));
    const node = old && fits(old, child) ? old : create(parent, child);
    node === at ? at = at.nextSibling : parent.insertBefore(node, at);
    update(node, child);
  }

  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const keyOf = child => child.props?.key;

const fits = (node, child) => child.tag === undefined
  ? node.nodeType === Node.TEXT_NODE
  : node.localName === child.tag && rendered.get(node)?.key === keyOf(child);

function create(parent, { tag }) {
  return tag === undefined ? document.createTextNode("")
    : tag === "svg" || parent.namespaceURI === svg ? document.createElementNS(svg, tag)
    : document.createElement(tag);
}

function update(node, child) {
  if (child.tag === undefined) {
    if (node.data !== String(child)) {
      node.data = String(child);
    }

    return;
  }

  if (child.children.length > 0 || node.firstChild) { // most have none: a wall of them is drawn in a blink
    render(node, child.children); // before the properties: a select has its value only when it has its options
  }

  const before = rendered.get(node) ?? {};
  for (const name in child.props) {
    before[name] !== child.props[name] && name !== "key" && set(node, name, child.props[name]);
  }

  for (const name in before) {
    name in child.props || set(node, name, undefined);
  }

  rendered.set(node, child.props);
}

function set(node, name, value) {
  if (name.startsWith("--")) {
    node.style.setProperty(name, value ?? null); // by itself, for the policy forbids the attribute style
  } else if (name.startsWith("on") || properties.has(name)) {
    node[name] = value ?? null;
  } else if (value === null || value === undefined || value === false) {
    node.removeAttribute(name);
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}
