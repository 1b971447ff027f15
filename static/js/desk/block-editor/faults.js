import { freshId } from "./words.js";

// A refusal stands under the control it is about, and the control names it for a screen reader.

/**
 * Shows `message` in the `[data-fault]` of `field` and marks its control.
 * @param {Element} field an element with `[data-fault]` and a control inside
 * @param {string} message
 */
export function showFault(field, message) {
  const place = /** @type {HTMLElement | null} */ (field.querySelector("[data-fault]"));
  if (!place) return;
  place.id ||= freshId("fault");
  place.textContent = place.hidden ? message : `${place.textContent} ${message}`;
  place.hidden = false;
  field.classList.add("is-refused");
  for (const control of field.querySelectorAll("input, textarea, select, [contenteditable=true]")) {
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", place.id);
  }
}

/** @param {Element} field */
export function clearFault(field) {
  const place = /** @type {HTMLElement | null} */ (field.querySelector("[data-fault]"));
  if (!place || place.hidden) return;
  place.hidden = true;
  place.textContent = "";
  field.classList.remove("is-refused");
  for (const control of field.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
}
