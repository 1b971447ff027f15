// What was kept of an entry's form, put back into its fields.

import { restore } from "./block-editor/restore.js";

// What says which write this is belongs to the page, and the body to its editor.
const NOT_FILLED = ["blocks", "key", "base_version", "csrfmiddlewaretoken"];

/**
 * @param {HTMLFormElement} form
 * @param {import("./block-editor/block-editor.js").BlockEditor | null} editor
 * @param {[string, string][]} fields all of them: what is not named is emptied
 */
export function fillFields(form, editor, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  makeRoom(form, values.get("bylines")?.filter(Boolean).length ?? 0);
  for (const control of /** @type {Iterable<HTMLInputElement>} */ (form.elements)) {
    const kept = values.get(control.name);
    if (control.type === "radio") control.checked = kept?.includes(control.value) ?? false;
    else if (control.type === "checkbox") control.checked = values.has(control.name);
    else if (control.tagName === "SELECT") control.value = kept?.shift() ?? "";
    else if (kept && !NOT_FILLED.includes(control.name)) control.value = kept.shift() ?? "";
  }
  const [blocks, said, files] = [["blocks", "[]"], ["pictures", "{}"], ["kept_files", "[]"]].map(([name, none]) =>
    JSON.parse(fields.find(([each]) => each === name)?.[1] || none),
  );
  if (editor) restore(editor, { blocks, said, files });
  growLines(form);
}

/** A text may be signed by more than there are fields for. @param {HTMLFormElement} form @param {number} signed */
function makeRoom(form, signed) {
  const fields = /** @type {HTMLSelectElement[]} */ ([...form.querySelectorAll("select[name=bylines]")]);
  const last = fields.at(-1);
  for (let number = fields.length + 1; last && number <= signed + 1; number += 1) {
    const more = /** @type {HTMLSelectElement} */ (last.cloneNode(true));
    more.id = last.id.replace(/\d+$/, String(number));
    more.setAttribute("aria-label", (last.getAttribute("aria-label") ?? "").replace(/\d+/, String(number)));
    (last.parentElement?.lastElementChild ?? last).after(more);
  }
}

/** Has each textarea that stands for one line be as tall as its text, now and while it is typed in. @param {HTMLFormElement} form */
export function wireLines(form) {
  form.addEventListener("input", ({ target }) => /** @type {Element} */ (target).matches("textarea[data-one-line]") && grow(target));
  growLines(form);
}

/** @param {HTMLFormElement} form */
function growLines(form) {
  form.querySelectorAll("textarea[data-one-line]").forEach(grow);
}

/** @param {any} field */
function grow(field) {
  field.value = field.value.replace(/\s*\n\s*/g, " ");
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight + 2}px`;
}
