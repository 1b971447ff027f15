import { BlockView } from "./block-view.js";
import { PicturePanel } from "./picture-panel.js";

/** @typedef {import("./block-view.js").Block} Block */

/** The site that an address names, as readers know it. @param {string} url @returns {string} */
function siteOf(url) {
  try {
    return new URL(url).hostname.replace(/^(www|m|mobile)\./, "");
  } catch {
    return "";
  }
}

/** A card made of a link. Nothing is fetched: the editor says what it shows. */
export class EmbedView extends BlockView {
  /** @param {Block} block */
  write(block) {
    super.write(block);
    const [url, provider] = ["url", "provider"].map((key) => /** @type {HTMLInputElement} */ (this.body.querySelector(`[data-key=${key}]`)));
    let filled = siteOf(url.value);
    url.addEventListener("input", () => {
      if (provider.value && provider.value !== filled) return;
      filled = siteOf(url.value.trim());
      provider.value = filled;
    });
  }
}

/** @param {string} typed "95", "1:35" or "1:02:03" @returns {number | string | null} seconds; what cannot be read goes to the server as it is */
function seconds(typed) {
  if (!typed) return null;
  if (!/^\d+(:[0-5]?\d){0,2}$/.test(typed)) return typed;
  return typed.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** @param {number | string | null} value @returns {string} */
function clock(value) {
  if (typeof value !== "number") return value ?? "";
  const parts = [Math.floor(value / 3600), Math.floor(value / 60) % 60, value % 60];
  return parts.slice(parts[0] ? 0 : 1).map((part, index) => (index ? String(part).padStart(2, "0") : String(part))).join(":");
}

/** A sound recording behind a link. */
export class RecordingView extends BlockView {
  get #duration() {
    return /** @type {HTMLInputElement} */ (this.body.querySelector("[data-key=duration]"));
  }

  /** @param {Block} block */
  write(block) {
    super.write(block);
    this.#duration.value = clock(block.duration ?? null);
  }

  read() {
    return { ...super.read(), duration: seconds(this.#duration.value.trim()) };
  }
}

/** A film behind a link, with a picture to stand for it. */
export class VideoView extends RecordingView {
  /** @param {Block} block */
  write(block) {
    super.write(block);
    const place = /** @type {HTMLElement} */ (this.body.querySelector("[data-part=pictures]"));
    this.panel = new PicturePanel(this.editor);
    this.panel.element.hidden = !block.poster;
    place.append(this.panel.element);
    const remove = /** @type {HTMLButtonElement} */ (this.body.querySelector("[data-act=no-poster]"));
    remove.hidden = !block.poster;
    if (block.poster) this.panel.show(block.poster);
    this.editor.wireChooser(this.body, (files) => this.takeFiles(files));
    remove.addEventListener("click", () => {
      this.panel.ref = "";
      this.panel.file = null;
      this.panel.element.hidden = remove.hidden = true;
      this.editor.changed();
    });
  }

  get busy() {
    return this.panel.busy;
  }

  read() {
    return { ...super.read(), poster: this.panel.ref };
  }

  /** @param {File[]} files */
  takeFiles(files) {
    this.panel.element.hidden = false;
    /** @type {HTMLElement} */ (this.body.querySelector("[data-act=no-poster]")).hidden = false;
    this.panel.send(files[0]);
    return true;
  }

  /** @param {string} key @param {string} message */
  refuse(key, message) {
    if (key === "poster" && this.panel.ref) this.panel.refuse(message);
    else super.refuse(key, message);
  }
}
