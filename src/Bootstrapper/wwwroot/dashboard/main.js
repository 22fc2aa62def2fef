// The dashboard: signs somebody in, shows the view that the address names, and keeps listening.

import { unauthorized } from "./api.js";
import { EventFeed } from "./events.js";
import { showHeader } from "./header.js";
import { listen, searchField } from "./keys.js";
import { pageIn } from "./page.js";
import { here, link } from "./router.js";
import { say } from "./say.js";
import { onOtherTab, recognize, signOut } from "./session.js";
import { viewAt } from "./views.js";
import { showSignIn } from "./views/signin.js";

const main = document.getElementById("content");
const header = document.getElementById("header");

/** What is shown now: until when, and how it takes a place of the same path. @type {{path: string, leave: AbortController, update?: (place: any) => void} | null} */
let shown = null;
/** @type {EventFeed | null} */
let feed = null;

function title(text) {
  document.title = `${text} · Bootstrapper`;
}

function close() {
  shown?.leave.abort();
  shown = null;
}

/** Somebody signs out. */
async function leave() {
  const isOut = await signOut();
  end(isOut ? undefined : "Not signed out: the bootstrapper does not answer. The session ends 12 hours after it began.");
}

/** @param {boolean} [moved] */
function begin(moved = true) {
  feed = new EventFeed();
  feed.addEventListener("status", ({ detail }) => {
    showHeader(header, { place: here(), status: detail, leave });
    say(detail === "lost" ? "The connection to the bootstrapper is lost" : "Connected");
  });
  feed.addEventListener("seen", ({ detail }) => detail.filter(({ kind }) => kind === "state").forEach(({ node, mac, text }) => say(`${node ?? mac}: ${text}`)));
  feed.run();
  show(moved);
}

function end(why) {
  feed?.stop();
  feed = null;
  close();
  document.querySelectorAll("dialog").forEach(dialog => dialog.close());
  showHeader(header, null);
  title("Sign in");
  showSignIn(main, begin, why);
}

/** @param {boolean} moved Whether somebody came here from another view, and so reads on at its heading. */
function show(moved) {
  const place = here();
  showHeader(header, { place, status: feed.status, leave });
  if (shown?.update && shown.path === place.path.join("/")) {
    shown.update(place);
    return;
  }

  close();
  const [view, controller] = [viewAt(place.path), new AbortController()];
  title(view.title);
  shown = { path: place.path.join("/"), leave: controller };
  shown.update = view.open(pageIn({ main, place, feed, signal: controller.signal, name: title }));
  scrollTo(0, 0);
  moved && main.querySelector("h1")?.focus();
}

addEventListener("hashchange", () => feed && show(true));
unauthorized.addEventListener("unauthorized", () => feed && end("You are signed out: the session is over, or its token is no longer valid."));
document.getElementById("skip").addEventListener("click", event => {
  event.preventDefault(); // what stands behind the # is the view
  main.focus();
});

listen(() => {
  location.hash = link(["machines"]);
  addEventListener("hashchange", () => searchField()?.focus(), { once: true });
});
onOtherTab(async isSignedIn => {
  if (isSignedIn && feed === null) {
    await recognize() && begin();
  } else if (!isSignedIn && feed !== null) {
    end();
  }
});

try {
  await recognize() ? begin(false) : end();
} catch (error) {
  end(error.message);
}
