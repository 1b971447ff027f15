import { BlockView } from "./block-view.js";
import { PicturePanel } from "./picture-panel.js";
import { fill } from "./words.js";

/** @typedef {import("./block-view.js").Block} Block */

/** One picture. */
export class ImageView extends BlockView {
  /** @param {Block} block */
  write(block) {
    this.panel = new PicturePanel(this.editor);
    this.place = /** @type {HTMLElement} */ (this.body.querySelector("[data-part=pictures]"));
    this.place.append(this.panel.element);
    this.editor.wireChooser(this.body, (files) => this.takeFiles(files));
    if (block.image) this.panel.show(block.image);
    else this.panel.element.hidden = !block.kept;
    if (block.file) this.takeFiles([block.file]);
    if (block.kept) this.panel.takeUp(block.kept);
    delete this.carried.file;
    delete this.carried.kept;
  }

  get kept() {
    return this.panel.kept ? [this.panel.kept] : [];
  }

  forget() {
    this.panel.forget();
  }

  get busy() {
    return this.panel.busy;
  }

  get untouched() {
    return !this.panel.ref && !this.id;
  }

  read() {
    return { ...this.carried, type: this.type, ...(this.id ? { id: this.id } : {}), image: this.panel.ref };
  }

  /** The first file replaces the picture; what is left becomes blocks of its own. @param {File[]} files */
  takeFiles(files) {
    const [first, ...rest] = files;
    this.panel.element.hidden = false;
    this.panel.forget();
    this.clearFaults();
    this.panel.send(first);
    this.editor.addPictures(rest, this);
    return true;
  }

  /** @param {string} key @param {string} message */
  refuse(key, message) {
    if (this.panel.ref) this.panel.refuse(message);
    else super.refuse(key, message);
  }
}

/** Several pictures in an order. */
export class GalleryView extends BlockView {
  /** @param {Block} block */
  write(block) {
    /** @type {PicturePanel[]} */
    this.panels = [];
    this.place = /** @type {HTMLElement} */ (this.body.querySelector("[data-part=pictures]"));
    this.editor.wireChooser(this.body, (files) => this.takeFiles(files));
    this.place.addEventListener("click", (event) => this.#onAct(event));
    for (const ref of block.images ?? []) this.#addPanel().show(ref);
    if (block.files) this.takeFiles(block.files);
    delete this.carried.files;
  }

  get kept() {
    return this.panels.flatMap((panel) => panel.kept ?? []);
  }

  /** @param {{ id: string, name: string }} kept */
  takeUp(kept) {
    this.#addPanel().takeUp(kept);
  }

  forget() {
    for (const panel of this.panels) panel.forget();
  }

  get busy() {
    return this.panels.some((panel) => panel.busy);
  }

  get untouched() {
    return !this.panels.length && !this.id;
  }

  read() {
    const images = this.panels.map((panel) => panel.ref).filter(Boolean);
    return { ...this.carried, type: this.type, ...(this.id ? { id: this.id } : {}), images };
  }

  /** @param {File[]} files */
  takeFiles(files) {
    this.clearFaults();
    for (const file of files) this.#addPanel().send(file);
    return true;
  }

  /** @param {string} key @param {string} message */
  refuse(key, message) {
    const [, place] = key.split(".");
    const panel = this.panels[Number(place)];
    if (place && panel) panel.refuse(message);
    else super.refuse(key, message);
  }

  #addPanel() {
    const panel = new PicturePanel(this.editor);
    const item = this.editor.clone("gallery-item");
    item.prepend(panel.element);
    this.place.append(item);
    this.panels.push(panel);
    return panel;
  }

  /** @param {Event} event */
  #onAct(event) {
    const button = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (event.target).closest("button[data-gallery]"));
    const item = button?.closest("[data-gallery-item]");
    if (!button || !item) return;
    const from = [...this.place.children].indexOf(item);
    const act = button.dataset.gallery;
    if (act === "remove") {
      this.panels.splice(from, 1)[0].forget();
      item.remove();
      /** @type {HTMLElement} */ (this.body.querySelector("[data-act=choose]"))?.focus();
      this.editor.announce(this.editor.words.picture_removed);
    } else {
      const to = from + (act === "earlier" ? -1 : 1);
      if (to < 0 || to >= this.panels.length) return;
      const [panel] = this.panels.splice(from, 1);
      this.panels.splice(to, 0, panel);
      if (to < from) this.place.children[to].before(item);
      else this.place.children[to].after(item);
      button.focus();
      this.editor.announce(fill(this.editor.words.picture_moved, { n: to + 1, total: this.panels.length }));
    }
    this.editor.changed();
  }
}
