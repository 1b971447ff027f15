import {
  Blockquote, Bold, BulletList, Code, Document, Editor, HardBreak, Heading, History, Italic, Link, ListItem, OrderedList, Paragraph,
  Subscript, Superscript, Text,
} from "../../../django_prose_editor/editor.js";

// Only what newsroom/sanitise.py lets through: what cannot be kept cannot be typed, and a paste loses it at once, before the editor's eyes.
const WEB_LINK = /^(https?:\/\/[^\s/]|mailto:[^\s@]+@)/i;
const LINK = Link.configure({
  openOnClick: false,
  autolink: true,
  linkOnPaste: true,
  defaultProtocol: "https",
  HTMLAttributes: { target: null, rel: null },
  isAllowedUri: (/** @type {string} */ url) => WEB_LINK.test(url || ""),
});
const INLINE = [Text, Paragraph, HardBreak, Bold, Italic, LINK, Code, Subscript, Superscript, History];
const SCHEMAS = {
  text: [Document, ...INLINE, BulletList, OrderedList, ListItem, Blockquote, Heading.configure({ levels: [4] })],
  // One list and nothing else; a point is one paragraph, so Tab cannot nest what the block cannot say.
  points: [Document.extend({ content: "bulletList" }), ...INLINE, BulletList, ListItem.extend({ content: "paragraph" })],
};

/**
 * A paste without what would run, load or open windows, taken out in a document where nothing runs. (The schema drops it as well, but
 * only after the browser has looked at it.)
 * @param {string} html
 * @returns {string}
 */
