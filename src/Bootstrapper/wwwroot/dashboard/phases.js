// What a machine was doing and for how long, read off its timeline.

/**
 * @typedef {{name: "not started" | "firmware" | "live system" | "install" | "restart" | "running" | "failed", from: number, to: number | null}} Phase
 * A phase without an end goes on.
 * @typedef {import("./events.js").Seen} Seen
 */

const afterState = { discovered: "not started", configured: "not started", installing: "install", installed: "restart", running: "running", failed: "failed" };

/** A network card that only asks for an address may belong to a system that runs; a boot loader does not. */
const boots = seen => seen.stage === "asked" || seen.message === "PXE" || seen.stage === "loader" || seen.stage === "script";

/** @param {Seen} seen @param {string | undefined} phase The one that the machine is in. @returns {string | undefined} The one that begins. */
function next(seen, phase) {
  if (seen.kind === "state") {
    // Enrolled in its live system, it goes on from there.
    return phase !== undefined && seen.left === "discovered" ? undefined : afterState[seen.entered ?? ""];
  }

  return (phase === undefined || phase === "not started" || phase === "failed") && boots(seen) ? "firmware"
    : (phase === "firmware" || phase === "live system") && seen.stage === "kernel" ? "live system"
    : phase === "firmware" && seen.stage === "liveSystem" ? "live system"
    : undefined;
}

/**
 * @param {Seen[]} events Oldest first.
 * @returns {Phase[][]} One list for each time that the machine was on its way, oldest first.
 */
export function journeys(events) {
  /** @type {Phase[][]} */
  const all = [];
  let current;
  for (const seen of events) {
    const [at, name] = [Date.parse(seen.at), next(seen, current?.name)];
    if (name === "live system" && current.name === "live system") {
      current.from = at; // the initial RAM disk comes after the kernel, and nothing runs before both are there
      all.at(-1).at(-2).to = at;
    } else if (name && (name !== current?.name || name === "install")) {
      if (current) {
        current.to = at;
      }

      if (!current || name === "not started" || current.name === "failed") {
        all.push([]);
      }

      current = { name, from: at, to: null };
      all.at(-1).push(current);
    }
  }

  return all;
}
