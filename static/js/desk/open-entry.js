import { fill } from "./block-editor/words.js";

// A page that is open says so this often (newsroom.actions.locks); after three times in which nothing was heard it counts as closed.
const HEARTBEAT = 20_000;

/**
 * What the composer knows of the entry that it has open. `version` is the saved text that the changes are made to.
 * @typedef {{ ref: string, name: string, status: string, version: number, verbs: string[], preview: string }} About
 */

/** The entry that is open in the composer: who else has it open, and what a colleague saved meanwhile. */
export class OpenEntry {
  /**
   * @param {HTMLElement} panel with the parts of an open entry
   * @param {{ about: About, entries: string, session: import("./session.js").Session, words: any }} options
   */
  constructor(panel, { about, entries, session, words }) {
    this.panel = panel;
    this.about = about;
    this.address = `${entries}${about.ref}/`;
    this.session = session;
    this.words = words;
    this.mine = false;
    this.part("open-name").textContent = about.name;
    this.part("open-status").textContent = words.statuses[about.status] ?? "";
    this.part("open-status").className = `status status--${about.status}`;
    panel.hidden = false;
    this.#sayLock("", false);
    this.#saySaved("");
    this.together(null);
    this.timer = window.setInterval(() => this.hold(), HEARTBEAT);
    this.hold();
  }

  get ref() {
    return this.about.ref;
  }

  /** Says that it is still open here. @param {boolean} [takeOver] */
  async hold(takeOver = false) {
    const { status, body } = await this.session.post(`${this.address}hold/`, takeOver ? [["take_over", "1"]] : []);
    if (this.closed || status !== 200 || !body) return;
    this.#holder({ name: body.name, mine: body.mine });
  }

  /** What the desk's socket told of this entry. @param {{ version: number, holder: { name: string, mine: boolean } | null }} message */
  hear({ version, holder }) {
    if (holder) this.#holder(holder);
    if (version > this.about.version) this.#saySaved(this.words.saved_meanwhile);
  }

  /** @param {{ name: string, mine: boolean }} holder */
  #holder({ name, mine }) {
    if (mine) this.#sayLock("", false);
    else this.#sayLock(fill(this.mine ? this.words.taken_over : this.words.held_by, { name }), true);
    this.mine = mine;
  }

  /** Both texts were brought together by the server: says what came from the other side, and what has to be decided. @param {any} stale @param {(conflict: any) => void} [take] */
  together(stale, take = () => {}) {
    const place = this.part("open-together");
    place.hidden = !stale;
    if (!stale) return;
    this.#saySaved("");
    this.part("together-line").textContent = fill(this.words.together, { name: stale.by });
    const taken = this.part("together-taken");
    taken.hidden = !stale.taken.length;
    taken.textContent = fill(this.words.together_taken, { name: stale.by, places: stale.taken.join(", ") });
    this.part("together-list").replaceChildren(...stale.conflicts.map((/** @type {any} */ conflict) => this.#conflict(stale.by, conflict, take)));
    place.focus();
  }

  /** @param {string} by @param {any} conflict @param {(conflict: any) => void} take */
  #conflict(by, conflict, take) {
    const template = /** @type {HTMLTemplateElement} */ (this.part("conflict"));
    const line = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    const put = (/** @type {string} */ name, /** @type {string} */ text) => (/** @type {HTMLElement} */ (line.querySelector(`[data-of=${name}]`)).textContent = text);
    put("label", conflict.label);
    put("their-name", by);
    put("theirs", conflict.theirs || "–");
    put("mine", conflict.mine || "–");
    const button = /** @type {HTMLButtonElement} */ (line.querySelector("button"));
    button.setAttribute("aria-label", `${button.textContent}: ${conflict.label}`);
    button.addEventListener("click", () => {
      if (button.ariaDisabled === "true") return;
      take(conflict);
      // Not `disabled`: that would take the focus away from where one works.
      button.ariaDisabled = "true";
      button.textContent = this.words.theirs_taken;
    });
    return line;
  }

  /** Nobody writes here any more. Said also while the page goes away. @param {boolean} [leaving] */
  close(leaving = false) {
    this.closed = true;
    clearInterval(this.timer);
    this.panel.hidden = true;
    const address = `${this.address}let-go/`;
    if (!leaving) {
      this.#letGo(address);
      return;
    }
    const form = new FormData();
    form.append("csrfmiddlewaretoken", this.session.token);
    navigator.sendBeacon?.(address, form);
  }

  /** @param {string} address */
  async #letGo(address) {
    const { status } = await this.session.post(address, []);
    if (!status) addEventListener("online", () => this.session.post(address, []), { once: true });
  }

  /** @param {string} sentence @param {boolean} others */
  #sayLock(sentence, others) {
    this.part("open-lock").hidden = !sentence;
    this.part("lock-line").textContent = sentence;
    this.part("take-over").hidden = !others;
  }

  /** @param {string} sentence */
  #saySaved(sentence) {
    const line = this.part("open-saved");
    line.hidden = !sentence;
    line.textContent = sentence;
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.panel.querySelector(`[data-part="${name}"]`));
  }
}
