import { clearFault, showFault } from "./faults.js";

/** @typedef {import("./block-editor.js").BlockEditor} BlockEditor */
/** @typedef {{ type: string, id?: string, [key: string]: any }} Block */

/**
 * One block on the desk: a list item with a bar (name, move, remove) around the fields of its type. A type whose fields are plain
 * controls (`[data-key]`) needs no class of its own.
 */
export class BlockView {
  /**
   * @param {BlockEditor} editor
   * @param {Block} block
   */
  constructor(editor, block) {
    this.editor = editor;
    this.type = block.type;
    this.id = block.id ?? "";
    this.element = editor.clone("frame");
    this.element.dataset.type = block.type;
    this.body = /** @type {HTMLElement} */ (this.element.querySelector("[data-part=body]"));
    this.body.append(editor.content(`type-${block.type}`));
    this.body.addEventListener("input", (event) => {
      const field = /** @type {Element} */ (event.target).closest("[data-field]");
      if (field) clearFault(field);
    });
    // Keys that this editor does not show (a newer server's, say) are carried through untouched.
    this.carried = { ...block };
  }

  get controls() {
    return /** @type {HTMLInputElement[]} */ ([...this.body.querySelectorAll("[data-key]")]);
  }

  /** Whether nothing was put in, so that the block need not be sent. */
  get untouched() {
    return false;
  }

  /** Whether something is on its way that saving would lose. */
  get busy() {
    return false;
  }

  /** @returns {{ id: string, name: string }[]} files on their way that this browser keeps */
  get kept() {
    return [];
  }

  /** The block is taken off. */
  forget() {}

  /** Fills the fields. Called once, right after the view is made. @param {Block} block */
  write(block) {
    for (const control of this.controls) control.value = String(block[control.dataset.key ?? ""] ?? "");
  }

  /** @returns {Block} */
  read() {
    const values = Object.fromEntries(this.controls.map((control) => [control.dataset.key, control.value]));
    return { ...this.carried, ...(this.id ? { id: this.id } : {}), ...values, type: this.type };
  }

  focus() {
    const first = /** @type {HTMLElement | null} */ (this.body.querySelector("input, textarea, select, button"));
    (first ?? this.element).focus();
  }

  /**
   * @param {string} key the block's key, or "" for the block as a whole; what follows a dot is a place inside it
   * @param {string} message
   */
  refuse(key, message) {
    const field = this.body.querySelector(`[data-field="${CSS.escape(key.split(".")[0])}"]`) ?? this.element;
    showFault(field, message);
  }

  clearFaults() {
    clearFault(this.element);
    for (const field of this.body.querySelectorAll("[data-field]")) clearFault(field);
  }

  /** @param {File[]} _files @returns {boolean} whether the block took them */
  takeFiles(_files) {
    return false;
  }

  destroy() {
    this.element.remove();
  }
}
