import { freshKey } from "../device.js";
import { clearFault, showFault } from "./faults.js";
import { dropFile, keepFile, keptFile } from "./kept-files.js";
import { UploadRefused, upload } from "./uploads.js";
import { fill } from "./words.js";

/** @typedef {import("./uploads.js").Picture} Picture */
/** @typedef {import("./block-editor.js").BlockEditor} BlockEditor */

const TEXT_KEYS = /** @type {const} */ (["alt", "caption", "credit"]);
const FOCAL_KEYS = /** @type {const} */ (["focal_x", "focal_y"]);

/** One picture in place: what it looks like and what is said of it; or the file on its way here. */
export class PicturePanel {
  /** @param {BlockEditor} editor */
  constructor(editor) {
    this.editor = editor;
    this.element = editor.clone("picture");
    this.ref = "";
    /** @type {File | null} */
    this.file = null;
    this.uploading = false;
    /** @type {{ id: string, name: string } | null} what the file is kept under until it has arrived */
    this.kept = null;
    this.image = /** @type {HTMLImageElement} */ (this.#part("image"));
    this.element.addEventListener("input", (event) => this.#onInput(/** @type {HTMLInputElement} */ (event.target)));
    this.#part("frame").addEventListener("click", (event) => this.#onPoint(/** @type {MouseEvent} */ (event)));
    this.#part("retry").addEventListener("click", () => this.file && this.send(this.file));
  }

  /** Whether a file is on its way, or was refused and waits to be tried again or removed. */
  get busy() {
    return this.uploading || this.file !== null || this.kept !== null;
  }

  /** A file that was on its way when the page was left. @param {{ id: string, name: string }} kept */
  async takeUp(kept) {
    this.kept = kept;
    this.element.dataset.stage = "sending";
    this.#say(fill(this.editor.words.sending, { name: kept.name }));
    const file = await keptFile(kept.id);
    if (file) await this.send(file);
    else this.#refuse(fill(this.editor.words.file_lost, { name: kept.name }));
  }

  /** It is not wanted any more. */
  forget() {
    if (this.kept) dropFile(this.kept.id);
    this.kept = null;
  }

  /** @param {string} ref a picture that the editor already knows */
  show(ref) {
    this.ref = ref;
    const picture = this.editor.pictures[ref];
    this.element.dataset.stage = picture ? "shown" : "unknown";
    if (!picture) {
      this.#say(fill(this.editor.words.unknown_picture, { ref }));
      return;
    }
    this.image.hidden = !picture.url;
    if (picture.url) this.image.src = picture.url;
    this.image.width = picture.width;
    this.image.height = picture.height;
    this.#part("remote").hidden = !picture.remote;
    this.#part("remote").textContent = picture.remote ? fill(this.editor.words.remote_picture, { host: picture.remote }) : "";
    for (const key of TEXT_KEYS) this.#control(key).value = picture[key];
    for (const key of FOCAL_KEYS) this.#control(key).value = String(Math.round(picture[key] * 100));
    this.#control("decorative").checked = picture.decorative;
    this.#reflect();
  }

  /**
   * Sends a file here; resolves once it is shown or refused (then the panel says why and keeps the file for another try).
   * @param {File} file
   */
  async send(file) {
    this.file = file;
    const { words, maxBytes } = this.editor;
    if (file.size > maxBytes) {
      this.forget();
      this.#refuse(fill(words.too_large, { name: file.name, size: Math.ceil(file.size / 1e6), limit: Math.floor(maxBytes / 1e6) }));
      return;
    }
    this.element.dataset.stage = "sending";
    this.uploading = true;
    const bar = /** @type {HTMLProgressElement} */ (this.#part("progress"));
    bar.setAttribute("aria-label", fill(words.sending, { name: file.name }));
    bar.value = 0;
    this.#say(fill(words.sending, { name: file.name }));
    this.#keep(file);
    try {
      const picture = await upload(file, {
        address: this.editor.uploadAddress,
        csrf: this.editor.csrf,
        failed: fill(words.upload_failed, { name: file.name }),
        progress: (share) => (bar.value = share),
      });
      this.editor.pictures[picture.ref] = picture;
      this.file = null;
      // Where the text went elsewhere meanwhile, it is from there that the file is asked for.
      if (this.element.isConnected) this.forget();
      this.#say("");
      this.show(picture.ref);
      this.editor.announce(fill(words.sent, { name: file.name }));
    } catch (error) {
      if (!(error instanceof UploadRefused)) throw error;
      this.#refuse(error.message);
      if (error.lost) addEventListener("online", () => this.element.isConnected && !this.uploading && this.file && this.send(this.file), { once: true });
    } finally {
      this.uploading = false;
      this.editor.changed();
    }
  }

  /** Until it has arrived, this browser keeps it; where it will not, that is said. @param {File} file */
  async #keep(file) {
    if (this.kept) return;
    const kept = { id: freshKey(), name: file.name };
    this.kept = kept;
    this.editor.changed();
    if ((await keepFile(kept.id, file)) || !this.uploading || this.kept !== kept) return;
    this.#say(fill(this.editor.words.file_not_kept, { name: file.name }));
  }

  /** @param {string} message about the picture: nearly always that its alternative text is missing */
  refuse(message) {
    if (this.ref) showFault(this.#field("alt"), message);
    else this.#say(message, true);
  }

  focus() {
    (this.ref ? this.#control("alt") : this.element).focus();
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.element.querySelector(`[data-part="${name}"]`));
  }

  /** @param {string} key @returns {HTMLInputElement} */
  #control(key) {
    return /** @type {HTMLInputElement} */ (this.element.querySelector(`[data-picture="${key}"]`));
  }

  /** @param {string} key @returns {Element} */
  #field(key) {
    return /** @type {Element} */ (this.#control(key).closest("[data-field]"));
  }

  /** @param {HTMLInputElement} control */
  #onInput(control) {
    const key = control.dataset.picture;
    const picture = this.editor.pictures[this.ref];
    if (!key || !picture) return;
    if (key === "decorative") picture.decorative = control.checked;
    else if (key === "focal_x" || key === "focal_y") picture[key] = Number(control.value) / 100;
    else picture[/** @type {"alt" | "caption" | "credit"} */ (key)] = control.value;
    clearFault(this.#field("alt"));
    this.editor.touchedPictures.add(this.ref);
    this.#reflect();
  }

  /** A click on the picture is its focal point. @param {MouseEvent} event */
  #onPoint(event) {
    const details = /** @type {HTMLDetailsElement} */ (this.#part("focal"));
    if (!details.open || !this.ref) return;
    const box = this.image.getBoundingClientRect();
    this.#control("focal_x").value = String(Math.round(((event.clientX - box.left) / box.width) * 100));
    this.#control("focal_y").value = String(Math.round(((event.clientY - box.top) / box.height) * 100));
    for (const key of FOCAL_KEYS) this.#control(key).dispatchEvent(new Event("input", { bubbles: true }));
  }

  #reflect() {
    const picture = this.editor.pictures[this.ref];
    this.#control("alt").disabled = picture.decorative;
    const mark = this.#part("mark");
    mark.style.setProperty("--x", `${picture.focal_x * 100}%`);
    mark.style.setProperty("--y", `${picture.focal_y * 100}%`);
  }

  /** @param {string} message */
  #refuse(message) {
    this.element.dataset.stage = "refused";
    this.#say(message, true);
    this.editor.announce(message);
  }

  /** @param {string} message @param {boolean} [refusal] */
  #say(message, refusal = false) {
    const line = this.#part("line");
    line.hidden = !message;
    line.textContent = message;
    line.classList.toggle("is-fault", refusal);
    this.#part("retry").hidden = !(refusal && this.file && this.file.size <= this.editor.maxBytes);
  }
}
