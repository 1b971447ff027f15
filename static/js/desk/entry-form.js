import { fill, readJson } from "./block-editor/words.js";
import { CopyOffer } from "./copy-offer.js";
import { fillFields, wireLines } from "./form-fields.js";
import { Preview } from "./preview.js";
import { SafetyCopy } from "./safety-copy.js";
import { onReturn, thisTab } from "./tab.js";

/**
 * `<entry-form data-copy data-preview data-max-body [data-refused]>` around the form of one entry: preview, local copy, Ctrl+Enter, and a question
 * before breaking news. The form works without it.
 */
export class EntryForm extends HTMLElement {
  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (this.querySelector("form[method=post]"));
    this.words = readJson(this, "form-words");
    this.line = this.part("bar-line");
    this.primary = /** @type {HTMLButtonElement | null} */ (this.querySelector("[data-primary]"));
    this.preview = new Preview(this.part("preview"), this.dataset.preview ?? "");
    this.leaving = false;
    SafetyCopy.tidy(new URLSearchParams(location.search).get("saved") ?? "");
    this.form.addEventListener("submit", (event) => this.#onSubmit(event));
    this.form.addEventListener("keydown", (event) => this.#onKey(event));
    this.form.addEventListener("change", () => this.name());
    this.addEventListener("click", (event) => {
      const act = /** @type {Element} */ (event.target).closest("button")?.dataset.act;
      if (act === "preview") this.#preview();
      if (act === "take-copy") this.#takeCopy();
      if (act === "drop-copy") this.#dropCopy();
    });
    this.name();
    wireLines(this.form);
    // The body is part of what is compared, so the copy is looked at once the block editor has written it.
    if (this.editor?.classList.contains("is-ready")) this.#startCopy();
    else this.addEventListener("block-editor:ready", () => this.#startCopy(), { once: true });
    if (this.hasAttribute("data-refused") && !this.querySelector("block-editor [aria-invalid=true]")) {
      /** @type {HTMLElement | null} */ (document.querySelector("[data-part=refusals]"))?.focus();
    }
  }

  get editor() {
    return /** @type {import("./block-editor/block-editor.js").BlockEditor | null} */ (this.querySelector("block-editor"));
  }

  /**
   * For a form that sends itself: takes over what the button would send.
   * @param {HTMLButtonElement} _button @returns {boolean} whether it did
   */
  deliver(_button) {
    return false;
  }

  get breaking() {
    return /** @type {RadioNodeList} */ (this.form.elements.namedItem("kind")).value === "breaking";
  }

  /** @returns {Promise<string>} where this tab keeps what is typed in this form */
  async place() {
    return `${this.dataset.copy}@${this.tab}`;
  }

  async #startCopy() {
    this.tab = await thisTab();
    this.copy = new SafetyCopy(this.form, await this.place());
    /** @type {[string, string][]} the form as it was served */
    this.blank = JSON.parse(this.copy.first);
    // A refused form is the newest text there is, and it is not what the server holds.
    if (this.hasAttribute("data-refused")) this.copy.first = "";
    else await this.takeUp(this.copy);
    this.copy.keep();
    this.name();
    this.form.addEventListener("input", () => this.copy?.keepSoon());
    // Pin and key event load the page anew: what is typed comes along.
    document.querySelector("[data-part=mark-form]")?.addEventListener("submit", () => this.copy?.carry());
    addEventListener("pagehide", () => this.copy?.keep());
    this.classList.add("is-ready");
    this.dispatchEvent(new Event("entry-form:ready"));
  }

  /** What was kept before this page was here: back in the form where it was carried here, else offered. @param {SafetyCopy} copy */
  async takeUp(copy) {
    this.offer = new CopyOffer(this.part("copy-offer"), {
      place: this.dataset.copy ?? "", tab: this.tab ?? "", first: copy.first, sentence: this.words.copy_found,
    });
    onReturn(() => this.offer?.look());
    const kept = copy.takeCarried() && !copy.early && copy.find();
    if (kept) this.putBack(kept);
    else {
      this.offer.putAside();
      await this.offer.look();
    }
  }

  /** @param {import("./safety-copy.js").Copy} kept */
  putBack(kept) {
    this.fillIn(kept.fields);
    this.line.textContent = this.words.copy_back;
  }

  /** What is typed already and the text that was offered change places: neither is lost. */
  async #takeCopy() {
    const kept = this.offer?.found;
    if (!kept) return;
    if (this.copy?.keep()) this.offer?.changePlaces();
    this.fillIn(kept.fields);
    // It may have been sent, and its answer lost: under its own key it is written once.
    this.control("key").value = kept.key;
    // It was typed over that text, not over the one that is saved now.
    if (kept.base !== undefined) this.control("base_version").value = kept.base;
    this.copy?.keep();
    await this.offer?.done();
    this.control("headline").focus();
  }

