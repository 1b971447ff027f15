import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff } from "../../static/js/catchup.js";
import { live, world } from "./world.mjs";

test("a cut connection is taken up again and what was missed is fetched", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  server.cut();
  assert.equal(wire.state, "connecting");
  server.ledger.add();
  await clock.advance(1000);
  assert.deepEqual(page.seqs(), [4]);
  assert.equal(wire.state, "live");
});

test("waits between attempts grow, with chance over their whole length, to thirty seconds and no further", () => {
  assert.equal(backoff(0, () => 1), 500);
  assert.equal(backoff(3, () => 1), 4000);
  assert.equal(backoff(3, () => 0.25), 1000);
  assert.equal(backoff(40, () => 1), 30_000);
});

test("attempts start from the shortest wait again only after thirty seconds of health", async () => {
  const { server, clock } = await live({ random: () => 0.999 });
  for (let i = 0; i < 4; i += 1) {
    server.cut();
    await clock.advance(8000);
  }
  const flapping = server.connects;
  server.cut();
  await clock.advance(1000);
  assert.equal(server.connects, flapping, "a flapping server is not met with quick attempts");
  await clock.advance(60_000);
  const healthy = server.connects;
  server.cut();
  await clock.advance(1000);
  assert.equal(server.connects, healthy + 1);
});

test("after three connections without a greeting the page polls, and says so", async () => {
  // Nobody answers; or a process answers that it is full.
  for (const refusal of [1006, 4503]) {
    const { wire, server, page, clock } = world({ loaded: 3 });
    Object.assign(server, { accepting: false, refusal });
    wire.start();
    await clock.advance(5000);
    assert.equal(wire.state, "polling");
    server.ledger.add();
    await clock.advance(18_000);
    assert.deepEqual(page.seqs(), [4]);
  }
});

test("two failed connections are not yet a reason to poll", async () => {
  const { wire, server, clock } = world({ loaded: 3 });
  server.accepting = false;
  wire.start();
  await clock.advance(10);
  assert.equal(server.connects, 1);
  await clock.advance(300);
  assert.equal(server.connects, 2);
  assert.equal(wire.state, "connecting");
});

test("a page that polls goes on trying, and is live when the socket answers", async () => {
  const { wire, server, clock } = world({ loaded: 3 });
  server.accepting = false;
  wire.start();
  await clock.advance(20_000);
  server.accepting = true;
  await clock.advance(31_000);
  assert.equal(wire.state, "live");
  const asked = server.asked.length;
  await clock.advance(24_000);
  assert.equal(server.asked.length, asked, "a live page does not poll");
});

test("a browser without websockets polls from the start, at the interval the server names", async () => {
  const { wire, server, page, clock } = world({ loaded: 3, websocket: false });
  server.instead = (url) => (url === "/snapshot" ? undefined : Response.json({ ...server.ledger.answer({ ...server.ledger.cursor(wire.cursor.seq), after: wire.cursor.seq }), poll: 60 }));
  wire.start();
  await clock.advance(1);
  assert.equal(wire.state, "polling");
  assert.equal(wire.pollSeconds, 60);
  await clock.advance(18_000);
  const asked = server.asked.length;
  server.ledger.add();
  await clock.advance(30_000);
  assert.equal(server.asked.length, asked);
  await clock.advance(40_000);
  assert.deepEqual(page.seqs(), [4]);
  server.instead = () => undefined;
  await clock.advance(75_000);
  assert.equal(wire.pollSeconds, 15, "an answer that names none means the usual one");
});

test("a server that says goodbye is taken at its word about when to come back", async () => {
  const { wire, server, clock } = await live();
  server.push({ op: "bye", reconnect: [4000, 8000] });
  server.cut(4012);
  await clock.advance(5999);
  assert.equal(server.connects, 1);
  await clock.advance(10);
  assert.equal(server.connects, 2);
  assert.equal(wire.state, "live");
});

test("a connection that is silent for a minute is given up", async () => {
  const { server, clock } = await live();
  await clock.advance(59_000);
  assert.equal(server.connects, 1);
  await clock.advance(3000);
  assert.equal(server.connects, 2);
});

test("a connection with a heartbeat is kept", async () => {
  const { server, clock } = await live();
  for (let i = 0; i < 20; i += 1) {
    await clock.advance(25_000);
    server.push({ op: "head", head: 0, token: 0 });
  }
  assert.equal(server.connects, 1);
});

test("a socket that opens and never greets counts as failed", async () => {
  const { wire, server, clock } = world();
  server.greeting = false;
  wire.start();
  await clock.advance(10_000);
  assert.equal(wire.state, "connecting");
  await clock.advance(40_000);
  assert.equal(wire.state, "polling");
});

test("a page that slept through fifty changes has them two seconds after it wakes", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  for (let i = 0; i < 50; i += 1) server.ledger.add();
  wire.check();
  assert.deepEqual(page.seqs(), []);
  await clock.advance(2000);
  assert.equal(page.seqs().length, 50);
});

