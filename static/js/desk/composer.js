import { Buttons } from "./buttons.js";
import { device, freshKey } from "./device.js";
import { chooseKind } from "./kind-keys.js";
import { OpeningForm, together } from "./opening-form.js";
import { OutboxList } from "./outbox-list.js";
import { Outbox } from "./outbox.js";
import { SafetyCopy, typed } from "./safety-copy.js";
import { Sender } from "./sender.js";
import { onReturn } from "./tab.js";

/**
 * `<desk-composer data-user data-entries …>` around the form of a new entry, or of one that was opened from the lists: what `OpeningForm`
 * does, and it sends by itself. The text goes from the form into the outbox and from there to the server; it is always in one of the three.
 */
export class DeskComposer extends OpeningForm {
  connectedCallback() {
    this.outbox = new Outbox(device(), `${this.dataset.copy}`, () => this.list?.show());
    super.connectedCallback();
    this.buttons = new Buttons(this.form, this.words);
    this.name();
    document.addEventListener("keydown", (event) => chooseKind(this.form, event));
    const camera = /** @type {HTMLInputElement} */ (this.querySelector("[data-part=camera]"));
    this.querySelector("[data-act=camera]")?.addEventListener("click", () => camera.click());
    camera.addEventListener("change", () => {
      if (camera.files?.length) this.editor?.addPictures([...camera.files]);
      camera.value = "";
    });
    this.form.addEventListener("input", () => this.name());
    // Another text is begun: what was sent before does not take its place by itself any more. (A script's own event is no hand.)
    this.form.addEventListener("input", (event) => event.isTrusted && (this.lastSent = ""), { capture: true });
    this.addEventListener("click", (event) => {
      const act = /** @type {Element} */ (event.target).closest("button")?.dataset.act;
      if (act === "leave") this.askToLeave();
      if (act === "take-over") this.open?.hold(true);
    });
    this.addEventListener("keydown", (event) => {
      // From what stands around the form too; the form hears its own.
      const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !(/** @type {Element} */ (event.target).closest("dialog"));
      if (sends && this.primary) this.form.requestSubmit(this.primary);
    });
  }

