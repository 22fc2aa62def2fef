// Keeps what a view shows up to date without asking more than the bootstrapper or the person can bear.

/** In a storm of thousands of events a second everything is read again once a second, not once an event. */
const soonest = 1000;

/**
 * Loads now, and again when something happened: at once when all was quiet, once a second in a storm, never twice at a time, and not
 * while nobody looks. A bootstrapper that takes long to answer is asked less often.
 * @param {object} options
 * @param {import("./events.js").EventFeed} options.feed
 * @param {() => Promise<void>} options.load
 * @param {(seen: import("./events.js").Seen) => boolean} [options.wants] Which events matter.
 * @param {(error: Error) => void} options.failed
 * @param {number} [options.every] Milliseconds after which it is loaded in any case: not everything makes an event.
 * @param {AbortSignal} options.signal Ends it.
 * @returns {() => void} Asks for a load as soon as may be.
 */
export function keepFresh({ feed, load, wants = () => true, failed, every = 15_000, signal }) {
  let [timer, earliest, busy, again] = [0, 0, false, false];

  async function turn() {
    if (busy || document.hidden || signal.aborted) {
      again = true;
      return;
    }

    [busy, again] = [true, false];
    const began = performance.now();
    try {
      await load();
    } catch (error) {
      signal.aborted || failed(error);
    }

    const ended = performance.now();
    [busy, earliest] = [false, Math.max(began + soonest, ended + (ended - began))];
    wake(again ? 0 : every);
  }

  function wake(delay) {
    clearTimeout(timer);
    timer = signal.aborted ? 0 : setTimeout(turn, Math.max(delay, earliest - performance.now(), 0));
  }

  function soon() {
    if (!again) {
      again = true;
      busy || wake(0);
    }
  }

  feed.addEventListener("seen", event => event.detail.some(wants) && soon(), { signal });
  feed.addEventListener("gap", soon, { signal });
  document.addEventListener("visibilitychange", () => document.hidden || wake(0), { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  turn();
  return () => {
    again = true;
    busy || ((earliest = 0), wake(0));
  };
}
