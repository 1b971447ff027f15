/* What test_reading_position.py plays to an open page: frames of made-up entries. Runs inside the page; gives `window.playing`. */
(() => {
  const live = document.querySelector("live-feed");
  const feed = live.querySelector("#feed");
  const board = live.querySelector("#board").innerHTML;
  const PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
  const PICTURE = `<figure class="block block--image"><img width="1200" height="800" alt="" src="${PIXEL}"><figcaption>A caption.</figcaption></figure>`;
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const entries = () => [...feed.querySelectorAll(":scope > article")];
  const sentence = (count) => `<p>${"Words follow words here. ".repeat(count)}</p>`;
  let made = 0;

  /** The same chances each time: what fails once fails again. */
  function chances(seed) {
    let state = seed;
    return () => {
      state = (state * 1664525 + 1013904223) % 4294967296;
      return state / 4294967296;
    };
  }

  function article({ ref, order, rev, day, label, size, picture, withdrawn }) {
    const classes = withdrawn ? "entry entry--withdrawn" : "entry entry--update";
    return `<article class="${classes}" id="${ref}" data-ref="${ref}" data-rev="${rev}" data-order="${order}" data-kind="update" data-day="${day}"`
      + ` data-day-label="${label}"${withdrawn ? " data-withdrawn" : ""} aria-labelledby="${ref}-h"><header><div class="stamp"><a class="clock" href="#">`
      + `<time datetime="2026-01-01T12:00:00Z">12:00</time></a></div><h3 id="${ref}-h" dir="auto">A headline</h3></header>`
      + `<div class="body"><div class="block block--text" dir="auto">${sentence(size)}</div>${picture ? PICTURE : ""}</div></article>`;
  }

  function put(near, step, options) {
    made += 1;
    const ref = `e-${String(made).padStart(6, "0")}`;
    const order = `${String(BigInt(near.dataset.order.split("-")[0]) + BigInt(step)).padStart(16, "0")}-${ref}`;
    return { op: "put", ref, rev: 1, order, html: article({ ref, order, rev: 1, day: near.dataset.day, label: near.dataset.dayLabel, ...options }) };
  }

  function revised(entry, op, size) {
    const { ref, order, day, dayLabel: label } = entry.dataset;
    const rev = Number(entry.dataset.rev) + 1;
    return { op, ref, rev, order, html: article({ ref, order, rev, day, label, size, withdrawn: op === "drop" }) };
  }

  /** A frame of any kind. `read`, the entry under the reader's eyes, may change and be withdrawn, but not vanish without a notice. */
  function any(random, read) {
    const all = entries();
    const pick = () => all[Math.floor(random() * all.length)];
    const chance = random();
    const size = 1 + Math.floor(random() * 40);
    if (chance < 0.4) return put(all[0], 1 + Math.floor(random() * 1e6), { size, picture: random() < 0.3 });
    if (chance < 0.5) return put(pick(), -1 - Math.floor(random() * 1e3), { size, picture: random() < 0.3 });
    if (chance < 0.75) return revised(pick(), "put", size);
    if (chance < 0.9) {
      const gone = pick();
      if (gone.dataset.ref !== read && chance < 0.85) return revised(gone, "drop", 1);
      return gone.dataset.ref === read ? revised(gone, "put", size) : { op: "drop", ref: gone.dataset.ref, rev: Number(gone.dataset.rev) + 1, html: "" };
    }
    const pinned = `<article class="pinned" data-pinned="e-p"><div class="pinned-text">${sentence(size)}</div></article>`;
    return { op: "board", html: random() < 0.5 ? board : board + pinned };
  }

  /** Plays `count` frames, one to four at a time: how far the entry that is read was from its place at most. */
  async function play(read, count, seed) {
    const random = chances(seed);
    const top = () => document.getElementById(read).getBoundingClientRect().top;
    const place = top();
    const moved = [];
    for (let played = 0; played < count;) {
      const most = Math.min(count, played + 1 + Math.floor(random() * 4));
      for (; played < most; played += 1) live.take(any(random, read));
      await drawn();
      moved.push(Math.abs(top() - place));
    }
    await drawn();
    return { farthest: Math.max(...moved), entries: entries().length };
  }

  /** `count` older entries below the last, at once. */
  async function append(count) {
    const last = entries().at(-1);
    for (let at = 1; at <= count; at += 1) live.take(put(last, -at * 1000, { size: 30 }));
    await drawn();
    await drawn();
    return entries().length;
  }

  window.playing = { play, append };
})()
