// What was sent from the composer and is not answered yet. It is kept on the device before the composer is emptied, and leaves it when the
// server has said yes. A text is sent as often as it takes: its key makes every repetition harmless.

/**
 * `kept` waits here, `sent` waits for the answer, `done` was taken, `refused` was not, and `why` says why; `stale` is what the server
 * answered where a colleague had saved the entry meanwhile. `about` is the entry that the text changes; null: a new one.
 * `aside`: it was never sent, and only lies here for another text to be written.
 * @typedef {"kept" | "sent" | "done" | "refused"} ItemState
 * @typedef {{ key: string, user: string, at: number, verb: string, headline: string, fields: [string, string][], state: ItemState,
 *   why: string, ref: string, said: string, url: string, undoUntil: number, undoKey: string, about: any, aside?: boolean, faults?: any[], stale?: any }} Item
 * @typedef {{ getItem(name: string): string | null, setItem(name: string, value: string): void }} Keeper
 */

const PREFIX = "desk-outbox:";

/**
 * What an answer means for the text that was sent.
 * @param {number} status 0 where none came
 * @param {boolean} readable whether it was the JSON that the desk answers with
 * @returns {"done" | "refused" | "signed-out" | "again"}
 */
export function judge(status, readable) {
  if (status === 401 || (status === 403 && !readable)) return "signed-out";
  if (status >= 200 && status < 300 && readable) return "done";
  if (readable && [400, 403, 404, 409, 413, 422].includes(status)) return "refused";
  // 413 by a proxy is an answer in its own words: nothing would change if it were sent again.
  return status === 413 ? "refused" : "again";
}

/** How long to wait before the next try, in milliseconds. @param {number} failures in a row, at least 1 */
export function patience(failures) {
  return Math.min(15_000, 500 * 2 ** Math.min(failures - 1, 6));
}

/** The texts of one desk, of all its tabs. Read from the device at each step, so two tabs never overwrite each other's. */
export class Outbox {
  /** @param {Keeper} storage @param {string} slot @param {() => void} [changed] */
  constructor(storage, slot, changed = () => {}) {
    this.storage = storage;
    this.name = PREFIX + slot;
    this.changed = changed;
  }

  /** @returns {Item[]} oldest first */
  get items() {
    try {
      const kept = JSON.parse(this.storage.getItem(this.name) || "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  /**
   * @param {{ key: string, user: string, at: number, verb: string, headline: string, fields: [string, string][], about: any }} text
   * @returns {boolean} whether it is on the device now; if not, the composer must keep it
   */
  put(text) {
    const items = this.items;
    if (items.some((item) => item.key === text.key)) return true;
    return this.#write([...items, { ...text, state: "kept", why: "", ref: "", said: "", url: "", undoUntil: 0, undoKey: "" }]);
  }

  /** @param {string} user @returns {Item | undefined} the text whose turn it is: the oldest of theirs without an answer */
  next(user) {
    return this.items.find((item) => item.user === user && (item.state === "kept" || item.state === "sent"));
  }

  /** @returns {number} how many have no answer yet */
  get waiting() {
    return this.items.filter((item) => item.state === "kept" || item.state === "sent").length;
  }

  /** @param {string} key */
  find(key) {
    return this.items.find((item) => item.key === key);
  }

  /** @param {string} key @param {Partial<Item>} facts */
  mark(key, facts) {
    return this.#write(this.items.map((item) => (item.key === key ? { ...item, ...facts } : item)));
  }

  /** Before it is sent. @param {string} key */
  sending(key) {
    return this.mark(key, { state: "sent" });
  }

  /**
   * What the server answered, or that it did not.
   * @param {string} key
   * @param {{ status: number, body: any }} answer
   * @param {number} now
   * @returns {"done" | "refused" | "signed-out" | "again"}
   */
  answered(key, { status, body }, now) {
    const verdict = judge(status, Boolean(body));
    if (verdict === "done") {
      // Its text is the server's now.
      const undoUntil = body.undo ? now + body.undo * 1000 : 0;
      this.mark(key, { state: "done", fields: [], why: "", ref: body.ref, said: body.said ?? "", url: body.url ?? "", undoUntil });
    } else if (verdict === "refused") {
      const faults = body?.faults ?? [];
      this.mark(key, { state: "refused", faults, stale: body?.stale, why: faults.map((/** @type {any} */ fault) => fault.message).join(" ") || String(status) });
    } else {
      this.mark(key, { state: "kept" });
    }
    return verdict;
  }

  /** @param {string} key */
  drop(key) {
    return this.#write(this.items.filter((item) => item.key !== key));
  }

  /** Forgets what was taken and can be undone no more. @param {number} now */
  tidy(now) {
    const items = this.items;
    const left = items.filter((item) => item.state !== "done" || Math.max(item.undoUntil, item.at + 20_000) > now);
    if (left.length < items.length) this.#write(left);
  }

  /** @param {Item[]} items */
  #write(items) {
    try {
      this.storage.setItem(this.name, JSON.stringify(items));
    } catch {
      return false;
    }
    this.changed();
    return true;
  }
}
