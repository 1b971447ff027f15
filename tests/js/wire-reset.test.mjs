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
  server.push({ op: "reset" });
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
  server.push({ op: "reset" });
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

test("the snapshot's cursor is read from its opening tag alone", () => {
  const html = '<live-snapshot data-epoch="abc" data-seq="7" data-token="-5" data-state="live"><p data-seq="9"></p></live-snapshot>';
  assert.deepEqual(cursorOf(html), { epoch: "abc", seq: 7, token: -5 });
});

test("a snapshot without a cursor is refused", () => {
  assert.throws(() => cursorOf("<html></html>"));
  assert.throws(() => cursorOf('<live-snapshot data-epoch="a" data-seq="x" data-token="1">'));
});
