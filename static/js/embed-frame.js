/**
 * What the embed's document loads: the same `<live-feed>` as the reader's page, and the talk with the page around it
 * (docs/contracts/embed.md). That page may be anybody's: it is told a height and may answer with one, nothing more.
 */

import { LiveFeed } from "./live-feed.js";

const HIGHEST = 20_000;

const id = location.hash.slice(1);
const root = document.documentElement;

function tellHeight() {
  const height = Math.min(HIGHEST, Math.ceil(document.body.getBoundingClientRect().height));
  parent.postMessage({ liveblog: 1, id, height }, "*");
}

/** 0: the frame will be as high as its content. Else it keeps that height, and what does not fit is scrolled to. */
function takeHeight({ source, data }) {
  if (source !== parent || data?.liveblog !== 1 || data.id !== id) return;
  if (!Number.isInteger(data.height) || data.height < 0 || data.height > HIGHEST) return;
  root.toggleAttribute("data-follows", data.height === 0);
  const list = document.querySelector("section[aria-labelledby=latest]");
  if (data.height > 0) list.tabIndex = 0;
  else list.removeAttribute("tabindex");
}

if (parent !== window && /^[0-9a-f]{32}$/.test(id)) {
  addEventListener("message", takeHeight);
  new ResizeObserver(tellHeight).observe(document.body);
}

customElements.define("live-feed", LiveFeed);
