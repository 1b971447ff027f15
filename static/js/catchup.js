/**
 * Catching up over plain HTTP: `changes` from the cursor on, or the whole page anew after a `reset`.
 *
 * One at a time. While it runs (`busy`) the wire parks what the socket pushes. It ends when the page holds every number it has heard of,
 * and it does not give up: a failed question is asked again, with back-off, until it is answered, or the wire stops or bids it rest.
 *
 * @import { Cursor, Frame } from "./wire.js"
 */

const LONGEST_WAIT = 30_000;
const TIMEOUT = 15_000;
// A number that somebody promised and the database denies this often was wound back with the history it belonged to.
const PATIENCE = 3;
// By then every process that can ask its database has noticed that history was wound back, and no cache has an answer from before.
const NOTICED = 6000;
// 403 is not among them: the site says none here. It is of somebody in between, a hotel's sign-in page or a firewall, and passes.
const GONE = new Set([404, 410]);

/** Full jitter: a thousand readers that lost one server come back spread over the whole span, not in step. */
export function backoff(attempt, random) {
  return random() * Math.min(LONGEST_WAIT, 500 * 2 ** attempt);
}

export class Catchup {
  busy = false;
  /** The last question failed, so what the page shows may be old. */
  troubled = false;
  /** The page is to be fetched anew, and whatever else is known of its history does not count. */
  resetting = false;

  #want = 0;
  #asked = false;
  #denied = 0;
  #failures = 0;
  #resets = 0;
  #stopped = false;
  #resting = false;
  #abort = null;
  #wake = null;

  /**
   * @param {object} wire
   * @param {{changes: string, snapshot: string}} wire.urls
   * @param {object} wire.env fetch, setTimeout, clearTimeout
   * @param {() => number} wire.random
   * @param {() => Cursor} wire.cursor
   * @param {(frames: Frame[], cursor: Cursor) => boolean} wire.apply
   * @param {() => void} wire.settled called once nothing is missing
   * @param {() => void} wire.forget the page's history is given up, and with it what was pushed until now
   * @param {() => void} wire.changed called when `busy` or `troubled` may have changed
   * @param {() => void} wire.gone the blog is no longer there
   * @param {(answer: object, date: number) => void} wire.answered
   */
  constructor(wire) {
    this.wire = wire;
  }

  /** Number `seq` exists: have it. */
  want(seq) {
    this.#want = Math.max(this.#want, seq);
    this.#run();
  }

  /** Ask what is new, once. */
  ask() {
    this.#asked = true;
    this.#run();
  }

  /** Ask what is new, and once more when a process that did not know better will. */
  doubt() {
    this.ask();
    this.wire.env.setTimeout(() => this.ask(), NOTICED);
  }

  /** This history is not the page's: fetch board and feed anew. */
  reset() {
    this.resetting = true;
    this.wire.forget();
    this.#run();
  }

  /** Do not sit out a pause: the reader is back, or a server answered. */
  hurry() {
    this.#wake?.();
  }

  stop() {
    this.#stopped = true;
    this.rest();
  }

  /** Ask nothing and read no answer that is under way, until `resume`. What is missing is still missing then. */
  rest() {
    this.#resting = true;
    this.#abort?.abort();
    this.hurry();
  }

  resume() {
    this.#resting = false;
    this.hurry();
    this.#run();
  }

