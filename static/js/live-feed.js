/**
 * `<live-feed>`: joins the wire to the page (docs/contracts/entry-html.md).
 *
 * The server rendered what it holds; this keeps it true. Frames come in order from the wire. Each is offered to listeners as a cancelable
 * `live-feed:frame`, then done by its verb: at once, or when the reader's finger rests, or when the reader lets go of the very thing it
 * replaces, or (new entries only) when the reader ends a pause. A withdrawal waits for nothing.
 */

import { Clocks } from "./clocks.js";
import { FeedMotion, holds } from "./feed-motion.js";
import { entriesOf, findEntry, ruleDays } from "./feed-order.js";
import { focusFor, verbs } from "./frame-verbs.js";
import { PageNotes } from "./page-notes.js";
import { Wire } from "./wire.js";

export class LiveFeed extends HTMLElement {
  /** Revisions of withdrawn entries, by ref. @type {Map<string, number>} */
  graves = new Map();
  /** Set by the reader's page: where the reader had read to. @type {import("./bookmark.js").Bookmark | null} */
  bookmark = null;
  /** Set when a player was started. @type {typeof import("./player.js").keepPlayers | null} */
  keepPlayers = null;

  #due = [];
  #scheduled = false;
  /** New entries behind a pause, and frames for things in use: the last word on each, by what it is about. */
  #paused = new Map();
  #held = new Map();
  /** Arrivals above what the reader has seen. */
  #unseen = new Set();
  #arrivals = [];

