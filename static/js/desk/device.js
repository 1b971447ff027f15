// What the desk keeps in the browser besides the texts themselves.

/** @returns {import("./outbox.js").Keeper} what keeps texts; where the browser forbids it, one that keeps nothing and says so */
export function device() {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => { throw new Error("forbidden"); } };
  }
}

/** Which entry this tab has open, over a reload. @param {string} slot @param {string} ref */
export function remember(slot, ref) {
  try {
    if (ref) sessionStorage.setItem(`desk-open:${slot}`, ref);
    else sessionStorage.removeItem(`desk-open:${slot}`);
  } catch {
    // Forbidden: then a kept change is offered in the list.
  }
}

/** @param {string} slot @returns {string} */
export function remembered(slot) {
  try {
    return sessionStorage.getItem(`desk-open:${slot}`) ?? "";
  } catch {
    return "";
  }
}

/** @returns {string} a key for one write. Where the page is not served securely there is no `randomUUID`. */
export function freshKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
