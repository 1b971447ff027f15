import assert from "node:assert/strict";
import { test } from "node:test";

import { cursorOf } from "../../static/js/catchup.js";
import { Ledger, live, world } from "./world.mjs";

test("another epoch in the greeting replaces the page", async () => {
  const { wire, server, page, clock } = world({ loaded: 3 });
  server.ledger = new Ledger("epochbbbbbbb");
  server.ledger.add();
  wire.start();
  await clock.advance(1);
  assert.equal(page.resets(), 1);
  assert.deepEqual(wire.cursor, server.ledger.cursor(1));
  assert.equal(wire.state, "live");
});

test("the same number with another token is another history", async () => {
  const { wire, server, page, clock } = world({ loaded: 3 });
  server.ledger.rewind(2, 1);
  wire.start();
  await clock.advance(1);
  assert.equal(page.resets(), 1);
  assert.deepEqual(wire.cursor, server.ledger.cursor(3));
});

test("the same number with the same token is the same history", async () => {
  const { page, server } = await live({ loaded: 3 });
  server.push({ op: "head", head: 3, token: server.ledger.token(3) });
  assert.equal(page.resets(), 0);
});

test("a page ahead of a ledger that was wound back is replaced", async () => {
  const { wire, server, page, clock } = world({ loaded: 9 });
  server.ledger.rewind(5, 0);
  wire.start();
  await clock.advance(1);
  assert.equal(page.resets(), 1);
  assert.equal(wire.cursor.seq, 5);
});

test("a page ahead of one process that lags, but not of the ledger, is left alone", async () => {
  const { wire, server, page, clock } = world({ loaded: 9 });
  server.greeting = false;
  wire.start();
  await clock.advance(1);
  server.push(server.hello({ head: 7, token: server.ledger.token(7) }));
  await clock.advance(1);
  assert.equal(page.resets(), 0);
  assert.equal(wire.state, "live");
});

test("a push that repeats the page's number with another token is another history", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  server.ledger.rewind(2, 1);
  server.push(server.ledger.changes[2]);
  await clock.advance(1);
  assert.equal(page.resets(), 1);
});

test("a reset frame replaces the page", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  server.reset();
  await clock.advance(1);
  assert.equal(page.resets(), 1);
});

test("a page more than a thousand changes behind is replaced", async () => {
  const { wire, server, page, clock } = world({ loaded: 3 });
  for (let i = 0; i < 1001; i += 1) server.ledger.add();
  wire.start();
  await clock.advance(1);
  assert.equal(page.resets(), 1);
  assert.deepEqual(page.seqs(), []);
});

test("an old snapshot out of a cache is asked about and replaced again, with longer and longer pauses", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  const stale = server.ledger.cursor();
  server.ledger = new Ledger("epochbbbbbbb");
  server.instead = (url) =>
    url === "/snapshot"
      ? new Response(`<live-snapshot data-epoch="${stale.epoch}" data-seq="${stale.seq}" data-token="${stale.token}"></live-snapshot>`)
      : undefined;
  server.reset();
  // Long enough for a loop without a pause to show itself.
  for (let turn = 0; turn < 40; turn += 1) await clock.settle();
  await clock.advance(60_000);
  assert.notEqual(wire.state, "live");
  assert.ok(server.asked.length < 30, `${server.asked.length} requests in a minute`);
  server.instead = () => undefined;
  await clock.advance(31_000);
  assert.equal(wire.cursor.epoch, "epochbbbbbbb");
  assert.ok(page.resets() > 1);
});

/** A page at 3 to which 5 came, and 4 did not, and no question is answered: 5 waits. The site is restored from before both. */
async function parkedAndRestored() {
  const all = await live({ loaded: 3 });
  all.server.instead = () => new Response("", { status: 502 });
  all.server.ledger.add();
  all.server.publish({ html: "lost" });
  await all.clock.advance(1);
  all.server.ledger.rewind(3, 0);
  return all;
}

/** It has settled, and takes the next numbers of the history that there is. */
async function followsTheNewHistory({ wire, server, page, clock }) {
  await clock.advance(20_000);
  const asked = server.asked.length;
  await clock.advance(20_000);
  assert.equal(server.asked.length, asked, "it goes on asking for a number that nobody has");
  assert.equal(wire.state, "live");
  server.publish({ token: 900_000 });
  await clock.advance(1);
  assert.deepEqual(page.seqs(), [4]);
  server.publish({ token: 900_001 });
  assert.deepEqual(page.seqs(), [4, 5]);
  assert.equal(page.frames.filter(({ html }) => html === "lost").length, 0);
}

test("what waited when the socket was lost is not waited for on the next, nor shown in another history", async () => {
  const all = await parkedAndRestored();
  all.server.cut();
  await all.clock.advance(1000);
  all.server.instead = () => undefined;
  await followsTheNewHistory(all);
});

test("what waited when a reset was pushed is forgotten", async () => {
  const all = await parkedAndRestored();
  all.server.reset();
  all.server.instead = () => undefined;
  await followsTheNewHistory(all);
  assert.equal(all.page.resets(), 1);
});

test("what waited when the ledger no longer knew the page is forgotten", async () => {
  const all = await parkedAndRestored();
  all.server.ledger.epoch = "epochbbbbbbb";
  all.server.instead = () => undefined;
  await followsTheNewHistory(all);
});

test("what waited beside a frame of another history is forgotten with it", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  server.instead = () => new Response("", { status: 502 });
  const [, five, six] = [server.ledger.add(), server.ledger.add(), server.ledger.add({ html: "lost" })];
  server.push(six);
  server.push(five);
  server.ledger.rewind(3, 2);
  server.instead = () => undefined;
  await clock.advance(5000);
  assert.deepEqual(page.seqs(), [4, 5]);
  assert.equal(page.resets(), 1);
  assert.deepEqual(wire.cursor, server.ledger.cursor(5));
});

