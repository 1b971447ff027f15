/**
 * A provider's player in the place that was kept for it. Only here is anything asked of a provider, and only after a click; the frame is the
 * provider's own document behind a sandbox, and no HTML of theirs enters the page.
 */

// Its own scripts and storage, a film over the whole screen, and links that open elsewhere; not this page, its forms or its top.
const SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation";

export function use(link) {
  const frame = document.createElement("iframe");
  frame.title = link.dataset.title || link.textContent.trim();
  frame.setAttribute("sandbox", SANDBOX);
  // Some players refuse a page that does not say whose it is; more than the site they need not know.
  frame.referrerPolicy = "strict-origin";
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.src = link.dataset.player;
  link.after(frame);
  link.hidden = true;
  frame.focus({ preventScroll: true });
}
