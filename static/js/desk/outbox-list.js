import { fill } from "./block-editor/words.js";

/** What is on its way from the composer, line by line, the newest first; a line whose words are the same keeps its element, and with it the focus. */
export class OutboxList {
  /**
   * @param {HTMLElement} section with the parts outbox-list and outbox-item
   * @param {import("./outbox.js").Outbox} outbox
   * @param {any} words
   * @param {{ back: (key: string) => void, undo: (key: string) => void, open: (ref: string) => void }} does
   */
  constructor(section, outbox, words, does) {
    this.section = section;
    this.outbox = outbox;
    this.words = words;
    this.does = does;
    this.list = /** @type {HTMLElement} */ (section.querySelector("[data-part=outbox-list]"));
    this.template = /** @type {HTMLTemplateElement} */ (section.querySelector("template[data-part=outbox-item]"));
    /** @type {{ ref: string, name: string }[]} changes to entries that were left without being saved */
    this.left = [];
  }

  show() {
    const { items } = this.outbox;
    this.section.hidden = !items.length && !this.left.length;
    const there = new Map([.../** @type {HTMLCollectionOf<HTMLElement>} */ (this.list.children)].map((line) => [line.dataset.key, line]));
    for (const item of items) this.#write(this.#line(item.key, there), item);
    for (const { ref, name } of this.left) this.#writeLeft(this.#line(`left ${ref}`, there), ref, name);
    for (const line of there.values()) line.remove();
  }

  /** @param {string} key @param {Map<string | undefined, HTMLElement>} there */
  #line(key, there) {
    let line = there.get(key);
    there.delete(key);
    if (!line) {
      line = /** @type {HTMLElement} */ (/** @type {Element} */ (this.template.content.firstElementChild).cloneNode(true));
      line.dataset.key = key;
      this.list.prepend(line);
    }
    return line;
  }

  /** @param {HTMLElement} line @param {string} ref @param {string} name */
  #writeLeft(line, ref, name) {
    const [what, state, acts] = /** @type {HTMLElement[]} */ ([...line.children]);
    put(what, name);
    put(state, this.words.left);
    line.dataset.state = "kept";
    this.#button(acts, "open", this.words.go_on, () => this.does.open(ref));
  }

  /** @param {HTMLElement} line @param {import("./outbox.js").Item} item */
  #write(line, item) {
    const left = Math.ceil((item.undoUntil - Date.now()) / 1000);
    const [what, state, acts] = /** @type {HTMLElement[]} */ ([...line.children]);
    put(what, item.headline || this.words.untitled);
    const refused = item.aside ? this.words.set_aside : `${this.words.states.refused}: ${item.why}`;
    put(state, item.state === "done" ? item.said : item.state === "refused" ? refused : this.words.states[item.state]);
    line.dataset.state = item.state;
    if (item.state === "done" && left > 0) {
      this.#button(acts, "undo", fill(this.words.undo, { n: left }), () => this.does.undo(item.key));
    } else if (item.state === "refused") {
      this.#button(acts, "back", this.words.bring_back, () => this.does.back(item.key));
      this.#button(acts, "drop", this.words.discard, () => confirm(this.words.discard_ask) && this.outbox.drop(item.key));
    } else acts.replaceChildren();
  }

  /** @param {HTMLElement} place @param {string} name @param {string} label @param {() => void} press */
  #button(place, name, label, press) {
    let button = /** @type {HTMLButtonElement | null} */ (place.querySelector(`[data-name=${name}]`));
    if (!button) {
      if (name !== "drop") place.replaceChildren();
      button = document.createElement("button");
      button.type = "button";
      button.dataset.name = name;
      button.addEventListener("click", press);
      place.append(button);
    }
    put(button, label);
  }
}

/** @param {HTMLElement} place @param {string} text */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
