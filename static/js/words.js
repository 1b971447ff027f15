/**
 * What the scripts say. The scripts have no words of their own: the server gives them in the blog's language, in `#words`
 * (docs/contracts/entry-html.md lists the keys). A value is a sentence with `{names}` in it, or one sentence for each plural
 * category of the language (`one`, `few`, `other` …). `locale` says which digits and which calendar the server writes.
 */

export class Words {
  /** @param {Record<string, string | Record<string, string>>} sentences @param {string} language */
  constructor(sentences, language) {
    this.sentences = sentences;
    this.language = language;
    this.locale = sentences.locale ?? language;
  }

  /** Made when it is wanted: what `Intl` makes takes longer than all else at a page's start. */
  get plural() {
    return (this.rules ??= new Intl.PluralRules(this.language));
  }

  /** @param {number} count @returns {string} in the language's digits */
  number(count) {
    this.numbers ??= new Intl.NumberFormat(this.locale);
    return this.numbers.format(count);
  }

  /** @param {string[]} parts @returns {string} as a list in the middle of a sentence */
  list(parts) {
    return new Intl.ListFormat(this.locale, { type: "unit", style: "short" }).format(parts);
  }

  /** @param {string} key @param {Record<string, string | number>} [values] `count` chooses the plural. An unknown key says nothing. */
  say(key, values = {}) {
    const found = this.sentences[key] ?? "";
    const sentence = typeof found === "string" ? found : (found[this.plural.select(Number(values.count))] ?? found.other ?? "");
    return sentence.replace(/\{(\w+)\}/g, (whole, name) => this.#written(values[name] ?? whole));
  }

  #written(value) {
    return typeof value === "number" ? this.number(value) : value;
  }
}
