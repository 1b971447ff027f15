import { SafetyCopy } from "./safety-copy.js";
import { leftBehind } from "./tab.js";

/** Where one tab keeps the texts of one desk: the new entry, and the changes to each of the others. */
export class TabSlots {
  /** @param {string} place that all tabs share @param {string} tab */
  constructor(place, tab) {
    this.place = place;
    this.tab = tab;
  }

  /** @param {string} [ref] none: the new entry */
  of(ref = "") {
    return `${this.place}${ref && `:${ref}`}@${this.tab}`;
  }

  /** The new entry that a tab which is gone left behind goes on in this one, where it has none of its own. */
  async goOn() {
    if (SafetyCopy.read(this.of())) return;
    const [newest] = (await leftBehind(this.place, this.tab)).filter(({ place }) => place === this.place);
    if (newest) SafetyCopy.move(newest.slot, this.of());
  }

  /**
   * All else that tabs which are gone have left: a change to its entry, where this tab has none begun, and the rest to where it waits.
   * @param {string | undefined} open the entry that is in the form
   * @param {(key: string, fields: [string, string][], about: any) => boolean} putAside
   */
  async takeUp(open, putAside) {
    for (const { slot, place, key, fields, about } of await leftBehind(this.place, this.tab)) {
      const begun = about && (about.ref === open || !SafetyCopy.move(slot, `${place}@${this.tab}`));
      if ((!about || begun) && putAside(key, fields, about)) SafetyCopy.forget(slot);
    }
  }

  /** @returns {import("./open-entry.js").About[]} the entries that changes were begun to here */
  get begun() {
    const own = SafetyCopy.slots(`${this.place}:`).filter((slot) => slot.endsWith(`@${this.tab}`));
    return own.flatMap((slot) => SafetyCopy.read(slot)?.about ?? []);
  }
}
