import { parse } from "../entry-html.js";
import { heldFold, keepFolds } from "../folds.js";
import { fill, readJson } from "./block-editor/words.js";
import "./block-editor/block-editor.js";
import { DeskBar } from "./desk-bar.js";
import { DeskActs } from "./desk-acts.js";
import { DeskComposer } from "./composer.js";
import { DeskSocket } from "./desk-socket.js";
import { Session } from "./session.js";

const POLL = 5_000;

/** `<desk-room data-socket data-feed data-session …>`: the list of entries, kept up to date, and what holds the parts of the desk together. */
class DeskRoom extends HTMLElement {
  connectedCallback() {
    this.words = readJson(this, "desk-words");
    this.slips = this.part("slips");
    this.tab = this.dataset.tab ?? "";
    this.bar = /** @type {DeskBar} */ (document.querySelector("desk-bar"));
    this.composer = /** @type {DeskComposer | null} */ (this.querySelector("desk-composer"));
    this.session = new Session(this.dataset.session ?? "", this.dataset.user ?? "");
    this.bar.start(this.words, this);
    this.acts = new DeskActs(this);
    this.composer?.start({ session: this.session, stands: (state, name) => this.#outgoing(state, name), say: (sentence) => this.say(sentence) });
    this.socket = new DeskSocket(this.dataset.socket ?? "", { hear: (message) => this.#hear(message), stands: (state) => this.#stands(state) });
    this.part("older").addEventListener("click", (event) => this.#older(event));
    addEventListener("focus", () => this.waitingForSignIn && this.lookForSession());
  }

  /** @param {any} message */
  #hear(message) {
    switch (message.op) {
      case "hello":
        this.count(message.counts);
        // What happened while nobody listened.
        if (this.wasAway) this.refresh();
        break;
      case "entry":
        this.#put(message);
        this.composer?.hear(message);
        break;
      case "gone":
        this.#remove(this.slip(message.ref));
        break;
      case "counts":
        this.count(message.counts);
        break;
      case "blog":
        this.bar.blog(message);
        break;
      case "people":
        this.bar.people(message.names);
        break;
      case "readers":
        this.bar.readers(message.count);
        this.composer?.count(message.count);
        break;
      case "past":
        this.bar.past(message.counts);
        break;
      case "beat":
        break;
    }
  }

  /** @param {Record<string, number>} counts */
  count(counts) {
    for (const [tab, count] of Object.entries(counts ?? {})) {
      const place = this.querySelector(`[data-count="${tab}"]`);
      if (place) place.textContent = String(count);
    }
  }

  /** An entry as it is now: at its place if it belongs to this list, out of it if not. @param {{ ref: string, tab: string, order: string, html: string }} message */
  #put({ ref, tab, order, html }) {
    const there = this.slip(ref);
    const filtered = new URLSearchParams(location.search);
    if (tab !== this.tab || (!there && (filtered.get("q") || filtered.get("kind") || filtered.get("before")))) {
      this.#remove(there);
      return;
    }
    const slip = /** @type {HTMLElement} */ (parse(html).firstElementChild);
    slip.dataset.order = order;
    const focused = there?.contains(document.activeElement) ? document.activeElement : null;
    const fold = there && heldFold(there, slip);
    const held = focused?.getAttribute("data-act") ?? focused?.getAttribute("data-ask");
    if (there) keepFolds(there, slip);
    there?.remove();
    const newest = this.dataset.order === "newest";
    const after = [.../** @type {Iterable<HTMLElement>} */ (this.slips.children)].find((other) => {
      const place = orderOf(other);
      return place !== "" && (newest ? place < order : place > order);
    });
    this.slips.insertBefore(slip, after ?? null);
    // Where the keys stood they stand on: at the same button, or at the entry.
    const again = /** @type {HTMLElement | null} */ (held ? slip.querySelector(`[data-act="${held}"], [data-ask="${held}"]`) : fold);
    if (again) again.focus({ preventScroll: true });
    else if (focused) this.#stand(slip);
    else if (!there) slip.classList.add("is-new");
    this.#empty();
  }

  /** @param {string} ref @returns {HTMLElement | null} */
  slip(ref) {
    return this.slips.querySelector(`[data-slip="${CSS.escape(ref)}"]`);
  }

  /** Out of the list. Who took it out goes on with the next; one that a colleague takes out from under a hand moves that hand nowhere. @param {HTMLElement | null} slip */
  #remove(slip) {
    const next = slip?.hasAttribute("data-leaving") && slip.contains(document.activeElement) && (slip.nextElementSibling ?? slip.previousElementSibling);
    slip?.remove();
    if (next) this.goTo(next);
    this.#empty();
  }

  /** @param {any} slip */
  goTo(slip) {
    if (!slip) return;
    this.#stand(slip);
    slip.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement} slip */
  #stand(slip) {
    slip.tabIndex = -1;
    slip.focus({ preventScroll: true });
  }

  #empty() {
    this.part("empty").hidden = this.slips.children.length > 0;
  }

