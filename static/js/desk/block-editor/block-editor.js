import { BlockView } from "./block-view.js";
import { EmbedView, RecordingView, VideoView } from "./link-views.js";
import { tidyFiles } from "./kept-files.js";
import { GalleryView, ImageView } from "./picture-views.js";
import { wireReorder } from "./reorder.js";
import { RichText } from "./rich-text.js";
import { ListView, TextView } from "./text-views.js";
import { picturesIn } from "./uploads.js";
import { fill, freshId, readJson } from "./words.js";

/** @typedef {import("./block-view.js").Block} Block */

/** A new type of block needs its `<template data-part="type-…">` and, where plain controls will not do, a line here. */
const VIEWS = /** @type {Record<string, typeof BlockView>} */ ({
  text: TextView, list: ListView, image: ImageView, gallery: GalleryView, embed: EmbedView, audio: RecordingView, video: VideoView,
});

/**
 * `<block-editor data-upload data-max-bytes>`: the body of an entry, block by block, over the JSON textarea that a form sends.
 *
 * Inside, from the server: the textarea `[data-part=source]`, the field `[data-part=picture-source]` for what is said of pictures,
 * the templates and the words. It fires `input` (bubbling) whenever the body changes. Without scripts the textarea remains.
 */
export class BlockEditor extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.words = readJson(this, "words");
    /** @type {Record<string, import("./uploads.js").Picture>} */
    this.pictures = readJson(this, "pictures") ?? {};
    /** @type {Set<string>} pictures about which something was typed here */
    this.touchedPictures = new Set(readJson(this, "touched") ?? []);
    /** What was typed of pictures that the server could not be asked about. @type {Record<string, any>} */
    this.said = {};
    /** @type {{ faults?: { field: string, message: string }[] } | null} */
    this.waiting = null;
    this.uploadAddress = this.dataset.upload ?? "";
    this.maxBytes = Number(this.dataset.maxBytes);
    this.source = /** @type {HTMLTextAreaElement} */ (this.#part("source"));
    this.pictureSource = /** @type {HTMLInputElement} */ (this.#part("picture-source"));
    // For the copies that this browser keeps of the form; the server passes it over.
    this.keptSource = document.createElement("input");
    this.keptSource.type = "hidden";
    this.keptSource.name = "kept_files";
    this.pictureSource.after(this.keptSource);
    tidyFiles();
    this.list = this.#part("blocks");
    this.adder = this.#part("adder");
    this.status = this.#part("status");
    /** @type {Map<Element, BlockView>} */
    this.byElement = new Map();
    this.#wire();
    try {
      this.load(JSON.parse(this.source.value || "[]"));
    } catch (error) {
      // What was sent is not JSON (the server has said so): the textarea stays, with every character of it.
      if (error instanceof SyntaxError) return;
      throw error;
    }
    this.classList.add("is-ready");
    this.showFaults(readJson(this, "faults") ?? []);
    this.dispatchEvent(new CustomEvent("block-editor:ready", { bubbles: true }));
  }

  get csrf() {
    return /** @type {HTMLInputElement} */ (this.closest("form")?.elements.namedItem("csrfmiddlewaretoken")).value;
  }

  /** @returns {BlockView[]} in their order */
  get views() {
    return [...this.list.children].flatMap((element) => this.byElement.get(element) ?? []);
  }

  /** The blocks that are sent: an untouched one is not. */
  get sentViews() {
    return this.views.filter((view) => !view.untouched);
  }

  /** Whether a picture is on its way. */
  get busy() {
    return this.waiting !== null || this.views.some((view) => view.busy);
  }

  /** @returns {Block[]} */
  get value() {
    return this.sentViews.map((view) => view.read());
  }

  /** Replaces the body. @param {Block[]} blocks */
  load(blocks) {
    this.waiting = null;
    this.list.inert = false;
    // An empty text in place of an empty text: making its editor anew would be felt by who publishes and types on.
    const [only, ...more] = this.views;
    if (Array.isArray(blocks) && !blocks.length && only instanceof TextView && only.untouched && !more.length) {
      only.clearFaults();
      this.changed({ quiet: true });
      return;
    }
    for (const view of this.views) view.destroy();
    this.byElement.clear();
    const known = Array.isArray(blocks) ? blocks : [];
    for (const block of known.length ? known : [{ type: "text" }]) this.place(block, this.adder);
    this.changed({ quiet: true });
  }

  /**
   * A body that cannot be shown yet stands in what the form sends and keeps; what is refused of it is told once it is shown.
   * @param {Block[]} blocks @param {object} said @param {object[]} files
   * @returns {{ faults?: { field: string, message: string }[] }} what is waited for, until another body takes its place
   */
  wait(blocks, said, files) {
    [this.source.value, this.pictureSource.value, this.keptSource.value] = [blocks, said, files].map((part) => JSON.stringify(part));
    this.list.inert = true;
    this.waiting = {};
    return this.waiting;
  }

  /** @param {{ quiet?: boolean }} [options] quiet: nothing new was typed */
  changed({ quiet = false } = {}) {
    this.source.value = JSON.stringify(this.value);
    const said = [...this.touchedPictures].flatMap((ref) => {
      const picture = this.pictures[ref] ?? this.said[ref];
      if (!picture) return [];
      const { alt, decorative, caption, credit, focal_x, focal_y } = picture;
      return [[ref, { alt, decorative, caption, credit, focal_x, focal_y }]];
    });
    this.pictureSource.value = JSON.stringify(Object.fromEntries(said));
    this.keptSource.value = JSON.stringify(this.views.flatMap((view, at) => view.kept.map((file) => ({ ...file, at }))));
    this.#name();
    if (quiet) return;
    this.#refuseWhole("");
    this.source.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @param {Block} block @param {BlockView} [after] the block above; none: where the adder stands */
  add(block, after) {
    const view = this.place(block, after ? after.element.nextElementSibling : this.adder);
    this.list.append(this.adder);
    this.changed();
    return view;
  }

  /** Each file becomes an image block, in order. @param {File[]} files @param {BlockView} [after] */
  addPictures(files, after) {
    for (const file of files) after = this.add({ type: "image", file }, after);
  }

  /** @param {BlockView} view */
  remove(view) {
    const views = this.views;
    const at = views.indexOf(view);
    const next = views[at + 1] ?? views[at - 1];
    this.byElement.delete(view.element);
    view.forget();
    view.destroy();
    this.changed();
    this.announce(fill(this.words.removed, { name: this.words.types[view.type] }));
    if (next) /** @type {HTMLElement} */ (next.element.querySelector("[role=group]")).focus();
    else /** @type {HTMLElement} */ (this.adder.querySelector("button")).focus();
  }

  /** @param {BlockView} view @param {-1 | 1} step */
  move(view, step) {
    const views = this.views;
    const other = views[views.indexOf(view) + step];
    if (!other) {
      this.announce(step < 0 ? this.words.already_first : this.words.already_last);
      return;
    }
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    if (step < 0) other.element.before(view.element);
    else other.element.after(view.element);
    // Moving an element takes the focus from it.
    if (focused && view.element.contains(focused)) focused.focus();
    view.element.scrollIntoView({ block: "nearest" });
    this.moved(view);
  }

  /** @param {BlockView} view which has just come to its place */
  moved(view) {
    this.changed();
    const place = this.views.indexOf(view) + 1;
    this.announce(fill(this.words.moved, { name: this.words.types[view.type], n: place, total: this.views.length }));
  }

  /**
   * Shows the server's refusals where they belong and goes to the first. Fields are `blocks`, `blocks.<i>` or `blocks.<i>.<key>`.
   * @param {{ field: string, message: string }[]} faults
   */
  showFaults(faults) {
    if (this.waiting) {
      this.waiting.faults = faults;
      return;
    }
    const views = this.sentViews;
    for (const view of this.views) view.clearFaults();
    const whole = this.#refuseWhole("");
    for (const { field, message } of faults) {
      const [root, index, ...key] = field.split(".");
      if (root !== "blocks") continue;
      const view = views[Number(index)];
      if (index && view) {
        view.refuse(key.join("."), message);
      } else {
        this.#refuseWhole(`${whole.textContent} ${message}`.trim());
      }
    }
    const first = /** @type {HTMLElement | null} */ (this.querySelector("[aria-invalid=true]"));
    (first ?? (whole.hidden ? null : whole))?.focus();
  }

  /** What is refused of the body as such, and no longer once it changes. @param {string} sentence */
  #refuseWhole(sentence) {
    const place = this.#part("whole-fault");
    place.hidden = !sentence;
    place.textContent = sentence;
    return place;
  }

  /** Said once to a screen reader. @param {string} sentence */
  announce(sentence) {
    this.status.textContent = sentence;
  }

  /** @param {EventTarget | null} target @returns {BlockView | undefined} the block it is in */
  viewOf(target) {
    const element = target instanceof Element ? target.closest("[data-block]") : null;
    return element ? this.byElement.get(element) : undefined;
  }

  /** @param {string} name @returns {DocumentFragment} a copy of what `<template data-part=name>` holds */
  content(name) {
    const template = this.querySelector(`template[data-part="${name}"]`) ?? this.querySelector("template[data-part=type-unknown]");
    return /** @type {DocumentFragment} */ (/** @type {HTMLTemplateElement} */ (template).content.cloneNode(true));
  }

  /** @param {string} name @returns {HTMLElement} */
  clone(name) {
    return /** @type {HTMLElement} */ (this.content(name).firstElementChild);
  }

  /** @param {HTMLElement} host @param {"text" | "points"} schema @param {string} html @param {() => void} typed */
  richText(host, schema, html, typed) {
    return new RichText(host, {
      schema,
      html,
      label: host.dataset.label ?? "",
      toolbar: /** @type {HTMLTemplateElement} */ (this.querySelector("template[data-part=toolbar]")),
      onChange: () => {
        typed();
        this.changed();
      },
    });
  }

  /** A button that opens the file dialogue. @param {ParentNode} root @param {(files: File[]) => void} take */
  wireChooser(root, take) {
    const input = /** @type {HTMLInputElement} */ (root.querySelector("input[type=file]"));
    root.querySelector("[data-act=choose]")?.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      if (input.files?.length) take([...input.files]);
      input.value = "";
    });
  }

  #wire() {
    wireReorder(this);
    this.addEventListener("input", (event) => {
      if (event.target !== this.source) {
        event.stopPropagation();
        this.changed();
      }
    });
    this.list.addEventListener("click", (event) => {
      const button = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (event.target).closest("button[data-act], button[data-add]"));
      if (!button) return;
      if (button.dataset.add) this.#addFromButton(button.dataset.add);
      const view = this.viewOf(button);
      if (!view) return;
      if (button.dataset.act === "up") this.move(view, -1);
      if (button.dataset.act === "down") this.move(view, 1);
      if (button.dataset.act === "remove") this.remove(view);
      if (button.dataset.act === "below") this.#openAdder(view);
    });
    this.wireChooser(this.adder, (files) => this.addPictures(files, this.#aboveAdder()));
    this.addEventListener("paste", (event) => {
      // Word puts a picture of the text beside the text: where there is text, text is meant.
      if (event.clipboardData?.types.some((type) => type === "text/html" || type === "text/plain")) return;
      this.#take(event, picturesIn(event.clipboardData));
    }, { capture: true });
    this.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.classList.add("is-target");
    });
    this.addEventListener("dragleave", (event) => {
      if (!this.contains(/** @type {Node | null} */ (event.relatedTarget))) this.classList.remove("is-target");
    });
    this.addEventListener("drop", (event) => {
      this.classList.remove("is-target");
      if (event.dataTransfer?.types.includes("Files")) this.#take(event, picturesIn(event.dataTransfer));
    }, { capture: true });
  }

  /** @param {Event} event @param {File[]} files */
  #take(event, files) {
    // Even where none is a picture: the browser would leave the page to show the file.
    event.preventDefault();
    event.stopPropagation();
    if (!files.length) {
      this.announce(this.words.not_a_picture);
      return;
    }
    const view = this.viewOf(event.target);
    if (view && ["gallery", "image"].includes(view.type) && (view.type === "gallery" || view.untouched)) view.takeFiles(files);
    else this.addPictures(files, view ?? this.#aboveAdder());
  }

  /** @param {string} type */
  #addFromButton(type) {
    const view = this.add({ type }, this.#aboveAdder());
    view.focus();
    this.announce(fill(this.words.added, { name: this.words.types[type], n: this.views.indexOf(view) + 1 }));
  }

  #aboveAdder() {
    return this.byElement.get(/** @type {Element} */ (this.adder.previousElementSibling));
  }

  /** @param {BlockView} view the block below which something is to be added */
  #openAdder(view) {
    view.element.after(this.adder);
    /** @type {HTMLElement} */ (this.adder.querySelector("button")).focus();
  }

  /** @param {Block} block @param {Element | null} before */
  place(block, before) {
    const view = new (VIEWS[block.type] ?? BlockView)(this, block);
    view.write(block);
    this.byElement.set(view.element, view);
    this.list.insertBefore(view.element, before);
    return view;
  }

  /** Every block says what and which it is. */
  #name() {
    const views = this.views;
    views.forEach((view, index) => {
      const name = /** @type {HTMLElement} */ (view.element.querySelector("[data-part=name]"));
      const type = this.words.types[view.type] ?? view.type;
      name.id ||= freshId("block");
      name.textContent = type;
      const values = { name: type, n: index + 1, total: views.length };
      /** @type {HTMLElement} */ (view.element.querySelector("[role=group]")).setAttribute("aria-label", fill(this.words.place, values));
      for (const button of view.element.querySelectorAll("button[data-act]")) {
        const words = this.words.acts[/** @type {HTMLElement} */ (button).dataset.act ?? ""];
        if (words) button.setAttribute("aria-label", fill(words, values));
      }
    });
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }
}

customElements.define("block-editor", BlockEditor);
