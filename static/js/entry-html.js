/**
 * From the server's HTML to nodes: the one place where a string becomes markup.
 *
 * The policy lets every string through. That is safe because only the wire calls it, with what this site's own server rendered from
 * sanitised text; a page's CSP names this policy and no other, so nothing else on the page can turn a string into HTML.
 */

const policy = globalThis.trustedTypes?.createPolicy("entry-html", { createHTML: (html) => html });

/** @param {string} html @returns {DocumentFragment} nodes that belong to no page yet: no image is fetched and no script runs */
export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
}

/** @param {string} html one `<article>` @returns {HTMLElement} */
export function parseEntry(html) {
  const entry = parse(html).firstElementChild;
  if (!(entry instanceof HTMLElement) || !entry.dataset.ref) throw new Error("a fragment that is no entry");
  return entry;
}
