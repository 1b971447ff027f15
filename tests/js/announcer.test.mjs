import assert from "node:assert/strict";
import { test } from "node:test";

import { Announcer } from "../../static/js/announcer.js";
import { Words } from "../../static/js/words.js";
import { Clock } from "./world.mjs";

function room() {
  const clock = new Clock();
  const said = [];
  const words = new Words({ announce_one: "New: {headline}", announce_many: { one: "{count} new: {headline}", other: "{count} new, latest: {headline}" }, correction_one: "Correction: {headline}" }, "en");
  const announcer = new Announcer({ say: (sentence) => sentence && said.push([clock.now, sentence]), words, env: clock });
  const announce = (n, breaking = false) => announcer.announce({ ref: `e-${n}`, headline: `Headline ${n}`, breaking });
  return { clock, said, announcer, announce };
}

test("one arrival is said by its headline", async () => {
  const { clock, said, announce } = room();
  announce(1);
  await clock.advance(1000);
  assert.deepEqual(said.map(([, sentence]) => sentence), ["New: Headline 1"]);
});

test("arrivals of one moment are one sentence", async () => {
  const { clock, said, announce } = room();
  for (let n = 1; n < 5; n += 1) announce(n);
  await clock.advance(1000);
  assert.deepEqual(said.map(([, sentence]) => sentence), ["4 new, latest: Headline 4"]);
});

test("thirty arrivals in a minute are at most four sentences, and none of them goes unsaid", async () => {
  const { clock, said, announce } = room();
  for (let n = 1; n <= 30; n += 1) {
    announce(n);
    await clock.advance(2000);
  }
  await clock.advance(20_000);
  assert.ok(said.length <= 5, `${said.length} sentences`);
  for (let i = 1; i < said.length; i += 1) assert.ok(said[i][0] - said[i - 1][0] >= 20_000);
  const counted = said.map(([, sentence]) => Number(sentence.match(/^(\d+) new/)?.[1] ?? 1)).reduce((a, b) => a + b);
  assert.equal(counted, 30);
});

test("breaking news does not wait, and other news waits the full time after it", async () => {
  const { clock, said, announce } = room();
  announce(1);
  await clock.advance(1000);
  announce(2, true);
  assert.equal(said.length, 2);
  announce(3);
  await clock.advance(19_000);
  assert.equal(said.length, 2);
  await clock.advance(2000);
  assert.equal(said.length, 3);
});

test("an entry that is withdrawn before it is said is not said", async () => {
  const { clock, said, announce, announcer } = room();
  announce(1);
  announcer.forget("e-1");
  await clock.advance(60_000);
  assert.deepEqual(said, []);
});

test("a sentence about an entry goes when the entry is withdrawn or corrected, and no other does", async () => {
  const { clock, words, region } = { clock: new Clock(), words: room().announcer.words, region: { text: "" } };
  const announcer = new Announcer({ say: (sentence) => { region.text = sentence; }, words, env: clock });
  const heard = async (n) => {
    announcer.announce({ ref: `e-${n}`, headline: `Headline ${n}`, breaking: true });
    await clock.advance(100);
    assert.equal(region.text, `New: Headline ${n}`);
  };
  await heard(1);
  announcer.forget("e-7");
  assert.equal(region.text, "New: Headline 1");
  announcer.forget("e-1");
  assert.equal(region.text, "");
  await heard(2);
  announcer.correct({ ref: "e-2", headline: "It was another" });
  assert.equal(region.text, "");
  await clock.advance(60_000);
  await heard(3);
  announcer.hush();
  assert.equal(region.text, "");
  await clock.advance(60_000);
  assert.equal(region.text, "");
});

test("what came while the reader had paused is not said afterwards", async () => {
  const { clock, said, announce, announcer } = room();
  announce(1);
  announcer.silence();
  await clock.advance(60_000);
  assert.deepEqual(said, []);
  announce(2);
  await clock.advance(1000);
  assert.equal(said.length, 1);
});

test("a correction is called one, in the same sentence as what is new", async () => {
  const { clock, said, announce, announcer } = room();
  announcer.correct({ ref: "e-9", headline: "It was 14" });
  announce(1);
  await clock.advance(1000);
  assert.deepEqual(said.map(([, sentence]) => sentence), ["New: Headline 1. Correction: It was 14"]);
});

test("who wants breaking news and corrections alone hears those, and who wants silence has it", async () => {
  const { clock, said, announce, announcer } = room();
  announcer.wanted = "some";
  announce(1);
  announce(2, true);
  announcer.correct({ ref: "e-9", headline: "It was 14" });
  await clock.advance(60_000);
  assert.deepEqual(said.map(([, sentence]) => sentence), ["New: Headline 2", "Correction: It was 14"]);
  announcer.wanted = "off";
  announce(3, true);
  announcer.correct({ ref: "e-9", headline: "It was 15" });
  await clock.advance(60_000);
  assert.equal(said.length, 2);
});
