// Which view stands at which address.

import { open as audit } from "./views/audit.js";
import { open as change } from "./views/change.js";
import { open as description } from "./views/description.js";
import { open as images } from "./views/images.js";
import { open as kubernetes } from "./views/kubernetes.js";
import { open as machine } from "./views/machine.js";
import { open as machines } from "./views/machines.js";
import { open as network } from "./views/network.js";
import { open as nowhere } from "./views/nowhere.js";
import { open as overview } from "./views/overview.js";

/**
 * @typedef {(page: import("./page.js").Page) => void | ((place: import("./router.js").Place) => void)} Open
 * Shows the view; may return how it takes another query.
 */

/** `within`: the views of one thing of the list. @type {Record<string, {title: string, open: Open, least?: "operator", within?: {title: string, open: Open}}>} */
export const views = {
  "": { title: "Overview", open: overview },
  machines: { title: "Machines", open: machines, within: { title: "Machine", open: machine } },
  network: { title: "Network", open: network },
  kubernetes: { title: "Kubernetes", open: kubernetes },
  images: { title: "Images", open: images },
  audit: { title: "Audit trail", open: audit, within: { title: "Change", open: change } },
  description: { title: "Description", open: description, least: "operator" },
};

/** @param {string[]} path @returns {{title: string, open: Open}} */
export function viewAt([name, thing, ...more]) {
  const view = Object.hasOwn(views, name) ? views[name] : undefined;
  return (more.length > 0 ? undefined : thing ? view?.within : view) ?? { title: "Page not found", open: nowhere };
}