function withoutHandlers(html) {
  // Even a parser without a page complains to the policy about a handler, so handlers lose their names before. Not what keeps us safe:
  // the policy, the schema and the server's sanitiser do that.
  const mute = html.replace(/<[^>]+>/g, (tag) => tag.replace(/([\s/"'])on[a-z]+\s*=/gi, "$1data-was="));
  const parsed = new DOMParser().parseFromString(mute, "text/html");
  for (const element of parsed.querySelectorAll("script, style, img, iframe, object, embed, link, meta, svg")) element.remove();
  for (const element of parsed.body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) if (/^(on|data-was$|target$|rel$|class$|id$)/i.test(name)) element.removeAttribute(name);
  }
  return parsed.body.innerHTML;
}

/** @type {Record<string, (chain: any) => any>} */
const COMMANDS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  bulletList: (chain) => chain.toggleBulletList(),
  orderedList: (chain) => chain.toggleOrderedList(),
  blockquote: (chain) => chain.toggleBlockquote(),
  heading: (chain) => chain.toggleHeading({ level: 4 }),
};

/** A rich text field: toolbar, contenteditable and the row where a link is typed. */
export class RichText {
  /**
   * @param {HTMLElement} host where the toolbar and the text go
   * @param {{ schema: "text" | "points", label: string, toolbar: HTMLTemplateElement, html: string, onChange: () => void }} options
   */
  constructor(host, { schema, label, toolbar, html, onChange }) {
    host.append(toolbar.content.cloneNode(true));
    const surface = document.createElement("div");
    surface.className = "rich-text__surface";
    host.append(surface);
    this.tools = /** @type {HTMLElement} */ (host.querySelector("[role=toolbar]"));
    this.linkRow = /** @type {HTMLElement} */ (host.querySelector("[data-part=link-row]"));
    this.linkInput = /** @type {HTMLInputElement} */ (this.linkRow.querySelector("input"));
    if (schema === "points") {
      for (const button of this.tools.querySelectorAll("[data-not-in-points]")) button.remove();
    }
    this.editor = new Editor({
      element: surface,
      extensions: SCHEMAS[schema],
      content: html,
      injectCSS: false,
      editorProps: {
        attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, class: "rich-text__text", dir: "auto", spellcheck: "true" },
        transformPastedHTML: withoutHandlers,
        handleKeyDown: (/** @type {any} */ _view, /** @type {KeyboardEvent} */ event) => this.#onKey(event),
      },
      onUpdate: () => onChange(),
      onTransaction: () => this.#reflect(),
    });
    this.#wireTools();
    this.#reflect();
  }

  /** @returns {string} the text as HTML; empty where nothing is written */
  get html() {
    return this.editor.isEmpty ? "" : this.editor.getHTML();
  }

  /** @returns {string[]} the inline HTML of each point of a list */
  get points() {
    const parsed = new DOMParser().parseFromString(this.editor.getHTML(), "text/html");
    return [...parsed.querySelectorAll("li")].map((point) => (point.querySelector("p") ?? point).innerHTML);
  }

  get surface() {
    return /** @type {HTMLElement} */ (this.editor.view.dom);
  }

  focus() {
    this.editor.commands.focus("end");
  }

  destroy() {
    this.editor.destroy();
  }

  #wireTools() {
    const buttons = /** @type {HTMLButtonElement[]} */ ([...this.tools.querySelectorAll("button")]);
    // One stop in the tab order; the arrows move inside, as toolbars do.
    buttons.forEach((button, index) => (button.tabIndex = index ? -1 : 0));
    this.tools.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const from = buttons.indexOf(/** @type {any} */ (document.activeElement));
      if (!step || from < 0) return;
      event.preventDefault();
      const to = buttons[(from + step + buttons.length) % buttons.length];
      buttons.forEach((button) => (button.tabIndex = button === to ? 0 : -1));
      to.focus();
    });
    // Pressing a tool must not take the selection away from the text.
    this.tools.addEventListener("mousedown", (event) => event.preventDefault());
    this.tools.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("button");
      if (!button) return;
      const command = button.dataset.command ?? "";
      if (command === "link") this.#openLink();
      else COMMANDS[command](this.editor.chain().focus()).run();
    });
    this.linkRow.addEventListener("click", (event) => {
      const act = /** @type {Element} */ (event.target).closest("button")?.dataset.link;
      if (act === "set") this.#setLink();
      if (act === "unset") this.#closeLink(this.editor.chain().focus().extendMarkRange("link").unsetLink());
      if (act === "cancel") this.#closeLink(this.editor.chain().focus());
    });
    this.linkInput.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.#setLink();
      } else if (event.key === "Escape") {
        this.#closeLink(this.editor.chain().focus());
      }
      event.stopPropagation();
    });
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether it was taken */
  #onKey(event) {
    // Publishes, which is the form's to do: here it would break the line first, and take away what is selected.
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return true;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.#openLink();
      return true;
    }
    if (event.altKey && event.key === "F10") {
      /** @type {HTMLElement | null} */ (this.tools.querySelector("[tabindex='0']"))?.focus();
      return true;
    }
    return false;
  }

  #openLink() {
    this.linkInput.value = this.editor.getAttributes("link").href ?? "";
    this.linkInput.setCustomValidity("");
    this.linkRow.hidden = false;
    this.linkInput.focus();
  }

  #setLink() {
    const typed = this.linkInput.value.trim();
    if (!typed) return this.#closeLink(this.editor.chain().focus().extendMarkRange("link").unsetLink());
    const href = /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : typed.includes("@") && !typed.includes("/") ? `mailto:${typed}` : `https://${typed}`;
    if (!WEB_LINK.test(href)) {
      this.linkInput.setCustomValidity(this.linkRow.dataset.refusal ?? "");
      this.linkInput.reportValidity();
      return undefined;
    }
    const chain = this.editor.chain().focus();
    const bare = this.editor.state.selection.empty && !this.editor.isActive("link");
    if (bare) return this.#closeLink(chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }));
    return this.#closeLink(chain.extendMarkRange("link").setLink({ href }));
  }

  /** @param {any} chain what is done to the text as the row closes */
  #closeLink(chain) {
    this.linkRow.hidden = true;
    chain.run();
  }

  #reflect() {
    if (!this.editor) return;
    for (const button of this.tools.querySelectorAll("button")) {
      const name = button.dataset.command ?? "";
      button.setAttribute("aria-pressed", String(this.editor.isActive(name)));
    }
  }
}
