/** @template T @param {(storage: Storage) => T} use @returns {T | null} what it gave; null where the browser forbids what a tab keeps for itself */
export function onSession(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}
