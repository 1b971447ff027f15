// The sentences the editor may show come from the server, in the page; only counts and names are filled in here.

/**
 * @param {Element} root the element that holds `<div data-part="…"><script type="application/json">`
 * @param {string} part
 * @returns {any} the parsed document, or null where the page has none
 */
export function readJson(root, part) {
  const script = root.querySelector(`[data-part="${part}"] > script`);
  return script ? JSON.parse(script.textContent || "null") : null;
}

/**
 * @param {string} sentence with places such as `{n}`
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

let lastId = 0;

/** @param {string} prefix @returns {string} an id that no other element of this page has */
export function freshId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
