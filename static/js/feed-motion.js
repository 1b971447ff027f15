/**
 * The law of no jump: what a reader is reading stays where it is.
 *
 * Somebody who follows (stands at the top, does nothing else) sees arrivals slide in. For everybody else they are inserted above and the
 * page is scrolled by just as much, so the text under their eyes does not move. While a finger or its momentum scrolls, nothing is
 * changed at all: a scroll position set then would stop it dead.
 *
 * Washes and slides are animations, not attributes, so a page that took frames is the same, node for node, as a fresh one.
 */

import { entriesOf, findEntry } from "./feed-order.js";

const SLIDE = 280;
const FADE = 2400;
const QUIET = 150;
const STEADY = 4000;
const WASH = "var(--yellow-wash)";

export class FeedMotion {
  /** Set by the page: the reader pressed pause. */
  paused = false;

  #finger = false;
  #scrolling = false;
  #own = 0;
  /** What the last compensation could not move, for positions snap to whole pixels: a hundred frames would add up. */
  #owed = 0;
  #timer = 0;
  #washes = new WeakMap();
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {HTMLElement} feed @param {{onquiet: () => void, onseen: (ref: string) => void}} calls */
  constructor(feed, { onquiet, onseen }) {
    this.feed = feed;
    this.onquiet = onquiet;
    this.onseen = onseen;
    this.watcher = new IntersectionObserver((seen) => this.#seen(seen));
    const passive = { passive: true };
    addEventListener("touchstart", () => { this.#finger = true; }, passive);
    for (const end of ["touchend", "touchcancel"]) {
      addEventListener(end, () => { this.#finger = false; this.#settle(); }, passive);
    }
    addEventListener("scroll", () => this.#scrolled(), passive);
    addEventListener("scrollend", () => this.#rest(), passive);
  }

  /** Nothing scrolls and no finger is down. */
  get quiet() {
    return !this.#finger && !this.#scrolling;
  }

  get atTop() {
    const { top } = this.feed.getBoundingClientRect();
    return top >= 0 && top < innerHeight;
  }

  /** Standing at the top of the feed, looking, and doing nothing that a movement would disturb. */
  get following() {
    return this.atTop && this.quiet && !this.paused && document.visibilityState === "visible" && !holds(this.feed)
      && getSelection()?.isCollapsed !== false;
  }

  /**
   * Runs `change` and keeps the reader's place.
   *
   * @param {() => HTMLElement[]} change returns the entries that arrived
   * @returns {HTMLElement[]} those of them that now stand above what the reader sees
   */
  around(change) {
    const follows = this.following && !this.#reduced.matches;
    const marks = this.#visible();
    const arrivals = change();
    const [mark, shift] = this.#moved(marks);
    if (mark && shift && !follows) this.#compensate(shift);
    if (mark && shift > 0 && follows && arrivals.length > 0) this.#slide(shift);
    for (const entry of arrivals) follows ? this.#fade(entry) : this.#hold(entry);
    return follows ? [] : arrivals.filter((entry) => entry.isConnected && entry.firstElementChild.getBoundingClientRect().bottom <= 1);
  }

  scrollTo(element) {
    element.scrollIntoView({ block: "start", behavior: this.#reduced.matches ? "auto" : "smooth" });
  }

  // Places ------------------------------------------------------------------------------------------------------------------------

  /** Up to three, in case the first of them is withdrawn. A reader at the very top of the page is looking at what is above the feed. */
  #visible() {
    if (scrollY <= 0 && !this.atTop) return [];
    const found = [];
    for (const entry of entriesOf(this.feed)) {
      const { top, bottom } = entry.getBoundingClientRect();
      if (top >= innerHeight || found.length === 3) break;
      if (bottom > 0) found.push({ ref: entry.dataset.ref, at: this.#at(entry) });
    }
    return found;
  }

  /** From the page's top, without what an animation adds. */
  #at(entry) {
    const { top } = entry.getBoundingClientRect();
    return top - this.#slid();
  }

  #moved(marks) {
    for (const { ref, at } of marks) {
      const entry = findEntry(this.feed, ref);
      if (entry) return [entry, this.#at(entry) - at];
    }
    return [null, 0];
  }

  #compensate(shift) {
    const before = scrollY;
    scrollBy({ top: shift + this.#owed, behavior: "instant" });
    const moved = scrollY - before;
    const rest = shift + this.#owed - moved;
    this.#owed = Math.abs(rest) < 1 ? rest : 0;
    // No scroll event follows where nothing could scroll.
    if (moved) this.#own += 1;
  }

  // Movement ----------------------------------------------------------------------------------------------------------------------

  #slid() {
    const { transform } = getComputedStyle(this.feed);
    return transform === "none" ? 0 : new DOMMatrix(transform).m42;
  }

  /** One slide for the whole feed, and what stands under it, from where it was to where it is. A slide that is under way is taken up. */
  #slide(shift) {
    const from = this.#slid() - shift;
    const options = { duration: SLIDE, easing: "ease-out", id: "slide" };
    const moving = [this.feed];
    for (let next = this.feed.nextElementSibling; next; next = next.nextElementSibling) moving.push(next);
    for (const element of moving) {
      for (const running of element.getAnimations()) if (running.id === "slide") running.cancel();
      const clip = (above) => (element === this.feed ? { clipPath: `inset(${above}px -100vw -100vh)` } : {});
      element.animate([{ transform: `translateY(${from}px)`, ...clip(-from) }, { transform: "translateY(0)", ...clip(0) }], options);
    }
  }

  #fade(entry) {
    const ground = getComputedStyle(entry).backgroundColor;
    entry.animate({ backgroundColor: [WASH, ground] }, { duration: FADE, easing: "ease-in" });
  }

  /** Marked until it has been seen: not its last line, its head. */
  #hold(entry) {
    this.#washes.set(entry, entry.animate({ backgroundColor: [WASH, WASH] }, { duration: 1, fill: "forwards" }));
    this.watcher.observe(entry.firstElementChild);
  }

  #seen(changes) {
    for (const { target, isIntersecting } of changes) {
      if (!isIntersecting || document.visibilityState !== "visible") continue;
      this.watcher.unobserve(target);
      const entry = target.parentElement;
      if (!entry) continue;
      this.onseen(entry.dataset.ref);
      const wash = this.#washes.get(entry);
      setTimeout(() => wash.cancel(), this.#reduced.matches ? STEADY : 0);
      if (!this.#reduced.matches) this.#fade(entry);
    }
  }

  // Scrolling ---------------------------------------------------------------------------------------------------------------------

  #scrolled() {
    if (this.#own > 0) {
      this.#own -= 1;
      return;
    }
    this.#scrolling = true;
    this.#owed = 0;
    this.#settle();
  }

  /** Browsers without `scrollend`, and fingers lifted without a scroll: quiet after a while. */
  #settle() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), QUIET);
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#scrolling = false;
    if (this.quiet) this.onquiet();
  }
}

/** Whether an element has the focus, or part of a selection, in it: then it is in use and is not replaced. */
export function holds(element) {
  if (element.contains(document.activeElement)) return true;
  const selection = getSelection();
  return Boolean(selection && !selection.isCollapsed && selection.rangeCount && selection.getRangeAt(0).intersectsNode(element));
}
