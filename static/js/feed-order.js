/**
 * Where an entry stands in the feed. The server decides the order and the day; this only finds the place, whatever order frames came in.
 */

/** @param {Element} feed @returns {HTMLElement[]} the entries, newest first */
export function entriesOf(feed) {
  return [...feed.querySelectorAll(":scope > [data-ref]")];
}

/** @param {Element} feed @param {string} ref @returns {HTMLElement | null} */
export function findEntry(feed, ref) {
  return feed.querySelector(`:scope > [data-ref="${CSS.escape(ref)}"]`);
}

/**
 * Puts `entry` at its place, in the stead of `old` if there was one.
 *
 * @param {Element} feed
 * @param {HTMLElement} entry
 * @param {HTMLElement | null} old
 * @param {{more: boolean, newer: boolean}} edges whether entries exist below the last and above the first that this page does not hold
 * @returns {boolean} false if the entry's place is not on this page
 */
export function place(feed, entry, old, { more, newer }) {
  if (old && old.dataset.order === entry.dataset.order) {
    old.replaceWith(entry);
    return true;
  }
  old?.remove();
  const others = entriesOf(feed);
  // Compared by code units, as the server does: never by the reader's collation.
  const next = others.findIndex((other) => other.dataset.order < entry.dataset.order);
  const last = next === -1 && others.length > 0;
  const inside = !(last && more) && !(next === 0 && newer);
  if (inside) feed.insertBefore(entry, next === -1 ? null : others[next]);
  ruleDays(feed);
  return inside;
}

/** One rule before the first entry of each day, none elsewhere. */
export function ruleDays(feed) {
  const rules = new Map([...feed.querySelectorAll(":scope > h2[data-day]")].map((rule) => [rule.dataset.day, rule]));
  let day = "";
  for (const entry of entriesOf(feed)) {
    if (entry.dataset.day === day) continue;
    day = entry.dataset.day;
    const rule = rules.get(day) ?? newRule(entry);
    rules.delete(day);
    if (entry.previousElementSibling !== rule) entry.before(rule);
  }
  for (const rule of rules.values()) rule.remove();
}

function newRule(entry) {
  const rule = document.createElement("h2");
  rule.className = "day";
  rule.dataset.day = entry.dataset.day;
  rule.textContent = entry.dataset.dayLabel;
  return rule;
}
