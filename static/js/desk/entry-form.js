import { fill, readJson } from "./block-editor/words.js";
import { Preview } from "./preview.js";
import { SafetyCopy } from "./safety-copy.js";

/**
 * `<entry-form data-copy data-preview data-max-body [data-refused]>` around the form of one entry: preview, local copy, Ctrl+Enter, and a question
 * before breaking news. The form works without it.
 */
export class EntryForm extends HTMLElement {
  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (this.querySelector("form[method=post]"));
    this.words = readJson(this, "form-words");
    this.line = this.#part("bar-line");
    this.primary = /** @type {HTMLButtonElement | null} */ (this.querySelector("[data-primary]"));
    this.preview = new Preview(this.#part("preview"), this.dataset.preview ?? "");
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
    for (const field of this.querySelectorAll("textarea[data-one-line]")) field.addEventListener("input", () => this.#grow(field));
    this.querySelectorAll("textarea[data-one-line]").forEach((field) => this.#grow(field));
    // The body is part of what is compared, so the copy is looked at once the block editor has written it.
    if (this.editor?.classList.contains("is-ready")) this.#startCopy();
    else this.addEventListener("block-editor:ready", () => this.#startCopy(), { once: true });
    if (this.hasAttribute("data-refused") && !this.querySelector("block-editor [aria-invalid=true]")) {
      /** @type {HTMLElement | null} */ (document.querySelector("[data-part=refusals]"))?.focus();
    }
  }

  /** Whether a kept text comes back by itself. */
  get takesUp() {
    return false;
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

  /** @returns {Promise<string>} where what is typed in this form is kept */
  async place() {
    return this.dataset.copy ?? "";
  }

  async #startCopy() {
    const place = await this.place();
    this.copy = new SafetyCopy(this.form, place);
    /** @type {[string, string][]} the form as it was served */
    this.blank = JSON.parse(this.copy.first);
    // A refused form is the newest text there is, and it is not what the server holds.
    if (this.hasAttribute("data-refused")) this.copy.first = "";
    else {
      const found = this.copy.find();
      if (found && this.copy.early) this.setAside(found);
      else this.#offer(found);
      if ((this.copy.takeCarried() || this.takesUp) && this.found && !this.copy.early) {
        this.fillIn(this.found);
        this.line.textContent = this.words.copy_back;
      }
    }
    this.copy.keep();
    this.name();
    this.form.addEventListener("input", () => this.copy?.keepSoon());
    // Pin and key event load the page anew: what is typed comes along.
    document.querySelector("[data-part=mark-form]")?.addEventListener("submit", () => this.copy?.carry());
    addEventListener("pagehide", () => this.copy?.keep());
    this.classList.add("is-ready");
    this.dispatchEvent(new Event("entry-form:ready"));
  }

  /** A kept text, where another was typed before the scripts ran: neither takes the other's place. @param {import("./safety-copy.js").Copy} copy */
  setAside(copy) {
    this.#offer(copy);
  }

  /** @param {import("./safety-copy.js").Copy | null} found */
  #offer(found) {
    this.found = found;
    const offer = this.querySelector("[data-part=copy-offer]");
    if (!(offer instanceof HTMLElement)) return;
    offer.hidden = !found;
    if (found) this.#part("copy-text").textContent = fill(this.words.copy_found, { at: new Date(found.at).toLocaleString(document.documentElement.lang) });
  }

  #takeCopy() {
    if (!this.found) return;
    this.fillIn(this.found);
    /** @type {HTMLElement} */ (this.form.elements.namedItem("headline")).focus();
  }

  /** @param {import("./safety-copy.js").Copy} copy */
  fillIn(copy) {
    const values = new Map();
    for (const [name, value] of copy.fields) values.set(name, [...(values.get(name) ?? []), value]);
    this.#makeRoom(values.get("bylines")?.filter(Boolean).length ?? 0);
    for (const control of /** @type {Iterable<HTMLInputElement>} */ (this.form.elements)) {
      const kept = values.get(control.name);
      if (control.type === "radio") control.checked = kept?.includes(control.value) ?? false;
      else if (control.type === "checkbox") control.checked = values.has(control.name);
      else if (control.tagName === "SELECT") control.value = kept?.shift() ?? "";
      else if (kept && !["blocks", "key", "base_version", "csrfmiddlewaretoken"].includes(control.name)) control.value = kept.shift() ?? "";
    }
    const said = JSON.parse(copy.fields.find(([name]) => name === "pictures")?.[1] || "{}");
    const blocks = JSON.parse(copy.fields.find(([name]) => name === "blocks")?.[1] || "[]");
    const kept = JSON.parse(copy.fields.find(([name]) => name === "kept_files")?.[1] || "[]");
    this.editor?.restore(blocks, said, kept);
    this.#offer(null);
    this.name();
    this.querySelectorAll("textarea[data-one-line]").forEach((field) => this.#grow(field));
  }

  /** A text may be signed by more than there are fields for. @param {number} signed */
  #makeRoom(signed) {
    const fields = /** @type {HTMLSelectElement[]} */ ([...this.form.querySelectorAll("select[name=bylines]")]);
    const last = fields.at(-1);
    for (let number = fields.length + 1; last && number <= signed + 1; number += 1) {
      const more = /** @type {HTMLSelectElement} */ (last.cloneNode(true));
      more.id = last.id.replace(/\d+$/, String(number));
      more.setAttribute("aria-label", (last.getAttribute("aria-label") ?? "").replace(/\d+/, String(number)));
      (last.parentElement?.lastElementChild ?? last).after(more);
    }
  }

  #dropCopy() {
    this.copy?.drop();
    this.#offer(null);
    /** @type {HTMLElement} */ (this.form.elements.namedItem("headline")).focus();
  }

  /** A body that the server would not even read is not sent: says so and answers true. */
  #tooLarge() {
    const body = /** @type {HTMLTextAreaElement} */ (this.form.elements.namedItem("blocks")).value;
    const size = new TextEncoder().encode(body).length;
    if (size <= Number(this.dataset.maxBody)) return false;
    this.line.textContent = fill(this.words.too_large, { size: String(Math.ceil(size / 1000)) });
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
    const dialog = /** @type {HTMLDialogElement} */ (this.#part("ask"));
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

  /** @param {any} field a textarea as tall as its text */
  #grow(field) {
    field.value = field.value.replace(/\s*\n\s*/g, " ");
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + 2}px`;
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }
}

customElements.get("entry-form") ?? customElements.define("entry-form", EntryForm);
