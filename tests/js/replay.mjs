/**
 * Readers of generated histories: `node replay.mjs`, one history as JSON on a line of the input, one line of JSON for it as the answer.
 *
 * The wire is the product's own (static/js/wire.js), its server the one of world.mjs, which answers with what the real server said. Each
 * reader loads a page of some age, joins later, and loses, doubles and misorders what is pushed. What the wire applied, in its order, is
 * handed back: {reader: [[frame, …], …]}.
 */

import { createInterface } from "node:readline";
import { world } from "./world.mjs";

/** Small, seeded and good enough to deal out misfortunes (mulberry32). */
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {{epoch: string, tokens: number[], steps: {head: number, pushed: object[], answers: object[]}[]}} history */
async function read(history, { seed, loaded, joined }) {
  const random = chance(seed);
  const { clock, server, page, wire } = world({ random });
  let now = history.steps[joined];
  server.ledger = { epoch: history.epoch, get head() { return now.head; }, token: (seq) => history.tokens[seq] };
  server.instead = (url) => {
    if (!url.startsWith("/changes")) return undefined;
    const asked = new URL(url, "http://x").searchParams;
    if (Number(asked.get("want") ?? 0) > now.head) return undefined;
    const answer = Response.json(now.answers[Number(asked.get("after"))]);
    // It says what was so when it was asked, and may be long on its way.
    return random() < 0.3 ? new Promise((resolve) => { clock.setTimeout(() => resolve(answer), random() * 2000); }) : answer;
  };
  const seq = history.steps[loaded].head;
  wire.cursor = { epoch: history.epoch, seq, token: history.tokens[seq] };
  wire.start();
  const late = [];
  const deliver = async (frame) => {
    server.push(frame);
    await clock.settle();
  };
  for (const step of history.steps.slice(joined + 1)) {
    now = step;
    for (const frame of step.pushed) {
      const luck = random();
      if (luck < 0.2) continue;
      if (luck < 0.4) late.push(frame);
      else await deliver(frame);
      if (luck > 0.85) await deliver(frame);
    }
    if (random() < 0.3 && late.length) await deliver(late.splice(Math.floor(random() * late.length), 1)[0]);
    if (random() < 0.08) server.cut();
    if (random() < 0.08) wire.check();
    if (random() < 0.5) await clock.advance(random() * 3000);
  }
  for (const frame of late.sort(() => random() - 0.5)) await deliver(frame);
  await clock.advance(40_000);
  await deliver({ op: "head", head: now.head, token: history.tokens[now.head] });
  await clock.advance(40_000);
  wire.stop();
  return { frames: page.frames, seq: wire.cursor.seq, token: wire.cursor.token };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { readers, ...history } = JSON.parse(line);
  const found = [];
  for (const reader of readers) found.push(await read(history, reader));
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
