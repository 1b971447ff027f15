// Each tab keeps what is typed in it under a name of its own, which no other living tab writes to: two tabs of one desk lose nothing to
// each other. What a tab that is gone left behind is taken up by one other tab, and by one only.

import { freshKey } from "./device.js";
import { SafetyCopy } from "./safety-copy.js";

const NAME = "desk-tab";
const SHARED = "all";
// A page that is loaded anew may ask before the browser has let go of the one before it.
const PATIENCE = 300;
// Who closes a tab is in the next one before the browser has let go of it: what it left is looked for again, this long after (ms).
const LOOKS = [0, 1000, 3000, 8000];

/** Names that this page holds, until it is gone. @type {Set<string>} */
const held = new Set();

/** @param {string} tab @param {number} [patience] @returns {Promise<boolean>} whether nobody else holds it; then this page does, as long as it lives */
async function hold(tab, patience = 0) {
  if (held.has(tab)) return true;
  const taken = await new Promise((resolve) => {
    const how = patience ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
    const keep = (/** @type {Lock | null} */ lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {});
    };
    navigator.locks.request(`${NAME}:${tab}`, how, keep).catch(() => resolve(false));
  });
  if (taken) held.add(tab);
  return taken;
}

/** @returns {Promise<string>} this tab's name: the same after a reload, another one in a tab that was duplicated */
export async function thisTab() {
  // Not served securely: nothing can be known of other tabs, and all share one name, so that at least a tab that is gone is taken up.
  if (!navigator.locks) return SHARED;
  const before = session((storage) => storage.getItem(NAME));
  if (before && (await hold(before, PATIENCE))) return before;
  const tab = freshKey();
  await hold(tab);
  session((storage) => storage.setItem(NAME, tab));
  return tab;
}

/** @typedef {import("./safety-copy.js").Copy & { slot: string, place: string }} Left */

/**
 * What tabs that are gone left behind, the newest first. It is this page's now: no other page takes it up while this one lives.
 * @param {string} place where it was written; what is below it, after a colon, belongs to it @param {string} own this tab's name
 * @returns {Promise<Left[]>}
 */
export async function leftBehind(place, own) {
  /** @type {Left[]} */
  const found = [];
  if (!navigator.locks) return found;
  for (const slot of SafetyCopy.slots(place)) {
    const [where, tab = ""] = slot.split("@");
    if (tab === own || (where !== place && !where.startsWith(`${place}:`)) || !(await hold(tab))) continue;
    // Read only now: whoever held it before may have taken it up.
    const copy = SafetyCopy.read(slot);
    if (copy) found.push({ ...copy, slot, place: where });
  }
  return found.sort((a, b) => b.at - a.at);
}

/** Each time somebody comes to this tab, and a few times more. @param {() => void} look for what other tabs have left behind */
export function onReturn(look) {
  addEventListener("focus", () => LOOKS.forEach((wait) => setTimeout(look, wait)));
}

/** @template T @param {(storage: Storage) => T} use @returns {T | null} */
function session(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}
