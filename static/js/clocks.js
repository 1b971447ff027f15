/**
 * “2 min ago” under an entry's time while it is young, and the reader's own time as a title. The printed time in the blog's zone stays
 * the truth: this is a second line for the eye, in no live region, and no decision rests on it.
 *
 * One timer serves every clock on the page.
 */

const TICK = 20_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YOUNG = 12 * HOUR;

/** @param {number} age in milliseconds @param {Intl.RelativeTimeFormat} format @returns {string} empty once it is too old, or in the future */
export function ago(age, format) {
  // Two clocks never agree to the second.
  if (age < -MINUTE || age >= YOUNG) return "";
  if (age < MINUTE) return format.format(0, "second");
  if (age < HOUR) return format.format(-Math.floor(age / MINUTE), "minute");
  return format.format(-Math.floor(age / HOUR), "hour");
}

export class Clocks {
  /** The server's clock minus the reader's. */
  offset = 0;

  /** @param {Element} feed @param {string} locale the page's, with its digits and calendar */
  constructor(feed, locale) {
    this.feed = feed;
    this.locale = locale;
  }

  start() {
    // In a task of its own: thirty times in words are the dearest part of a page's start, and nobody waits for them.
    setTimeout(() => this.tick());
    setInterval(() => this.tick(), TICK);
    // Every other time, once somebody points at it.
    document.addEventListener("pointerover", ({ target }) => {
      if (this.own && target.tagName === "TIME" && target.dateTime.includes("T")) target.title ||= this.own.format(Date.parse(target.dateTime));
    });
  }

  /** @param {number} serverTime milliseconds, as the server read them when it answered */
  correct(serverTime) {
    const before = this.offset;
    this.offset = serverTime - Date.now();
    // What stands there is wrong already where the reader's clock is.
    if (Math.abs(this.offset - before) >= MINUTE) this.tick();
  }

  tick() {
    this.relative ??= new Intl.RelativeTimeFormat(this.locale, { numeric: "auto", style: "short" });
    this.own ??= new Intl.DateTimeFormat(this.locale, { dateStyle: "full", timeStyle: "long" });
    const now = Date.now() + this.offset;
    for (const time of this.feed.querySelectorAll(":scope > [data-ref] > header a > time")) this.#show(time, now);
  }

  #show(time, now) {
    const at = Date.parse(time.dateTime);
    // On the link, which has a name: there it is the link's description, and is read out too.
    time.parentElement.title ||= this.own.format(at);
    const text = ago(now - at, this.relative);
    let line = time.parentElement.querySelector("[data-ago]");
    if (!text) return line?.remove();
    if (!line) {
      line = document.createElement("span");
      line.className = "ago";
      line.dataset.ago = "";
      time.after(" ", line);
    }
    if (line.textContent !== text) line.textContent = text;
  }
}
