import { fill } from "./block-editor/words.js";
import { EntryForm } from "./entry-form.js";
import { Outbox } from "./outbox.js";
import { SafetyCopy, served, typed } from "./safety-copy.js";
import { Sender } from "./sender.js";

const KINDS = ["update", "breaking", "analysis", "image", "quote", "summary"];

/**
 * `<desk-composer data-user data-entries …>` around the form of a new entry: what `EntryForm` does, and it sends by itself. The text goes
 * from the form into the outbox and from there to the server; it is always in one of the three.
 */
export class DeskComposer extends EntryForm {
  connectedCallback() {
    this.outbox = new Outbox(device(), `${this.dataset.copy}`, () => this.#show());
    super.connectedCallback();
    this.readers = 0;
    this.plural = new Intl.PluralRules(document.documentElement.lang || "en");
    this.number = new Intl.NumberFormat(document.documentElement.lang || "en");
    this.fault = /** @type {HTMLElement} */ (this.querySelector("[data-part=composer-fault]"));
    this.blank = served(this.form);
    document.addEventListener("keydown", (event) => this.#onAlt(event));
    const camera = /** @type {HTMLInputElement} */ (this.querySelector("[data-part=camera]"));
    this.querySelector("[data-act=camera]")?.addEventListener("click", () => camera.click());
    camera.addEventListener("change", () => {
      if (camera.files?.length) this.editor?.addPictures([...camera.files]);
      camera.value = "";
    });
    this.form.addEventListener("input", () => this.name());
  }

  /** @param {{ session: import("./session.js").Session, stands: (state: any, name?: string) => void }} desk */
  start({ session, stands }) {
    this.session = session;
    this.sender = new Sender({ outbox: this.outbox, session, address: this.dataset.entries ?? "", stands });
    addEventListener("storage", (event) => event.key === this.outbox.name && this.#show());
    this.#show();
    this.sender.go();
    setInterval(() => this.#tick(), 1000);
  }

  get takesUp() {
    return true;
  }

  /** @param {import("./safety-copy.js").Copy} copy */
  setAside(copy) {
    const headline = copy.fields.find(([name]) => name === "headline")?.[1] ?? "";
    this.outbox.put({ key: copy.key, user: this.dataset.user ?? "", at: copy.at, verb: "publish", headline, fields: copy.fields });
    this.outbox.mark(copy.key, { state: "refused", why: this.words.copy_back });
  }

  /** @param {HTMLButtonElement} button */
  deliver(button) {
    return this.send(button.dataset.schedules ? "schedule" : button.value);
  }

  /** Into the outbox, and the composer is free for the next. @param {string} verb @returns {boolean} */
  send(verb) {
    if (!this.sender) return false;
    const key = this.#control("key").value;
    const fields = typed(this.form);
    const headline = this.#control("headline").value.trim();
    if (!this.outbox.put({ key, user: this.dataset.user ?? "", at: Date.now(), verb, headline, fields })) {
      // Nowhere to keep it: the form stays as it is until the server has answered.
      this.line.textContent = this.words.not_kept;
      this.#sendFromForm(verb, key, fields);
      return true;
    }
    this.empty();
    this.sender.go();
    return true;
  }

  /** @param {string} verb @param {string} key @param {[string, string][]} fields */
  async #sendFromForm(verb, key, fields) {
    const answer = await this.session?.post(this.dataset.entries ?? "", [...fields, ["key", key], ["verb", verb], ["base_version", ""]]);
    if (answer && answer.status >= 200 && answer.status < 300 && answer.body) this.empty();
    else this.#say(answer?.body?.faults?.map((/** @type {any} */ fault) => fault.message).join(" ") || this.words.failed);
  }

  /** A fresh form: as the page was served, with a key of its own. */
  empty() {
    const fresh = crypto.randomUUID?.() ?? key4();
    this.fillIn({ at: 0, key: "", fields: this.blank ?? [] });
    this.#control("key").value = fresh;
    this.editor?.load([]);
    this.editor?.touchedPictures.clear();
    this.editor?.changed({ quiet: true });
    this.copy?.drop();
    this.#say("");
    this.line.textContent = "";
    /** @type {HTMLElement} */ (this.querySelector("[data-part=preview]")).hidden = true;
    this.#control("headline").focus({ preventScroll: true });
  }

  /** Puts a text that was refused back to be worked on. What is in the composer now stays if there is something. @param {string} key */
  bringBack(key) {
    const item = this.outbox.find(key);
    if (!item) return;
    if (JSON.stringify(typed(this.form)) !== JSON.stringify(this.blank)) {
      // Two texts change places: neither is lost.
      const there = this.#control("key").value;
      if (!this.outbox.put({ key: there, user: item.user, at: Date.now(), verb: "publish", headline: this.#control("headline").value, fields: typed(this.form) })) return;
      this.outbox.mark(there, { state: "refused", why: this.words.copy_back });
    }
    this.fillIn({ at: item.at, key, fields: item.fields });
    this.#control("key").value = crypto.randomUUID?.() ?? key4();
    this.copy?.keep();
    this.outbox.drop(key);
    this.#say(item.why);
    this.#control("headline").focus();
  }

  /** How many would see it now. @param {number} count */
  count(count) {
    this.readers = count;
    this.name();
  }

  /** The button says what it will do. */
  name() {
    this.classList.toggle("is-breaking", this.breaking);
    const button = this.primary;
    if (!button || button.value !== "publish") return;
    const at = /** @type {HTMLInputElement | null} */ (this.form.elements.namedItem("scheduled_for"))?.value ?? "";
    button.dataset.schedules = at ? "1" : "";
    if (at) button.textContent = fill(this.words.schedule_for, { at: at.slice(11, 16) || at });
    else if (this.readers) {
      const said = this.words[this.breaking ? "breaking_to" : "publish_to"];
      button.textContent = fill(said[this.plural?.select(this.readers) ?? "other"] ?? said.other, { n: this.number?.format(this.readers) ?? this.readers });
    } else button.textContent = this.breaking ? this.words.breaking : this.words.publish;
  }

  /** @param {KeyboardEvent} event */
  #onAlt(event) {
    const place = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-6]$/.test(event.code) ? Number(event.code.at(-1)) : 0;
    if (!place) return;
    event.preventDefault();
    const radio = /** @type {HTMLInputElement | null} */ (this.form.querySelector(`input[name=kind][value=${KINDS[place - 1]}]`));
    if (!radio) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    radio.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #tick() {
    this.outbox.tidy(Date.now());
    if (this.outbox.items.some((item) => item.state === "done")) this.#show();
  }

  /** The outbox, line by line. A line whose words are the same keeps its element, and with it the focus. */
  #show() {
    const { items } = this.outbox;
    const list = this.#part("outbox-list");
    this.#part("outbox").hidden = !items.length;
    const there = new Map([.../** @type {HTMLCollectionOf<HTMLElement>} */ (list.children)].map((line) => [line.dataset.key, line]));
    for (const item of items) {
      const line = there.get(item.key) ?? this.#newLine(item.key);
      there.delete(item.key);
      list.append(...(line.parentElement ? [] : [line]));
      this.#write(line, item);
    }
    for (const line of there.values()) line.remove();
  }

  /** @param {string} key */
  #newLine(key) {
    const template = /** @type {HTMLTemplateElement} */ (this.querySelector("template[data-part=outbox-item]"));
    const line = /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
    line.dataset.key = key;
    return line;
  }

  /** @param {HTMLElement} line @param {import("./outbox.js").Item} item */
  #write(line, item) {
    const left = Math.ceil((item.undoUntil - Date.now()) / 1000);
    const [what, state, acts] = /** @type {HTMLElement[]} */ ([...line.children]);
    put(what, item.headline || this.words.untitled);
    put(state, item.state === "done" ? item.said : item.state === "refused" ? `${this.words.states.refused}: ${item.why}` : this.words.states[item.state]);
    line.dataset.state = item.state;
    if (item.state === "done" && left > 0) {
      this.#button(acts, "undo", fill(this.words.undo, { n: left }), () => this.#undo(item.key));
    } else if (item.state === "refused") {
      this.#button(acts, "back", this.words.bring_back, () => this.bringBack(item.key));
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

  /** @param {string} key */
  async #undo(key) {
    const item = this.outbox.find(key);
    if (!item || !this.session) return;
    const undoKey = item.undoKey || (crypto.randomUUID?.() ?? key4());
    this.outbox.mark(key, { undoKey });
    const answer = await this.session.post(`${this.dataset.entries}${item.ref}/undo/`, [["key", undoKey]]);
    if (answer.status === 200) this.outbox.mark(key, { undoUntil: 0, said: this.words.undone });
    else this.outbox.mark(key, { said: answer.body?.faults?.[0]?.message ?? this.words.failed });
  }

  /** @param {string} message */
  #say(message) {
    if (!this.fault) return;
    this.fault.hidden = !message;
    this.fault.textContent = message;
  }

  /** @param {string} name @returns {HTMLInputElement} */
  #control(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }
}

/** @returns {import("./outbox.js").Keeper} what keeps texts; where the browser forbids it, one that keeps nothing and says so */
function device() {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => { throw new Error("forbidden"); } };
  }
}

/** @param {HTMLElement} place @param {string} text */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** Where the page is not served securely there is no `randomUUID`. */
function key4() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

SafetyCopy.tidy("");
customElements.define("desk-composer", DeskComposer);
