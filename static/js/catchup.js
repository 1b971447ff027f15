/**
 * Catching up over plain HTTP: `changes` from the cursor on, or the whole page anew after a `reset`.
 *
 * One at a time. It ends when the page holds every number it has heard of, and it does not give up: a failed question is asked again, with
 * back-off, until it is answered, or the wire stops or bids it rest. Meanwhile the socket may bring the page further than where it was asked.
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
   * @param {() => void} wire.forget the page's history is given up, and with it what was pushed until now
   * @param {() => void} wire.changed called after each answer or failure, and where `busy` changed
   * @param {() => void} wire.gone the blog is no longer there
   * @param {(answer: object, date: number) => void} wire.answered `date` by the server's clock, or NaN
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

  /** More is known to exist than the page shows. */
  get missing() {
    return this.resetting || this.#want > this.wire.cursor().seq;
  }

  get #behind() {
    return !this.#resting && (this.#asked || this.missing);
  }

  get #pause() {
    return backoff(this.#failures, this.wire.random);
  }

  async #run() {
    if (this.busy || !this.#behind) return;
    this.busy = true;
    this.wire.changed();
    while (this.#behind) {
      const question = this.resetting ? this.#snapshot() : this.#changes();
      const pause = await question.catch(() => this.#pause);
      this.troubled = pause !== null;
      this.#failures = this.troubled ? this.#failures + 1 : 0;
      // A question that failed is still a question.
      this.#asked ||= this.troubled;
      this.wire.changed();
      if (this.troubled) {
        await new Promise((wake) => {
          this.#wake = wake;
          this.wire.env.setTimeout(wake, pause);
        });
      }
    }
    this.busy = false;
    this.wire.changed();
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
    this.wire.answered(answer, Date.parse(headers.get("Date")));
    this.want(answer.head);
    const now = this.wire.cursor();
    // Where a reset is known of already, what was pushed since is of the new history.
    if (!this.resetting && (answer.frames[0]?.op === "reset" || (answer.next === now.seq && answer.token !== now.token))) this.reset();
    // Where pushes overtook it, an answer does not say whether it goes on from the last of them: one to a question from there on does.
    if (this.resetting || now.seq > seq) return null;
    if (answer.next > seq && this.wire.apply(answer.frames, { epoch, seq: answer.next, token: answer.token })) this.#resets = 0;
    // It came out of a cache, older than what is wanted, or the page could not take it: asking on without a pause would hammer the server.
    else if (this.missing) return this.#pause;
    return null;
  }

  #later(headers) {
    this.#denied += 1;
    if (this.#denied >= PATIENCE) this.#denied = this.#want = 0;
    const seconds = Math.min(30, Math.max(1, Number(headers.get("Retry-After")) || 1));
    return seconds * (1000 + 500 * this.wire.random());
  }

  async #snapshot() {
    const { body } = await this.#fetch(this.wire.urls.snapshot, { cache: "no-cache" });
    const cursor = cursorOf(body);
    this.resetting = false;
    this.#want = 0;
    // A cache may have served the very history that was refused: the ledger is asked about the new cursor before the page is called whole
    // (unless its socket named the same one), and each further refusal is followed by a longer pause.
    this.doubt();
    this.#resets += 1;
    this.wire.apply([{ op: "reset", html: body }], cursor);
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
      const { ok, status, headers } = response;
      if (GONE.has(status)) this.wire.gone();
      if (!ok && status !== 503) throw new Error(`${url}: ${status}`);
      const body = await response.text();
      abort.signal.throwIfAborted();
      return { status, headers, body };
    } finally {
      env.clearTimeout(timer);
    }
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
