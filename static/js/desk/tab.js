// Each tab keeps what is typed in it under a name of its own, which no other living tab writes to: two tabs of one desk lose nothing to
// each other. What a tab that is gone left behind is taken up by one other tab, and by one only.

import { SafetyCopy } from "./safety-copy.js";
import * as beats from "./tab-beats.js";
import * as locks from "./tab-locks.js";

// Who closes a tab is in the next one before the browser has let go of it: what it left is looked for again, this long after (ms).
const LOOKS = [0, 1000, 3000, 8000];

const names = navigator.locks ? locks : beats;

/** @returns {Promise<string>} this tab's name: the same after a reload, another one in a tab that was duplicated */
export function thisTab() {
  return names.name();
}

/** @typedef {import("./safety-copy.js").Copy & { slot: string, place: string }} Left */

/**
 * What tabs that are gone left behind and what this one has put aside, the newest first. It is this page's now: no other page takes it up while this one lives.
 * @param {string} place where it was written; what is below it, after a colon, belongs to it @param {string} own this tab's name
 * @returns {Promise<Left[]>}
 */
export async function leftBehind(place, own) {
  /** @type {Left[]} */
  const found = [];
  for (const slot of SafetyCopy.slots(place)) {
    const [where, tab = ""] = slot.split("@");
    // What a tab has put aside stands beside its name.
    const [owner] = tab.split("~");
    if (tab === own || (where !== place && !where.startsWith(`${place}:`)) || !(await names.hold(owner))) continue;
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