  get #behind() {
    return !this.#resting && (this.resetting || this.#asked || this.#want > this.wire.cursor().seq);
  }

  get #pause() {
    return backoff(this.#failures, this.wire.random);
  }

  async #run() {
    if (this.busy || !this.#behind) return;
    this.busy = true;
    this.wire.changed();
    while (this.#behind) {
      let pause;
      try {
        pause = await (this.resetting ? this.#snapshot() : this.#changes());
      } catch {
        pause = this.#pause;
      }
      if (this.#stopped) break;
      this.troubled = pause !== null;
      this.#failures = this.troubled ? this.#failures + 1 : 0;
      if (pause === null) continue;
      // A question that failed is still a question.
      this.#asked = true;
      this.wire.changed();
      await this.#sleep(pause);
    }
    this.busy = false;
    if (!this.#stopped) this.wire.settled();
  }

  /** @returns {Promise<number | null>} milliseconds to wait before the next question; null after a success */
  async #changes() {
    const { epoch, seq, token } = this.wire.cursor();
    this.#asked = false;
    const want = this.#want > seq ? `&want=${this.#want}` : "";
    const { status, body, headers } = await this.#fetch(`${this.wire.urls.changes}?after=${seq}&epoch=${epoch}&token=${token}${want}`);
    if (status === 503) return this.#later(headers);
    const answer = JSON.parse(body);
    this.#denied = 0;
    this.wire.answered(answer, Date.parse(headers.get("Date") ?? "") || 0);
    if (answer.frames.some((frame) => frame.op === "reset")) {
      // Where that is known already, what was pushed since is of the new history.
      if (!this.resetting) this.reset();
      return null;
    }
    this.#want = Math.max(this.#want, answer.head);
    if (answer.next > seq) {
      if (!this.wire.apply(answer.frames, { epoch: answer.epoch, seq: answer.next, token: answer.token })) return this.#pause;
      this.#resets = 0;
    } else if (this.#want > seq) {
      // An answer out of a cache, older than what is wanted. Asking on without a pause would hammer that cache.
      return this.#pause;
    }
    return null;
  }

  #later(headers) {
    this.#denied += 1;
    if (this.#denied >= PATIENCE) {
      this.#denied = 0;
      this.#want = 0;
    }
    const seconds = Math.min(30, Math.max(1, Number(headers.get("Retry-After")) || 1));
    return seconds * 1000 * (1 + 0.5 * this.wire.random());
  }

  async #snapshot() {
    const { body } = await this.#fetch(this.wire.urls.snapshot, { cache: "no-cache" });
    const cursor = cursorOf(body);
    this.resetting = false;
    this.#want = 0;
    // A cache may have served the very history that was refused: the ledger is asked about the new cursor before the page is called whole,
    // and each further refusal is followed by a longer pause.
    this.doubt();
    this.#resets += 1;
    if (!this.wire.apply([{ op: "reset", html: body }], cursor)) return this.#pause;
    return this.#resets > 1 ? backoff(this.#resets, this.wire.random) : null;
  }

  /** A 503 is an answer; any other failure throws. */
  async #fetch(url, options = {}) {
    const { env } = this.wire;
    const abort = new AbortController();
    this.#abort = abort;
    const timer = env.setTimeout(() => abort.abort(), TIMEOUT);
    try {
      const response = await env.fetch(url, { ...options, signal: abort.signal, credentials: "omit" });
      if (GONE.has(response.status)) this.wire.gone();
      if (!response.ok && response.status !== 503) throw new Error(`${url}: ${response.status}`);
      const body = await response.text();
      if (abort.signal.aborted) throw new Error("nobody asks any more");
      return { status: response.status, headers: response.headers, body };
    } finally {
      env.clearTimeout(timer);
    }
  }

  #sleep(delay) {
    const { env } = this.wire;
    return new Promise((resolve) => {
      const timer = env.setTimeout(resolve, delay);
      this.#wake = () => {
        env.clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** @param {string} html `<live-snapshot data-epoch data-seq data-token …>` @returns {Cursor} */
export function cursorOf(html) {
  const [opening] = html.match(/<live-snapshot\b[^>]*>/) ?? [""];
  const read = (name) => opening.match(new RegExp(`\\sdata-${name}="([^"]*)"`))?.[1] ?? "";
  const cursor = { epoch: read("epoch"), seq: Number(read("seq") || NaN), token: Number(read("token") || NaN) };
  if (!cursor.epoch || !Number.isInteger(cursor.seq) || !Number.isInteger(cursor.token)) throw new Error("a snapshot without its cursor");
  return cursor;
}
