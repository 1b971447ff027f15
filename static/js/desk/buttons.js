import { fill } from "./block-editor/words.js";

const WEIGHTIEST_FIRST = ["publish", "correct", "edit", "submit", "save"];

/** The composer's buttons and the fields that belong to some of them only. */
export class Buttons {
  /** @param {HTMLFormElement} form @param {any} words */
  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.readers = 0;
    this.plural = new Intl.PluralRules(document.documentElement.lang || "en");
    this.number = new Intl.NumberFormat(document.documentElement.lang || "en");
    /** @type {HTMLButtonElement[]} */
    this.all = [...form.querySelectorAll("button[name=verb]")];
    this.ofNew = this.all.filter((button) => !button.hidden).map((button) => button.value);
  }

  /**
   * Shows those that fit what is open, colours one, and has it say what it will do.
   * @param {import("./open-entry.js").About | undefined} about the entry that is open; none: a new one
   * @param {boolean} breaking
   * @returns {HTMLButtonElement | null} the coloured one
   */
  name(about, breaking) {
    const published = about?.status === "published";
    const correcting = published && /** @type {RadioNodeList} */ (this.form.elements.namedItem("change")).value === "correct";
    const offered = (about?.verbs ?? this.ofNew).filter((verb) => verb !== (correcting ? "edit" : "correct"));
    const first = WEIGHTIEST_FIRST.find((verb) => offered.includes(verb));
    this.#part("change").hidden = !about?.verbs.includes("correct");
    this.#part("note").hidden = !correcting;
    this.#part("when").hidden = published;
    for (const button of this.all) {
      button.hidden = !offered.includes(button.value);
      button.classList.toggle("default", button.value === first);
      button.toggleAttribute("data-primary", button.value === first);
      if (button.value === "save") button.textContent = this.words.verbs[about && about.status !== "draft" ? "keep" : "save"];
    }
    const coloured = this.all.find((button) => button.value === first) ?? null;
    if (coloured?.value === "publish") coloured.textContent = this.#publish(coloured, breaking);
    return coloured;
  }

  /** @param {HTMLButtonElement} button @param {boolean} breaking */
  #publish(button, breaking) {
    const at = /** @type {HTMLInputElement | null} */ (this.form.elements.namedItem("scheduled_for"))?.value ?? "";
    button.dataset.schedules = at ? "1" : "";
    if (at) return fill(this.words.schedule_for, { at: at.slice(11, 16) || at });
    if (!this.readers) return this.words[breaking ? "breaking" : "publish"];
    const said = this.words[breaking ? "breaking_to" : "publish_to"];
    return fill(said[this.plural.select(this.readers)] ?? said.other, { n: this.number.format(this.readers) });
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.form.querySelector(`[data-part="${name}"]`));
  }
}
