import assert from "node:assert/strict";
import { test } from "node:test";

import { Ledger, live } from "./world.mjs";

const refused = () => new Response("", { status: 502 });
const reading = (server, after) => server.ledger.answer({ after, ...server.ledger.cursor(after), epoch: server.ledger.epoch });

/** A live page at 3 that was looked at again, and its question is on its way: `answer` is what it is told, once. */
async function asking(options) {
  const all = await live({ loaded: 3, ...options });
  const { server, wire, clock } = all;
  const questions = [];
  server.instead = () => new Promise((resolve) => { questions.push(resolve); });
  wire.check();
  await clock.advance(2000);
  assert.equal(questions.length, 1);
  server.instead = () => undefined;
  const answer = async (told) => {
    questions[0](Response.json(told));
    await clock.settle();
  };
  return { ...all, answer };
}

test("while no question is answered, what the whole socket pushes is shown at once, and the page is called live", async () => {
  const broken = [502, 503, 403].map((status) => () => new Response("", { status }));
  for (const instead of [...broken, () => new Promise(() => {})]) {
    const { wire, server, page, clock } = await live({ loaded: 3 });
    server.instead = instead;
    wire.check();
    await clock.advance(2500);
    for (let number = 4; number < 60; number += 1) {
      server.publish();
      assert.equal(page.seqs().at(-1), number);
      assert.equal(wire.state, "live");
      await clock.advance(1000);
    }
    server.instead = () => undefined;
    await clock.advance(47_000);
    assert.deepEqual(page.seqs(), server.ledger.changes.slice(3).map(({ seq }) => seq));
    assert.equal(page.resets(), 0);
    const asked = server.asked.length;
    await clock.advance(10_000);
    assert.equal(server.asked.length, asked, "what was asked is answered");
  }
});

test("a page that was looked at again is not called live while neither its question nor its socket says so", async () => {
  const { wire, server, clock } = await live({ loaded: 3 });
  server.instead = refused;
  wire.check();
  await clock.advance(3000);
  assert.equal(wire.state, "connecting");
  server.push({ op: "head", head: 3, token: server.ledger.token(3) });
  assert.equal(wire.state, "live");
  await clock.advance(20_000);
  assert.equal(wire.state, "live", "that the question fails again is no news");
  server.ledger.add();
  server.publish();
  assert.equal(wire.state, "connecting", "now there is a gap");
});

test("nor is one that was told over HTTP of more than its socket knows, and is told no further", async () => {
  const { wire, server, clock, answer } = await asking();
  server.publish();
  server.ledger.add();
  server.instead = refused;
  await answer(reading(server, 3));
  await clock.advance(1);
  assert.equal(wire.state, "connecting");
  server.push(server.ledger.changes[4]);
  assert.equal(wire.state, "live");
});

test("an answer that pushes have overtaken changes nothing and is not asked for again", async () => {
  const { wire, server, page, clock, answer } = await asking();
  server.publish();
  server.publish({ ref: "e-4", rev: 2 });
  const told = reading(server, 3);
  server.publish();
  assert.deepEqual(page.seqs(), [4, 5, 6]);
  await answer(told);
  await clock.advance(5000);
  assert.deepEqual(page.seqs(), [4, 5, 6]);
  assert.deepEqual(wire.cursor, server.ledger.cursor(6));
  assert.equal(server.asked.length, 1);
  assert.equal(page.resets(), 0);
});

test("an answer that goes further than the pushes that overtook its question is asked for again from where the page is", async () => {
  const { wire, server, page, clock, answer } = await asking();
  server.publish();
  server.ledger.add({ ref: "e-4", rev: 2 });
  server.ledger.add();
  await answer(reading(server, 3));
  await clock.advance(1);
  assert.match(server.asked[1], /after=4&.*want=6$/);
  assert.deepEqual(page.frames.map(({ seq, rev }) => [seq, rev]), [[4, 1], [5, 2], [6, 1]]);
  assert.deepEqual(wire.cursor, server.ledger.cursor(6));
  server.push(server.ledger.changes[4]);
  server.push(server.ledger.changes[5]);
  server.publish();
  assert.deepEqual(page.seqs(), [4, 5, 6, 7]);
});

test("an answer of another history than the pushes that overtook it is not put on top of them", async () => {
  for (const more of [0, 1]) {
    const { wire, server, page, clock, answer } = await asking();
    server.publish({ html: "lost" });
    server.ledger.rewind(3, 1 + more);
    await answer(reading(server, 3));
    await clock.advance(1);
    assert.deepEqual(page.frames.map(({ op }) => op), ["put", "reset"]);
    assert.deepEqual(wire.cursor, server.ledger.cursor(4 + more));
  }
});

test("a gap during a question waits until it is filled, and what came behind it follows once", async () => {
  const { wire, server, page, clock, answer } = await asking();
  server.publish();
  const told = reading(server, 3);
  server.ledger.add();
  server.publish();
  server.publish();
  assert.deepEqual(page.seqs(), [4]);
  await answer(told);
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4, 5, 6, 7]);
  assert.deepEqual(wire.cursor, server.ledger.cursor(7));
});

