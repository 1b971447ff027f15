// Who is signed in, and a post that survives a session that ended: the page's token is renewed, and nobody sends another's words.

/** @typedef {{ status: number, body: any }} Answer status 0: none came */

export class Session {
  /** @param {string} address @param {string} user who opened this page */
  constructor(address, user) {
    this.address = address;
    this.user = user;
    this.token = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"))?.value ?? "";
  }

  /** @returns {Promise<{ state: "here" | "out" | "other" | "unknown", name?: string }>} */
  async look() {
    try {
      const response = await fetch(this.address, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!response.ok) return { state: "unknown" };
      const found = await response.json();
      if (!found.alive) return { state: "out" };
      if (found.user !== this.user) return { state: "other", name: found.user };
      this.token = found.token;
      for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) /** @type {HTMLInputElement} */ (field).value = found.token;
      return { state: "here" };
    } catch {
      return { state: "unknown" };
    }
  }

  /** @param {string} address @returns {Promise<Answer>} */
  async get(address) {
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(20_000) });
      return { status: response.status, body: readable(await response.text()) };
    } catch {
      return { status: 0, body: null };
    }
  }

  /** @param {string} address @param {[string, string][]} fields @returns {Promise<Answer>} */
  async post(address, fields) {
    const form = new FormData();
    // A form without a field is no form that a server can read.
    form.append("csrfmiddlewaretoken", this.token);
    for (const [name, value] of fields) form.append(name, value);
    try {
      const response = await fetch(address, {
        method: "POST", body: form, headers: { Accept: "application/json", "X-CSRFToken": this.token }, redirect: "error", signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      return { status: response.status, body: readable(text) };
    } catch {
      return { status: 0, body: null };
    }
  }
}

/** @param {string} text @returns {any} what it says, or null where it is not the desk that answers */
function readable(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
