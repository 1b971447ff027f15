import { parse } from "../entry-html.js";
import { fill } from "./block-editor/words.js";
import { freshKey } from "./device.js";
import { showFormFaults } from "./form-faults.js";

/** `<desk-bar data-pushed data-quiet-after …>`: how the story stands, and its controls. */
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
    this.sheet = /** @type {HTMLDetailsElement} */ (this.querySelector("details"));
    this.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button");
      if (button?.dataset.state) this.#turn(button.dataset.state);
    });
    this.addEventListener("submit", (event) => this.#save(event));
    this.addEventListener("input", (event) => this.#narrow(/** @type {HTMLInputElement} */ (event.target)));
    this.addEventListener("keydown", (event) => {
      // Looking for a name is no decision to save.
      if (event.key === "Enter" && /** @type {Element} */ (event.target).matches("[data-narrow]")) event.preventDefault();
      if (event.key !== "Escape" || !this.sheet?.open) return;
      this.sheet.open = false;
      this.sheet.querySelector("summary")?.focus();
    });
    document.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target);
      if (this.sheet?.open && target.isConnected && !this.sheet.contains(target) && !target.closest("dialog")) this.sheet.open = false;
    });
  }

  /** @param {{ state: string, label: string, title: string, pushed: string | null, quiet: number }} facts */
  blog({ state, label, title, pushed, quiet }) {
    const tag = this.#part("state");
    this.#part("name").textContent = title;
    if (!tag.classList.contains(`status--${state}`)) {
      tag.className = `status status--${state}`;
      // Other buttons belong to it now.
      if (tag.textContent !== label) this.#renew();
    }
    tag.textContent = label;
    this.dataset.quietAfter = String(quiet);
    this.pushed = Date.parse(pushed ?? "") || this.pushed || 0;
    this.#age();
  }

  /** @param {string[]} names */
  people(names) {
    const line = this.#part("people");
    line.textContent = names.length > 1 ? fill(this.words.here, { names: names.join(", ") }) : this.words.alone;
    // Where there are more of them than the bar is wide.
    line.title = line.textContent ?? "";
  }

  /** @param {number} count */
  readers(count) {
    this.#part("readers").textContent = this.#said(this.words.readers, count);
  }

  /** How many read in the minutes that were counted. @param {[number, number][]} counts minutes ago, and how many; the oldest first */
  past(counts) {
    const chart = /** @type {SVGElement} */ (/** @type {unknown} */ (this.#part("chart")));
    chart.toggleAttribute("hidden", counts.length < 2);
    if (counts.length < 2) return;
    const [longest] = counts[0];
    const most = Math.max(1, ...counts.map(([, count]) => count));
    const points = counts.map(([ago, count]) => `${(120 * (1 - ago / Math.max(1, longest))).toFixed(1)} ${(22 - (20 * count) / most).toFixed(1)}`);
    chart.querySelector("path")?.setAttribute("d", `M${points.join("L")}`);
    const values = { min: Math.min(...counts.map(([, count]) => count)), max: Math.max(...counts.map(([, count]) => count)) };
    const span = longest < 90 ? fill(this.words.span.m, { n: longest }) : fill(this.words.span.h, { n: Math.round(longest / 60) });
    const told = fill(this.words.chart, { span, min: this.number?.format(values.min) ?? "", max: this.number?.format(values.max) ?? "" });
    chart.setAttribute("aria-label", told);
    /** @type {HTMLElement} */ (chart.parentElement).title = told;
  }

  /** @param {string} sentence @param {string} state */
  wire(sentence, state) {
    const line = this.#part("wire");
    line.textContent = sentence;
    line.dataset.state = state;
  }

  /** @param {string} state */
  async #turn(state) {
    const { status, body } = await this.room.session.post(this.dataset.stateAddress, [["state", state]]);
    if (status !== 200) return this.room.say(body?.faults?.[0]?.message ?? this.words.failed);
    this.blog({ ...body, pushed: null, title: this.#part("name").textContent ?? "", quiet: Number(this.dataset.quietAfter) });
    return this.room.say(fill(this.words.turned, { label: body.label }));
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const fields = [...new FormData(form)].map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]));
    const { status, body } = await this.room.session.post(this.dataset.storyAddress, [...fields, ["key", freshKey()]]);
    const rest = showFormFaults(form, body?.faults ?? []);
    this.#part("story-said").textContent = status === 200 ? body.said : rest || (body ? "" : this.words.failed);
  }

  /** Of the names beneath the field, those with what is typed in it. @param {HTMLInputElement} field */
  #narrow(field) {
    if (!field.matches("[data-narrow]")) return;
    const asked = field.value.trim().toLocaleLowerCase();
    for (const label of field.parentElement?.querySelectorAll("label") ?? []) {
      label.hidden = !(label.textContent ?? "").toLocaleLowerCase().includes(asked);
    }
  }

  /** The controls as they are now; not under the hand of somebody who fills them in. */
  async #renew() {
    if (this.#part("story-form")?.contains(document.activeElement)) return;
    const { status, body } = await this.room.session.get(this.dataset.barAddress);
    if (status === 200 && body) this.#part("story").replaceChildren(parse(body.html));
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
    if (!nudge) return;
    nudge.hidden = !after || !this.pushed || seconds < after;
    const quiet = fill(this.words.quiet, { n: Math.floor(seconds / 60) });
    if (!nudge.hidden && nudge.textContent !== quiet) nudge.textContent = quiet;
  }

  /** @param {Record<string, string>} said @param {number} count */
  #said(said, count) {
    return fill(said[this.plural?.select(count) ?? "other"] ?? said.other, { n: this.number?.format(count) ?? count });
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }
}

customElements.define("desk-bar", DeskBar);
