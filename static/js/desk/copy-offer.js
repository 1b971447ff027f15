import { fill } from "./block-editor/words.js";
import { freshKey } from "./device.js";
import { SafetyCopy } from "./safety-copy.js";
import { leftBehind } from "./tab.js";

/**
 * Texts of one form that were typed and never saved: of this tab before it was loaded anew, and of tabs that are gone. They are offered above
 * the form, one after the other, and none is forgotten before somebody says so.
 */
export class CopyOffer {
  /**
   * @param {HTMLElement} part what is shown, with the part copy-text
   * @param {{ place: string, tab: string, first: string, sentence: string }} options `first`: what the server sent, which is no text to offer
   */
  constructor(part, { place, tab, first, sentence }) {
    this.part = part;
    this.place = place;
    this.tab = tab;
    this.first = first;
    this.sentence = sentence;
    /** @type {import("./tab.js").Left | null} */
    this.found = null;
    /** @type {string[]} */
    this.later = [];
  }

  /** Out of the place where the tab keeps what is typed from here on. @returns {string} where it is now */
  putAside() {
    const slot = `${this.place}@${this.tab}~${freshKey()}`;
    SafetyCopy.move(`${this.place}@${this.tab}`, slot);
    return slot;
  }

  /** What was typed meanwhile makes way for the text that is offered, and its turn to be offered comes last. */
  changePlaces() {
    this.later.push(this.putAside());
  }

  /** Offers the newest that has not been in the form. */
  async look() {
    const texts = (await leftBehind(this.place, this.tab)).sort((a, b) => this.later.indexOf(a.slot) - this.later.indexOf(b.slot));
    for (const { slot } of texts.filter(({ fields }) => this.#known(fields))) SafetyCopy.forget(slot);
    this.found = texts.find(({ fields }) => !this.#known(fields)) ?? null;
    this.part.hidden = !this.found;
    if (!this.found) return;
    const at = new Date(this.found.at).toLocaleString(document.documentElement.lang);
    /** @type {HTMLElement} */ (this.part.querySelector("[data-part=copy-text]")).textContent = fill(this.sentence, { at });
  }

  /** The text that was offered is in the form now, or not wanted: the next. */
  async done() {
    if (this.found) SafetyCopy.forget(this.found.slot);
    await this.look();
  }

  /** @param {[string, string][]} fields */
  #known(fields) {
    return JSON.stringify(fields) === this.first;
  }
}
