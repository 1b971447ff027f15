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

test("numbers are in the digits that the server writes", () => {
  const persian = new Words({ locale: "fa-u-ca-gregory-nu-arabext", new: { other: "{count} خبر تازه" } }, "fa");
  assert.equal(persian.say("new", { count: 12 }), "۱۲ خبر تازه");
  assert.equal(persian.number(3), "۳");
  assert.equal(new Words({ locale: "ar-u-ca-gregory-nu-latn", a: "{count}" }, "ar").say("a", { count: 3 }), "3");
});

test("each language has the plural categories that the server makes sentences for", () => {
  const categories = (language) => [0, 1, 2, 3, 11, 100, 1_000_000].map((count) => new Words({}, language).plural.select(count));
  assert.deepEqual(categories("ar"), ["zero", "one", "two", "few", "many", "other", "other"]);
  assert.deepEqual(categories("fr"), ["one", "one", "other", "other", "other", "other", "many"]);
  assert.deepEqual(categories("es"), ["other", "one", "other", "other", "other", "other", "many"]);
  assert.deepEqual(categories("fa"), ["one", "one", "other", "other", "other", "other", "other"]);
  assert.deepEqual(categories("de"), ["other", "one", "other", "other", "other", "other", "other"]);
});
