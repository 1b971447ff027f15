/**
 * What was unfolded stays unfolded in what comes in its place, as long as it is the same thing.
 *
 * @param {Element} old
 * @param {Element | DocumentFragment} fresh
 */
export function keepFolds(old, fresh) {
  const open = new Map(foldsOf(old).map((fold) => [about(fold), fold.open]));
  for (const fold of foldsOf(fresh)) fold.open = open.get(about(fold)) ?? fold.open;
}

/**
 * Where the keys are to stand in `fresh` if they stand on a fold of `old`.
 *
 * @param {Element} old
 * @param {Element} fresh
 * @returns {HTMLElement | null}
 */
export function heldFold(old, fresh) {
  const held = document.activeElement;
  const fold = old.contains(held) && isFold(held) ? held?.parentElement?.dataset.fold : "";
  return fold ? fresh.querySelector(`details[data-fold="${fold}"] > summary`) : null;
}

/** Whether it is what folds and unfolds. @param {Element | null} element */
export function isFold(element) {
  return element?.matches("details[data-fold] > summary") ?? false;
}

/** @param {ParentNode} element @returns {HTMLDetailsElement[]} */
function foldsOf(element) {
  return [...element.querySelectorAll("details[data-fold]")];
}

/** @param {HTMLDetailsElement} fold */
function about(fold) {
  const of = /** @type {HTMLElement | null} */ (fold.closest("[data-pinned], [data-ref], [data-slip]"))?.dataset;
  return `${fold.dataset.fold} ${of?.pinned ?? of?.ref ?? of?.slip ?? ""}`;
}
