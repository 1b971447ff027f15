/**
 * The law of no jump: what a reader is reading stays where it is.
 *
 * Somebody who follows (stands at the top, does nothing else) sees arrivals slide in. For everybody else they are inserted above and the
 * page is scrolled by just as much, so the text under their eyes does not move. While a finger or its momentum scrolls, nothing is
 * changed at all: a scroll position set then would stop it dead.
 *
 * Washes and slides are animations and leave no attributes in the feed, so a page that took frames is the same, node for node, as a
 * fresh one.
 */

import { entriesOf, findEntry } from "./feed-order.js";
import { isFold } from "./folds.js";

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
  /** The running slide's, or the last one's. @type {Animation[]} */
  #slides = [];
  /** Whether the slide stands still until a change is drawn. */
  #still = false;
  /**
   * Where what is read stood when all was last at rest: in the window, and in the feed. A position may be off by a part of a pixel, for
   * scrolling snaps to whole ones; what is remembered is the true place, or a hundred frames would add up.
   */
  #place = { scroll: 0, marks: [] };
  #timer = 0;
  #washes = new WeakMap();
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {HTMLElement} feed @param {{onquiet: () => void, onseen: (ref: string) => void}} calls */
  constructor(feed, { onquiet, onseen }) {
    this.feed = feed;
    this.onquiet = onquiet;
    this.onseen = onseen;
    this.watcher = new IntersectionObserver((seen) => this.#seen(seen));
    new ResizeObserver(() => this.#keep()).observe(feed);
    const passive = { passive: true };
    addEventListener("touchstart", () => { this.#finger = true; }, passive);
    for (const end of ["touchend", "touchcancel"]) {
      addEventListener(end, () => { this.#finger = false; this.#settle(); }, passive);
    }
    addEventListener("scroll", () => this.#scrolled(), passive);
    addEventListener("scrollend", () => this.#rest(), passive);
  }

  /** Nothing scrolls and no finger is down. A slide is no hindrance: an arrival takes it over. */
  get quiet() {
    return !this.#finger && !this.#scrolling;
  }

  /** Whether the feed's top is in the window, wherever a slide shows it meanwhile. */
  get atTop() {
    const top = this.#at(this.feed);
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
    const slides = mark && shift > 0 && follows && arrivals.length > 0;
    if (slides || this.#slid()) this.#slide(slides ? shift : 0);
    // All that is read before all that is written: each of hundreds would have the page laid out anew.
    const above = follows ? [] : arrivals.filter(isAbove);
    if (follows) this.#fade(arrivals.filter((entry) => entry.isConnected && entry.getBoundingClientRect().top < innerHeight));
    else for (const entry of arrivals) this.#hold(entry);
    this.#remember();
    return above;
  }

  scrollTo(element) {
    element.scrollIntoView({ block: "start", behavior: this.#reduced.matches ? "auto" : "smooth" });
  }

  // Places ------------------------------------------------------------------------------------------------------------------------

  /**
   * Up to four, in case the first of them is withdrawn: from the first that begins in the window's upper half, for that is where eyes are,
   * and a rest of the one above it may change. A reader at the very top of the page is looking at what is above the feed.
   */
  #visible() {
    if (scrollY <= 0 && !this.atTop) return [];
    const found = [];
    for (const entry of entriesOf(this.feed)) {
      const { top, bottom } = entry.getBoundingClientRect();
      if (top >= innerHeight || found.length === 4) break;
      if (bottom > 0) found.push({ ref: entry.dataset.ref, at: this.#true(entry), top });
    }
    const first = Math.max(0, found.findIndex(({ top }) => top > -2 && top < innerHeight / 2));
    return [...found.slice(first), ...found.slice(0, first)];
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

  /** From the window's top, as it is, or as it was remembered if that is the same pixel. */
  #true(entry) {
    const at = this.#at(entry);
    const known = this.#place.marks.find(({ ref }) => ref === entry.dataset.ref);
    return known && Math.abs(at - known.at) < 1 ? known.at : at;
  }

  #compensate(shift) {
    scrollBy({ top: shift, behavior: "instant" });
  }

  #remember() {
    const top = this.#at(this.feed);
    this.#place = { scroll: scrollY, marks: this.#visible().map(({ ref, at }) => ({ ref, at, within: at - top })) };
  }

  /**
   * What grew or shrank by itself after the change was done, above what is read: an entry that was undrawn until now, a picture without
   * a size. Browsers that anchor scrolling have seen to it already, and whoever scrolls meanwhile is elsewhere by now.
   */
  #keep() {
    if (!this.quiet || this.#slid()) return;
    const top = this.#at(this.feed);
    for (const { ref, at, within } of this.#place.marks) {
      const entry = findEntry(this.feed, ref);
      if (!entry) continue;
      const shift = this.#at(entry) - top - within;
      const off = this.#at(entry) - at;
      if (Math.abs(shift) >= 1 && Math.abs(scrollY - this.#place.scroll) < 1) this.#compensate(shift);
      // Their anchoring goes by whole pixels and remembers no parts: what it is off by would add up.
      else if (Math.abs(off) > 0.5 && Math.abs(off) < 2) this.#compensate(off);
      break;
    }
    this.#remember();
  }

  // Movement ----------------------------------------------------------------------------------------------------------------------

  #slid() {
    const { transform } = getComputedStyle(this.feed);
    return transform === "none" ? 0 : new DOMMatrix(transform).m42;
  }

  /**
   * One slide for the whole feed, and what stands under it, from where it is seen to where it is. A change during one takes it over: all
   * stands still where it is seen while the change is drawn, and slides on from there. (In a frame in which an animation moves it too, the
   * browser would count the change as a shift.)
   */
  #slide(shift) {
    const seen = this.#slid();
    for (const slide of this.#slides) slide.cancel();
    if (seen === 0) return this.#move(-shift);
    this.#stand(seen - shift);
    if (this.#still) return undefined;
    this.#still = true;
    return requestAnimationFrame(() => requestAnimationFrame(() => {
      this.#still = false;
      const from = this.#slid();
      this.#stand(0);
      this.#move(from);
    }));
  }

  #move(from) {
    const options = { duration: SLIDE, easing: "ease-out" };
    this.#slides = this.#moving.map((element) => element.animate([this.#away(element, from), this.#away(element, 0)], options));
  }

  #stand(at) {
    for (const element of this.#moving) Object.assign(element.style, at ? this.#away(element, at) : { transform: "", clipPath: "" });
  }

  get #moving() {
    const moving = [this.feed];
    for (let next = this.feed.nextElementSibling; next; next = next.nextElementSibling) moving.push(next);
    return moving;
  }

  /** The look of what is `y` from its place. Nothing of the feed is seen above where it begins. */
  #away(element, y) {
    const transform = `translateY(${y}px)`;
    return element === this.feed ? { transform, clipPath: `inset(${-y}px -100vw -100vh)` } : { transform };
  }

  #fade(entries) {
    const grounds = entries.map((entry) => getComputedStyle(entry).backgroundColor);
    for (const [at, entry] of entries.entries()) entry.animate({ backgroundColor: [WASH, grounds[at]] }, { duration: FADE, easing: "ease-in" });
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
      if (!this.#reduced.matches) this.#fade([entry]);
    }
  }

  // Scrolling ---------------------------------------------------------------------------------------------------------------------

  #scrolled() {
    if (!this.#scrolling && this.#stands()) return;
    this.#scrolling = true;
    this.#settle();
  }

  /** Whether what is read is where it was: then the scroll was our own compensation, or the browser's. */
  #stands() {
    const [mark, shift] = this.#moved(this.#place.marks);
    return mark !== null && Math.abs(shift) <= 1;
  }

  /** Browsers without `scrollend`, and fingers lifted without a scroll: quiet after a while. */
  #settle() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rest(), QUIET);
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#scrolling = false;
    this.#remember();
    if (this.quiet) this.onquiet();
  }
}

/** Whether the head of an entry is above the window. What is inside an entry that is not drawn is not asked: it would have to be laid out. */
function isAbove(entry) {
  if (!entry.isConnected) return false;
  const { top, bottom } = entry.getBoundingClientRect();
  return bottom <= 1 || (top < 0 && entry.firstElementChild.getBoundingClientRect().bottom <= 1);
}

/**
 * Whether an element has the focus, or part of a selection, in it: then it is in use and is not replaced. A player goes on by itself, and
 * what was unfolded is found again in what comes.
 */
export function holds(element) {
  const focused = document.activeElement;
  if (element.contains(focused) && focused.tagName !== "IFRAME" && !isFold(focused)) return true;
  const selection = getSelection();
  return Boolean(selection && !selection.isCollapsed && selection.rangeCount && selection.getRangeAt(0).intersectsNode(element));
}
