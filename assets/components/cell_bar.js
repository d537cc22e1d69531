// Buttons above the diagram: step and play through time, the unit, forward or backward.
import { element } from "./panel.js";

const STEPS_A_SECOND = 2;
const SPEEDS = [0.5, 1, 2, 4, 8];
const ICONS = {
  back: "M12.5 2.5v11L6 8zM3.5 2.5h2v11h-2z",
  on: "M3.5 2.5v11L10 8zM10.5 2.5h2v11h-2z",
  play: "M4 2.5v11l9.5-5.5z",
  pause: "M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z",
};

export class Bar {
  constructor(view) {
    this.view = view;
    this.root = element("div", "bar");
    this.back = this.button("back", () => view.pick({ k: view.k - 1 }));
    this.play = this.button("play", () => this.toggle());
    this.on = this.button("on", () => view.pick({ k: view.k + 1 }));
    this.slider = element("input", "slider");
    Object.assign(this.slider, { type: "range", min: 0, step: 1 });
    this.slider.oninput = () => view.pick({ k: Number(this.slider.value) });
    this.label = element("output", "label");
    this.speed = element("select", "speed");
    for (const speed of SPEEDS) this.speed.append(new Option(`${speed}×`, speed, speed === 1, speed === 1));
    this.unit = element("select", "unit");
    this.unit.onchange = () => view.pick({ u: this.unit.selectedIndex });
    this.unitName = element("label", "name");
    this.unitName.append(element("span", ""), this.unit);
    this.turns = ["forward", "backward"].map((direction) => {
      const turn = element("button", "turn");
      turn.type = "button";
      turn.onclick = () => view.turn(direction);
      return turn;
    });
    this.ways = element("div", "ways");
    this.ways.setAttribute("role", "group");
    this.ways.append(...this.turns);
    this.root.append(this.back, this.play, this.on, this.slider, this.label, this.speed, this.unitName, this.ways);
  }

  button(name, act) {
    const made = element("button", `step ${name}`);
    made.type = "button";
    made.onclick = act;
    made.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
    return made;
  }

  show(header) {
    const { words, units } = header;
    this.words = words;
    for (const [each, name] of [[this.back, words.back], [this.on, words.on], [this.speed, words.speed], [this.slider, words.time], [this.unit, words.unit], [this.ways, words.direction]]) {
      each.setAttribute("aria-label", name);
      each.title = name;
    }
    this.unitName.firstChild.textContent = words.unit;
    this.slider.max = Math.max(header.steps - 1, 1);
    this.turns.forEach((turn, place) => (turn.textContent = [words.forward, words.backward][place]));
    this.ways.hidden = header.gradient === null;
    this.unitName.hidden = units.length < 2;
    if (this.unit.length !== units.length || this.unit.options[0]?.value !== String(units[0])) {
      this.unit.replaceChildren(...units.map((unit) => new Option(unit, unit)));
    }
  }

  draw() {
    const { view, words } = this;
    this.slider.value = view.k;
    this.slider.style.setProperty("--done", `${(100 * view.k) / Math.max(view.last, 1)}%`);
    this.label.textContent = words.place.replace("{t}", view.timeOf(view.k)).replace("{last}", view.timeOf(view.last));
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
    this.unit.selectedIndex = view.u;
    const doing = this.clock ? "pause" : "play";
    this.play.querySelector("path").setAttribute("d", ICONS[doing]);
    this.play.setAttribute("aria-label", words[doing]);
    this.play.title = words[doing];
    this.turns.forEach((turn, place) => turn.setAttribute("aria-pressed", String(view.direction === ["forward", "backward"][place])));
    view.host.classList.toggle("playing", Boolean(this.clock));
  }

  /** Forward through time, or back where the gradient is shown; from the other end at the end. */
  toggle() {
    if (this.clock) return this.stop();
    const { view } = this;
    const step = view.direction === "forward" ? 1 : -1;
    const [begin, end] = step > 0 ? [0, view.last] : [view.last, 0];
    if (view.k === end) view.pick({ k: begin }, false);
    const go = () => {
      this.clock = setTimeout(go, 1000 / (STEPS_A_SECOND * Number(this.speed.value)));
      if (view.k === end) return this.stop();
      return view.pick({ k: view.k + step }, false);
    };
    this.clock = setTimeout(go, 1000 / (STEPS_A_SECOND * Number(this.speed.value)));
    this.draw();
    return undefined;
  }

  stop() {
    if (!this.clock) return;
    clearTimeout(this.clock);
    this.clock = null;
    if (this.words) this.draw();
  }
}
