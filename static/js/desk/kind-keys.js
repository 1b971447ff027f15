const KINDS = ["update", "breaking", "analysis", "image", "quote", "summary"];

/** Alt+1 to Alt+6 choose the kind. @param {HTMLFormElement} form @param {KeyboardEvent} event */
export function chooseKind(form, event) {
  const place = event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-6]$/.test(event.code) ? Number(event.code.at(-1)) : 0;
  if (!place) return;
  event.preventDefault();
  const radio = /** @type {HTMLInputElement | null} */ (form.querySelector(`input[name=kind][value=${KINDS[place - 1]}]`));
  if (!radio) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  radio.dispatchEvent(new Event("input", { bubbles: true }));
}
