// The fragment as readers get it, in a shadow root with the readers' own style sheets: neither page's style touches the other.

export class Preview {
  /** @param {HTMLElement} section with the parts preview-page and preview-fault @param {string} address where a form is rendered */
  constructor(section, address) {
    this.section = section;
    this.address = address;
    this.fault = /** @type {HTMLElement} */ (section.querySelector("[data-part=preview-fault]"));
    const page = /** @type {HTMLElement} */ (section.querySelector("[data-part=preview-page]"));
    this.root = page.attachShadow({ mode: "open" });
    for (const href of (page.dataset.styles ?? "").split(" ")) {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = href;
      this.root.append(link);
    }
    this.stream = document.createElement("section");
    this.stream.className = "stream";
    this.root.append(this.stream);
  }

  /**
   * @param {HTMLFormElement} form
   * @param {string} failed what to say when no answer comes
   * @returns {Promise<{ field: string, message: string }[]>} what the server would refuse; empty when the fragment is shown
   */
  async show(form, failed) {
    this.section.hidden = false;
    this.section.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.address, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (response.ok) {
        // The parser makes a document of its own, in which no script runs; its article moves over here.
        const parsed = new DOMParser().parseFromString(answer.html, "text/html");
        this.stream.replaceChildren(...parsed.body.children);
        for (const link of this.stream.querySelectorAll("a")) link.target = "_blank";
      }
      this.#say(answer.faults ?? []);
      return answer.faults ?? [];
    } catch {
      this.#say([{ message: failed }]);
      return [];
    } finally {
      this.section.removeAttribute("aria-busy");
    }
  }

  /** @param {{ message: string }[]} faults */
  #say(faults) {
    this.fault.hidden = !faults.length;
    this.fault.textContent = faults.map((fault) => fault.message).join(" ");
    this.stream.hidden = faults.length > 0;
  }
}
