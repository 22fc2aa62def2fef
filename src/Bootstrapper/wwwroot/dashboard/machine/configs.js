// The files that a machine gets, with what is secret masked. Read when somebody wants to see them: they are long.

import { part, request } from "../api.js";
import { copyButton } from "../copy.js";
import { h, render } from "../dom.js";

/** @param {Element} root @param {{mac: string, signal: AbortSignal, failed: (error: Error) => void}} options */
export function showConfigs(root, { mac, signal, failed }) {
  let configs = null;
  const show = () => render(root, h("details", { class: "configs", ontoggle: event => event.target.open && configs === null && load() },
    h("summary", null, h("h2", null, "Configuration")),
    configs === null ? h("p", { class: "quiet" }, "Reading…") : configs.map(config)));

  async function load() {
    try {
      configs = (await request(`/api/v1/nodes/${part(mac)}/configs`, { signal })).items;
      show();
    } catch (error) {
      signal.aborted || failed(error);
    }
  }

  show();
}

const config = ({ name, text }) => h("details", { key: name },
  h("summary", null, h("code", null, name)),
  copyButton(name, text),
  h("pre", { tabindex: 0, "aria-label": name }, text));
