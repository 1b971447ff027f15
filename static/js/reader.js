/** What the reader's pages load. A page is whole without it, and only the live one has a `<live-feed>`. */

import { LiveFeed } from "./live-feed.js";
import { listenForTools } from "./page-tools.js";
import { Words } from "./words.js";

const words = new Words(JSON.parse(document.getElementById("words").textContent), document.documentElement.lang || "en");
listenForTools(words, (sentence) => { document.querySelector("[role=status]").textContent = sentence; });

customElements.define("live-feed", LiveFeed);
