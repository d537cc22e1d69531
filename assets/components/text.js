// A text whose letters are coloured by one value each; the letter under the cursor is explained.
import { decode, restore } from "./wire.js";
import { lookup, readTheme } from "./theme.js";

const TELL_AFTER = 150; // ms of rest before the server hears of a cursor moved by keys
const SIGNS = { "\n": "⏎\n", "\t": "⇥\t" };

const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".text");
  if (!host || !data) return;
  if (!views.has(host)) views.set(host, new Reading(host));
  const view = views.get(host);
  view.tell = setStateValue;
  view.show(data);
}

function element(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

class Reading {
  constructor(host) {
    this.head = element("div", "head");
    this.letters = element("div", "letters");
    this.letters.tabIndex = 0;
    this.letters.setAttribute("role", "application");
    this.panel = element("div", "panel");
    this.panel.setAttribute("aria-live", "polite");
    host.replaceChildren(this.head, this.letters, this.panel);
    this.host = host;
    this.t = 0;
    this.letters.addEventListener("click", ({ target }) => target.dataset.t && this.pick(Number(target.dataset.t)));
    this.letters.addEventListener("pointermove", ({ target }) => target.dataset.t && this.explain(Number(target.dataset.t)));
    this.letters.addEventListener("pointerleave", () => this.explain(this.t));
    this.letters.addEventListener("keydown", (event) => this.press(event));
  }

  show(data) {
    const { header, arrays } = decode(data);
    const [codes, probabilities, top] = header.order.map((k) => arrays[k]);
    Object.assign(this, { header, codes: codes.values, probabilities, top });
    this.theme = readTheme(this.host);
    this.colours = lookup(header.ramp[this.theme.name]);
    if (header.cursor !== null && header.cursor !== this.given) this.t = header.cursor;
    this.given = header.cursor;
    this.t = Math.min(this.t, header.letters.length - 1);
    this.letters.setAttribute("aria-label", header.summary);
    this.letters.replaceChildren(...header.letters.map((letter, t) => this.letter(letter, t)));
    this.legend();
    this.explain(this.t);
  }

  letter(letter, t) {
    const span = element("span", t === this.t ? "here" : "", SIGNS[letter] ?? letter);
    span.dataset.t = t;
    span.style.background = this.paper(t);
    span.style.color = this.ink(t);
    return span;
  }

  paper(t) {
    const word = this.colours[this.codes[t]];
    return this.codes[t] ? `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})` : "transparent";
  }

  /** Black or white, whichever stands out more. */
  ink(t) {
    if (!this.codes[t]) return "inherit";
    const word = this.colours[this.codes[t]];
    const [r, g, b] = [0, 8, 16].map((shift) => (((word >> shift) & 255) / 255) ** 2.2);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000000" : "#ffffff";
  }

  legend() {
    const { header } = this;
    const bar = element("i", "ramp");
    bar.style.background = `linear-gradient(to right, ${header.ramp[this.theme.name].join(", ")})`;
    const scale = element("span", "scale");
    scale.append(element("span", "", String(header.low)), bar, element("span", "", String(header.high)));
    this.head.replaceChildren(element("strong", "", header.title), scale);
  }

  /** What was there, and what was expected to come next. */
  explain(t) {
    const { header, codes, top, probabilities } = this;
    const row = { low: header.low, high: header.high, scale: "linear" };
    const value = codes[t] ? restore(codes[t], row).toFixed(2) : "–";
    const said = element("div", "said");
    const next = header.letters[t + 1];
    const words = next === undefined ? header.words.at : header.words.between;
    const fill = { t, letter: header.shown[t], value, next: next === undefined ? "" : header.shown[t + 1] };
    said.textContent = words.replace(/\{(\w+)\}/g, (_, name) => fill[name]);
    const bars = element("div", "bars");
    const count = top.shape[1];
    for (let k = 0; k < count; k++) {
      const symbol = header.symbols[top.values[t * count + k]];
      const share = probabilities.values[t * count + k];
      const line = element("div", symbol === header.shown[t + 1] ? "line came" : "line");
      const fillBar = element("i", "");
      fillBar.style.width = `${100 * share}%`;
      const track = element("span", "track");
      track.append(fillBar);
      line.append(element("b", "", symbol), track, element("span", "", `${(100 * share).toFixed(0)} %`));
      bars.append(line);
    }
    this.panel.replaceChildren(said, bars);
  }

  press(event) {
    const last = this.header.letters.length - 1;
    const places = { ArrowLeft: this.t - 1, ArrowRight: this.t + 1, Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.pick(Math.min(Math.max(places[event.key], 0), last));
  }

  pick(t) {
    this.letters.children[this.t]?.classList.remove("here");
    this.letters.children[t].classList.add("here");
    this.t = t;
    this.explain(t);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell("t", t), TELL_AFTER);
  }
}
