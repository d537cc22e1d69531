// A film and its cell where no server is: in a file that plays by itself, and in a notebook.
import cell from "./cell.js";
import film from "./film.js";

const SHOWS = { film, cell };

/** In the place of a server's feed: whoever asks is answered from what is held here, and nothing is reported. */
export class Held {
  constructor() {
    Object.assign(this, { down: false, answers: new Set(), watching: new Set() });
  }

  mind() {
    return () => {};
  }

  /** `answer(topic, have, tell)` of each film of the page says what it holds; `take` hears what comes later, too. */
  watch(topic, take, have = () => []) {
    const one = { topic, take };
    this.watching.add(one);
    for (const answer of this.answers) answer(topic, have(), (message) => this.watching.has(one) && take(message));
    return () => this.watching.delete(one);
  }

  /** A message came. */
  tell(message) {
    for (const { topic, take } of [...this.watching]) if (topic === message.header.topic) take(message);
  }
}

const KEY = Symbol.for("lstm_viz.feed"); // where the components look for it: see feed.js

export const held = () => (globalThis[KEY] ??= new Held());

/** A component (`film` or `cell`) in an element, under its own style; -> what draws its data, or draws them anew. */
export function mount(name, place, style) {
  const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
  const host = document.createElement("div");
  host.className = name;
  root.replaceChildren(style, host);
  let data = null;
  let leave;
  return {
    host,
    draw(message = data) {
      data = message;
      if (data) leave = SHOWS[name]({ data, parentElement: root, setStateValue: () => {} });
    },
    close: () => leave?.(),
  };
}
