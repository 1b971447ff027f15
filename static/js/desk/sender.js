// Sends what is in the outbox, one text after the other and in order, until each has its answer.

import { patience } from "./outbox.js";

export class Sender {
  /**
   * @param {object} options
   * @param {import("./outbox.js").Outbox} options.outbox
   * @param {import("./session.js").Session} options.session
   * @param {string} options.address where a new entry goes; a change goes to the entry's own address below it
   * @param {(key: string) => void} options.refused
   * @param {(state: "idle" | "offline" | "out" | "other", name?: string) => void} options.stands
   */
  constructor({ outbox, session, address, stands, refused }) {
    this.outbox = outbox;
    this.session = session;
    this.address = address;
    this.stands = stands;
    this.refused = refused;
    this.failures = 0;
    this.running = false;
    this.timer = 0;
    this.halted = false;
    addEventListener("online", () => this.go());
  }

  /** From now on, whatever held it up. */
  go() {
    clearTimeout(this.timer);
    this.halted = false;
    this.#run();
  }

  async #run() {
    if (this.running || this.halted) return;
    this.running = true;
    try {
      // One tab sends at a time, so that what was written first arrives first.
      if (navigator.locks) await navigator.locks.request(this.outbox.name, () => this.#drain());
      else await this.#drain();
    } finally {
      this.running = false;
    }
    if (!this.halted && !this.timer && this.outbox.next(this.session.user)) this.#run();
  }

  async #drain() {
    let item;
    while (!this.halted && (item = this.outbox.next(this.session.user))) {
      this.outbox.sending(item.key);
      const fields = [...item.fields, ["key", item.key], ["verb", item.verb], ["base_version", item.about ? String(item.about.version) : ""]];
      const address = item.about ? `${this.address}${item.about.ref}/` : this.address;
      const answer = await this.session.post(address, /** @type {[string, string][]} */ (fields));
      const verdict = this.outbox.answered(item.key, answer, Date.now());
      if (verdict === "signed-out") {
        const { state, name } = await this.session.look();
        // The token had changed with a sign-in elsewhere: the new one is in hand.
        if (state === "here" && !this.renewed) {
          this.renewed = true;
          continue;
        }
        this.renewed = false;
        if (state === "unknown") {
          this.#wait();
        } else {
          this.halted = true;
          this.stands(state === "other" ? "other" : "out", name);
        }
        return;
      }
      this.renewed = false;
      if (verdict === "again") {
        this.#wait();
        return;
      }
      this.failures = 0;
      this.stands("idle");
      if (verdict === "refused") this.refused(item.key);
    }
  }

  #wait() {
    this.failures += 1;
    if (this.failures > 1) this.stands("offline");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.#run();
    }, patience(this.failures));
  }
}
