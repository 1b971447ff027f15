/**
 * What a screen reader hears: one polite region, at most one sentence in twenty seconds, several arrivals in one sentence. Breaking news
 * does not wait. Nothing is said, and nothing kept to be said later, while the reader has paused or is elsewhere.
 */

const WAIT = 20_000;
// Arrivals of one moment come as single frames.
const GATHER = 500;

export class Announcer {
  #waiting = new Map();
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
    this.#waiting.delete(arrival.ref);
    this.#waiting.set(arrival.ref, arrival.headline);
    if (arrival.breaking) this.#speak();
    else if (this.#timer === null) this.#later(GATHER);
  }

  /** The entry was withdrawn before anyone heard of it. */
  forget(ref) {
    this.#waiting.delete(ref);
  }

  silence() {
    this.#waiting.clear();
  }

  #speak() {
    if (this.#waiting.size === 0) {
      // An old sentence is not left for somebody to find.
      this.say("");
      return;
    }
    const [headline] = [...this.#waiting.values()].slice(-1);
    const count = this.#waiting.size;
    this.say(this.words.say(count === 1 ? "announce_one" : "announce_many", { count, headline }));
    this.#waiting.clear();
    this.#later(WAIT);
  }

  #later(delay) {
    if (this.#timer !== null) this.env.clearTimeout(this.#timer);
    this.#timer = this.env.setTimeout(() => {
      this.#timer = null;
      this.#speak();
    }, delay);
  }
}
