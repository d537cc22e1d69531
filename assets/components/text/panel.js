// Beside a text: one character, its value, what was expected to come next and what came.
import { element } from "../dom.js";
import { fixed } from "../ticks.js";

const percent = (share) => (share > 0 && share < 0.001 ? "<0.1%" : `${(100 * share).toFixed(1)}%`);

export class Panel {
  constructor() {
    this.root = element("div", "panel");
    this.root.setAttribute("aria-hidden", "true"); // the same is read out as a sentence
  }

  show(header, [codes, values, top, probabilities], look) {
    Object.assign(this, { header, codes: codes.values, values: values.values, look });
    this.count = top?.shape[1] ?? 0;
    Object.assign(this, { top: top?.values, probabilities: probabilities?.values });
    this.decimals = Math.max(0, 3 - Math.ceil(Math.log10(header.high - header.low)));
  }

  /** The likeliest next characters after t: [{ symbol, share, came }]. */
  expected(t) {
    const { header, count } = this;
    return Array.from({ length: count }, (_, k) => {
      const symbol = header.symbols[this.top[t * count + k]];
      const share = this.probabilities[t * count + k];
      return { symbol, share, came: symbol === header.characters[t + 1] };
    });
  }

  value(t) {
    return Number.isFinite(this.values[t]) ? fixed(this.values[t], this.decimals) : this.header.words.missing;
  }

  explain(t) {
    const { words, expects } = this.header;
    const lines = this.expected(t).map((line) => this.bar(line));
    if (expects) lines.unshift(element("div", "title", words.expected));
    this.root.classList.toggle("short", !expects);
    this.root.replaceChildren(this.what(t), ...lines, this.after(t));
  }

  what(t) {
    const { header, codes, look } = this;
    const character = header.characters[t];
    const chip = element("b", codes[t] ? "chip" : "chip missing", header.signs[character] ?? character);
    if (codes[t]) [chip.style.background, chip.style.color] = [look.papers[codes[t] - 1], look.inks[codes[t] - 1]];
    const name = header.names[character];
    const place = element("span", "place", name ? `t = ${t} · ${name}` : `t = ${t}`);
    const value = element("span", "value", `${header.title}: `);
    value.append(element("b", "", this.value(t)));
    const what = element("div", "what");
    what.append(chip, place, value);
    return what;
  }

  bar({ symbol, share, came }) {
    const line = element("div", came ? "line came" : "line");
    const fill = element("i", "");
    fill.style.width = `${100 * share}%`;
    fill.style.background = this.look.expected;
    const track = element("span", "track");
    track.append(fill);
    const { signs, words } = this.header;
    line.append(element("b", "", signs[symbol] ?? symbol), track, element("span", "share", percent(share)));
    line.append(element("em", "", came ? words.came : ""));
    return line;
  }

  /** The line below the bars: the next character where no bar is its own. */
  after(t) {
    const { characters, signs, words, expects } = this.header;
    const next = characters[t + 1];
    if (next === undefined) return element("div", "line end", words.end);
    if (this.expected(t).some((line) => line.came)) return element("div", "line");
    const line = element("div", "line came rest");
    const said = element("span", "less", expects ? words.unlikely : "");
    line.append(element("b", "", signs[next] ?? next), said, element("em", "", words.came));
    return line;
  }

  /** The same as a sentence, for who hears it. */
  spoken(t) {
    const { header } = this;
    const { words, characters } = header;
    const name = (character) => header.names[character] ?? character;
    const fill = { t, character: name(characters[t]), value: `${header.title} ${this.value(t)}` };
    const place = words.place.replace(/\{(\w+)\}/g, (_, key) => fill[key]);
    const expected = this.expected(t).map(({ symbol, share }) => `${name(symbol)} ${percent(share)}`);
    const next = characters[t + 1];
    const end = next === undefined ? words.end : `${words.next}: ${name(next)}`;
    return [place, expected.length ? `${words.expected}: ${expected.join(", ")}` : "", end].filter(Boolean).join(". ");
  }
}