  /** @param {[string, string][]} fields */
  fillIn(fields) {
    fillFields(this.form, this.editor, fields);
    this.name();
  }

  async #dropCopy() {
    await this.offer?.done();
    this.control("headline").focus();
  }

  /** A body that the server would not even read is not sent: says so and answers true. */
  #tooLarge() {
    const size = new TextEncoder().encode(this.control("blocks").value).length;
    if (size <= Number(this.dataset.maxBody)) return false;
    this.editor?.showFaults([{ field: "blocks", message: fill(this.words.too_large, { size: String(Math.ceil(size / 1000)) }) }]);
    return true;
  }

  async #preview() {
    if (this.#tooLarge()) return;
    const faults = await this.preview.show(this.form, this.words.preview_failed);
    this.editor?.showFaults(faults);
    this.preview.section.scrollIntoView({ block: "nearest" });
  }

  /** @param {SubmitEvent} event */
  async #onSubmit(event) {
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (this.leaving) {
      // The first press is on its way. (A second one would do no harm: both carry the same key.)
      event.preventDefault();
      return;
    }
    if (this.editor?.busy) {
      event.preventDefault();
      this.line.textContent = this.words.pictures_on_their_way;
      return;
    }
    if (this.#tooLarge()) {
      event.preventDefault();
      return;
    }
    if (button?.value === "publish" && this.breaking && !this.asked) {
      event.preventDefault();
      this.asked = await this.#ask();
      if (this.asked) this.form.requestSubmit(button);
      else button.focus();
      return;
    }
    if (button && this.deliver(button)) {
      event.preventDefault();
      this.asked = false;
      return;
    }
    this.copy?.keep();
    this.leaving = true;
    this.line.textContent = this.words.sending;
    // Back, out of the browser's memory, this form is one that was sent: a fresh one takes its place. What was refused is offered there.
    addEventListener("pageshow", (shown) => shown.persisted && location.reload(), { once: true });
    setTimeout(() => (this.leaving = this.asked = false), 10_000);
  }

  /** @returns {Promise<boolean>} */
  #ask() {
    const dialog = /** @type {HTMLDialogElement} */ (this.part("ask"));
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      if (this.primary) this.form.requestSubmit(this.primary);
    } else if (event.key === "Enter" && (target.matches("[data-one-line]") || (target instanceof HTMLInputElement && target.type !== "submit"))) {
      // Enter in a line is no decision to send.
      event.preventDefault();
    }
  }

  /** The button says what it will do. */
  name() {
    this.classList.toggle("is-breaking", this.breaking);
    if (this.primary?.dataset.labelBreaking) {
      this.primary.textContent = (this.breaking ? this.primary.dataset.labelBreaking : this.primary.dataset.label) ?? "";
    }
  }

  /** @param {string} name @returns {HTMLInputElement} a field of the form */
  control(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }
}

customElements.get("entry-form") ?? customElements.define("entry-form", EntryForm);
