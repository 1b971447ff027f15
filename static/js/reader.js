/** What the reader's pages load. A page is whole without it, and only the live one has a `<live-feed>`. */

import { Bookmark, readOn } from "./bookmark.js";
import { chooseAnnouncements, offerChoices } from "./choices.js";
import { LiveFeed } from "./live-feed.js";
import { listenForTools } from "./page-tools.js";
import { Words } from "./words.js";

const words = new Words(JSON.parse(document.getElementById("words").textContent), document.documentElement.lang || "en");
listenForTools(words, (sentence) => { document.querySelector("[role=status]").textContent = sentence; });

customElements.define("live-feed", LiveFeed);

const page = document.querySelector("live-feed");
offerChoices(words);
if (page) chooseAnnouncements(page);
if (page && page.dataset.newer !== "true") page.bookmark = new Bookmark(page);
const found = document.querySelector("[data-found] #feed");
if (found) readOn(found);

/** An address that names an entry which this page does not hold: the server knows the page that does. */
function seek() {
  const ref = location.hash.slice(1);
  const asked = new URLSearchParams(location.search).get("at") === ref;
  if (/^e-\w{6}$/.test(ref) && !asked && !document.getElementById(ref)) location.replace(`?at=${ref}#${ref}`);
}

if (document.getElementById("live")) {
  addEventListener("hashchange", seek);
  seek();
}
