/**
 * What an entry's links do once there are scripts: “Share” shares, a picture opens over the page, a player starts in its place. One
 * listener for the whole page, and each tool is fetched when it is first wanted. Without scripts, or with a key held down, they are links.
 */

const TOOLS = {
  share: () => import("./share.js"),
  zoom: () => import("./lightbox.js"),
  player: () => import("./player.js"),
};

/** @param {import("./words.js").Words} words @param {(sentence: string) => void} say to those who hear the page */
export function listenForTools(words, say) {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.("a[data-share], a[data-zoom], a[data-player]");
    if (!link) return;
    const tool = Object.keys(TOOLS).find((name) => name in link.dataset);
    if (tool === "player" && !mayPlay(link.dataset.provider)) return;
    event.preventDefault();
    // What cannot be fetched leaves the link what it is.
    TOOLS[tool]().then(({ use }) => use(link, { words, say }), () => location.assign(link.href));
  });
}

function mayPlay(provider) {
  const enabled = document.querySelector("[data-players]")?.dataset.players ?? "";
  return enabled.split(" ").includes(provider);
}
