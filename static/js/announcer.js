/**
 * What a screen reader hears: one polite region, at most one sentence in twenty seconds, several arrivals in one sentence. Breaking news
 * does not wait, and a correction is called one. Nothing is said, and nothing kept to be said later, while the reader has paused or is
 * elsewhere.
 */

const WAIT = 20_000;
// Arrivals of one moment come as single frames.
const GATHER = 500;

export class Announcer {
  /** What the reader wants to hear: `all`, `some` (breaking news and corrections) or `off`. */
  wanted = "all";

  #waiting = new Map();
  #corrections = new Map();
  /** The entries that the sentence in the region speaks of. */
  #said = new Set();
  #timer = null;

  /**
   * @param {object} options
   * @param {(sentence: string) => void} options.say
   * @param {import("./words.js").Words} options.words
   * @param {{setTimeout: typeof setTimeout, clearTimeout: typeof clearTimeout}} options.env
   */
  constructor({ say, words, env }) {
    this.say = say;
    this.words = words;
    this.env = env;
  }

  /** @param {{ref: string, headline: string, breaking: boolean}} arrival */
  announce(arrival) {
    if (this.wanted === "off" || (this.wanted === "some" && !arrival.breaking)) return;
    this.#waiting.delete(arrival.ref);
    this.#waiting.set(arrival.ref, arrival.headline);
    if (arrival.breaking) this.#speak();
    else if (this.#timer === null) this.#later(GATHER);
  }

  /** @param {{ref: string, headline: string}} entry that was on the page and has a new correction */
  correct({ ref, headline }) {
    this.#unsay(ref);
    if (this.wanted === "off") return;
    this.#corrections.set(ref, headline);
    if (this.#timer === null) this.#later(GATHER);
  }

  /** The entry was withdrawn: it is not said, and a sentence that speaks of it goes as the entry goes. */
  forget(ref) {
    this.#waiting.delete(ref);
    this.#corrections.delete(ref);
    this.#unsay(ref);
  }

  silence() {
    this.#waiting.clear();
    this.#corrections.clear();
  }

  /** The page starts anew: nobody can say what of it still holds. */
  hush() {
    this.silence();
    for (const ref of this.#said) this.#unsay(ref);
  }

  #speak() {
    this.#said = new Set([...this.#waiting.keys(), ...this.#corrections.keys()]);
    // Empty, where there is nothing new: an old sentence is not left for somebody to find.
    this.say([this.#told(this.#waiting, "announce"), this.#told(this.#corrections, "correction")].filter(Boolean).join(". "));
    if (this.#said.size === 0) return;
    this.silence();
    this.#later(WAIT);
  }

  #unsay(ref) {
    if (!this.#said.has(ref)) return;
    this.#said.clear();
    this.say("");
  }

  #told(entries, what) {
    const count = entries.size;
    if (count === 0) return "";
    const [headline] = [...entries.values()].slice(-1);
    return this.words.say(`${what}_${count === 1 ? "one" : "many"}`, { count, headline });
  }

  #later(delay) {
    if (this.#timer !== null) this.env.clearTimeout(this.#timer);
    this.#timer = this.env.setTimeout(() => {
      this.#timer = null;
      this.#speak();
    }, delay);
  }
}
