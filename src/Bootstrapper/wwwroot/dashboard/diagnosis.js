// Which machines are stuck, and why. The bootstrapper can say it of one machine at a time, so only those are asked about that are
// likely to have something to tell.

import { part, request } from "./api.js";

/** By state, the likeliest first. */
const suspects = [
  { state: "failed", sort: "-since", limit: 10 },
  { state: "installed", sort: "since", limit: 5 },
  { state: "configured", sort: "-lastSeen", limit: 5 },
  { state: "running", sort: "-since", limit: 5 },
];

/** @param {AbortSignal} signal @returns {Promise<{machine: any, findings: any[]}[] & {more: number}>} `more`: how many failed beside these. */
export async function diagnose(signal) {
  const pages = await Promise.all(suspects.map(({ state, sort, limit }) =>
    request(`/api/v1/nodes?state=${state}&sort=${sort}&limit=${limit}`, { signal })));
  const asked = await Promise.all(pages.flatMap(({ items }) => items).map(async machine =>
    ({ machine, findings: (await why(machine, signal)).findings })));
  return Object.assign(asked.filter(({ findings }) => findings.length > 0), { more: pages[0].total - pages[0].items.length });
}

/** @returns {Promise<{findings: {rule: string, reason: string, remedy: string}[]}>} */
export const why = (machine, signal) => request(`/api/v1/nodes/${part(machine.mac)}/why`, { signal });