  /** @param {{ session: import("./session.js").Session, stands: (state: any, name?: string) => void, say: (sentence: string) => void }} desk */
  start({ session, stands, say }) {
    this.session = session;
    this.say = say;
    this.sender = new Sender({ outbox: this.outbox, session, address: this.entries, stands, refused: (key) => this.#refused(key) });
    this.list = new OutboxList(this.part("outbox"), this.outbox, this.words, {
      back: (key) => this.bringBack(key),
      undo: (key) => this.#undo(key),
      open: (ref) => this.openEntry(ref),
    });
    addEventListener("storage", () => this.showLeft());
    onReturn(() => this.#takeUpLeft());
    if (this.classList.contains("is-ready")) this.#begin();
    else this.addEventListener("entry-form:ready", () => this.#begin(), { once: true });
    this.sender.go();
    setInterval(() => this.#tick(), 1000);
  }

  #begin() {
    this.reopen();
    this.showLeft();
    this.#takeUpLeft();
  }

  async #takeUpLeft() {
    await this.slots?.takeUp(this.open?.ref, (key, fields, about) => this.#putAside(key, fields, about));
    this.showLeft();
  }

  /** @param {SafetyCopy} copy */
  async takeUp(copy) {
    const kept = copy.find();
    if (!kept) return;
    // Where another text was typed before the scripts ran, neither takes the other's place.
    if (copy.early) this.#putAside(kept.key, kept.fields);
    else this.putBack(kept);
  }

  /** Changes to entries that were begun here and are not in the form. */
  showLeft() {
    if (!this.list || !this.slots) return;
    this.list.left = this.slots.begun.filter(({ ref }) => ref !== this.open?.ref);
    this.list.show();
  }

  /** @param {HTMLButtonElement} button */
  deliver(button) {
    return this.send(button.dataset.schedules ? "schedule" : button.value);
  }

  /** Into the outbox, and the composer is free for the next. @param {string} verb @returns {boolean} */
  send(verb) {
    if (!this.sender) return false;
    const key = this.control("key").value;
    const fields = typed(this.form);
    const about = this.open?.about ?? null;
    const headline = this.control("headline").value.trim() || about?.name || "";
    if (!this.outbox.put({ key, user: this.dataset.user ?? "", at: Date.now(), verb, headline, fields, about })) {
      // Nowhere to keep it: the form stays as it is until the server has answered.
      this.line.textContent = this.words.not_kept;
      this.#sendFromForm(verb, key, fields);
      return true;
    }
    // It is kept: it can be on its way while the form is made ready for the next.
    this.sender.go();
    this.#freed();
    this.lastSent = key;
    return true;
  }

  /** @param {string} verb @param {string} key @param {[string, string][]} fields */
  async #sendFromForm(verb, key, fields) {
    const about = this.open?.about;
    const address = about ? `${this.entries}${about.ref}/` : this.entries;
    const answer = await this.session?.post(address, [...fields, ["key", key], ["verb", verb], ["base_version", about ? String(about.version) : ""]]);
    if (answer && answer.status >= 200 && answer.status < 300 && answer.body) this.#freed();
    else if (answer?.body?.stale) this.bringTogether(answer.body.stale);
    else this.refuse(answer?.body?.faults ?? [{ field: "", message: this.words.failed }]);
  }

  /** What was in the form is elsewhere now: a fresh one, or the new entry that was begun before. */
  #freed() {
    if (this.open) this.close(false);
    else this.empty();
    for (const part of this.form.querySelectorAll("details[open]")) part.removeAttribute("open");
    // Its beginning is where one writes on: to the top of a form that scrolls by itself, and of a page no further than it must.
    this.form.scrollTop = 0;
    this.control("headline").focus({ preventScroll: true });
    this.control("headline").scrollIntoView({ block: "nearest" });
  }

  /** What the socket told of an entry. @param {{ ref: string, version: number, holder: any }} message */
  hear(message) {
    if (message.ref === this.open?.ref) this.open.hear(message);
  }

  /** A text that was not accepted comes back by itself where nothing else is being written. @param {string} key */
  #refused(key) {
    if (!this.open && (key === this.lastSent || !this.unsaved)) this.bringBack(key);
  }

  /** Puts a text that was refused back to be worked on. What is in the composer now stays if there is something. @param {string} key */
  bringBack(key) {
    const item = this.outbox.find(key);
    if (!item) return;
    if (!item.about) {
      // Two new texts change places: neither is lost.
      const begun = this.open ? SafetyCopy.read(this.slot()) : this.unsaved ? { key: this.control("key").value, fields: typed(this.form) } : null;
      if (begun && !this.#putAside(begun.key, begun.fields)) return;
      if (!this.open) this.empty();
    }
    const { about, stale, faults } = item;
    const fields = stale?.fields ? together(stale, item.fields) : item.fields;
    this.changeTo(fields, stale?.pictures ?? {}, about && { ...about, version: stale?.version ?? about.version });
    this.copy?.keep();
    this.outbox.drop(key);
    this.name();
    this.control("headline").focus();
    if (stale) this.showTogether(stale);
    else this.refuse(faults?.length ? faults : [{ field: "", message: item.why }]);
  }

  /** Into the list, not to be sent. @param {string} key @param {[string, string][]} fields @param {any} [about] @returns {boolean} */
  #putAside(key, fields, about = null) {
    const headline = fields.find(([name]) => name === "headline")?.[1] ?? "";
    if (!this.outbox.put({ key, user: this.dataset.user ?? "", at: Date.now(), verb: "publish", headline, fields, about })) return false;
    return this.outbox.mark(key, { state: "refused", aside: true, why: this.words.copy_back });
  }

  /** How many would see it now. @param {number} count */
  count(count) {
    if (this.buttons) this.buttons.readers = count;
    this.name();
  }

  /** The buttons are those of what is open, and the coloured one says what it will do. */
  name() {
    this.classList.toggle("is-breaking", this.breaking);
    if (this.buttons) this.primary = this.buttons.name(this.open?.about, this.breaking);
  }

  #tick() {
    this.outbox.tidy(Date.now());
    if (this.outbox.items.some((item) => item.state === "done")) this.list?.show();
  }

  /** @param {string} key */
  async #undo(key) {
    const item = this.outbox.find(key);
    if (!item || !this.session) return;
    const undoKey = item.undoKey || freshKey();
    this.outbox.mark(key, { undoKey });
    const answer = await this.session.post(`${this.entries}${item.ref}/undo/`, [["key", undoKey]]);
    if (answer.status === 200) this.outbox.mark(key, { undoUntil: 0, said: this.words.undone });
    else this.outbox.mark(key, { said: answer.body?.faults?.[0]?.message ?? this.words.failed });
  }
}

SafetyCopy.tidy("");
customElements.define("desk-composer", DeskComposer);
