import { h, render } from "../dom.js";
import { signIn } from "../session.js";

/** @param {Element} root @param {() => void} done @param {string} [why] Why somebody who was signed in is here again. */
export function showSignIn(root, done, why = "") {
  const show = (problem, busy) => render(root, h("form", { class: "signin", onsubmit: submit },
    h("h1", { tabindex: -1 }, "Sign in"),
    h("p", null, "With the token from ", h("code", null, "admin.token"), " in the data root, or from your file in ", h("code", null, "operators/"), "."),
    h("label", { for: "token" }, "Token"),
    h("input", { id: "token", name: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true }),
    problem && h("p", { class: "problem", role: "alert" }, problem),
    h("p", { class: "buttons" }, h("button", { type: "submit", class: "main", disabled: busy }, "Sign in")),
    h("p", { class: "quiet" }, "It signs you in for 12 hours, in all tabs of this browser. A browser with a client certificate of this cluster needs none.")));

  async function submit(event) {
    event.preventDefault();
    const given = new FormData(event.target).get("token").trim();
    show("", true);
    try {
      await signIn(given) ? done() : show("Invalid token.", false);
    } catch (error) {
      show(error.message, false);
    }
  }

  show(why, false);
  root.querySelector("input").focus();
}