test("a gap that a late push closes is closed though no question is answered", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  server.instead = refused;
  const four = server.ledger.add();
  server.publish();
  await clock.advance(1000);
  assert.equal(wire.state, "connecting");
  server.push(four);
  assert.deepEqual(page.seqs(), [4, 5]);
  server.publish();
  assert.deepEqual(page.seqs(), [4, 5, 6]);
  assert.equal(wire.state, "live");
});

test("what waits behind a gap for hours is no more than some hundreds: the rest is fetched", async () => {
  for (const pushes of [501, 900]) {
    const { wire, server, page, clock } = await live({ loaded: 3 });
    server.instead = refused;
    server.ledger.add();
    for (let number = 0; number < pushes; number += 1) server.push({ ...server.ledger.add(), html: "waited" });
    await clock.advance(1000);
    assert.deepEqual(page.seqs(), []);
    // Each answer knows of no more than it brings: what was dropped is wanted all the same.
    server.ledger.answer = function few(asked) {
      const answer = Ledger.prototype.answer.call(this, asked);
      return { ...answer, head: answer.next };
    };
    server.instead = () => undefined;
    await clock.advance(31_000);
    assert.deepEqual(page.seqs(), server.ledger.changes.slice(3).map(({ seq }) => seq));
    assert.ok(page.frames.filter(({ html }) => html === "waited").length <= pushes - 501);
    assert.equal(wire.state, "live");
    assert.equal(page.resets(), 0);
  }
});

test("a change too large for a message is fetched by a question that runs already, and holds back what follows it alone", async () => {
  const { server, page, clock, answer } = await asking();
  server.publish();
  const told = reading(server, 3);
  const { seq, token, ref } = server.ledger.add();
  server.push({ op: "stale", seq, token, ref });
  server.publish();
  assert.deepEqual(page.seqs(), [4]);
  await answer(told);
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4, 5, 6]);
});

test("a reset during a question: its late answer is not shown, and what is pushed waits for the snapshot and no longer", async () => {
  const { wire, server, page, clock, answer } = await asking();
  server.publish({ html: "lost" });
  const told = { ...reading(server, 3), next: 5, head: 5, token: 77, frames: [{ ...server.ledger.changes[3], seq: 5, html: "lost" }] };
  server.ledger.rewind(2, 1);
  server.reset();
  const lagging = Object.assign(new Ledger(), { changes: [...server.ledger.changes] });
  server.publish({ token: 900_001 });
  assert.deepEqual(page.seqs(), [4]);
  // The process that makes the snapshot lags by this one number, and no question is answered after it.
  server.instead = (url) => {
    const { epoch, seq, token } = lagging.cursor();
    if (url !== "/snapshot") return refused();
    return new Response(`<live-snapshot data-epoch="${epoch}" data-seq="${seq}" data-token="${token}"></live-snapshot>`);
  };
  await answer(told);
  await clock.advance(1);
  assert.deepEqual(page.frames.map(({ op, token }) => [op, token]), [["put", -972], ["reset", undefined], ["put", 900_001]]);
  assert.equal(wire.state, "live");
  server.publish({ token: 900_002 });
  assert.deepEqual(wire.cursor, server.ledger.cursor(5));
});

test("whatever overtakes what, each number is shown once and in order, and the last of each thing", async () => {
  for (let start = 1; start <= 40; start += 1) {
    let seed = start;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const { wire, server, page, clock } = await live({ loaded: 3, random });
    const late = [];
    server.instead = (url) => {
      if (random() < 0.3) return new Response("", { status: 502 });
      const asked = new URL(url, "http://x").searchParams;
      if (random() < 0.2 || Number(asked.get("want") ?? 0) > server.ledger.head) return undefined;
      const question = { after: Number(asked.get("after")), epoch: asked.get("epoch"), token: Number(asked.get("token")) };
      const answer = Response.json(server.ledger.answer(question));
      return new Promise((resolve) => { clock.setTimeout(() => resolve(answer), random() * 4000); });
    };
    for (let turn = 0; turn < 150; turn += 1) {
      const luck = random();
      const frame = server.ledger.add(random() < 0.3 ? { ref: "e-same", rev: turn } : {});
      if (luck < 0.8) server.push(frame);
      else if (luck < 0.95) late.push(frame);
      if (random() < 0.2 && late.length) server.push(late.shift());
      if (random() < 0.2) wire.check();
      if (random() < 0.02) server.cut();
      await clock.advance(random() * 800);
    }
    server.instead = () => undefined;
    await clock.advance(60_000);
    server.push({ op: "head", head: server.ledger.head, token: server.ledger.token(server.ledger.head) });
    await clock.advance(60_000);
    assert.equal(page.resets(), 0);
    assert.deepEqual(wire.cursor, server.ledger.cursor());
    const seqs = page.seqs();
    assert.deepEqual(seqs, [...new Set(seqs)].sort((a, b) => a - b));
    const shown = new Map(page.frames.map((frame) => [frame.ref, frame.seq]));
    for (const { ref } of server.ledger.changes.slice(3)) {
      assert.equal(shown.get(ref), server.ledger.changes.findLast((other) => other.ref === ref).seq);
    }
  }
});
