// What operators do with a machine. Each is offered where role and state allow it; the server has the last word.

import { part, request } from "./api.js";
import { ask, reason } from "./dialog.js";
import { say } from "./say.js";
import { may } from "./session.js";

/**
 * @typedef {object} Action
 * @property {string} title
 * @property {"operator" | "admin"} least The smallest role that may.
 * @property {(machine: any) => boolean} offered
 * @property {boolean} [danger]
 * @property {(machine: any) => Promise<object> | object} question What dialog.js asks, but for `act`.
 * @property {(machine: any, values: Record<string, string>, force: boolean) => Promise<void>} send
 */

const post = (machine, verb, body) =>
  request(`/api/v1/nodes/${part(machine.mac)}/${verb}`, { method: "POST", body, revision: machine.revision });

/** What its BMC does at once. @returns {Action} */
const power = (change, title, text) => ({
  title,
  least: "admin",
  offered: machine => Boolean(machine.bmcProtocol),
  danger: change !== "on",
  question: machine => ({ text: text(machine), fields: [reason] }),
  send: (machine, { reason }, force) => post(machine, "power", { power: change, reason, force }),
});

/** @type {Action[]} */
const actions = [
  {
    title: "Enrol",
    least: "operator",
    offered: machine => machine.state === "discovered" && !machine.planned,
    question: async machine => ({
      text: `${machine.hostName} becomes a node of the cluster, and is installed when it next boots from the network.`,
      fields: [
        { name: "hostName", label: "Host name", value: machine.hostName },
        { name: "profile", label: "Profile", kind: "select", options: await profiles() },
        reason,
      ],
    }),
    send: (machine, { hostName, profile, reason }) => post(machine, "enrol", { hostName: hostName || null, profile: profile || null, reason }),
  },
  {
    title: "Reinstall",
    least: "operator",
    offered: machine => machine.planned && !machine.held,
    danger: true,
    question: machine => ({
      text: `${machine.hostName} is installed again when it next boots from the network, and gets new certificates. All data on its system disk is lost.`,
      fields: [may("admin") && wipe, may("admin") && machine.bmcProtocol && restart, reason].filter(Boolean),
    }),
    send: (machine, { wipe, restart, reason }, force) =>
      post(machine, "reinstall", { wipe: wipe === "yes", now: restart === "now", reason, force }),
  },
  power("on", "Power on", machine => `${machine.hostName} is switched on by its BMC.`),
  power("off", "Power off", machine => `${machine.hostName} is switched off by its BMC at once, as if the cable were pulled.`),
  power("cycle", "Power cycle", machine => `${machine.hostName} is switched off and on again by its BMC at once.`),
  {
    title: "Hold",
    least: "operator",
    offered: machine => !machine.held,
    question: machine => ({
      text: `${machine.hostName} is held: it boots its own disk, gets no secrets, and is not installed.`,
      fields: [reason],
    }),
    send: (machine, values) => post(machine, "hold", values),
  },
  {
    title: "Release",
    least: "operator",
    offered: machine => machine.held,
    question: machine => ({ text: `${machine.hostName} is no longer held: it boots what its state says.`, fields: [reason] }),
    send: (machine, values) => post(machine, "release", values),
  },
  {
    title: "Set state",
    least: "operator",
    offered: machine => machine.planned && machine.state !== "running",
    question: machine => ({
      text: `${machine.hostName} was installed by other means: it is not installed again.`,
      fields: [
        { name: "state", label: "State", kind: "select", value: "running", options: ["running", "installed"].map(value => ({ value, text: value })) },
        { name: "osVersion", label: "Version of its operating system", help: "If you know it." },
        reason,
      ],
    }),
    send: (machine, { state, osVersion, reason }) => post(machine, "state", { state, osVersion: osVersion || null, reason }),
  },
  {
    title: "Forget",
    least: "admin",
    offered: machine => !machine.planned || machine.enrolled,
    danger: true,
    question: machine => ({
      text: `The record of ${machine.hostName} is removed; its history is kept. If it appears again, it is new.`,
      fields: [reason],
    }),
    send: async (machine, values) => {
      await post(machine, "forget", values);
      location.hash = "#/machines";
    },
  },
];

const wipe = {
  name: "wipe",
  label: "Disk",
  kind: "radio",
  value: "no",
  options: [
    { value: "no", text: "Only if it is empty or was written by the bootstrapper" },
    { value: "yes", text: "Wipe: also if it holds foreign data" },
  ],
};

const restart = {
  name: "restart",
  label: "Restart",
  kind: "radio",
  value: "later",
  options: [
    { value: "later", text: "By hand: it is installed when it next boots from the network" },
    { value: "now", text: "Now: its BMC restarts it from the network" },
  ],
};

async function profiles() {
  const all = await request("/api/v1/profiles");
  return [
    { value: "", text: all.length > 0 ? "the first with room left" : "none" },
    ...all.filter(({ quantity, assigned }) => quantity === undefined || assigned < quantity).map(({ name, quantity, assigned }) =>
      ({ value: name, text: quantity === undefined ? `${name} (${assigned} so far)` : `${name} (${assigned} of ${quantity})` })),
  ];
}

/** @returns {Action[]} What may be done with this machine by who is signed in. */
export const offered = machine => actions.filter(action => may(action.least) && action.offered(machine));

/**
 * @param {Action} action
 * @param {any} machine As it was seen: when it has changed by then, nothing is done.
 * @param {() => void} refresh
 */
export async function perform(action, machine, refresh) {
  ask({
    title: `${action.title} ${machine.hostName}?`,
    verb: action.title,
    danger: action.danger,
    name: may("admin") ? machine.hostName : undefined,
    ...await action.question(machine),
    act: async (values, force) => {
      try {
        await action.send(machine, values, force);
        say(`${machine.hostName}: ${action.title.toLowerCase()}, done`);
      } finally {
        refresh();
      }
    },
  });
}
