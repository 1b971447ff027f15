/**
 * A world small enough to hold in the head: a clock that moves when told, a server that keeps a ledger as docs/contracts/frames.md says,
 * and sockets between it and any number of pages. Faults are what a test does to it.
 */

import { Wire } from "../../static/js/wire.js";

export class Clock {
  now = 0;
  #timers = new Map();
  #last = 0;

  setTimeout = (run, delay = 0) => {
    this.#last += 1;
    this.#timers.set(this.#last, { at: this.now + delay, run });
    return this.#last;
  };

  clearTimeout = (id) => this.#timers.delete(id);

  /** Lets every promise that can go on go on. */
  async settle() {
    for (let turn = 0; turn < 50; turn += 1) await null;
  }

  async advance(span) {
    const until = this.now + span;
    await this.settle();
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].run();
      await this.settle();
    }
    this.now = until;
  }
}

/** The ledger of one blog: number n holds entry `e-n` unless told otherwise. */
export class Ledger {
  constructor(epoch = "epochaaaaaaa") {
    this.epoch = epoch;
    this.changes = [];
  }

  get head() {
    return this.changes.length;
  }

  token(seq) {
    return seq === 0 ? 0 : this.changes[seq - 1].token;
  }

  cursor(seq = this.head) {
    return { epoch: this.epoch, seq, token: this.token(seq) };
  }

  add(frame = {}) {
    const seq = this.head + 1;
    const whole = { op: "put", seq, token: seq * 7 - 1000, ref: `e-${seq}`, rev: 1, order: String(seq), kind: "update", html: "", ...frame };
    this.changes.push(whole);
    return whole;
  }

  /** History after `seq` is forgotten and told otherwise. */
  rewind(seq, retold) {
    this.changes.length = seq;
    for (let i = 0; i < retold; i += 1) this.add({ token: 900_000 + i });
  }

  answer({ after, epoch, token }) {
    const known = epoch === this.epoch && after <= this.head && token === this.token(after) && this.head - after <= 1000;
    const next = Math.min(this.head, after + 200);
    const { seq: head, ...newest } = this.cursor();
    if (!known) return { ...newest, head, next: head, frames: [{ op: "reset", head, token: newest.token }] };
    const latest = new Map();
    for (const change of this.changes.slice(after, next)) {
      latest.delete(change.ref);
      latest.set(change.ref, change);
    }
    return { epoch: this.epoch, head: this.head, token: this.token(next), next, frames: [...latest.values()] };
  }
}

export function world({ loaded = 0, websocket = true, random = () => 0.5 } = {}) {
  const clock = new Clock();
  const ledger = new Ledger();
  for (let i = 0; i < loaded; i += 1) ledger.add();
  const server = {
    ledger,
    sockets: [],
    connects: 0,
    asked: [],
    accepting: true,
    refusal: 1006,
    greeting: true,
    /** Set to answer a request otherwise: (url) => Response | Promise | undefined. */
    instead: () => undefined,
    hello: (over = {}) => ({ op: "hello", protocol: 1, epoch: server.ledger.epoch, head: server.ledger.head, token: server.ledger.token(server.ledger.head), heartbeat: 25, ...over }),
    push(frame) {
      for (const socket of server.sockets) socket.receive(frame);
    },
    publish(over) {
      server.push(server.ledger.add(over));
    },
    reset() {
      server.push({ op: "reset", head: server.ledger.head, token: server.ledger.token(server.ledger.head) });
    },
    cut(code = 1006) {
      for (const socket of [...server.sockets]) socket.end(code);
    },
  };

  class FakeSocket {
    constructor(url) {
      this.url = url;
      server.connects += 1;
      clock.setTimeout(() => {
        if (this.closed) return;
        if (!server.accepting) return this.end(server.refusal);
        server.sockets.push(this);
        if (server.greeting) this.receive(server.hello());
      });
    }

    receive(frame) {
      if (!this.closed) this.onmessage?.({ data: JSON.stringify(frame) });
    }

    end(code) {
      if (this.closed) return;
      this.close();
      this.onclose?.({ code });
    }

    close() {
      this.closed = true;
      server.sockets = server.sockets.filter((socket) => socket !== this);
    }
  }

  async function fetch(url, { signal } = {}) {
    server.asked.push(url);
    const special = server.instead(url);
    if (special) {
      return Promise.race([special, new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))))]);
    }
    if (url === "/snapshot") {
      const { epoch, seq, token } = server.ledger.cursor();
      return new Response(`<live-snapshot data-epoch="${epoch}" data-seq="${seq}" data-token="${token}" data-state="live"></live-snapshot>`);
    }
    const asked = new URL(url, "http://x").searchParams;
    const question = { after: Number(asked.get("after")), epoch: asked.get("epoch"), token: Number(asked.get("token")) };
    if (Number(asked.get("want") ?? 0) > server.ledger.head) return new Response("", { status: 503, headers: { "Retry-After": "2" } });
    return Response.json(server.ledger.answer(question));
  }

  const page = { frames: [], states: [] };
  const wire = new Wire({
    cursor: ledger.cursor(),
    urls: { socket: "ws://x/ws", changes: "/changes", snapshot: "/snapshot" },
    apply: (frame) => page.frames.push(frame),
    onstate: (state) => page.states.push(state),
    env: {
      WebSocket: websocket ? FakeSocket : undefined,
      fetch,
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
    },
    random,
  });
  /** The numbers the page was given, in the order it was given them. */
  page.seqs = () => page.frames.filter((frame) => frame.seq).map((frame) => frame.seq);
  page.resets = () => page.frames.filter((frame) => frame.op === "reset").length;
  return { clock, server, page, wire };
}

/** A world whose page is live. */
export async function live(options) {
  const all = world(options);
  all.wire.start();
  await all.clock.advance(1);
  return all;
}
