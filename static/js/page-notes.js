/**
 * What the page says of itself, as against what the newsroom says: how it is connected, how many updates wait, what a screen reader hears,
 * how many came while the reader was elsewhere. An embed has fewer of these places; what is missing is not filled.
 */

import { Announcer } from "./announcer.js";
import { Words } from "./words.js";

export class PageNotes {
  #title = document.title;
  #whileAway = 0;
  #lastLive = 0;
  #state = "boot";
  /** How many pages are open, where the desk shows it. */
  readers = 0;

  /** @param {HTMLElement} page the `<live-feed>` */
  constructor(page) {
    this.page = page;
    this.line = page.querySelector("p[data-wire-state]");
    this.tab = page.querySelector("[data-action=show-new]");
    this.status = page.querySelector("[role=status]");
    this.language = document.documentElement.lang || "en";
    this.words = new Words(JSON.parse(document.getElementById("words").textContent), this.language);
    this.announcer = new Announcer({
      say: (sentence) => { this.status.textContent = sentence; },
      words: this.words,
      env: window,
    });
  }

  /** Hours and minutes in the blog's zone, with the day where that is not today. Made when it is wanted: few pages ask. */
  moment(at) {
    const format = (options) => new Intl.DateTimeFormat(this.words.locale, { timeZone: this.page.dataset.zone || undefined, ...options });
    const day = format({ dateStyle: "short" });
    const named = day.format(at) === day.format(Date.now()) ? {} : { weekday: "long", day: "numeric", month: "long" };
    return format({ ...named, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
  }

  /** @param {HTMLElement[]} entries new on the page @param {boolean} paused */
  arrived(entries, paused) {
    if (document.visibilityState === "hidden") {
      this.#whileAway += entries.length;
      if (this.#whileAway) document.title = `(${this.words.number(this.#whileAway)}) ${this.#title}`;
    } else if (this.status && !paused) {
      for (const entry of entries) this.announcer.announce({ ...named(entry), breaking: entry.dataset.kind === "breaking" });
    }
  }

  /** @param {HTMLElement} entry with a correction that it did not have */
  corrected(entry, paused) {
    if (this.status && !paused && document.visibilityState === "visible") this.announcer.correct(named(entry));
  }

  looked() {
    this.#whileAway = 0;
    document.title = this.#title;
  }

  waiting(count) {
    if (!this.tab) return;
    this.tab.hidden = count === 0;
    if (count) this.tab.textContent = this.words.say("new", { count });
  }

  /** @param {import("./wire.js").Wire} wire @param {boolean} paused @param {number} now the server's time, as near as it is known */
  connection({ state, pollSeconds }, paused, now) {
    if (state === "connecting" && this.#state !== "connecting" && this.#state !== "boot") this.#lastLive = now;
    this.#state = state;
    this.page.setAttribute("data-wire-state", state);
    if (!this.line) return;
    this.line.hidden = false;
    this.line.dataset.wireState = state;
    const count = this.readers;
    let sentence = this.#sentence(state, pollSeconds, paused);
    if (count && state === "live") sentence += " · " + this.words.say("readers", { count });
    this.line.textContent = sentence;
  }

  #sentence(state, pollSeconds, paused) {
    if (state === "connecting" && this.#lastLive) return this.words.say("reconnecting", { time: this.moment(this.#lastLive) });
    if (state === "polling") return this.words.say("polling", { count: Math.round(pollSeconds) });
    if (state !== "live") return this.words.say(state);
    if (paused) return this.words.say("paused");
    const blog = this.page.dataset.state;
    // Of a blog that has not begun, its front says one time: when it will.
    const time = blog === "upcoming" && this.page.querySelector("#front time")?.textContent;
    if (time) return this.words.say("starts", { time });
    return this.words.say({ ended: "ended", upcoming: "upcoming", paused: "resting" }[blog] ?? "live");
  }
}

function named(entry) {
  return { ref: entry.dataset.ref, headline: entry.querySelector("h3")?.textContent.trim() ?? "" };
}
