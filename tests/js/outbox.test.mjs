import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, judge, patience } from "../../static/js/desk/outbox.js";

class Keeper {
  kept = new Map();
  full = false;
  getItem(name) {
    return this.kept.get(name) ?? null;
  }
  setItem(name, value) {
    if (this.full) throw new Error("full");
    this.kept.set(name, value);
  }
}

const text = (key, user = "7") => ({ key, user, at: 1000, verb: "publish", headline: key, fields: [["headline", key]] });
const yes = { status: 200, body: { ref: "e-1", said: "Published.", undo: 10, url: "/live/x/e-1/" } };

test("texts leave in the order in which they were written, each once", () => {
  const outbox = new Outbox(new Keeper(), "x");
  for (const key of ["a", "b", "a"]) assert.equal(outbox.put(text(key)), true);
  assert.equal(outbox.items.length, 2);
  assert.equal(outbox.next("7").key, "a");
  outbox.answered("a", yes, 2000);
  assert.equal(outbox.next("7").key, "b");
});

test("a text that cannot be kept is not taken from the composer", () => {
  const keeper = new Keeper();
  keeper.full = true;
  assert.equal(new Outbox(keeper, "x").put(text("a")), false);
});

test("what was on its way when the page went is sent again by the next one", () => {
  const keeper = new Keeper();
  const before = new Outbox(keeper, "x");
  before.put(text("a"));
  before.sending("a");
  assert.equal(new Outbox(keeper, "x").next("7").key, "a");
});

test("nobody sends another's words", () => {
  const outbox = new Outbox(new Keeper(), "x");
  outbox.put(text("a", "7"));
  assert.equal(outbox.next("8"), undefined);
});

test("a refused text is kept whole, with the reason, and holds nothing up", () => {
  const outbox = new Outbox(new Keeper(), "x");
  outbox.put(text("a"));
  outbox.put(text("b"));
  outbox.answered("a", { status: 422, body: { faults: [{ field: "headline", message: "Write one." }] } }, 2000);
  assert.deepEqual([outbox.find("a").state, outbox.find("a").why, outbox.find("a").fields.length], ["refused", "Write one.", 1]);
  assert.equal(outbox.next("7").key, "b");
});

test("without an answer, and signed out, it waits with every word", () => {
  for (const [status, body, verdict] of [[0, null, "again"], [503, null, "again"], [401, { faults: [] }, "signed-out"], [403, null, "signed-out"]]) {
    const outbox = new Outbox(new Keeper(), "x");
    outbox.put(text("a"));
    assert.equal(outbox.answered("a", { status, body }, 2000), verdict);
    assert.deepEqual([outbox.next("7").state, outbox.next("7").fields], ["kept", [["headline", "a"]]]);
  }
});

test("a sign-in page that answers 200 is no yes", () => {
  assert.equal(judge(200, false), "again");
  assert.equal(judge(413, false), "refused");
});

test("what was taken is forgotten once it cannot be undone any more, what was refused never", () => {
  const outbox = new Outbox(new Keeper(), "x");
  outbox.put(text("a"));
  outbox.put(text("b"));
  outbox.answered("a", yes, 2000);
  outbox.answered("b", { status: 409, body: { faults: [] } }, 2000);
  outbox.tidy(11_000);
  assert.equal(outbox.items.length, 2);
  outbox.tidy(30_000);
  assert.deepEqual(outbox.items.map((item) => item.key), ["b"]);
});

test("it tries again soon at first and never rests long", () => {
  assert.deepEqual([patience(1), patience(2), patience(30)], [500, 1000, 15_000]);
});
