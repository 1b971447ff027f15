// What is typed is also kept in this browser until the server has it: a crash, a lost session or a lost connection costs nothing.

const PREFIX = "desk-copy:";
const KEPT_DAYS = 7;
const HEAVY = 100_000;
// What says which write this is, not what was typed.
const NOT_TEXT = new Set(["csrfmiddlewaretoken", "key", "base_version", "verb"]);

/** @typedef {{ at: number, key: string, fields: [string, string][], base?: string, about?: any }} Copy */

/** @param {HTMLFormElement} form @returns {[string, string][]} what it holds now, without what says which write it is */
export function typed(form) {
  return [...new FormData(form)].flatMap(([name, value]) => (NOT_TEXT.has(name) || typeof value !== "string" ? [] : [[name, value]]));
}

/**
 * What the form held when the server sent it, whatever was typed or chosen before a script looked at it. The body is that of the block
 * editor, which must be ready.
 * @param {HTMLFormElement} form @returns {[string, string][]}
 */
export function served(form) {
  return [...form.elements].flatMap((/** @type {any} */ control) => {
    const { name, type, tagName } = control;
    if (!name || NOT_TEXT.has(name) || ["submit", "button", "file", "fieldset"].includes(type)) return [];
    if (type === "radio" || type === "checkbox") return control.defaultChecked ? [[name, control.value]] : [];
    if (tagName === "SELECT") return [[name, ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? ""]];
    return [[name, name === "blocks" || type === "hidden" ? control.value : control.defaultValue]];
  });
}

/** The copies of one form. A browser without storage (full, or forbidden) simply keeps none. */
export class SafetyCopy {
  /**
   * @param {HTMLFormElement} form
   * @param {string} slot who writes what: user, blog and entry
   * @param {{ about?: any, first?: [string, string][] }} [options] what is kept beside the text; what the form held before anybody typed
   */
  constructor(form, slot, { about, first } = {}) {
    this.form = form;
    this.name = PREFIX + slot;
    this.about = about;
    this.first = JSON.stringify(first ?? served(form));
    this.timer = 0;
    this.wrote = false;
    this.weight = this.first.length;
  }

  /** Whether something was typed before this looked. */
  get early() {
    return JSON.stringify(typed(this.form)) !== this.first;
  }

  /** @returns {Copy | null} what was kept and differs from what the server sent */
  find() {
    const copy = read(this.name);
    return copy && JSON.stringify(copy.fields) !== this.first ? copy : null;
  }

  /** At once; of a text so long that writing it would be felt, a burst of keys is one write. */
  keepSoon() {
    clearTimeout(this.timer);
    if (this.weight < HEAVY) this.keep();
    else this.timer = window.setTimeout(() => this.keep(), 300);
  }

  /** @returns {boolean} whether the form holds what the server does not */
  keep() {
    clearTimeout(this.timer);
    const fields = typed(this.form);
    const text = JSON.stringify(fields);
    this.weight = text.length;
    if (text === this.first) {
      // What was typed here was taken out again; what another page kept is not this page's to forget.
      if (this.wrote) this.drop();
      return false;
    }
    const key = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("key")).value;
    try {
      localStorage.setItem(this.name, JSON.stringify({ at: Date.now(), key, fields, base: this.#base(), about: this.about }));
      this.wrote = true;
    } catch {
      // Full or forbidden: the form itself still holds the text.
    }
    return true;
  }

  /** Keeps it, and has the next page of this form take it up by itself, unless somebody saved the entry in between. */
  carry() {
    if (!this.keep()) return;
    try {
      sessionStorage.setItem(this.name, this.#base());
    } catch {
      // Forbidden: then the copy is offered, as ever.
    }
  }

  /** Whether the page before this one carried its text here. Says so once. */
  takeCarried() {
    try {
      const base = sessionStorage.getItem(this.name);
      sessionStorage.removeItem(this.name);
      return base !== null && base === this.#base();
    } catch {
      return false;
    }
  }

  #base() {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem("base_version")).value;
  }

  drop() {
    clearTimeout(this.timer);
    try {
      localStorage.removeItem(this.name);
    } catch {
      // Forbidden: then there is none.
    }
  }

  /** Forgets the copy whose text the server has taken, and what is older than a week. @param {string} savedKey */
  static tidy(savedKey) {
    try {
      for (const name of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
        const copy = JSON.parse(localStorage.getItem(name) || "{}");
        if ((savedKey && copy.key === savedKey) || !(copy.at > Date.now() - KEPT_DAYS * 86_400_000)) localStorage.removeItem(name);
      }
    } catch {
      // Forbidden, or not ours to read: nothing to tidy.
    }
  }

  /** @param {string} slot @returns {Copy | null} */
  static read(slot) {
    return read(PREFIX + slot);
  }

  /** @param {string} prefix @returns {string[]} the slots that begin so and hold something */
  static slots(prefix) {
    try {
      return Object.keys(localStorage).flatMap((name) => (name.startsWith(PREFIX + prefix) ? [name.slice(PREFIX.length)] : []));
    } catch {
      return [];
    }
  }

  /** @param {string} slot */
  static forget(slot) {
    try {
      localStorage.removeItem(PREFIX + slot);
    } catch {
      // Forbidden: then there is none.
    }
  }

  /** To a slot where nothing is kept. @param {string} from @param {string} to @returns {boolean} whether it is there now */
  static move(from, to) {
    try {
      const text = localStorage.getItem(PREFIX + from);
      if (text === null || localStorage.getItem(PREFIX + to) !== null) return false;
      localStorage.setItem(PREFIX + to, text);
      localStorage.removeItem(PREFIX + from);
      return true;
    } catch {
      return false;
    }
  }
}

/** @param {string} name @returns {Copy | null} */
function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name) || "null");
  } catch {
    return null;
  }
}
