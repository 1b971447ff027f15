import { parse } from "../entry-html.js";

/** What an entry said before: any two of its texts, and what differs. */
export class Past {
  /** @param {HTMLDialogElement} dialog @param {any} room */
  constructor(dialog, room) {
    this.dialog = dialog;
    this.room = room;
    this.place = /** @type {HTMLElement} */ (dialog.querySelector("[data-part=past]"));
    this.place.addEventListener("change", (event) => this.#choose(/** @type {HTMLSelectElement} */ (event.target)));
  }

  /** @param {string} ref */
  async open(ref) {
    this.ref = ref;
    if (await this.#load("")) this.dialog.showModal();
  }

  /** @param {HTMLSelectElement} select */
  async #choose(select) {
    const asked = new URLSearchParams([...new FormData(/** @type {HTMLFormElement} */ (select.form))].map(([name, value]) => [name, String(value)]));
    if (await this.#load(`?${asked}`)) /** @type {HTMLElement | null} */ (this.place.querySelector(`select[name=${select.name}]`))?.focus();
  }

  /** @param {string} query @returns {Promise<boolean>} */
  async #load(query) {
    const { status, body } = await this.room.session.get(`${this.room.dataset.entries}${this.ref}/history/${query}`);
    if (status === 200 && body) this.place.replaceChildren(parse(body.html));
    else this.room.say(body?.faults?.[0]?.message ?? this.room.words.failed);
    return status === 200;
  }
}