test("a socket that died while the page slept is found out by the next missing heartbeat", async () => {
  const { wire, server, clock } = await live();
  wire.check();
  await clock.advance(40_000);
  assert.equal(server.connects, 2);
  assert.equal(wire.state, "live");
});

test("a page that finds the network again does not sit out its wait", async () => {
  const { wire, server, clock } = world({ random: () => 0.9 });
  server.accepting = false;
  wire.start();
  await clock.advance(60_000);
  server.accepting = true;
  const before = server.connects;
  wire.check();
  await clock.advance(1900);
  assert.ok(server.connects > before);
  assert.equal(wire.state, "live");
});

test("a blog that is gone stops the wire for good", async () => {
  const { wire, server, clock } = await live();
  server.cut(4404);
  await clock.advance(120_000);
  assert.equal(wire.state, "stopped");
  assert.equal(server.connects, 1);
});

test("every other close code brings the page back", async () => {
  for (const code of [1000, 1006, 4000, 4008, 4012, 4400, 4413, 4503]) {
    const { wire, server, clock } = await live();
    server.cut(code);
    await clock.advance(1000);
    assert.equal(wire.state, "live", `after ${code}`);
  }
});

test("a blog that is gone stops a page that polls", async () => {
  for (const status of [404, 410]) {
    const { wire, server, clock } = world({ websocket: false });
    server.instead = () => new Response("", { status });
    wire.start();
    await clock.advance(1);
    assert.equal(wire.state, "stopped");
    await clock.advance(120_000);
    assert.equal(server.asked.length, 1);
  }
});

test("a 403 of somebody in between is trouble that passes, for what changed and for the whole page", async () => {
  for (const forbidden of ["/changes", "/snapshot"]) {
    const { wire, server, page, clock } = await live({ loaded: 3 });
    server.instead = (url) => (url.startsWith(forbidden) ? new Response("sign in first", { status: 403 }) : undefined);
    server.ledger.add();
    if (forbidden === "/snapshot") server.reset();
    else server.publish();
    await clock.advance(60_000);
    assert.equal(wire.state, "connecting");
    const asked = server.asked.length;
    assert.ok(asked > 3 && asked < 30, `${asked} questions in a minute`);
    server.instead = () => undefined;
    await clock.advance(31_000);
    assert.equal(wire.state, "live");
    assert.equal(wire.cursor.seq, server.ledger.cursor().seq);
    assert.equal(page.resets(), forbidden === "/snapshot" ? 1 : 0);
  }
});

test("a greeting in another protocol is not misread: the page says that it must be loaded again, and goes on trying", async () => {
  const { wire, server, page, clock } = world({ loaded: 3 });
  server.greeting = false;
  wire.start();
  await clock.advance(1);
  const asked = server.asked.length;
  server.push(server.hello({ protocol: 2, head: 9 }));
  assert.equal(wire.state, "stopped");
  assert.equal(server.sockets.length, 0);

  // Every process speaks it now: no frame of theirs is asked for, by no way, and they are tried ever more seldom.
  const greeted = [];
  for (let attempt = 0; attempt < 12; attempt += 1) {
    while (!server.sockets.length) await clock.advance(100);
    greeted.push(clock.now);
    server.push(server.hello({ protocol: 2 }));
    server.push(server.ledger.add());
    if (attempt < 3) wire.check();
  }
  await clock.advance(14_000);
  assert.equal(wire.state, "stopped");
  assert.deepEqual(page.frames, []);
  assert.equal(server.asked.length, asked);
  assert.ok(greeted.at(-1) - greeted.at(-2) > 10_000, "a site that has changed is not hammered");

  // One that still speaks this page's, in the middle of the update.
  server.greeting = true;
  await clock.advance(31_000);
  assert.equal(wire.state, "live");
  assert.deepEqual(page.seqs(), server.ledger.changes.slice(3).map(({ seq }) => seq));
});

async function connected(server, clock) {
  for (let turn = 0; !server.sockets.length; turn += 1) {
    assert.ok(turn < 600, "it does not come back within a minute");
    await clock.advance(100);
  }
}

/** A page that is behind by one, and its question is on its way; then a server of another protocol greets. */
async function greetedByAForeigner() {
  const all = await live({ loaded: 3 });
  const { server, clock } = all;
  const questions = [];
  server.greeting = false;
  server.cut();
  await clock.advance(1000);
  server.instead = (url) => new Promise((resolve) => { questions.push([url, resolve]); });
  server.push(server.hello({ head: 4 }));
  await clock.settle();
  assert.equal(questions.length, 1);
  server.instead = () => undefined;
  server.push(server.hello({ protocol: 2 }));
  return { ...all, question: questions[0] };
}

