import { freshKey, remember, remembered } from "./device.js";
import { EntryForm } from "./entry-form.js";
import { showFormFaults } from "./form-faults.js";
import { OpenEntry } from "./open-entry.js";
import { SafetyCopy, typed } from "./safety-copy.js";
import { TabSlots } from "./tab-slots.js";

/** @typedef {import("./open-entry.js").About} About */

// What belongs to one sending of a text, and not to the text.
const OF_THE_SENDING = ["note", "change", "pictures"];

/**
 * The form of a new entry that changes over to one of the lists, and back. What was begun in either waits on this device, each tab's under
 * its own name, and is there again after a reload.
 */
export class OpeningForm extends EntryForm {
  connectedCallback() {
    /** @type {OpenEntry | null} */
    this.open = null;
    super.connectedCallback();
    this.fault = /** @type {HTMLElement} */ (this.querySelector("[data-part=composer-fault]"));
    addEventListener("pagehide", () => this.open?.close(true));
  }

  /** What was begun and is in the form no more, or is again. */
  showLeft() {}

  /** @returns {Promise<string>} */
  async place() {
    this.slots = new TabSlots(this.dataset.copy ?? "", this.tab ?? "");
    await this.slots.goOn();
    return this.slot();
  }

  /** Where this tab keeps the new entry, or the changes to one. @param {string} [ref] */
  slot(ref = "") {
    return /** @type {TabSlots} */ (this.slots).of(ref);
  }

  get entries() {
    return this.dataset.entries ?? "";
  }

  /** Whether the form holds what is neither saved nor sent. */
  get unsaved() {
    return this.copy?.early ?? false;
  }

  /** A fresh form: as the page was served, with a key of its own. */
  empty() {
    this.fill([], {});
    this.copy?.drop();
  }

  /** The form as served, with these fields in it. @param {[string, string][]} fields @param {Record<string, any>} pictures facts of those that the body shows */
  fill(fields, pictures) {
    // What was said was said of the text before.
    this.line.textContent = "";
    const names = new Set(fields.map(([name]) => name));
    Object.assign(this.editor?.pictures ?? {}, pictures);
    this.editor?.touchedPictures.clear();
    this.fillIn([...(this.blank ?? []).filter(([name]) => !names.has(name)), ...fields]);
    this.control("key").value = freshKey();
    this.refuse([]);
    this.preview.section.hidden = true;
  }

  /** An entry from the lists, to be changed here. @param {string} ref @param {boolean} [correct] with the note that readers see */
  async openEntry(ref, correct = false) {
    if (this.open?.ref !== ref) {
      const { status, body } = (await this.session?.get(`${this.entries}${ref}/`)) ?? { status: 0, body: null };
      if (status !== 200 || !body) return this.say?.(body?.faults?.[0]?.message ?? this.words.failed);
      const { fields, pictures, ...about } = body;
      this.#enter(about, fields, pictures);
    }
    const change = /** @type {HTMLInputElement | null} */ (this.form.querySelector(`input[name=change][value=${correct ? "correct" : "edit"}]`));
    if (correct && change) {
      change.checked = true;
      this.name();
    }
    this.control(correct ? "note" : "headline").focus();
    this.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  /** @param {About} about @param {[string, string][]} fields as the server has them @param {Record<string, any>} pictures */
  #enter(about, fields, pictures) {
    this.leave();
    this.fill(fields, pictures);
    this.copy = new SafetyCopy(this.form, this.slot(about.ref), { about, first: typed(this.form) });
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
    if (this.session) this.open = new OpenEntry(this.part("open"), { about, entries: this.entries, session: this.session, words: this.words });
    this.preview.address = about.preview;
    remember(this.dataset.copy ?? "", about.ref);
    this.part("heading").hidden = true;
    this.name();
    this.showLeft();
  }

  /** What is in the form stays on this device, unless it is elsewhere or not wanted; nobody has the entry open any more. */
  leave(keep = true) {
    if (keep) this.copy?.keep();
    else this.copy?.drop();
    // What fills the form now is not what this copy is of.
    this.copy = undefined;
    this.open?.close();
    this.open = null;
    this.preview.address = this.dataset.preview ?? "";
    remember(this.dataset.copy ?? "", "");
    this.part("heading").hidden = false;
  }

  /** Back to the new entry, which may have been begun. */
  close(keep = true) {
    this.leave(keep);
    this.empty();
    this.copy = new SafetyCopy(this.form, this.slot(), { first: typed(this.form) });
    const begun = this.copy.find();
    if (begun) this.fillIn(begun.fields);
    this.name();
    this.showLeft();
  }

  askToLeave() {
    if (!this.unsaved) {
      this.close(false);
      return;
    }
    const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("[data-dialog=leave]"));
    dialog.onclose = () => {
      if (["drop", "keep"].includes(dialog.returnValue)) this.close(dialog.returnValue === "keep");
    };
    dialog.returnValue = "";
    dialog.showModal();
  }

  /** After a reload: the entry that was open, as it was kept; without a connection too. */
  reopen() {
    const ref = remembered(this.dataset.copy ?? "");
    if (!ref) return;
    const kept = SafetyCopy.read(this.slot(ref));
    if (kept?.about) {
      this.changeTo(kept.fields, {}, kept.about);
      this.line.textContent = this.words.copy_back;
    } else this.openEntry(ref);
  }

  /** A text that is nowhere else: it counts as unsaved. @param {[string, string][]} fields @param {Record<string, any>} pictures @param {About | null} about the entry it changes */
  changeTo(fields, pictures, about) {
    this.leave();
    this.fill(fields, pictures);
    this.copy = new SafetyCopy(this.form, this.slot(about?.ref), about ? { about, first: [] } : { first: this.blank });
    if (about) this.#show(about);
  }

  /** The two texts that the server brought together, in place of the form's. @param {any} stale */
  bringTogether(stale) {
    if (!this.open) return;
    const about = { ...this.open.about, version: stale.version };
    this.open.about = about;
    this.fill(together(stale, typed(this.form)), stale.pictures);
    if (this.copy) this.copy.about = about;
    this.copy?.keep();
    this.showTogether(stale);
  }

  /** @param {any} stale */
  showTogether(stale) {
    this.open?.together(stale, (conflict) => this.#takeTheirs(conflict));
  }

  /** @param {any} conflict */
  #takeTheirs(conflict) {
    if (conflict.fields) {
      const theirs = new Set(conflict.fields.map((/** @type {[string, string]} */ [name]) => name));
      this.fillIn([...typed(this.form).filter(([name]) => !theirs.has(name)), ...conflict.fields]);
    }
    const blocks = this.editor?.value ?? [];
    if (conflict.order) blocks.sort((a, b) => conflict.order.indexOf(a.id) - conflict.order.indexOf(b.id));
    if (conflict.order || conflict.id) {
      this.editor?.load(blocks.flatMap((block) => (block.id !== conflict.id ? [block] : conflict.block ? [conflict.block] : [])));
      this.editor?.changed();
    }
    this.copy?.keep();
  }

  /** Each refusal at its field, the others above the buttons. @param {{ field: string, message: string }[]} faults */
  refuse(faults) {
    const rest = showFormFaults(this.form, faults);
    this.editor?.showFaults(faults);
    this.fault.hidden = !rest;
    this.fault.textContent = rest;
  }
}

/** @param {any} stale @param {[string, string][]} mine @returns {[string, string][]} the text of both, with what goes along with mine */
export function together(stale, mine) {
  return [...stale.fields, ...mine.filter(([name]) => OF_THE_SENDING.includes(name))];
}
