/**
 * The wire: how frames reach one open page (docs/contracts/frames.md).
 *
 * The database is the truth and the socket a hint that is almost always enough. Whatever the socket loses, doubles or brings too late is
 * mended by asking `changes` from the cursor, so the page sees every number of one history once and in order.
 *
 * Knows nothing of the page: it hands frames to `apply` and says how it stands to `onstate`. Every clock, chance and connection comes in
 * through `env` and `random`, so tests can play a day in a millisecond. No decision in here reads the reader's clock.
 *
 * @typedef {{epoch: string, seq: number, token: number}} Cursor
 * @typedef {{op: string, seq?: number, token?: number, [key: string]: any}} Frame
 * @typedef {"boot" | "connecting" | "live" | "polling" | "stopped"} WireState
 */

import { Catchup, backoff } from "./catchup.js";

export const PROTOCOL = 1;
export const SILENCE = 60_000;
const HELLO_DUE = 10_000;
const STEADY = 30_000;
const POLL_SECONDS = 15;
const FAILED_CONNECTS = 3;
const MOST_PARKED = 500;
const GONE = 4404;

export class Wire {
  /** @type {Cursor} Moved by #apply alone. */
  cursor;
  /** @type {WireState} */
  state = "boot";
  /** Seconds between two questions of a page that polls; the server may change it. */
  pollSeconds = POLL_SECONDS;

  #socket = null;
  #open = false;
  #polling = false;
  #stopped = false;
  /** The server last heard speaks another protocol: nothing of it is believed, and the reader is told to load the page again. */
  #foreign = false;
  #attempt = 0;
  #failed = 0;
  #byeDelay = null;
  #heartbeat = 25_000;
  /** Pushes beyond a gap, or from after a reset: they wait for what comes before them. */
  #parked = [];
  /** The newest number that this connection told of, and its token. What comes next on it follows that, whoever else was asked since. */
  #told = null;
  /** Something came over the socket since the page last had reason to think it dead. */
  #heard = false;
  #timers = new Map();

  /**
   * @param {object} options
   * @param {Cursor} options.cursor what the page already shows
   * @param {{socket: string, changes: string, snapshot: string}} options.urls
   * @param {(frame: Frame) => void} options.apply one frame, in order; a reset comes as `{op: "reset", html}`. If it throws, a reset follows
   * @param {(state: WireState) => void} [options.onstate]
   * @param {(serverTime: number) => void} [options.onclock] the server's clock in milliseconds, for display only
   * @param {object} options.env WebSocket, fetch, setTimeout, clearTimeout: a window, or what stands for one in a test
   * @param {() => number} [options.random]
   */
  constructor({ cursor, urls, apply, onstate = () => {}, onclock = () => {}, env, random = Math.random }) {
    Object.assign(this, { cursor, urls, env, random, onstate, onclock, deliver: apply });
    this.catchup = new Catchup({
      urls,
      env,
      random,
      cursor: () => this.cursor,
      apply: (frames, cursor) => this.#apply(frames, cursor),
      forget: () => { this.#parked = []; },
      gone: () => this.stop(),
      answered: ({ poll }, date) => {
        if (date) this.onclock(date);
        this.pollSeconds = poll >= 1 && poll <= 3600 ? poll : POLL_SECONDS;
      },
      changed: () => {
        this.#drain();
        this.#tell();
      },
    });
  }

  start() {
    if (this.env.WebSocket) this.#connect();
    else this.#poll();
    this.#tell();
  }

  stop() {
    this.#stopped = true;
    this.catchup.rest();
    for (const name of this.#timers.keys()) this.#cancel(name);
    this.#leave();
    this.#tell();
  }

  /** The page woke, came back from the back/forward cache or found the network again: look, but not all pages in the same instant. */
  check() {
    if (this.#stopped) return;
    this.#after("check", this.random() * 2000, () => {
      this.catchup.hurry();
      this.catchup.ask();
      // A socket that died in its sleep does not say so: the next heartbeat must prove that it lives.
      this.#heard = false;
      if (this.#open) this.#after("silence", this.#heartbeat * 1.5, () => this.#closed(0));
      if (this.env.WebSocket && !this.#socket) this.#connect();
    });
  }

  // The one function that alters what the page shows, and with it the cursor. ------------------------------------------------------

  #apply(frames, cursor) {
    try {
      for (const frame of frames) this.deliver(frame);
    } catch (error) {
      // Half a page is worse than a new one.
      console.error(error);
      this.catchup.reset();
      return false;
    }
    this.cursor = cursor;
    return true;
  }

  // The socket -------------------------------------------------------------------------------------------------------------------

  #connect() {
    if (this.#stopped) return;
    this.#cancel("connect");
    let socket;
    try {
      socket = new this.env.WebSocket(this.urls.socket);
    } catch {
      return this.#closed(0);
    }
    this.#socket = socket;
    this.#after("silence", HELLO_DUE, () => this.#closed(0));
    socket.onmessage = (event) => {
      if (this.#socket !== socket) return;
      this.#receive(event.data);
      this.#heard = true;
      if (this.#open) this.#after("silence", SILENCE, () => this.#closed(0));
      this.#tell();
    };
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#closed(event.code);
    };
  }

  #leave() {
    const socket = this.#socket;
    this.#socket = null;
    this.#open = false;
    // The next hello names a head that covers it, and may speak of another history.
    this.#parked = [];
    this.#told = null;
    this.#cancel("silence");
    this.#cancel("steady");
    socket?.close();
  }

  /** The socket ended, or (code 0) went quiet, which a dead connection may do without ever reporting its end. */
  #closed(code) {
    const said = this.#open;
    this.#leave();
    if (code === GONE) return this.stop();
    this.#failed = said ? 0 : this.#failed + 1;
    const delay = this.#byeDelay ?? backoff(this.#attempt, this.random);
    if (this.#byeDelay === null) this.#attempt += 1;
    this.#byeDelay = null;
    this.#after("connect", delay, () => this.#connect());
    if (this.#failed >= FAILED_CONNECTS && !this.#polling) this.#poll();
    this.#tell();
  }

  #receive(text) {
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return this.#closed(0);
    }
    if (frame.token !== undefined) {
      if (this.#told?.seq === frame.seq - 1) frame.follows = this.#told.token;
      this.#told = { seq: frame.seq ?? frame.head, token: frame.token };
    }
    const { op } = frame;
    if (op === "hello") this.#hello(frame);
    else if (op === "head") this.#compare(frame.head, frame.token);
    else if (op === "reset") this.catchup.reset();
    else if (op === "bye") this.#byeDelay = frame.reconnect[0] + this.random() * (frame.reconnect[1] - frame.reconnect[0]);
    else if (frame.seq === undefined) this.deliver(frame);
    else this.#push(frame);
  }

  #hello(frame) {
    // A server of another protocol would be misread, over HTTP as well: only a new page knows its language. In the middle of an update the
    // next process may still speak this one's, so the page goes on trying.
    this.#foreign = frame.protocol !== PROTOCOL;
    if (this.#foreign) {
      this.catchup.rest();
      return this.#closed(0);
    }
    this.#open = true;
    this.#failed = 0;
    this.#polling = false;
    this.#cancel("poll");
    this.#after("steady", STEADY, () => { this.#attempt = 0; });
    if (frame.heartbeat > 0) this.#heartbeat = frame.heartbeat * 1000;
    if (frame.clock) this.onclock(frame.clock);
    if (frame.epoch !== this.cursor.epoch) this.catchup.reset();
    else this.#compare(frame.head, frame.token);
    this.catchup.resume();
  }

  #compare(head, token) {
    const { seq, token: mine } = this.cursor;
    this.catchup.want(head);
    if (head === seq && token !== mine) this.catchup.reset();
    // This page is ahead of that process. It may be the process that lags, or history that was wound back: the ledger knows which.
    else if (head < seq) this.catchup.doubt();
  }

