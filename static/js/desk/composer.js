import { Buttons } from "./buttons.js";
import { device, freshKey, remember, remembered } from "./device.js";
import { EntryForm } from "./entry-form.js";
import { showFormFaults } from "./form-faults.js";
import { chooseKind } from "./kind-keys.js";
import { OpenEntry } from "./open-entry.js";
import { OutboxList } from "./outbox-list.js";
import { Outbox } from "./outbox.js";
import { SafetyCopy, typed } from "./safety-copy.js";
import { Sender } from "./sender.js";
import { leftBehind, onReturn } from "./tab.js";

/** @typedef {import("./open-entry.js").About} About */

/**
 * `<desk-composer data-user data-entries …>` around the form of a new entry, or of one that was opened from the lists: what `EntryForm`
 * does, and it sends by itself. The text goes from the form into the outbox and from there to the server; it is always in one of the three.
 */
export class DeskComposer extends EntryForm {
  connectedCallback() {
    this.outbox = new Outbox(device(), `${this.dataset.copy}`, () => this.list?.show());
    /** @type {OpenEntry | null} */
    this.open = null;
    super.connectedCallback();
    this.fault = /** @type {HTMLElement} */ (this.querySelector("[data-part=composer-fault]"));
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
      if (act === "leave") this.#askToLeave();
      if (act === "take-over") this.open?.hold(true);
    });
    this.addEventListener("keydown", (event) => {
      // From what stands around the form too; the form hears its own.
      const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !(/** @type {Element} */ (event.target).closest("dialog"));
      if (sends && this.primary) this.form.requestSubmit(this.primary);
    });
    addEventListener("pagehide", () => this.open?.close(true));
  }

  /** @param {{ session: import("./session.js").Session, stands: (state: any, name?: string) => void, say: (sentence: string) => void }} desk */
  start({ session, stands, say }) {
    this.session = session;
    this.say = say;
    this.sender = new Sender({ outbox: this.outbox, session, address: this.#entries, stands, refused: (key) => this.#refused(key) });
    this.list = new OutboxList(this.#part("outbox"), this.outbox, this.words, {
      back: (key) => this.bringBack(key),
      undo: (key) => this.#undo(key),
      open: (ref) => this.openEntry(ref),
    });
    addEventListener("storage", () => this.#showLeft());
    onReturn(() => this.#takeUpLeft());
    if (this.classList.contains("is-ready")) this.#begin();
    else this.addEventListener("entry-form:ready", () => this.#begin(), { once: true });
    this.sender.go();
    setInterval(() => this.#tick(), 1000);
  }

  #begin() {
    this.#reopen();
    this.#showLeft();
    this.#takeUpLeft();
  }

  /** @returns {Promise<string>} */
  async place() {
    // A text that a tab left behind goes on in this one, where it has none of its own.
    const slot = this.#slot();
    if (!SafetyCopy.read(slot)) {
      const [newest] = (await leftBehind(this.dataset.copy ?? "", this.tab)).filter(({ place }) => place === this.dataset.copy);
      if (newest) SafetyCopy.move(newest.slot, slot);
    }
    return slot;
  }

  /** Where this tab keeps the new entry, or the changes to one. @param {string} [ref] */
  #slot(ref = "") {
    return `${this.dataset.copy}${ref && `:${ref}`}@${this.tab}`;
  }

  /** All else that tabs which are gone have left: a change to its entry, where this tab has none begun, and the rest into the list. */
  async #takeUpLeft() {
    if (!this.tab) return;
    for (const { slot, place, key, fields, about } of await leftBehind(this.dataset.copy ?? "", this.tab)) {
      const begun = about && (about.ref === this.open?.ref || !SafetyCopy.move(slot, `${place}@${this.tab}`));
      if ((!about || begun) && this.#putAside(key, fields, about)) SafetyCopy.forget(slot);
    }
    this.#showLeft();
  }

  /** @param {SafetyCopy} copy */
  async takeUp(copy) {
    const kept = copy.find();
    if (!kept) return;
    // Where another text was typed before the scripts ran, neither takes the other's place.
    if (copy.early) this.#putAside(kept.key, kept.fields);
    else this.putBack(kept);
  }

  get #entries() {
    return this.dataset.entries ?? "";
  }

  /** Whether the form holds what is neither saved nor sent. */
  get unsaved() {
    return this.copy?.early ?? false;
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
    const about = this.open?.about ?? null;
    const headline = this.#control("headline").value.trim() || about?.name || "";
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
    const address = about ? `${this.#entries}${about.ref}/` : this.#entries;
    const answer = await this.session?.post(address, [...fields, ["key", key], ["verb", verb], ["base_version", about ? String(about.version) : ""]]);
    if (answer && answer.status >= 200 && answer.status < 300 && answer.body) this.#freed();
    else if (answer?.body?.stale) this.#together(answer.body.stale);
    else this.#refuse(answer?.body?.faults ?? [{ field: "", message: this.words.failed }]);
  }

  /** What was in the form is elsewhere now: a fresh one, or the new entry that was begun before. */
  #freed() {
    if (this.open) this.#close(false);
    else this.empty();
    this.#control("headline").focus({ preventScroll: true });
  }

  /** A fresh form: as the page was served, with a key of its own. */
  empty() {
    this.#fill([], {});
    this.copy?.drop();
    this.line.textContent = "";
  }

  /** The form as served, with these fields in it. @param {[string, string][]} fields @param {Record<string, any>} pictures facts of those that the body shows */
  #fill(fields, pictures) {
    const names = new Set(fields.map(([name]) => name));
    Object.assign(this.editor?.pictures ?? {}, pictures);
    this.editor?.touchedPictures.clear();
    this.fillIn([...(this.blank ?? []).filter(([name]) => !names.has(name)), ...fields]);
    this.#control("key").value = freshKey();
    this.#refuse([]);
    /** @type {HTMLElement} */ (this.querySelector("[data-part=preview]")).hidden = true;
  }

  /** An entry from the lists, to be changed here. @param {string} ref @param {boolean} [correct] with the note that readers see */
  async openEntry(ref, correct = false) {
    if (this.open?.ref !== ref) {
      const { status, body } = (await this.session?.get(`${this.#entries}${ref}/`)) ?? { status: 0, body: null };
      if (status !== 200 || !body) return this.say?.(body?.faults?.[0]?.message ?? this.words.failed);
      const { fields, pictures, ...about } = body;
      this.#enter(about, fields, pictures);
    }
    const change = /** @type {HTMLInputElement | null} */ (this.form.querySelector(`input[name=change][value=${correct ? "correct" : "edit"}]`));
    if (correct && change) {
      change.checked = true;
      this.name();
    }
    const field = this.#control(correct ? "note" : "headline");
    field.focus();
    this.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  /** @param {About} about @param {[string, string][]} fields as the server has them @param {Record<string, any>} pictures */
  #enter(about, fields, pictures) {
    this.#leaveForm();
    this.#fill(fields, pictures);
    this.copy = new SafetyCopy(this.form, this.#slot(about.ref), { about, first: typed(this.form) });
    const kept = this.copy.find();
    if (kept?.about) {
      this.putBack(kept);
      // What was typed was typed over that text, not over the one that is saved now.
      about.version = kept.about.version;
      this.copy.about = about;
    }
    this.#show(about);
  }

  /** @param {About} about */
  #show(about) {
    if (this.session) this.open = new OpenEntry(this.#part("open"), { about, entries: this.#entries, session: this.session, words: this.words });
    this.preview.address = about.preview;
    remember(this.dataset.copy ?? "", about.ref);
    this.#part("heading").hidden = true;
    this.name();
    this.#showLeft();
  }

  /** What is in the form stays on this device, unless it is elsewhere or not wanted; nobody has the entry open any more. */
  #leaveForm(keep = true) {
    if (keep) this.copy?.keep();
    else this.copy?.drop();
    // What fills the form now is not what this copy is of.
    this.copy = undefined;
    this.open?.close();
    this.open = null;
    this.preview.address = this.dataset.preview ?? "";
    remember(this.dataset.copy ?? "", "");
    this.#part("heading").hidden = false;
  }

  /** Back to the new entry, which may have been begun. */
  #close(keep = true) {
    this.#leaveForm(keep);
    this.empty();
    this.copy = new SafetyCopy(this.form, this.#slot(), { first: typed(this.form) });
    const begun = this.copy.find();
    if (begun) this.fillIn(begun.fields);
    this.name();
    this.#showLeft();
  }

  #askToLeave() {
    if (!this.unsaved) {
      this.#close(false);
      return;
    }
    const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("[data-dialog=leave]"));
    dialog.onclose = () => {
      if (["drop", "keep"].includes(dialog.returnValue)) this.#close(dialog.returnValue === "keep");
    };
    dialog.returnValue = "";
    dialog.showModal();
  }

  /** After a reload: the entry that was open, as it was kept; without a connection too. */
  #reopen() {
    const ref = remembered(this.dataset.copy ?? "");
    if (!ref) return;
    const copy = SafetyCopy.read(this.#slot(ref));
    if (!copy?.about) {
      this.openEntry(ref);
      return;
    }
    this.#leaveForm();
    this.#fill(copy.fields, {});
    this.copy = new SafetyCopy(this.form, this.#slot(ref), { about: copy.about, first: [] });
    this.line.textContent = this.words.copy_back;
    this.#show(copy.about);
  }

  /** Changes to entries that were begun here and are not in the form. */
  #showLeft() {
    if (!this.list) return;
    const own = SafetyCopy.slots(`${this.dataset.copy}:`).filter((slot) => slot.endsWith(`@${this.tab}`));
    this.list.left = own.flatMap((slot) => SafetyCopy.read(slot)?.about ?? []).filter(({ ref }) => ref !== this.open?.ref);
    this.list.show();
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
      const begun = this.open ? SafetyCopy.read(this.#slot()) : this.unsaved ? { key: this.#control("key").value, fields: typed(this.form) } : null;
      if (begun && !this.#putAside(begun.key, begun.fields)) return;
      if (!this.open) this.empty();
    }
    this.#leaveForm();
    const { about, stale, faults } = item;
    this.#fill(stale?.fields ? [...stale.fields, ...item.fields.filter(([name]) => ["note", "change", "pictures"].includes(name))] : item.fields, stale?.pictures ?? {});
    if (about) {
      this.copy = new SafetyCopy(this.form, this.#slot(about.ref), { about: { ...about, version: stale?.version ?? about.version }, first: [] });
      this.#show(/** @type {About} */ (this.copy.about));
    } else this.copy = new SafetyCopy(this.form, this.#slot(), { first: this.blank });
    this.copy.keep();
    this.outbox.drop(key);
    this.name();
    this.#control("headline").focus();
    if (stale) this.open?.together(stale, (conflict) => this.#takeTheirs(conflict));
    else this.#refuse(faults?.length ? faults : [{ field: "", message: item.why }]);
  }

  /** @param {any} stale the two texts together, in place of the form's */
  #together(stale) {
    if (!this.open) return;
    const about = { ...this.open.about, version: stale.version };
    const rest = typed(this.form).filter(([name]) => ["note", "change", "pictures"].includes(name));
    this.open.about = about;
    this.#fill([...stale.fields, ...rest], stale.pictures);
    if (this.copy) this.copy.about = about;
    this.copy?.keep();
    this.open.together(stale, (conflict) => this.#takeTheirs(conflict));
  }

  /** @param {any} conflict */
  #takeTheirs(conflict) {
    if (conflict.fields) this.fillIn([...typed(this.form).filter(([name]) => !conflict.fields.some((/** @type {string[]} */ [other]) => other === name)), ...conflict.fields]);
    const blocks = this.editor?.value ?? [];
    if (conflict.order) blocks.sort((a, b) => conflict.order.indexOf(a.id) - conflict.order.indexOf(b.id));
    if (conflict.order || conflict.id) {
      this.editor?.load(blocks.flatMap((block) => (block.id !== conflict.id ? [block] : conflict.block ? [conflict.block] : [])));
      this.editor?.changed();
    }
    this.copy?.keep();
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
    const answer = await this.session.post(`${this.#entries}${item.ref}/undo/`, [["key", undoKey]]);
    if (answer.status === 200) this.outbox.mark(key, { undoUntil: 0, said: this.words.undone });
    else this.outbox.mark(key, { said: answer.body?.faults?.[0]?.message ?? this.words.failed });
  }

  /** Each refusal at its field, the others above the buttons. @param {{ field: string, message: string }[]} faults */
  #refuse(faults) {
    const rest = showFormFaults(this.form, faults);
    this.editor?.showFaults(faults);
    this.fault.hidden = !rest;
    this.fault.textContent = rest;
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

SafetyCopy.tidy("");
customElements.define("desk-composer", DeskComposer);
