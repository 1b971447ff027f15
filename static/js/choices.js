/**
 * What a reader chooses and their device keeps: what is announced, and whether they would rather have the oldest first or key events only.
 * The page itself is the same for everybody and is never exchanged under their eyes: the choice comes back as a link over the feed.
 */

import { keep, keepOfThisBlog, ofThisBlog, recall } from "./kept.js";

/** @param {import("./words.js").Words} words */
export function offerChoices(words) {
  const form = document.querySelector("form[role=search]");
  if (!form) return;
  form.addEventListener("formdata", ({ formData }) => {
    const asked = [...formData];
    // An address names what was asked for and nothing else.
    for (const [name, value] of asked) if (!value) formData.delete(name);
    const [key, oldest] = [formData.has("key"), formData.has("order")];
    // A search is of this moment; an order is how somebody reads.
    if ([...formData.keys()].every((name) => name === "key" || name === "order")) keepOfThisBlog({ key, oldest });
  });
  for (const back of document.querySelectorAll("a[data-live]")) back.addEventListener("click", () => keepOfThisBlog({ key: false, oldest: false }));
  offerAgain(form, words);
}

/** @param {import("./live-feed.js").LiveFeed} page */
export function chooseAnnouncements({ notes: { announcer } }) {
  const choice = document.querySelector("[data-announce]");
  const known = recall().announce;
  if ([...choice.options].some(({ value }) => value === known)) choice.value = announcer.wanted = known;
  choice.addEventListener("change", () => {
    announcer.wanted = choice.value;
    announcer.silence();
    keep({ announce: choice.value });
  });
  choice.closest("[hidden]").hidden = false;
}

/** What was chosen last time, as one link that leads there. */
function offerAgain(form, words) {
  const place = document.querySelector("[data-again]");
  const { key, oldest } = ofThisBlog();
  if (!place || !(key || oldest)) return;
  const chosen = [oldest && form.order.querySelector("[value=oldest]"), key && form.key.labels[0]].filter(Boolean);
  const link = document.createElement("a");
  link.href = `?${[key && "key=1", oldest && "order=oldest"].filter(Boolean).join("&")}#latest`;
  link.textContent = words.say("again", { choice: words.list(chosen.map(({ textContent }) => textContent)) });
  place.replaceChildren(link);
  place.hidden = false;
}
