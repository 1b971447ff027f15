/**
 * What the scripts say. The scripts have no words of their own: the server gives them in the blog's language, in `#words`
 * (docs/contracts/entry-html.md lists the keys). A value is a sentence with `{names}` in it, or one sentence for each plural
 * category of the language (`one`, `few`, `other` …).
 */

export class Words {
  /** @param {Record<string, string | Record<string, string>>} sentences @param {string} language */
  constructor(sentences, language) {
    this.sentences = sentences;
    this.language = language;
  }

  /** Made when it is wanted: what `Intl` makes takes longer than all else at a page's start. */
  get plural() {
    return (this.rules ??= new Intl.PluralRules(this.language));
  }

  /** @param {string} key @param {Record<string, string | number>} [values] `count` chooses the plural. An unknown key says nothing. */
  say(key, values = {}) {
    const found = this.sentences[key] ?? "";
    const sentence = typeof found === "string" ? found : (found[this.plural.select(Number(values.count))] ?? found.other ?? "");
    return sentence.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }
}
