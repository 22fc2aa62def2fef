// What a machine was doing and for how long, read off its timeline.

/**
 * @typedef {{name: "waiting" | "firmware" | "live system" | "install" | "restart" | "running" | "failed", from: number, to: number | null}} Phase
 * A phase without an end goes on.
 * @typedef {import("./events.js").Seen} Seen
 */

const afterState = { discovered: "waiting", configured: "waiting", installing: "install", installed: "restart", running: "running", failed: "failed" };

const boots = /^(DHCPDISCOVER|PXE|sent .*\.(0|c32|efi|kpxe|pxe|lkrn|n12)\b|GET \/(boot\.ipxe|ipxe|grub|pixiecore))/;
const kernel = /vmlinuz|kernel|bzImage|initrd|\.cpio/;
const live = /^GET \/(install\.sh|discover\.sh|facts\.sh|ignition|cloud)/;

/** @param {Seen} seen @param {string | undefined} phase The one that the machine is in. @returns {string | undefined} The one that begins. */
function next(seen, phase) {
  if (seen.kind === "state") {
    // Enrolled in its live system, it goes on from there.
    return phase !== undefined && seen.text.startsWith("discovered ->") ? undefined : afterState[/^(?:\w+ -> )?(\w+)/.exec(seen.text)?.[1] ?? ""];
  }

  const isFetch = seen.kind === "tftp" || seen.kind === "http";
  return (phase === undefined || phase === "waiting" || phase === "failed") && (isFetch || seen.kind === "dhcp") && boots.test(seen.text) ? "firmware"
    : (phase === "firmware" || phase === "live system") && isFetch && kernel.test(seen.text) ? "live system"
    : phase === "firmware" && isFetch && live.test(seen.text) ? "live system"
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

      if (!current || name === "waiting" || current.name === "failed") {
        all.push([]);
      }

      current = { name, from: at, to: null };
      all.at(-1).push(current);
    }
  }

  return all;
}
