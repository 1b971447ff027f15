// The words under an entry, the dialogues that ask before the weighty ones, and the keys of the desk.

import { freshKey } from "./device.js";
import { Past } from "./history.js";

const TYPING = "input, textarea, select, [contenteditable=true], [contenteditable='']";
// What takes an entry out of its list.
const LEAVES = new Set(["approve", "restore", "send-back", "spike", "submit", "unschedule", "withdraw"]);

export class DeskActs {
  /** @param {any} room */
  constructor(room) {
    this.room = room;
    this.history = new Past(this.#dialog("history"), room);
    room.slips.addEventListener("click", (/** @type {MouseEvent} */ event) => this.#onClick(event));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    room.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#press(event));
    document.querySelector("[data-help]")?.addEventListener("click", () => this.#dialog("keys").showModal());
    room.bar.addEventListener("click", (/** @type {MouseEvent} */ event) => /** @type {Element} */ (event.target).closest("[data-wrap-up]") && this.#wrapUp());
  }

  /** @param {MouseEvent} event */
  async #onClick(event) {
    const target = /** @type {Element} */ (event.target);
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("[data-copy-link]"));
    if (link && navigator.clipboard) {
      event.preventDefault();
      await navigator.clipboard.writeText(link.href);
      this.room.say(this.room.words.copied);
      return;
    }
    const slip = /** @type {HTMLElement | null} */ (target.closest("[data-slip]"));
    const open = /** @type {HTMLElement | null} */ (target.closest("[data-open]"));
    if (open && slip && this.room.composer && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.room.composer.openEntry(slip.dataset.slip, open.dataset.open === "correct");
      return;
    }
    if (target.closest("[data-history]") && slip && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.history.open(slip.dataset.slip ?? "");
      return;
    }
    const button = /** @type {HTMLButtonElement | null} */ (target.closest("button[data-act], button[data-ask]"));
    if (!button || !slip) return;
    if (button.dataset.ask) this.#ask(button.dataset.ask, slip, button);
    else this.perform(button.dataset.act ?? "", slip, [], button);
  }

  /**
   * @param {string} act @param {HTMLElement} slip @param {[string, string][]} fields @param {HTMLButtonElement} [button]
   * @returns {Promise<string>} the refusal, or nothing
   */
  async perform(act, slip, fields, button) {
    if (slip.hasAttribute("aria-busy")) return "";
    slip.setAttribute("aria-busy", "true");
    slip.toggleAttribute("data-leaving", LEAVES.has(act));
    const key = button?.dataset.key || freshKey();
    if (button) button.dataset.key = key;
    const sent = /** @type {[string, string][]} */ ([...fields, ["version", slip.dataset.version ?? ""], ["key", key]]);
    const answer = await this.room.session.post(`${this.room.dataset.entries}${slip.dataset.slip}/${act}/`, sent);
    slip.removeAttribute("aria-busy");
    if (answer.status >= 200 && answer.status < 300 && answer.body) {
      if (button) button.dataset.key = "";
      this.room.say(answer.body.said ?? "");
      if (this.room.socket?.socket?.readyState !== WebSocket.OPEN) this.room.refresh();
      return "";
    }
    slip.removeAttribute("data-leaving");
    if (answer.status === 401 || (answer.status === 403 && !answer.body)) this.room.lookAfterRefusal?.();
    const why = answer.body?.faults?.map((/** @type {any} */ fault) => fault.message).join(" ") || this.room.words.failed;
    if (answer.status && button) button.dataset.key = "";
    this.room.say(why);
    return why;
  }

  /** @param {string} name @param {HTMLElement} slip @param {HTMLButtonElement} button */
  #ask(name, slip, button) {
    const dialog = this.#dialog(name);
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
    const fault = /** @type {HTMLElement} */ (dialog.querySelector("[data-fault]"));
    form.reset();
    fault.hidden = true;
    if (name === "move") /** @type {HTMLInputElement} */ (form.elements.namedItem("at")).value = slip.dataset.published ?? "";
    if (name === "embargo") /** @type {HTMLInputElement} */ (form.elements.namedItem("until")).value = slip.dataset.until ?? "";
    form.onsubmit = async (event) => {
      const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
      if (pressed?.value !== "yes") return;
      event.preventDefault();
      const fields = [...new FormData(form)].map(([field, value]) => /** @type {[string, string]} */ ([field, String(value)]));
      const at = [...this.room.slips.children].indexOf(slip);
      const why = await this.perform(name, slip, fields, button);
      fault.hidden = !why;
      fault.textContent = why;
      if (why) return;
      dialog.close();
      // The news may have come before the answer: the button that was pressed is gone, and the next thing to do is here.
      if (!slip.isConnected) this.room.goTo(this.room.slip(slip.dataset.slip) ?? this.room.slips.children[at] ?? this.room.slips.lastElementChild);
    };
    dialog.showModal();
  }

  /** In a dialogue as in the composer: where Enter is a new line, Ctrl+Enter presses the coloured button. @param {KeyboardEvent} event */
  #press(event) {
    const field = event.target;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !(field instanceof HTMLTextAreaElement) || !field.closest("dialog")) return;
    event.preventDefault();
    field.form?.requestSubmit(field.form.querySelector("button.default"));
  }

  #wrapUp() {
    const dialog = this.#dialog("wrap-up");
    dialog.onclose = () => {
      if (dialog.returnValue === "yes") this.room.composer?.send("wrap-up");
    };
    dialog.showModal();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    // A key that is held down goes through the list, and does nothing to anybody's text.
    if (event.repeat && event.key !== "j" && event.key !== "k") return;
    const slips = /** @type {HTMLElement[]} */ ([...this.room.slips.children]);
    const at = slips.findIndex((slip) => slip.contains(document.activeElement));
    const press = (/** @type {string} */ what) => /** @type {HTMLElement | null} */ (slips[at]?.querySelector(what))?.click();
    const done = {
      "?": () => this.#dialog("keys").showModal(),
      n: () => document.getElementById("id_headline")?.focus(),
      "/": () => document.getElementById("desk-q")?.focus(),
      j: () => this.room.goTo(slips[Math.min(at + 1, slips.length - 1)]),
      k: () => this.room.goTo(slips[Math.max(at - 1, 0)]),
      a: () => press("[data-act=approve]"),
      e: () => press("[data-open=edit]"),
      c: () => press("[data-open=correct]"),
      w: () => press("[data-ask=withdraw]"),
      h: () => press("[data-history]"),
    }[event.key];
    if (!done) return;
    event.preventDefault();
    done();
  }

  /** @param {string} name @returns {HTMLDialogElement} */
  #dialog(name) {
    return /** @type {HTMLDialogElement} */ (this.room.querySelector(`[data-dialog="${name}"]`));
  }
}