test("what is pushed after a reset waits for the snapshot, even where an answer to an older question comes between", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  let answer;
  server.instead = () => new Promise((resolve) => { answer = resolve; });
  wire.check();
  await clock.advance(2000);
  server.ledger.rewind(2, 1);
  const reset = Response.json({ ...server.ledger.answer({ after: 9 }) });
  server.reset();
  // A process that lags by this one number makes the snapshot, and is asked.
  const lagging = Object.assign(new Ledger(), { changes: [...server.ledger.changes] });
  server.publish();
  server.instead = (url) => {
    const { epoch, seq, token } = lagging.cursor();
    return url === "/snapshot"
      ? new Response(`<live-snapshot data-epoch="${epoch}" data-seq="${seq}" data-token="${token}"></live-snapshot>`)
      : Response.json(lagging.answer({ after: seq, epoch, token }));
  };
  answer(reset);
  await clock.advance(1);
  assert.equal(page.resets(), 1);
  assert.deepEqual(page.seqs(), [4]);
});

/** A process that has not noticed that history was wound back to `seq` goes on answering out of the one before. */
function unaware({ server }, seq, tokens) {
  const lost = Object.assign(new Ledger(), { changes: [...server.ledger.changes] });
  server.ledger.rewind(seq, 0);
  for (const token of tokens) server.ledger.add({ token });
  server.instead = (url) => {
    const { epoch, seq: head, token } = lost.cursor();
    if (url === "/snapshot") return new Response(`<live-snapshot data-epoch="${epoch}" data-seq="${head}" data-token="${token}"></live-snapshot>`);
    const asked = new URL(url, "http://x").searchParams;
    return Response.json(lost.answer({ after: Number(asked.get("after")), epoch: asked.get("epoch"), token: Number(asked.get("token")) }));
  };
}

/** Both histories have the same number of changes, so nothing but the number before tells that they are two: the push is not gone on from. */
async function endsInTheNewHistory({ wire, server, page, clock }) {
  await clock.advance(1000);
  const before = page.resets();
  server.publish({ token: 900_009 });
  assert.deepEqual(page.frames.filter(({ token }) => token === 900_009), []);
  server.instead = () => undefined;
  await clock.advance(10_000);
  assert.ok(page.resets() > before, "the page was not made anew");
  assert.deepEqual(wire.cursor, server.ledger.cursor());
}

test("a page of a process that did not notice is not gone on from, where a reset says what stands before the next number", async () => {
  const all = await live({ loaded: 2 });
  all.server.publish({ html: "lost" });
  unaware(all, 2, [900_000]);
  all.server.reset();
  await endsInTheNewHistory(all);
});

test("nor is one that came while numbers of the new history waited and were forgotten", async () => {
  const all = await live({ loaded: 2 });
  all.server.publish({ html: "lost" });
  unaware(all, 2, []);
  const { instead } = all.server;
  let open;
  all.server.instead = () => new Promise((resolve) => { open = resolve; });
  all.server.reset();
  await all.clock.advance(1);
  all.server.publish({ token: 900_000 });
  all.server.reset();
  all.server.instead = instead;
  open(instead("/snapshot"));
  await endsInTheNewHistory(all);
});

test("nor is a catch-up of such a process that ends at the number that the greeting named", async () => {
  const all = world({ loaded: 2 });
  const lost = all.server.ledger.add({ html: "lost" });
  unaware(all, 2, [900_000]);
  all.wire.start();
  await all.clock.advance(1000);
  assert.equal(all.wire.cursor.token, lost.token);
  await endsInTheNewHistory(all);
});

test("a page that is ahead, or was made anew, asks again by when every process has noticed, though nothing is published", async () => {
  for (const resets of [false, true]) {
    const all = world({ loaded: 2 });
    const { server, clock, page, wire } = all;
    server.ledger.add({ html: "lost" });
    Object.assign(wire, { cursor: server.ledger.cursor() });
    unaware(all, 2, resets ? [900_000] : []);
    wire.start();
    await clock.advance(1);
    if (resets) server.reset();
    await clock.advance(2500);
    server.instead = () => undefined;
    await clock.advance(7000);
    assert.deepEqual(wire.cursor, server.ledger.cursor());
    assert.equal(page.frames.at(-1).op, "reset");
    const asked = server.asked.length;
    await clock.advance(20_000);
    assert.ok(server.asked.length <= asked + 1, "it goes on asking");
  }
});

test("numbers of a new history on the socket and pages of the old one over HTTP do not chase each other without a pause", async () => {
  const all = await live({ loaded: 2 });
  const { server, clock } = all;
  server.publish({ html: "lost" });
  unaware(all, 2, [900_000]);
  server.reset();
  for (let number = 0; number < 40; number += 1) {
    await clock.advance(50);
    // The page that it fetches is always the one whose next number this is.
    server.push({ op: "put", seq: 3, token: 900_000, ref: "e-3", rev: 1, order: "3", kind: "update", html: "" });
  }
  assert.ok(server.asked.length < 20, `${server.asked.length} questions in two seconds`);
});

test("the snapshot's cursor is read from its opening tag alone", () => {
  const html = '<live-snapshot data-epoch="abc" data-seq="7" data-token="-5" data-state="live"><p data-seq="9"></p></live-snapshot>';
  assert.deepEqual(cursorOf(html), { epoch: "abc", seq: 7, token: -5 });
});

test("a snapshot without a cursor is refused", () => {
  assert.throws(() => cursorOf("<html></html>"));
  assert.throws(() => cursorOf('<live-snapshot data-epoch="a" data-seq="x" data-token="1">'));
});