  /** The list from the server: after a time without the socket, or instead of it. */
  async refresh() {
    const asked = new URLSearchParams(location.search);
    asked.set("tab", this.tab);
    try {
      const response = await fetch(`${this.dataset.feed}?${asked}`, { headers: { Accept: "application/json" } });
      if (response.status === 401) return this.#stands("out");
      if (!response.ok) return undefined;
      const { rows, counts } = await response.json();
      const focused = document.activeElement;
      if (!this.slips.contains(focused)) {
        const fresh = parse(rows.join(""));
        keepFolds(this.slips, fresh);
        this.slips.replaceChildren(...fresh.children);
      }
      this.count(counts);
      this.#empty();
    } catch {
      // No connection: the list stays as it is, and the bar says so.
    }
    return undefined;
  }

  /** @param {Event} event */
  async #older(event) {
    const link = /** @type {HTMLAnchorElement} */ (this.part("older"));
    event.preventDefault();
    const response = await fetch(`${this.dataset.feed}${link.search}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!response?.ok) return this.say(this.words.failed);
    const { rows, older } = await response.json();
    for (const html of rows) {
      const slip = /** @type {HTMLElement} */ (parse(html).firstElementChild);
      if (!this.slip(slip.dataset.slip ?? "")) this.slips.append(slip);
    }
    const next = new URLSearchParams(link.search);
    next.set("before", older);
    link.search = `?${next}`;
    /** @type {HTMLElement} */ (link.parentElement).hidden = !older;
    return undefined;
  }

  /** @param {"live" | "away" | "out" | "gone"} state */
  #stands(state) {
    clearInterval(this.polling);
    if (state === "live") this.bar.wire(this.words.live, "live");
    if (state === "away") {
      this.wasAway = true;
      this.bar.wire(this.words.polling, "away");
      this.polling = window.setInterval(() => this.refresh(), POLL);
    }
    if (state === "out") this.#askToSignIn(this.words.signed_out);
    if (state === "gone") this.bar.wire(this.words.no_team, "away");
  }

  /** @param {"idle" | "offline" | "out" | "other"} state @param {string} [name] */
  #outgoing(state, name) {
    if (state === "offline") this.say(this.words.offline);
    if (state === "idle") this.say("");
    if (state === "out") this.#askToSignIn(this.words.signed_out);
    if (state === "other") this.#askToSignIn(fill(this.words.someone_else, { name: name ?? "" }));
  }

  /** @param {string} sentence */
  #askToSignIn(sentence) {
    this.wasAway = true;
    this.bar.wire(sentence, "away");
    const dialog = /** @type {HTMLDialogElement} */ (this.querySelector("[data-dialog=sign-in]"));
    this.part("sign-in-line").textContent = sentence;
    if (!dialog.open) dialog.showModal();
    clearInterval(this.waitingForSignIn);
    this.waitingForSignIn = window.setInterval(() => this.lookForSession(), 2000);
  }

  async lookForSession() {
    const { state } = await this.session.look();
    if (state !== "here") return;
    clearInterval(this.waitingForSignIn);
    this.waitingForSignIn = 0;
    /** @type {HTMLDialogElement} */ (this.querySelector("[data-dialog=sign-in]")).close();
    this.socket?.renew();
    this.composer?.sender?.go();
  }

  /** @param {string} sentence said once, beside the list */
  say(sentence) {
    const line = this.part("said");
    line.hidden = !sentence;
    line.textContent = sentence;
  }

  /** @param {string} name @returns {HTMLElement} */
  part(name) {
    return /** @type {HTMLElement} */ (this.querySelector(`[data-part="${name}"]`));
  }
}

/** @param {HTMLElement} slip @returns {string} where it stands, as the server sorts */
function orderOf(slip) {
  return slip.dataset.order || /** @type {HTMLElement | null} */ (slip.querySelector("article"))?.dataset.order || "";
}

customElements.define("desk-room", DeskRoom);
