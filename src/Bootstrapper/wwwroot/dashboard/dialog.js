// Asks before something is done to a machine, and says why when it was not done.

import { h, render } from "./dom.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {"text" | "textarea" | "select" | "radio"} [kind]
 * @property {string} [value]
 * @property {string} [help]
 * @property {{value: string, text: string}[]} [options]
 */

/** Every change may say why; it goes into the audit trail. @type {Field} */
export const reason = { name: "reason", label: "Reason", help: "For the audit trail: why, or on whose behalf." };

/**
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text What will happen.
 * @param {string} question.verb The word on the button.
 * @param {Field[]} question.fields
 * @param {boolean} [question.danger] Whether something is lost by it.
 * @param {string} [question.name] What is typed to have done what was refused and can be forced; none where nobody may.
 * @param {(values: Record<string, string>, force: boolean) => Promise<void>} question.act When it throws, the dialog stays and shows why.
 */
export function ask({ title, text, verb, fields, danger = false, name, act }) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "question");
  let forcible = false; // what it was refused for can be forced
  const show = (problem, busy) => render(dialog, h("form", { onsubmit: submit },
    h("h2", { id: "question" }, title),
    h("p", null, text),
    fields.map(control),
    problem && h("p", { class: "problem", role: "alert" }, problem),
    forcible && control({ name: "typed", label: `Type ${name} to have it done all the same` }),
    h("p", { class: "buttons" },
      h("button", { type: "button", onclick: () => dialog.close() }, problem ? "Close" : "Cancel"),
      h("button", { type: "submit", class: danger ? "danger" : "main", disabled: busy }, verb))));

  async function submit(event) {
    event.preventDefault();
    const { typed, ...values } = Object.fromEntries(new FormData(event.target));
    if (forcible && typed.trim() !== name) {
      show(`Not done: expected ${name}, got ${typed.trim() || "nothing"}.`, false);
      return;
    }

    show(null, true);
    try {
      await act(values, forcible);
      dialog.close();
    } catch (error) {
      forcible = Boolean(name) && error.forcible;
      show(error.status === 412 ? `Not done: ${error.message}. The page behind shows it as it is now; check it, then repeat the action if it is still right.` : `Not done: ${error.message}`, false);
    }
  }

  dialog.addEventListener("close", () => dialog.remove());
  show(null, false);
  document.body.append(dialog);
  dialog.showModal(); // the browser moves the focus into it, keeps it there and gives it back afterwards
}

/** @param {Field} field */
function control(field) {
  const id = `field-${field.name}`;
  const help = field.help ? { "aria-describedby": `${id}-help` } : {};
  return h("div", { key: field.name, class: "field" },
    field.kind === "radio" ? radios(field) : [h("label", { for: id }, field.label), input(field, { id, name: field.name, ...help })],
    field.help && h("p", { id: `${id}-help`, class: "quiet" }, field.help));
}

function input({ kind = "text", value = "", options = [] }, common) {
  switch (kind) {
    case "textarea": return h("textarea", { ...common, rows: 4, spellcheck: "false", value });
    case "select": return h("select", { ...common, value }, options.map(option => h("option", { value: option.value }, option.text)));
    default: return h("input", { ...common, type: "text", autocomplete: "off", maxlength: 500, value });
  }
}

const radios = ({ name, label, value, options = [] }) => h("fieldset", null, h("legend", null, label), options.map(option =>
  h("label", null, h("input", { type: "radio", name, value: option.value, checked: option.value === value }), option.text)));
