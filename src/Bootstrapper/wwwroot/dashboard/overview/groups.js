// Machines side by side as they stand together: in a rack, with one profile, in one network.

/** What they may be grouped by, the likeliest first. @type {Record<string, (machine: any) => string | undefined>} */
const ways = {
  rack: machine => machine.rack,
  profile: machine => machine.profile,
  network: machine => machine.ip?.replace(/[^.:]*$/, "*"),
};

/** By numbers as numbers: node2 comes before node10. */
const orderly = text => text.replace(/\d+/g, digits => digits.padStart(9, "0"));

/** Comes after everything that has a name. */
const last = "\uffff";

/** Those ways in which these machines differ. @returns {string[]} */
export const waysOf = machines => Object.keys(ways).filter(way => {
  const known = new Set(machines.map(ways[way]).filter(Boolean));
  return known.size > 1 && known.size * 2 <= machines.length;
});

/**
 * @param {any[]} machines
 * @param {string | undefined} way
 * @returns {{name: string, machines: any[]}[]} In order; those of no group come last.
 */
export function groupsOf(machines, way) {
  const groups = new Map();
  for (const machine of machines) {
    const name = (way && ways[way](machine)) ?? "";
    groups.has(name) ? groups.get(name).push(machine) : groups.set(name, [machine]);
  }

  return sorted([...groups], ([name]) => orderly(name || last)).map(([name, members]) =>
    ({ name, machines: sorted(members, placeOf) }));
}

/** In a rack by position; what is no node comes last. */
const placeOf = ({ phase, position, hostName }) => `${phase === "discovered" ? last : ""}${orderly(position || last)} ${orderly(hostName)}`;

function sorted(things, keyOf) {
  const keyed = things.map(thing => [keyOf(thing), thing]);
  return keyed.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, thing]) => thing);
}
