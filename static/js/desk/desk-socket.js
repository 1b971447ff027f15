// The desk's own socket (docs/contracts/desk-socket.md): comes back by itself; while it is away the page asks.

const SIGNED_OUT = 4401;
const NOT_ON_TEAM = 4403;
const SILENCE = 45_000;
const HELLO_DUE = 10_000;

export class DeskSocket {
  /**
   * @param {string} path
   * @param {{ hear: (message: any) => void, stands: (state: "live" | "away" | "out" | "gone") => void }} page
   */
  constructor(path, page) {
    this.address = new URL(path, location.href.replace(/^http/, "ws")).href;
    this.page = page;
    this.failures = 0;
    this.timer = 0;
    this.silence = 0;
    addEventListener("online", () => this.open());
    // Known before the silence is: nobody reads “Connected” on a page without a network.
    addEventListener("offline", () => this.#giveUp());
    document.addEventListener("visibilitychange", () => !document.hidden && this.socket?.readyState !== WebSocket.OPEN && this.open());
    this.open();
  }

  open() {
    clearTimeout(this.timer);
    if (this.socket && this.socket.readyState < WebSocket.CLOSING) return;
    const socket = new WebSocket(this.address);
    this.socket = socket;
    this.#within(HELLO_DUE);
    socket.addEventListener("message", (event) => {
      this.#within(SILENCE);
      const message = JSON.parse(event.data);
      if (message.op === "hello") {
        this.failures = 0;
        this.page.stands("live");
      }
      this.page.hear(message);
    });
    socket.addEventListener("close", (event) => socket === this.socket && this.#closed(event.code));
  }

  /** Another one in its place, for who has signed in anew. */
  renew() {
    this.#drop();
    this.open();
  }

  /** What says nothing for so long is taken for gone. @param {number} time */
  #within(time) {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.#giveUp(), time);
  }

  #giveUp() {
    this.#drop();
    this.#closed(0);
  }

  #drop() {
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }

  /** @param {number} code */
  #closed(code) {
    clearTimeout(this.silence);
    clearTimeout(this.timer);
    if (code === SIGNED_OUT) this.page.stands("out");
    else if (code === NOT_ON_TEAM) this.page.stands("gone");
    else {
      this.failures += 1;
      this.page.stands("away");
      const wait = Math.min(10_000, 300 * 2 ** Math.min(this.failures, 6));
      this.timer = window.setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
    }
  }
}
