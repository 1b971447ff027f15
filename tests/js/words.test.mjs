import assert from "node:assert/strict";
import { test } from "node:test";

import { ago } from "../../static/js/clocks.js";
import { Words } from "../../static/js/words.js";

test("a sentence is filled with its values", () => {
  assert.equal(new Words({ polling: "Checking every {seconds} seconds" }, "en").say("polling", { seconds: 15 }), "Checking every 15 seconds");
});

test("a name that nobody filled stays as it is written", () => {
  assert.equal(new Words({ a: "{b}" }, "en").say("a"), "{b}");
});

test("a key that the server did not give says nothing", () => {
  assert.equal(new Words({}, "en").say("live"), "");
});

test("the plural is the language's own", () => {
  const arabic = new Words({ new: { zero: "0", one: "1", two: "2", few: "few {count}", many: "many", other: "other" } }, "ar");
  assert.equal(arabic.say("new", { count: 2 }), "2");
  assert.equal(arabic.say("new", { count: 5 }), "few 5");
  assert.equal(arabic.say("new", { count: 11 }), "many");
});

test("a plural form that is missing falls back on the general one", () => {
  assert.equal(new Words({ new: { other: "{count} new" } }, "en").say("new", { count: 1 }), "1 new");
});

const english = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

test("a young entry says how young", () => {
  assert.equal(ago(20_000, english), "now");
  assert.equal(ago(125_000, english), "2 min. ago");
  assert.equal(ago(3 * 3_600_000 + 1, english), "3 hr. ago");
});

test("an entry of twelve hours or of the future says nothing", () => {
  assert.equal(ago(12 * 3_600_000, english), "");
  assert.equal(ago(-120_000, english), "");
});

test("a clock that is some seconds off is no future", () => {
  assert.equal(ago(-5000, english), "now");
});
