/**
 * What each frame does to the page: one verb an op. A verb changes nodes and nothing else; when it may run, how it moves and what is said
 * of it is decided around it (live-feed.js, feed-motion.js, announcer.js).
 *
 * A page is `{feed, board, front, dataset, graves, arrive, correct, keepPlayers}`: three elements (board and front may be missing), the
 * `<live-feed>`'s data, the withdrawn entries' revisions by ref, calls for every entry that was not there before or has a new correction, and
 * what lays a new text around players that run (player.js), once one does.
 */

import { parse, parseEntry } from "./entry-html.js";
import { entriesOf, findEntry, place, ruleDays } from "./feed-order.js";
import { heldFold, keepFolds } from "./folds.js";

export const verbs = { put, drop, board, state, reset };

const edges = (page) => ({ more: page.dataset.more === "true", newer: page.dataset.newer === "true" });

function put(page, { ref, rev, html }) {
  const old = findEntry(page.feed, ref);
  const shown = old ? Number(old.dataset.rev) : 0;
  const buried = Math.max(page.graves.get(ref) ?? 0, old?.hasAttribute("data-withdrawn") ? shown : 0);
  // A withdrawn text does not come back, however late its frame comes in.
  if (shown > rev || buried >= rev) return;
  page.graves.delete(ref);
  const fresh = parseEntry(html);
  if (!old) {
    if (place(page.feed, fresh, null, edges(page))) page.arrive(fresh);
    return;
  }
  const corrected = correctionsOf(fresh).length > correctionsOf(old).length;
  keepPictures(old, fresh);
  keepFolds(old, fresh);
  const fold = heldFold(old, fresh);
  const entry = page.keepPlayers?.(old, fresh) ?? fresh;
  if ((entry === old || place(page.feed, fresh, old, edges(page))) && corrected) page.correct(entry);
  fold?.focus({ preventScroll: true });
}

/** A picture that stays is the same picture: it is neither fetched nor drawn anew. */
function keepPictures(old, fresh) {
  const shown = [...old.querySelectorAll("picture")];
  for (const picture of fresh.querySelectorAll("picture")) {
    const same = shown.findIndex((other) => other.isEqualNode(picture));
    if (same >= 0) picture.replaceWith(...shown.splice(same, 1));
  }
}

/** @param {Element} entry @returns {HTMLTimeElement[]} when each of its corrections was made */
export function correctionsOf(entry) {
  return [...entry.querySelectorAll(":scope > div > b time")];
}

function drop(page, { ref, rev, html }) {
  const old = findEntry(page.feed, ref);
  if (old && Number(old.dataset.rev) > rev) return;
  page.graves.set(ref, Math.max(page.graves.get(ref) ?? 0, rev));
  const focused = old?.contains(document.activeElement);
  const next = html ? parseEntry(html) : document.getElementById("latest");
  if (html) {
    place(page.feed, next, old, edges(page));
  } else if (old) {
    old.remove();
    ruleDays(page.feed);
  }
  if (focused) focusFor(next);
}

function board(page, { html }) {
  if (page.board) refill(page.board, parse(html));
}

function state(page, { state: name, html }) {
  page.dataset.state = name;
  if (page.front) refill(page.front, parse(html));
}

/** The whole page from a snapshot: entries above the first that the page had are arrivals, as if each had come by itself. */
function reset(page, { html }) {
  const snapshot = parse(html).querySelector("live-snapshot");
  const first = entriesOf(page.feed)[0]?.dataset.order;
  const known = new Set(entriesOf(page.feed).map((entry) => entry.dataset.ref));
  page.graves.clear();
  for (const part of ["front", "board"]) {
    if (page[part]) refill(page[part], snapshot.querySelector(`#${part}`));
  }
  refill(page.feed, snapshot.querySelector("#feed"));
  page.dataset.state = snapshot.dataset.state;
  page.dataset.more = snapshot.dataset.more ?? page.dataset.more;
  for (const entry of entriesOf(page.feed).reverse()) {
    if (first !== undefined && entry.dataset.order > first && !known.has(entry.dataset.ref)) page.arrive(entry);
  }
}

function refill(element, source) {
  keepFolds(element, source);
  element.replaceChildren(...source.childNodes);
}

/** Focus without a place in the tab order, and without a trace once it has moved on. */
export function focusFor(element) {
  if (!element) return;
  const borrowed = !element.hasAttribute("tabindex");
  if (borrowed) {
    element.tabIndex = -1;
    element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  }
  element.focus({ preventScroll: true });
}
