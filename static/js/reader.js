/** What the reader's page loads. The page is whole without it. */

import { LiveFeed } from "./live-feed.js";

customElements.define("live-feed", LiveFeed);
