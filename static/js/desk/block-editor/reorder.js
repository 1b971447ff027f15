// Moving blocks: buttons, Alt with the arrows, and dragging by the handle. One function moves; these only call it.

/**
 * @param {import("./block-editor.js").BlockEditor} editor
 */
export function wireReorder(editor) {
  const { list } = editor;
  list.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const view = editor.viewOf(event.target);
    // In a select the same keys open its list.
    if (!view || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    editor.move(view, event.key === "ArrowUp" ? -1 : 1);
  });

  /** @type {import("./block-view.js").BlockView | null} */
  let dragged = null;
  // Draggable only while the handle is held: otherwise text in the block could not be selected with the mouse.
  list.addEventListener("pointerdown", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("[data-part=handle]"))) return;
    const view = editor.viewOf(event.target);
    if (view) view.element.draggable = true;
  });
  list.addEventListener("pointerup", (event) => {
    const view = editor.viewOf(event.target);
    if (view) view.element.draggable = false;
  });
  list.addEventListener("dragstart", (event) => {
    const view = editor.viewOf(event.target);
    if (!view?.element.draggable) return;
    dragged = view;
    view.element.classList.add("is-dragged");
    event.dataTransfer?.setData("text/plain", "");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const over = editor.viewOf(event.target);
    if (!over || over === dragged) return;
    const box = over.element.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.element.before(dragged.element);
    else over.element.after(dragged.element);
  });
  list.addEventListener("drop", (event) => {
    if (dragged) event.preventDefault();
  });
  list.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.element.draggable = false;
    dragged.element.classList.remove("is-dragged");
    editor.moved(dragged);
    dragged = null;
  });
}
