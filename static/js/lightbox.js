/**
 * A picture over the page, as large as the screen allows, with its caption and credit. A modal `<dialog>`: the browser keeps the focus in it,
 * closes it by Escape and gives the focus back. In a gallery the arrow keys and two buttons lead on, the way the page is read.
 */

let box;
let group = [];
let at = 0;
let words;

export function use(link, tools) {
  words = tools.words;
  const gallery = link.closest("ul");
  group = gallery ? [...gallery.querySelectorAll("a[data-zoom]")] : [link];
  box ??= build();
  show(group.indexOf(link));
  document.documentElement.append(box);
  box.showModal();
  box.addEventListener("close", () => {
    box.remove();
    standing(group[at])?.focus({ preventScroll: true });
  }, { once: true });
}

/** The link, or the one in its place where its entry was replaced while the picture was looked at. */
function standing(link) {
  if (link.isConnected) return link;
  const links = (entry) => [...(entry?.querySelectorAll("a[data-zoom]") ?? [])];
  const old = link.closest("[data-ref]");
  return links(document.getElementById(old?.id))[links(old).indexOf(link)];
}

function build() {
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  const figure = document.createElement("figure");
  const row = document.createElement("p");
  row.append(button("previous", () => step(-1)), button("next", () => step(1)), button("close", () => dialog.close()));
  dialog.append(row, figure);
  dialog.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(dialog).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") step(event.key === forward ? 1 : -1);
  });
  // Beside the picture is outside it.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return dialog;
}

function button(name, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.box = name;
  made.textContent = words.say(name);
  made.addEventListener("click", press);
  return made;
}

function step(by) {
  const next = at + by;
  if (next >= 0 && next < group.length) show(next);
}

function show(index) {
  at = index;
  const figure = box.querySelector("figure");
  const link = standing(group[at]) ?? group[at];
  const picture = link.querySelector("picture").cloneNode(true);
  const image = picture.querySelector("img");
  // As wide as the picture is: of its files the widest.
  for (const part of picture.children) part.sizes = `${image.getAttribute("width")}px`;
  image.loading = "eager";
  image.removeAttribute("data-fx");
  image.removeAttribute("data-fy");
  const caption = link.nextElementSibling?.matches("figcaption") ? [link.nextElementSibling.cloneNode(true)] : [];
  figure.replaceChildren(picture, ...caption);
  box.setAttribute("aria-label", image.alt || words.say("picture"));
  for (const [name, end] of [["previous", 0], ["next", group.length - 1]]) {
    const turn = box.querySelector(`[data-box=${name}]`);
    turn.hidden = group.length === 1;
    turn.setAttribute("aria-disabled", String(at === end));
  }
}
