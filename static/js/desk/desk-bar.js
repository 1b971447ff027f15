import { fill } from "./block-editor/words.js";

/** `<desk-bar data-pushed data-quiet-after>`: how the story stands. */
export class DeskBar extends HTMLElement {
  /** @param {any} words @param {any} room the desk it belongs to */
  start(words, room) {
    this.words = words;
    this.room = room;
    const lang = document.documentElement.lang || "en";
    this.plural = new Intl.PluralRules(lang);
    this.number = new Intl.NumberFormat(lang);
    this.pushed = Date.parse(this.dataset.pushed ?? "") || 0;
    setInterval(() => this.#age(), 1000);
    this.#age();
    this.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button");
      if (button?.dataset.state) this.#turn(button.dataset.state);
    });
  }

  /** @param {{ state: string, label: string, pushed: string | null }} facts */
  blog({ state, label, pushed }) {
    const tag = this.#part("state");
    if (!tag.classList.contains(`status--${state}`)) {
      tag.className = `status status--${state}`;
      // Other buttons belong to it now: they are taken from the page as it is served.
      if (tag.textContent !== label) this.querySelector("details")?.replaceWith(link(this.words));
    }
    tag.textContent = label;
    this.pushed = Date.parse(pushed ?? "") || this.pushed || 0;
    this.#age();
  }

  /** @param {string[]} names */
  people(names) {
    this.#part("people").textContent = names.length > 1 ? fill(this.words.here, { names: names.join(", ") }) : this.words.alone;
  }

  /** @param {number} count */
  readers(count) {
    const said = this.words.readers;
    this.#part("readers").textContent = fill(said[this.plural?.select(count) ?? "other"] ?? said.other, { n: this.number?.format(count) ?? count });
  }

  /** @param {string} sentence @param {string} state */
  wire(sentence, state) {
    const line = this.#part("wire");
    line.textContent = sentence;
    line.dataset.state = state;
  }

  /** @param {string} state */
  async #turn(state) {
    const answer = await this.room.session.post(this.dataset.stateAddress, [["state", state]]);
    if (answer.status === 200) location.reload();
    else this.room.say(answer.body?.faults?.[0]?.message ?? this.words.failed);
  }

  #age() {
    const seconds = Math.max(0, Math.round((Date.now() - (this.pushed ?? 0)) / 1000));
    const { ago } = this.words;
    const said = !this.pushed ? ago.none
      : seconds < 60 ? fill(ago.s, { n: seconds }) : seconds < 3600 ? fill(ago.m, { n: Math.floor(seconds / 60) }) : fill(ago.h, { n: Math.floor(seconds / 3600) });
    const line = this.#part("pushed");
    if (line.textContent !== said) line.textContent = said;
    const after = Number(this.dataset.quietAfter) * 60;
    const nudge = /** @type {HTMLElement | null} */ (document.querySelector("[data-part=nudge]"));
    if (!nudge || !after || !this.pushed) return;
    nudge.hidden = seconds < after;
    if (!nudge.hidden) nudge.textContent = fill(this.words.quiet, { n: Math.floor(seconds / 60) });
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }
}

/** @param {any} words */
function link(words) {
  const anchor = document.createElement("a");
  anchor.href = location.href;
  anchor.textContent = words.reload;
  return anchor;
}

customElements.define("desk-bar", DeskBar);
