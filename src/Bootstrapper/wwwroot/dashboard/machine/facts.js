// What is known of a machine, as a list of terms.

import { now } from "../api.js";
import { copyButton } from "../copy.js";
import { h } from "../dom.js";
import { age, bytes, counted, moment } from "../format.js";

/** On one line. */
export const summary = ({ vendor, product, cpus, memory, disks }) =>
  [[vendor, product].filter(Boolean).join(" "), counted(cpus, "CPU"), bytes(memory), ...disks.map(disk => `${disk.name} ${bytes(disk.size)}`)].filter(Boolean).join(", ");

const code = text => text && h("code", null, text);

/** What one has to type elsewhere, letter by letter. */
const copied = (what, text) => text && [code(text), " ", copyButton(what, text)];

const map = entries => entries && Object.entries(entries).map(([name, value]) => h("span", { class: "label" }, `${name}=${value}`));

/** @returns {[string, any][]} Term and what to show; what is empty is left out. */
const terms = machine => [
  ["MAC address", copied("MAC address", machine.mac)],
  ["Address", copied("address", machine.ip)],
  ["Profile", machine.profile],
  ["Roles", machine.roles.length > 0 ? machine.roles.join(", ") : machine.planned && "worker"],
  ["Tags", machine.tags.join(", ")],
  ["Labels", map(machine.labels)],
  ["Channel", machine.channel],
  ["System", machine.osVersion],
  ["Last seen", machine.lastSeen && `${age(machine.lastSeen, now())} ago, ${moment(Date.parse(machine.lastSeen), now())}`],
  ["Tries", machine.tries > 0 && String(machine.tries)],
  ["Written disk", code(machine.disk)],
  ["Serial number", copied("serial number", machine.serial)],
  ["UUID", copied("UUID", machine.uuid)],
  ["BMC", copied("BMC address", machine.bmc)],
  ["Power", machine.power && `${machine.power}, as its BMC says`],
  ["Provider ID", machine.providerId],
  ["Cabinet", [machine.cabinet, machine.position].filter(Boolean).join(", position ")],
  ["Metadata", map(machine.metadata)],
  ...hardware(machine.facts),
];

const hardware = facts => facts ? [
  ["Hardware", [facts.vendor, facts.product].filter(Boolean).join(" ")],
  ["Processors", String(facts.cpus)],
  ["Memory", bytes(facts.memory)],
  ["Disks", facts.disks.map(disk => h("div", null, code(disk.name), ` ${bytes(disk.size)} `, h("span", { class: "quiet" }, [disk.model, disk.serial].filter(Boolean).join(", "))))],
  ["Network cards", facts.nics.map(nic => h("div", null, code(nic.name), " ", code(nic.mac), h("span", { class: "quiet" }, nic.link ? " link" : " no link")))],
] : [];

export const factList = machine => h("dl", { class: "facts" }, terms(machine)
  .filter(([, value]) => Array.isArray(value) ? value.length > 0 : value)
  .map(([term, value]) => [h("dt", { key: `term ${term}` }, term), h("dd", { key: term, class: "hostile" }, value)]));
