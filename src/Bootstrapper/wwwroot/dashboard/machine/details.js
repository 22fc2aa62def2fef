// What operators note about a machine. Only what they changed is sent, so that two of them do not undo each other's.

import { part, query, request } from "../api.js";
import { ask, reason } from "../dialog.js";
import { say } from "../say.js";

const texts = [["providerId", "Provider ID"], ["cabinet", "Cabinet"], ["position", "Position"], ["bmc", "BMC address"]];
const maps = [["labels", "Labels"], ["metadata", "Metadata"]];

const lines = map => Object.entries(map ?? {}).map(([name, value]) => `${name}=${value}`).join("\n");

const entries = text => Object.fromEntries(text.split("\n").map(line => line.trim()).filter(Boolean).map(line => {
  const [name, ...value] = line.split("=");
  return [name.trim(), value.join("=").trim()];
}));

/** A merge patch (RFC 7396): what is null goes. */
export function patchOf(machine, values) {
  const patch = {};
  for (const [name] of texts.filter(([name]) => values[name].trim() !== (machine[name] ?? ""))) {
    patch[name] = values[name].trim() || null;
  }

  for (const [name] of maps) {
    const [before, after] = [machine[name] ?? {}, entries(values[name])];
    const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(key => before[key] !== after[key]);
    if (changed.length > 0) {
      patch[name] = Object.fromEntries(changed.map(key => [key, after[key] ?? null]));
    }
  }

  return patch;
}

export function editDetails(machine, refresh) {
  ask({
    title: `Details of ${machine.hostName}`,
    text: "Notes for operators and their programs. They do not change the machine's configuration.",
    verb: "Save",
    fields: [
      ...texts.map(([name, label]) => ({ name, label, value: machine[name] ?? "" })),
      ...maps.map(([name, label]) => ({ name, label, kind: /** @type {const} */ ("textarea"), value: lines(machine[name]), help: "One name=value per line." })),
      reason,
    ],
    act: async values => {
      try {
        await request(`/api/v1/nodes/${part(machine.mac)}${query({ reason: values.reason })}`, {
          method: "PATCH", type: "application/merge-patch+json", body: patchOf(machine, values), revision: machine.revision,
        });
        say(`${machine.hostName}: details saved`);
      } finally {
        refresh();
      }
    },
  });
}
