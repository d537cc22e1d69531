// A film in a notebook, as an anywidget: its messages are those of its model, which may train still.
import { element } from "./dom.js";
import { take } from "./film/store.js";
import { held, mount } from "./stage.js";
import { channels } from "./theme.js";
import { decode } from "./wire.js";

const ROOM = 580; // pixels of the rows and their clocks: a notebook scrolls, so that no window says it
const PARTS = ["film", "cell"];
const WHOLE = ["title", "said", "film", "cell", "waiting"];
const SAYS_DARK = ["class", "style", "theme", "data-theme", "data-jp-theme-light", "data-vscode-theme-kind"];
const boxes = new WeakMap();

const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** What a model sent besides its traits, kept for whoever asks. */
class Box {
  constructor(model) {
    Object.assign(this, { model, weights: new Map(), cell: null, state: null });
    model.on("msg:custom", ({ state }, buffers) => this.take(state, buffers));
    for (const name of ["cell", "weights"]) model.on(`change:${name}`, () => this.takeWhole());
    this.takeWhole();
    const answer = (topic, have, tell) => this.answer(topic, have, tell);
    held().answers.add(answer);
    this.close = () => held().answers.delete(answer);
  }

  takeWhole() {
    this.weights.clear();
    const [cell, weights] = [this.model.get("cell"), this.model.get("weights")];
    for (const each of [...weights, ...(cell.byteLength ? [cell] : [])]) this.keep(decode(bytesOf(each)));
  }

  take(state, buffers) {
    for (const message of buffers.map((each) => decode(bytesOf(each)))) {
      this.keep(message);
      held().tell(message);
    }
    if (!state) return;
    this.state = { header: state };
    held().tell(this.state);
  }

  keep(message) {
    const { header } = message;
    if (header.clock) take(message);
    else if (header.svg) this.cell = message;
    else this.weights.set(header.step, message);
  }

  answer(topic, have, tell) {
    for (const message of [this.cell, this.state]) if (message?.header.topic === topic) tell(message);
    for (const [step, message] of this.weights) if (message.header.topic === topic && !have.includes(step)) tell(message);
  }
}

function boxOf(model) {
  if (!boxes.has(model)) boxes.set(model, new Box(model));
  return boxes.get(model);
}

/** Whether what lies behind an element is dark. */
function isDark(element) {
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    const [red, green, blue, alpha = 255] = channels(getComputedStyle(at).backgroundColor);
    if (alpha > 127) return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
  }
  const roots = [document.documentElement, document.body];
  const said = roots.flatMap((root) => SAYS_DARK.map((name) => root.getAttribute(name) ?? ""));
  return /dark/i.test(said.join(" ")) || matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Call `hear` when the page may have another theme; -> what ends that. */
function watchTheme(hear) {
  const watching = new MutationObserver(hear);
  for (const root of [document.documentElement, document.body]) watching.observe(root, { attributeFilter: SAYS_DARK });
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", hear);
  return () => (watching.disconnect(), preference.removeEventListener("change", hear));
}

const styleOf = (text) => Object.assign(element("style"), { textContent: text });

class View {
  constructor({ model, el }, styles) {
    this.model = model;
    this.place = element("div");
    this.place.dataset.lmSuppressShortcuts = "true"; // JupyterLab's own keys: they are the film's here
    const root = this.place.attachShadow({ mode: "open" });
    const header = element("header");
    [this.title, this.said, this.empty] = [element("h1"), element("p"), element("p", "empty")];
    this.main = element("main");
    header.append(this.title, this.said);
    root.append(styleOf(styles.widget), header, this.empty, this.main);
    el.append(this.place);
    this.parts = Object.fromEntries(PARTS.map((name) => {
      const section = element("section");
      section.id = name;
      this.main.append(section);
      return [name, mount(name, section, styleOf(styles[name]))];
    }));
    this.parts.film.host.dataset.room = ROOM;
    this.leaveTheme = watchTheme(() => this.themed() && this.redraw());
    this.hear = () => (this.timer ??= setTimeout(() => this.draw())); // several traits come at once
    for (const name of WHOLE) model.on(`change:${name}`, this.hear);
    this.draw();
  }

  /** Take in the theme of the page; whether it is another one. */
  themed() {
    const theme = isDark(this.place.parentElement) ? "dark" : "light";
    const other = theme !== this.place.dataset.theme;
    this.place.dataset.theme = theme;
    return other;
  }

  draw() {
    this.timer = null;
    const { model, parts, main } = this;
    this.themed();
    [this.title.textContent, this.said.textContent, this.empty.textContent] = ["title", "said", "empty"].map((name) => model.get(name));
    const film = model.get("film");
    const cell = [model.get("waiting"), model.get("cell")].find(({ byteLength }) => byteLength);
    this.empty.hidden = film.byteLength > 0;
    main.hidden = film.byteLength === 0;
    main.classList.toggle("both", Boolean(cell));
    if (film.byteLength && film !== this.film) parts.film.draw(bytesOf(film));
    if (cell && cell !== this.cell) parts.cell.draw(bytesOf(cell));
    Object.assign(this, { film, cell });
  }

  redraw() {
    for (const name of PARTS) this.parts[name].draw();
  }

  close() {
    clearTimeout(this.timer);
    this.leaveTheme();
    for (const name of WHOLE) this.model.off(`change:${name}`, this.hear);
    this.place.remove();
    for (const name of PARTS) this.parts[name].close();
  }
}

/** The widget, under these style sheets: `widget`, `film` and `cell`. */
export default (styles) => ({
  initialize({ model }) {
    const box = boxOf(model);
    return () => box.close();
  },
  render(given) {
    boxOf(given.model); // where nobody called initialize
    const view = new View(given, styles);
    return () => view.close();
  },
});
