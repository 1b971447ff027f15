import { GalleryView } from "./picture-views.js";
import { knownPictures } from "./uploads.js";

/**
 * Puts back a body and the words of pictures that were typed earlier. Pictures that this page has not seen are asked for; until the answer is
 * there, nobody writes in the body, and what the form sends and keeps is whole all the same.
 * @param {import("./block-editor.js").BlockEditor} editor
 * @param {object} body
 * @param {import("./block-view.js").Block[]} body.blocks
 * @param {Record<string, Partial<import("./uploads.js").Picture>>} body.said
 * @param {{ id: string, name: string, at: number }[]} body.files that had not arrived, and in which block they were
 */
export async function restore(editor, { blocks, said, files }) {
  const refs = blocks.flatMap((block) => [block.image, block.poster, ...(block.images ?? [])]).filter((ref) => ref && !editor.pictures[ref]);
  let faults;
  if (refs.length) {
    const waiting = editor.wait(blocks, said, files);
    const known = await knownPictures(editor.uploadAddress, refs);
    // Another body took its place meanwhile.
    if (editor.waiting !== waiting) return;
    Object.assign(editor.pictures, known);
    faults = waiting.faults;
  }
  editor.said = said;
  for (const [ref, words] of Object.entries(said)) {
    if (editor.pictures[ref]) Object.assign(editor.pictures[ref], words);
    editor.touchedPictures.add(ref);
  }
  editor.load(blocks);
  for (const { at, ...file } of files) {
    const view = editor.views[at];
    if (view instanceof GalleryView) view.takeUp(file);
    else editor.place({ type: "image", kept: file }, view?.element ?? editor.adder);
  }
  editor.changed();
  if (faults) editor.showFaults(faults);
}