  connectedCallback() {
    if (this.wire) return;
    this.feed = this.querySelector("#feed");
    this.board = this.querySelector("#board");
    this.front = this.querySelector("#front");
    this.pauseButton = this.querySelector("[data-action=pause]");
    this.notes = new PageNotes(this);
    this.clocks = new Clocks(this.feed, this.notes.words.locale);
    this.motion = new FeedMotion(this.feed, { onquiet: () => this.#quiet(), onseen: (ref) => this.#unseen.delete(ref) && this.#showTab() });
    this.wire = this.#newWire();
    this.#listen();
    this.clocks.start();
    this.wire.start();
  }

  /** Called by a verb for an entry that was not on the page. */
  arrive(entry) {
    this.#arrivals.push(entry);
  }

  /** Whether an entry has come in above what the reader sees, and was not seen yet. */
  waits(ref) {
    return this.#unseen.has(ref);
  }

  /** Called by a verb for an entry that has a correction more than it had. */
  correct(entry) {
    this.notes.corrected(entry, this.motion.paused);
  }

  // From the wire to the verbs ------------------------------------------------------------------------------------------------------

  /** One frame, in order. Public, so that a test or a console can play one. */
  take(frame) {
    if (!this.dispatchEvent(new CustomEvent("live-feed:frame", { detail: frame, bubbles: true, cancelable: true }))) return;
    if (frame.op === "readers") {
      this.notes.readers = frame.count;
      this.#showState();
    }
    if (!Object.hasOwn(verbs, frame.op)) return;
    if (frame.op === "drop") {
      this.#withdraw(frame);
    } else if (frame.op === "reset") {
      this.#startAnew(frame);
    } else {
      this.#due.push(frame);
      this.#schedule();
    }
  }

  /** Frames of one moment are one change of the page. */
  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.motion.quiet) this.#flush();
    });
  }

  #flush() {
    const frames = this.#due.filter((frame) => !this.#postpone(frame));
    this.#due = [];
    try {
      this.#perform(frames);
    } catch (error) {
      console.error(error);
      this.wire.catchup.reset();
    }
  }

  #postpone(frame) {
    const about = frame.ref ?? frame.op;
    // Late, and of a text that was withdrawn: it must not take the place of the notice that waits.
    if (this.graves.get(frame.ref) >= frame.rev) return true;
    const target = frame.op === "put" ? findEntry(this.feed, frame.ref) : frame.op === "board" ? this.board : this.front;
    if (frame.op === "put" && !target && this.motion.paused) {
      this.#paused.set(about, frame);
      this.#showTab();
      return true;
    }
    if (!target || !holds(target)) return false;
    this.#held.set(about, frame);
    return true;
  }

  #withdraw(frame) {
    const waits = (other) => other.op === "put" && other.ref === frame.ref && other.rev <= frame.rev;
    this.#due = this.#due.filter((other) => !waits(other));
    this.#held.delete(frame.ref);
    this.#unseen.delete(frame.ref);
    this.notes.announcer.forget(frame.ref);
    if (this.#paused.delete(frame.ref) && frame.html) {
      // Nobody saw it, so nothing is taken away; its notice waits where it waited.
      this.graves.set(frame.ref, frame.rev);
      this.#paused.set(frame.ref, frame);
    } else {
      this.#perform([frame]);
    }
    this.#showTab();
  }

  #startAnew(frame) {
    // An older page is no part of a snapshot, which is of the newest.
    if (this.dataset.newer === "true") return location.reload();
    this.#due = [];
    this.#held.clear();
    this.#paused.clear();
    this.#unseen.clear();
    this.notes.announcer.hush();
    this.#perform([frame]);
    return undefined;
  }

  // The last entry may have been moved away, or withdrawn.
  #pointOlder() {
    const older = this.querySelector("a[rel=next]");
    const last = entriesOf(this.feed).at(-1);
    if (older && last) older.search = `?before=${last.dataset.ref}`;
  }

  #perform(frames) {
    if (frames.length === 0) return;
    const above = this.motion.around(() => {
      this.#arrivals = [];
      for (const frame of frames) verbs[frame.op](this, frame);
      this.#trim();
      this.#pointOlder();
      this.bookmark?.stand();
      this.clocks.tick();
      return this.#arrivals;
    });
    for (const entry of above.filter(isNews)) this.#unseen.add(entry.dataset.ref);
    this.notes.arrived(this.#arrivals.filter(isNews), this.motion.paused);
    this.#showTab();
    this.#showState();
  }

  /** A page with `data-limit` (an embed) holds no more than that. */
  #trim() {
    const limit = Number(this.dataset.limit);
    if (!limit) return;
    const surplus = entriesOf(this.feed).slice(limit);
    if (surplus.length === 0) return;
    this.dataset.more = "true";
    for (const entry of surplus) entry.remove();
    ruleDays(this.feed);
  }

  // What the reader does --------------------------------------------------------------------------------------------------------------

  #listen() {
    const check = () => this.wire.check();
    addEventListener("online", check);
    addEventListener("pageshow", (event) => event.persisted && check());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") return this.notes.announcer.silence();
      this.notes.looked();
      return check();
    });
    for (const event of ["focusout", "selectionchange"]) document.addEventListener(event, () => this.#letGo());
    addEventListener("scroll", () => this.#unseen.size > 0 && this.#showTab(), { passive: true });
    this.addEventListener("click", (event) => this.#goTo(event));
    this.notes.tab?.addEventListener("click", () => this.#showNew());
    this.pauseButton?.addEventListener("click", () => this.#pause(!this.motion.paused));
    if (this.pauseButton) this.pauseButton.hidden = false;
  }

  #quiet() {
    if (this.#due.length) this.#flush();
  }

  /** What was in use may be free now. The browser moves the focus after it said so. */
  #letGo() {
    if (this.#held.size === 0) return;
    queueMicrotask(() => {
      this.#due = [...this.#held.values(), ...this.#due];
      this.#held.clear();
      this.#schedule();
    });
  }

  #pause(on) {
    this.motion.paused = on;
    this.pauseButton.setAttribute("aria-pressed", String(on));
    if (on) this.notes.announcer.silence();
    else this.#release();
    this.#showState();
  }

  #release() {
    const frames = [...this.#paused.values()];
    this.#paused.clear();
    this.#perform(frames);
    return frames.map((frame) => frame.ref);
  }

  /** Brings keyboard and speech users to where the others look: the newest of what they have not seen. */
  #showNew() {
    const refs = new Set([...this.#unseen, ...this.#release()]);
    const newest = entriesOf(this.feed).find((entry) => refs.has(entry.dataset.ref));
    this.#unseen.clear();
    this.#showTab();
    if (!newest) return;
    this.motion.scrollTo(newest);
    focusFor(newest.querySelector("h3"));
  }

  /** A key event that is on this page is nearer than its own page. */
  #goTo(event) {
    const link = event.target.closest?.("a[data-goto]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const entry = findEntry(this.feed, link.dataset.goto);
    if (!entry) return;
    event.preventDefault();
    this.motion.scrollTo(entry);
    focusFor(entry.querySelector("h3"));
  }

  // What the reader is told -----------------------------------------------------------------------------------------------------------

  #showTab() {
    if (this.#unseen.size && this.motion.atTop) this.#unseen.clear();
    this.notes.waiting(this.#unseen.size + this.#paused.size);
  }

  #showState() {
    this.notes.connection(this.wire, this.motion.paused, Date.now() + this.clocks.offset);
  }

  #newWire() {
    const { epoch, seq, token, socket, changes, snapshot } = this.dataset;
    const address = new URL(socket, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    return new Wire({
      cursor: { epoch, seq: Number(seq), token: Number(token) },
      urls: { socket: address.href, changes, snapshot },
      apply: (frame) => this.take(frame),
      onclock: (time) => this.clocks.correct(time),
      onstate: () => this.#showState(),
      env: window,
    });
  }
}

/** A notice of a withdrawal is no news. */
function isNews(entry) {
  return entry.isConnected && !entry.hasAttribute("data-withdrawn");
}