  #push(frame) {
    // A page cannot hold everything that ever comes after a gap: the ledger does, and is asked for it.
    if (this.#parked.push(frame) > MOST_PARKED) {
      this.#parked = [];
      this.catchup.want(frame.seq);
    }
    this.#drain();
  }

  // What follows the page is applied at once, whatever question is under way. After a reset nothing follows until the snapshot is there.
  #drain() {
    this.#parked.sort((a, b) => a.seq - b.seq);
    while (!this.catchup.resetting && this.#parked[0]?.seq <= this.cursor.seq + 1) this.#next(this.#parked.shift());
    if (this.#parked.length && !this.catchup.busy) this.catchup.want(this.#parked[0].seq - 1);
  }

  #next(frame) {
    const { epoch, seq, token } = this.cursor;
    if (frame.seq < seq) return;
    // The page, or what it caught up with, is from a process that had not noticed yet that history was wound back.
    if ((frame.seq === seq ? frame.token : frame.follows ?? token) !== token) this.catchup.reset();
    else if (frame.op === "stale") this.catchup.want(frame.seq);
    else if (frame.seq > seq) this.#apply([frame], { epoch, seq: frame.seq, token: frame.token });
  }

  // Polling: the same catch-up, asked for by a timer. Costs seconds, never content. --------------------------------------------------

  #poll() {
    this.#polling = true;
    this.catchup.ask();
    this.#after("poll", this.pollSeconds * (800 + 400 * this.random()), () => this.#poll());
  }

  // ------------------------------------------------------------------------------------------------------------------------------

  /** The page holds all that its socket told of, and the socket lives: that a question over HTTP fails does not make it less live. */
  get #whole() {
    return this.#heard && !this.catchup.missing && this.#told?.token === this.cursor.token;
  }

  /** What a reader may be told. A page that is open but could not yet catch up is not called live. */
  #tell() {
    const { busy, troubled } = this.catchup;
    let state = this.#open ? "live" : this.#polling ? "polling" : "connecting";
    if (!this.#whole && (troubled || (busy && this.state !== "live" && this.state !== "polling"))) state = "connecting";
    if (this.#stopped || this.#foreign) state = "stopped";
    if (state === this.state) return;
    this.state = state;
    this.onstate(state);
  }

  #after(name, delay, run) {
    this.#cancel(name);
    this.#timers.set(name, this.env.setTimeout(() => {
      this.#timers.delete(name);
      run();
    }, delay));
  }

  #cancel(name) {
    this.env.clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
