import { BlockView } from "./block-view.js";
import { RichText } from "./rich-text.js";

/** @typedef {import("./block-view.js").Block} Block */

/** A text: paragraphs, headings, lists and links. */
export class TextView extends BlockView {
  /** @param {Block} block */
  write(block) {
    this.rich = this.editor.richText(/** @type {HTMLElement} */ (this.body.querySelector("[data-rich]")), "text", block.html ?? "", () => this.clearFaults());
  }

  get untouched() {
    return this.rich.html === "" && !this.id;
  }

  read() {
    return { ...this.carried, type: this.type, ...(this.id ? { id: this.id } : {}), html: this.rich.html };
  }

  focus() {
    this.rich.focus();
  }

  destroy() {
    this.rich.destroy();
    super.destroy();
  }
}

/** Points, one under the other. */
export class ListView extends BlockView {
  /** @param {Block} block */
  write(block) {
    super.write({ style: "bullet", ...block });
    const items = block.items?.length ? block.items : [""];
    const html = `<ul>${items.map((/** @type {string} */ item) => `<li><p>${item}</p></li>`).join("")}</ul>`;
    const host = /** @type {HTMLElement} */ (this.body.querySelector("[data-rich]"));
    this.rich = this.editor.richText(host, "points", html, () => this.clearFaults());
    const style = /** @type {HTMLSelectElement} */ (this.body.querySelector("[data-key=style]"));
    host.dataset.style = style.value;
    style.addEventListener("change", () => (host.dataset.style = style.value));
  }

  read() {
    return { ...super.read(), items: this.rich.points };
  }

  focus() {
    this.rich.focus();
  }

  destroy() {
    this.rich.destroy();
    super.destroy();
  }
}
