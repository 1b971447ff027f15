import { freshId } from "./block-editor/words.js";

/**
 * The server's refusals at the form's own fields, in place of those that stood there. The block editor shows those of the body.
 * @param {HTMLFormElement} form
 * @param {{ field: string, message: string }[]} faults
 * @returns {string} what belongs to no field that is on the page
 */
export function showFormFaults(form, faults) {
  for (const line of form.querySelectorAll("[data-form-fault]")) clear(line);
  const rest = [];
  for (const { field, message } of faults) {
    if (field.split(".")[0] === "blocks") continue;
    const found = form.elements.namedItem(field);
    const control = /** @type {HTMLElement | null} */ (found instanceof RadioNodeList ? found[0] : found);
    const place = control?.closest(".field, .segments");
    if (!control || !place || !place.closest("form")) {
      rest.push(message);
      continue;
    }
    const line = document.createElement("p");
    line.className = "field__fault";
    line.dataset.formFault = "";
    line.id = freshId("form-fault");
    line.textContent = message;
    place.classList.add("is-refused");
    place.append(line);
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", line.id);
    for (let above = place.closest("details"); above; above = above.parentElement?.closest("details") ?? null) above.open = true;
    place.addEventListener("input", () => clear(line), { once: true });
  }
  /** @type {HTMLElement | null} */ (form.querySelector("[data-form-fault]")?.parentElement?.querySelector("[aria-invalid]") ?? null)?.focus();
  return rest.join(" ");
}

/** @param {Element} line */
function clear(line) {
  const place = line.parentElement;
  line.remove();
  place?.classList.remove("is-refused");
  for (const control of place?.querySelectorAll("[aria-invalid]") ?? []) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
}
