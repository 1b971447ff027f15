// Names of tabs, each held by a lock of the browser's for as long as its page lives.

import { freshKey } from "./device.js";
import { onSession } from "./tab-session.js";

const NAME = "desk-tab";
// A page that is loaded anew may ask before the browser has let go of the one before it.
const PATIENCE = 300;

/** Names that this page holds, until it is gone. @type {Set<string>} */
const held = new Set();

/** @param {string} tab @param {number} [patience] @returns {Promise<boolean>} whether nobody else holds it; then this page does, as long as it lives */
export async function hold(tab, patience = 0) {
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
export async function name() {
  const before = onSession((storage) => storage.getItem(NAME));
  if (before && (await hold(before, PATIENCE))) return before;
  const tab = freshKey();
  await hold(tab);
  onSession((storage) => storage.setItem(NAME, tab));
  return tab;
}