test("a greeting in another protocol ends a catch-up: its answer is not read and nothing is asked until one's own greets", async () => {
  const { wire, server, page, clock, question } = await greetedByAForeigner();
  const asked = server.asked.length;
  server.ledger.add();
  question[1](Response.json(server.ledger.answer({ after: 3, ...server.ledger.cursor(3) })));
  await clock.advance(10_000);
  assert.equal(wire.state, "stopped");
  assert.deepEqual(page.frames, []);
  assert.equal(server.asked.length, asked);

  await connected(server, clock);
  server.push(server.hello());
  await clock.advance(1);
  assert.equal(wire.state, "live");
  assert.deepEqual(page.seqs(), [4]);
});

test("a catch-up that failed and waits to ask again does not ask a server of another protocol, but the next of its own", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  server.instead = () => new Response("", { status: 502 });
  server.ledger.add();
  server.publish();
  await clock.advance(3000);
  server.greeting = false;
  server.push(server.hello({ protocol: 2 }));
  const asked = server.asked.length;
  server.instead = () => undefined;
  await clock.advance(60_000);
  assert.deepEqual([server.asked.length, page.frames.length, wire.state], [asked, 0, "stopped"]);

  await connected(server, clock);
  // This process lags: its head is the page's own, but the page knows that there is more.
  server.push(server.hello({ head: 3, token: server.ledger.token(3) }));
  await clock.advance(1);
  assert.equal(wire.state, "live");
  assert.deepEqual(page.seqs(), [4, 5]);
});

test("that a server of another protocol knows no such address does not stop the page", async () => {
  const { wire, server, clock, question } = await greetedByAForeigner();
  server.ledger.add();
  question[1](new Response("", { status: 404 }));
  await clock.advance(1000);
  await connected(server, clock);
  server.push(server.hello());
  await clock.advance(1);
  assert.equal(wire.state, "live");
});

test("a database that lags is asked again when it said it would be ready", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  server.push({ op: "head", head: 4, token: 0 });
  await clock.advance(1);
  assert.deepEqual(server.asked, ["/changes?after=3&epoch=epochaaaaaaa&token=-979&want=4"]);
  await clock.advance(1900);
  assert.equal(server.asked.length, 1);
  server.ledger.add();
  await clock.advance(1100);
  assert.deepEqual(page.seqs(), [4]);
});

test("a number that the database keeps denying is given up, and the page is told the truth meanwhile", async () => {
  const { wire, server, page, clock } = await live({ loaded: 3 });
  server.push({ op: "head", head: 40, token: 0 });
  await clock.advance(1);
  assert.equal(wire.state, "connecting");
  await clock.advance(20_000);
  assert.equal(wire.state, "live");
  assert.equal(page.resets(), 0);
});

test("an answer that never comes is given up after fifteen seconds and asked for again", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  server.instead = () => new Promise(() => {});
  server.ledger.add();
  server.publish();
  await clock.advance(14_000);
  server.instead = () => undefined;
  assert.deepEqual(page.seqs(), []);
  await clock.advance(3000);
  assert.deepEqual(page.seqs(), [4, 5]);
});

test("an answer from a cache that is older than what is wanted is not asked for in a tight loop", async () => {
  const { server, page, clock } = await live({ loaded: 3 });
  const old = server.ledger.answer({ after: 3, ...server.ledger.cursor(3) });
  server.instead = () => Response.json(old);
  server.ledger.add();
  server.publish();
  await clock.advance(10_000);
  assert.ok(server.asked.length < 12, `${server.asked.length} requests in ten seconds`);
  server.instead = () => undefined;
  await clock.advance(30_000);
  assert.deepEqual(page.seqs(), [4, 5]);
});

test("whatever order a hundred random faults come in, the page ends where the ledger ends, each thing in order", async () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const { wire, server, page, clock } = await live({ loaded: 5, random });
  const faults = [
    () => server.cut(),
    () => server.ledger.add(),
    () => { const frame = server.ledger.add(); server.push(frame); server.push(frame); },
    () => { const late = server.ledger.add(); server.publish(); server.push(late); },
    () => { server.accepting = !server.accepting; },
    () => { server.instead = random() < 0.5 ? () => new Response("", { status: 500 }) : () => undefined; },
    () => server.publish({ ref: "e-same" }),
    () => wire.check(),
  ];
  for (let i = 0; i < 400; i += 1) {
    faults[Math.floor(random() * faults.length)]();
    await clock.advance(random() * 3000);
  }
  server.accepting = true;
  server.instead = () => undefined;
  await clock.advance(90_000);
  assert.equal(wire.state, "live");
  assert.deepEqual(wire.cursor, server.ledger.cursor());
  const seqs = page.seqs();
  assert.deepEqual(seqs, [...new Set(seqs)].sort((a, b) => a - b));
  const shown = new Map(page.frames.map((frame) => [frame.ref, frame.seq]));
  for (const change of server.ledger.changes.slice(5)) {
    const last = server.ledger.changes.findLast((other) => other.ref === change.ref).seq;
    assert.equal(shown.get(change.ref), last);
  }
});
