/*
 * The loader: turns every <div data-live-blog="slug"><a href="…">Headline</a></div> of a page into that live blog, in a sandboxed frame.
 *
 * It runs on somebody else's page, so it touches nothing there but the inside of those elements, sets no global and stores nothing. The
 * link stays where the reader sees it until the frame has proved, by a first message, that it shows the blog; where it never does (the
 * blog is gone, scripts are off in it, the page's policy forbids frames) the link is simply what there is. The messages are described in
 * docs/contracts/embed.md.
 */
(() => {
  "use strict";

  const HIGHEST = 20000;
  const PATIENCE = 20000;
  const MARK = "data-live-blog-frame";
  const script = document.currentScript;
  if (!script || !script.src) return;
  const site = new URL(script.src).origin;
  const embeds = new Map();

  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const address = (box, id) => {
    const url = new URL(`/embed/${encodeURIComponent(box.dataset.liveBlog)}/`, site);
    for (const name of ["limit", "theme"]) if (box.dataset[name]) url.searchParams.set(name, box.dataset[name]);
    // In the fragment, which no server and no cache sees: the document is the same for every page that shows it.
    url.hash = id;
    return url.href;
  };

  const build = (box) => {
    // The script may stand on the page twice.
    if (box.hasAttribute(MARK) || !/^[a-z0-9-]{1,80}$/.test(box.dataset.liveBlog)) return;
    const id = newId();
    const fixed = Number(box.dataset.height);
    const link = box.querySelector("a");
    const frame = document.createElement("iframe");
    box.setAttribute(MARK, id);
    frame.src = address(box, id);
    frame.title = (link && link.textContent.trim()) || box.dataset.liveBlog;
    frame.loading = "lazy";
    frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
    Object.assign(frame.style, { display: "block", inlineSize: "100%", minInlineSize: "280px", blockSize: "0", border: "0", colorScheme: "normal" });
    const embed = { frame, fallback: Array.from(box.children), fixed: Number.isInteger(fixed) && fixed > 0 && fixed <= HIGHEST ? fixed : 0, shown: false };
    embeds.set(id, embed);
    frame.addEventListener("load", () => setTimeout(() => embed.shown || remove(id, box), PATIENCE));
    box.append(frame);
  };

  const remove = (id, box) => {
    embeds.get(id).frame.remove();
    embeds.delete(id);
    box.removeAttribute(MARK);
  };

  const receive = (event) => {
    const said = event.data;
    if (!said || typeof said !== "object" || said.liveblog !== 1) return;
    const embed = embeds.get(said.id);
    if (!embed || event.source !== embed.frame.contentWindow) return;
    if (!Number.isInteger(said.height) || said.height < 0 || said.height > HIGHEST) return;
    if (!embed.shown) {
      embed.shown = true;
      for (const element of embed.fallback) element.hidden = true;
      // Its origin is opaque, so it can be named by no other target; what is said is no secret.
      embed.frame.contentWindow.postMessage({ liveblog: 1, id: said.id, height: embed.fixed }, "*");
    }
    embed.frame.style.blockSize = `${embed.fixed || said.height}px`;
  };

  const start = () => document.querySelectorAll("[data-live-blog]").forEach(build);

  addEventListener("message", receive);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
