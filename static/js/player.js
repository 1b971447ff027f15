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
  const page = link.closest("live-feed");
  if (page) page.keepPlayers = keepPlayers;
}

/**
 * Makes an entry into its new text without touching the players in it: a frame that is moved begins again.
 *
 * @param {HTMLElement} old on the page @param {HTMLElement} fresh its new text, which is taken apart
 * @returns {HTMLElement | null} `old`; null, and nothing is done, where no player runs that stands at the same place in the new text
 */
export function keepPlayers(old, fresh) {
  const links = [...fresh.querySelectorAll("a[data-player]")];
  const pairs = [...old.querySelectorAll("iframe")].flatMap((frame) => {
    const { player } = frame.previousElementSibling.dataset;
    const at = links.findIndex((link) => link.dataset.player === player && depth(link, fresh) === depth(frame, old));
    return at < 0 ? [] : links.splice(0, at + 1).slice(-1).map((link) => [frame, link]);
  });
  if (pairs.length === 0 || old.dataset.order !== fresh.dataset.order) return null;
  lay(old, fresh, pairs);
  return old;
}

/** What leads down to a player stays, with the new attributes; all beside it comes from the new text. */
function lay(old, fresh, pairs) {
  for (const { name } of [...old.attributes]) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const stays = new Map(pairs.map(([frame, link]) => [childWith(fresh, link), childWith(old, frame)]));
  let next = old.firstChild;
  const clear = (end) => {
    while (next !== end) [next] = [next.nextSibling, next.remove()];
  };
  for (const child of [...fresh.childNodes]) {
    const kept = stays.get(child);
    if (kept) clear(kept);
    if (!kept || kept.localName === "iframe") old.insertBefore(child, next);
    if (!kept) continue;
    next = kept.nextSibling;
    if (kept.localName === "iframe") child.hidden = true;
    else lay(kept, child, pairs.filter(([frame]) => kept.contains(frame)));
  }
  clear(null);
}

function childWith(above, node) {
  return [...above.childNodes].find((child) => child.contains(node));
}

function depth(node, above) {
  return node === above ? 0 : 1 + depth(node.parentNode, above);
}
