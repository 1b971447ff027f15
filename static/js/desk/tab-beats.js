// Names of tabs where the browser has no locks, as on a page that is not served securely. A page that lives says so again and again; a name
// of which nothing was heard for a while is a dead tab's. A page takes its name along only where it has handed it over to the next page of
// its tab: a tab that was duplicated finds the name still in use, and takes another.

import { device, freshKey } from "./device.js";
import { onSession } from "./tab-session.js";

const NAME = "desk-tab";
const BEAT = 5_000;
// A browser wakes a page that nobody looks at once a minute.
const DEAD = 150_000;
// As long as a page that is loaded anew may take to come back.
const GRACE = 5_000;
const PREFIX = "desk-tab-alive:";

/** @type {string} */
let own = "";

/** @returns {Promise<string>} this tab's name: the same after a reload, another one in a tab that was duplicated or has crashed */
export async function name() {
  if (own) return own;
  own = onSession((storage) => storage.getItem(`${NAME}-handed-over`)) ?? freshKey();
  live();
  setInterval(() => say(Date.now()), BEAT);
  addEventListener("focus", () => say(Date.now()));
  addEventListener("pageshow", (shown) => shown.persisted && live());
  addEventListener("pagehide", () => {
    onSession((storage) => storage.setItem(`${NAME}-handed-over`, own));
    say(Date.now() - DEAD + GRACE);
  });
  return own;
}

/** @param {string} tab @returns {Promise<boolean>} whether its page is gone */
export async function hold(tab) {
  if (tab === own) return true;
  try {
    const heard = Number(device().getItem(PREFIX + tab));
    if (heard > Date.now() - DEAD) return false;
    localStorage.removeItem(PREFIX + tab);
    return true;
  } catch {
    return false;
  }
}

function live() {
  onSession((storage) => {
    storage.removeItem(`${NAME}-handed-over`);
    storage.setItem(NAME, own);
  });
  say(Date.now());
}

/** @param {number} at */
function say(at) {
  try {
    device().setItem(PREFIX + own, String(at));
  } catch {
    // Full or forbidden: then there is nothing kept to be taken up either.
  }
}
