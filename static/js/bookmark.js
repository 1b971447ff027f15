/**
 * How far the reader had read: kept on the device when the page is left, and shown when they are back and there is more. A line in the feed
 * says “You had read to here”, and a sentence at the window's foot what is new, what was corrected and what was withdrawn since, with a link
 * that leads through the new entries oldest first. Neither takes any room from the page, for both come after it was seen.
 *
 * Told from what the page holds. Where the place is further down than the page goes, the count is called the least that it can be.
 */

import { entriesOf } from "./feed-order.js";
import { correctionsOf } from "./frame-verbs.js";
import { keepOfThisBlog, ofThisBlog } from "./kept.js";

// What a page that slept has missed comes within this time of its waking, and belongs to what is told then.
const WAKING = 20_000;

export class Bookmark {
  /** The place that the line shows, and the one that was kept when the page was left. @type {{order: string, ref: string, at: number} | null} */
  #shown = null;
  #left = null;
  #until = 0;
  #reached = false;
  #away = false;
  #closed = false;
  #line = null;

  /** @param {import("./live-feed.js").LiveFeed} page connected, and of the newest entries */
  constructor(page) {
    this.page = page;
    this.words = page.notes.words;
    this.sentence = page.querySelector("[data-since]");
    new IntersectionObserver(([{ isIntersecting }]) => { this.#reached ||= isIntersecting; }).observe(page.feed);
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? this.#leave() : this.#return()));
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", (event) => event.persisted && this.#return());
    this.#return();
  }

  /** Puts the line where it belongs among the entries as they are now. Part of every change of the page, so that no change moves it. */
  stand() {
    const entries = entriesOf(this.page.feed);
    if (this.#left && performance.now() < this.#until) this.#tell(entries, this.#left);
    const at = this.#shown ? entries.findIndex(({ dataset }) => dataset.order <= this.#shown.order) : -1;
    if (at < 1) return this.#line?.remove();
    const rule = entries[at].previousElementSibling;
    const below = rule.matches("[data-day]:not([data-ref])") ? rule : entries[at];
    if (below.previousElementSibling !== this.#line || !this.#line.isConnected) below.before(this.#line);
    return undefined;
  }

  #return() {
    this.#away = this.#closed = false;
    const { order, ref, at } = ofThisBlog();
    if (typeof order !== "string" || !(at > 0)) return;
    this.#left = { order, ref, at };
    this.#until = performance.now() + WAKING;
    this.page.motion.around(() => {
      this.stand();
      return [];
    });
  }

  /** What came while nobody looked is not read, and who never came down to the feed has read nothing. */
  #leave() {
    if (this.#away) return;
    this.#away = true;
    const newest = this.#reached && entriesOf(this.page.feed).find(({ dataset }) => !this.page.waits(dataset.ref));
    if (!newest) return;
    const { order, ref } = newest.dataset;
    keepOfThisBlog({ order, ref, at: Date.now() + this.page.clocks.offset });
  }

  #tell(entries, left) {
    const first = entries.findIndex(({ dataset }) => dataset.order <= left.order);
    const known = first < 0 ? [] : entries.slice(first);
    const fresh = (first < 0 ? entries : entries.slice(0, first)).filter((entry) => !entry.hasAttribute("data-withdrawn"));
    // A printed time knows no parts of a second.
    const since = (times) => times.filter((time) => Date.parse(time?.dateTime) + 999 >= left.at).length;
    const counts = {
      [first < 0 && this.page.dataset.more === "true" ? "since_least" : "since_new"]: fresh.length,
      since_corrections: since(known.flatMap(correctionsOf)),
      since_withdrawn: since(known.map((entry) => entry.matches("[data-withdrawn]") && entry.querySelector(":scope > div time"))),
    };
    const news = Object.entries(counts).filter(([, count]) => count).map(([key, count]) => this.words.say(key, { count }));
    if (news.length === 0) return;
    if (fresh.length) {
      this.#shown = left;
      this.#line ??= Object.assign(made("p", this.words.say("read_to")), { className: "read-to" });
      this.#line.dataset.readTo = "";
    }
    this.#say(this.words.say("since", { time: this.page.notes.moment(left.at), news: this.words.list(news) }),
      fresh.length ? [" ", this.#onward(known[0]?.dataset.ref ?? left.ref)] : []);
  }

  /** A new element each time: one whose sentence grows would be seen to move. */
  #say(sentence, more) {
    const old = this.sentence;
    if (this.#closed || old.textContent.startsWith(sentence)) return;
    const close = Object.assign(made("button", "×"), { type: "button", ariaLabel: this.words.say("close") });
    close.addEventListener("click", () => { this.#closed = this.sentence.hidden = true; });
    const used = old.contains(document.activeElement) && document.activeElement.localName;
    this.sentence = old.cloneNode();
    this.sentence.hidden = false;
    const text = made("span", sentence);
    text.append(...more);
    this.sentence.append(text, close);
    old.replaceWith(this.sentence);
    if (used) this.sentence.querySelector(used)?.focus();
  }

  /** @returns {HTMLAnchorElement} to what came after an entry, oldest first. Whoever follows it has not read what stands at the top. */
  #onward(ref) {
    const link = Object.assign(made("a", this.words.say("since_read")), { href: `${this.page.dataset.onward}${ref}#latest` });
    link.addEventListener("click", () => { this.#away = true; });
    return link;
  }
}

/**
 * On a list of everything, oldest first, that begins at the beginning or where the reader had read to, reading on is having read.
 *
 * @param {HTMLElement} list the page's entries
 */
export function readOn(list) {
  const asked = new URLSearchParams(location.search);
  const after = asked.get("after");
  const entries = entriesOf(list);
  const { order = "", ref } = ofThisBlog();
  const joins = !after || after === ref || order >= entries[0]?.dataset.order;
  if (asked.get("order") !== "oldest" || [...asked.keys()].some((name) => name !== "order" && name !== "after") || !joins) return;
  addEventListener("pagehide", () => {
    const last = entries.filter((entry) => entry.getBoundingClientRect().top < innerHeight).at(-1);
    if (last?.dataset.order > order) keepOfThisBlog({ order: last.dataset.order, ref: last.dataset.ref, at: Date.now() });
  });
}

function made(name, textContent) {
  return Object.assign(document.createElement(name), { textContent });
}
