/** Sharing one entry: the system's own sheet where a finger is, and there is one; elsewhere its address is copied, and that is said. */

const STAYS = 4000;

let note;
let timer;

export async function use(link, { words, say }) {
  const url = new URL(link.href).href;
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    const title = document.getElementById(link.getAttribute("aria-describedby"))?.textContent.trim() || document.title;
    try {
      return await navigator.share({ title, url });
    } catch (error) {
      // The reader thought better of it.
      if (error.name === "AbortError") return undefined;
    }
  }
  try {
    await navigator.clipboard.writeText(url);
  } catch {
    return location.assign(url);
  }
  say("");
  const sentence = words.say("copied");
  show(link, sentence);
  setTimeout(() => say(sentence), 100);
  return undefined;
}

/** Beside the link, over the page: it takes no space, and it goes by itself. */
function show(link, sentence) {
  note ??= document.body.appendChild(Object.assign(document.createElement("p"), { className: "copied", ariaHidden: "true" }));
  const { left, right, top } = link.getBoundingClientRect();
  const rightToLeft = getComputedStyle(link).direction === "rtl";
  note.textContent = sentence;
  note.hidden = false;
  note.style.insetBlockStart = `${top + scrollY}px`;
  note.style.insetInlineStart = `${rightToLeft ? document.documentElement.clientWidth - left : right}px`;
  clearTimeout(timer);
  timer = setTimeout(() => { note.hidden = true; }, STAYS);
}
