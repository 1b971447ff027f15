import assert from "node:assert/strict";
import { test } from "node:test";

import { live, world } from "./world.mjs";

test("a page that joins at the head is live and asks nothing", async () => {
  const { wire, server } = await live({ loaded: 3 });
  assert.equal(wire.state, "live");
  assert.deepEqual(server.asked, []);
});

test("what is pushed is applied once and in order, and moves the cursor", async () => {
  const { wire, server, page } = await live({ loaded: 3 });
  server.publish();
  server.publish();
  assert.deepEqual(page.seqs(), [4, 5]);
  assert.deepEqual(wire.cursor, server.ledger.cursor(5));
});

test("a page that is older than the head fetches what it lacks before it calls itself live", async () => {
  const { wire, server, page, clock } = world({ loaded: 3 });
  for (let i = 0; i < 5; i += 1) server.ledger.add();
  wire.start();
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4, 5, 6, 7, 8]);
  assert.deepEqual(page.states, ["connecting", "live"]);
});

test("a gap is filled from the ledger and the frame behind it is not applied twice", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  server.ledger.add();
  server.publish();
  assert.deepEqual(page.seqs(), []);
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4, 5]);
  assert.equal(server.asked.length, 1);
});

test("a frame that comes twice is applied once", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  const frame = server.ledger.add();
  server.push(frame);
  server.push(frame);
  server.push({ ...frame, seq: 2, token: -986 });
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4]);
  assert.equal(page.resets(), 0);
});

test("frames that come in the wrong order are applied in the right one", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  const [four, five, six] = [server.ledger.add(), server.ledger.add(), server.ledger.add()];
  server.push(six);
  server.push(four);
  server.push(five);
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4, 5, 6]);
});

test("what is pushed during a catch-up waits for it", async () => {
  const { server, page, clock, wire } = await live({ loaded: 3 });
  let answer;
  server.instead = () => new Promise((resolve) => { answer = resolve; });
  server.ledger.add();
  server.publish();
  await clock.advance(1);
  const late = server.ledger.answer({ after: 3, ...server.ledger.cursor(3), epoch: server.ledger.epoch });
  server.publish();
  server.publish();
  assert.deepEqual(page.seqs(), []);
  server.instead = () => undefined;
  answer(Response.json(late));
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4, 5, 6, 7]);
  assert.deepEqual(wire.cursor, server.ledger.cursor(7));
});

test("a change too large for a message is fetched", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  const { seq, token, ref } = server.ledger.add();
  server.push({ op: "stale", seq, token, ref });
  await clock.advance(1);
  assert.deepEqual(page.frames.map((frame) => [frame.op, frame.seq]), [["put", 4]]);
});

test("five hundred missed changes are fetched in answers of two hundred", async () => {
  const { wire, server, page, clock } = world({ loaded: 3 });
  for (let i = 0; i < 500; i += 1) server.ledger.add();
  wire.start();
  await clock.advance(1);
  assert.equal(page.seqs().length, 500);
  assert.equal(server.asked.length, 3);
  assert.deepEqual(wire.cursor, server.ledger.cursor());
});

test("a thing touched many times is given once, as it is now", async () => {
  const { wire, server, page, clock } = world({ loaded: 3 });
  for (let rev = 1; rev < 6; rev += 1) server.ledger.add({ ref: "e-same", rev });
  wire.start();
  await clock.advance(1);
  assert.deepEqual(page.frames.map((frame) => [frame.ref, frame.rev]), [["e-same", 5]]);
  assert.equal(wire.cursor.seq, 8);
});

test("the number of readers has no number and moves nothing", async () => {
  const { wire, server, page } = await live({ loaded: 3 });
  server.push({ op: "readers", count: 12 });
  assert.deepEqual(page.frames, [{ op: "readers", count: 12 }]);
  assert.equal(wire.cursor.seq, 3);
});

test("a heartbeat that names a higher number is a reason to ask", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  server.ledger.add();
  server.push({ op: "head", head: 4, token: server.ledger.token(4) });
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4]);
});

test("a frame that the page cannot apply leads to a new page and not to a skipped number", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  const take = wire.deliver;
  const { error } = console;
  console.error = () => {};
  wire.deliver = (frame) => {
    if (frame.seq === 4) throw new Error("broken");
    take(frame);
  };
  server.publish();
  assert.equal(wire.cursor.seq, 3);
  await clock.advance(1);
  console.error = error;
  assert.equal(page.resets(), 1);
  assert.deepEqual(wire.cursor, server.ledger.cursor(4));
});
