// One mounted text: its characters, its cursor, and what the server hears of it.
import { decode } from "../wire.js";
import { readTheme } from "../theme.js";
import { element } from "../dom.js";
import { Reporter } from "../reporter.js";
import { Selection } from "../selection.js";
import { number } from "../ticks.js";
import { Panel } from "./panel.js";

const READ_AFTER = 350; // ms of rest before a screen reader hears of a move

export class Reader {
  constructor(host) {
    this.host = host;
    Object.assign(this, { t: 0, spans: [], selection: new Selection() });
    this.hear = () => this.heard();
    this.reporter = new Reporter(host, (what, value) => this.report(what, value));
    this.head = element("div", "head");
    this.letters = element("div", "letters");
    this.letters.tabIndex = 0;
    this.letters.setAttribute("role", "application");
    this.panel = new Panel();
    this.reading = element("div", "reading");
    this.reading.setAttribute("aria-live", "polite");
    const body = element("div", "body");
    body.append(this.letters, this.panel.root);
    host.replaceChildren(this.head, body, this.reading);
    this.letters.onclick = (event) => this.point(event, (t) => this.pick(t));
    this.letters.onpointermove = (event) => this.point(event, (t) => this.lookAt(t));
    this.letters.onpointerleave = () => this.lookAt(undefined);
    this.letters.onkeydown = (event) => this.press(event);
  }

  show(data) {
    const { header, arrays } = decode(data);
    this.look = header.looks[readTheme(this.host).name];
    this.selection = this.reporter.join(header.subject, this.hear);
    const same = header.characters.join("\0") === this.header?.characters.join("\0");
    Object.assign(this, { header, codes: arrays[0].values });
    if (!same) this.write();
    this.colour();
    const news = this.reporter.accepts("t", header.cursor) || typeof this.selection.now.t !== "number";
    if (news && header.cursor !== null) this.selection.set({ t: header.cursor }, this.hear);
    this.place(this.within(this.selection.now.t ?? this.t));
    this.letters.setAttribute("aria-label", header.summary);
    this.legend();
    this.panel.show(header, arrays, this.look);
    this.panel.explain(this.t);
  }

  /** Another component moved. */
  heard() {
    if (!this.header || !this.host.isConnected) return;
    const { now, pointed } = this.selection;
    this.place(this.within(now.t ?? this.t));
    this.panel.explain(this.within(pointed.t ?? this.t));
  }

  within(t) {
    return Math.min(Math.max(t, 0), this.header.characters.length - 1);
  }

  /** A character lies under the pointer, or none. */
  lookAt(t) {
    this.selection.point({ t }, this.hear);
    this.panel.explain(t ?? this.t);
  }

  /** One span a character; a line ends after its sign, outside of the span. */
  write() {
    const { characters, signs } = this.header;
    this.spans = characters.map((character, t) => {
      const seen = character === " " || character === "\t";
      const span = element("span", "", seen ? character : (signs[character] ?? character));
      span.dataset.t = t;
      if (seen) span.dataset.sign = signs[character];
      if (character === "\n") span.className = "break";
      return span;
    });
    const parts = this.spans.flatMap((span, t) => (characters[t] === "\n" ? [span, "\n"] : [span]));
    this.letters.replaceChildren(...parts);
  }

  colour() {
    const { papers, inks } = this.look;
    this.spans.forEach((span, t) => {
      const code = this.codes[t];
      span.classList.toggle("missing", code === 0);
      span.style.background = code ? papers[code - 1] : "";
      span.style.setProperty("--ink", code ? inks[code - 1] : "var(--st-text-color)");
    });
  }

  legend() {
    const { header, look } = this;
    const end = (value, mark) => element("span", "", (mark || "") + number(value));
    const bar = element("i", "ramp");
    bar.style.background = `linear-gradient(to right, ${look.ramp.join(", ")})`;
    const scale = element("span", "scale");
    const [below, above] = header.clipped;
    scale.append(end(header.low, below && "≤ "), bar, end(header.high, above && "≥ "));
    if (header.missing) scale.append(element("i", "swatch missing"), element("span", "", header.words.missing));
    this.head.replaceChildren(element("strong", "", header.title), scale);
  }

  point(event, then) {
    const { t } = event.target.dataset;
    if (t !== undefined) then(Number(t));
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const last = this.header.characters.length - 1;
    const places = { ArrowLeft: this.t - 1, ArrowRight: this.t + 1, Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.pick(Math.min(Math.max(places[event.key], 0), last));
  }

  place(t) {
    this.letters.querySelector(".here")?.classList.remove("here");
    this.t = t;
    this.spans[t].classList.add("here");
  }

  /** Move the cursor; the server hears of it after a rest. */
  pick(t) {
    this.place(t);
    this.selection.set({ t }, this.hear);
    this.reveal(this.spans[t]);
    this.panel.explain(t);
    this.reporter.soon({ t });
    clearTimeout(this.readTimer);
    this.readTimer = setTimeout(() => (this.reading.textContent = this.panel.spoken(t)), READ_AFTER);
  }

  /** Scroll the text, and not the page, until a character is in sight. */
  reveal(span) {
    const [box, at] = [this.letters.getBoundingClientRect(), span.getBoundingClientRect()];
    const above = at.top - at.height - box.top;
    const below = at.bottom + at.height - box.bottom;
    if (above < 0) this.letters.scrollTop += above;
    else if (below > 0) this.letters.scrollTop += below;
  }

  close() {
    this.reporter.close();
    clearTimeout(this.readTimer);
  }
}
