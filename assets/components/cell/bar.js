// Above the diagram: step and play through time, the unit, forward or backward.
import { element } from "../dom.js";
import { Player } from "../player.js";
import { Training } from "../training.js";

const STEPS_A_SECOND = 2;
const DIRECTIONS = ["forward", "backward"];

export class Bar {
  constructor(view) {
    this.view = view;
    this.root = element("div", "bars");
    const [training, time] = ["bar training", "bar time"].map((name) => this.root.appendChild(element("div", name)));
    const accepts = (what, value) => view.reporter.accepts(what, value);
    this.training = new Training(training, accepts, () => view.moved(), () => view.moved(), (step) => this.training.peek(step));
    this.time = new Player(time, (k) => view.pick({ k }));
    for (const player of [this.training, this.time]) {
      player.looping = false;
      player.loop.remove();
    }
    this.unit = element("select", "unit");
    this.unit.onchange = () => view.pick({ u: this.unit.selectedIndex });
    this.unitName = element("label", "of");
    this.unitName.append(element("span"), this.unit);
    this.turns = DIRECTIONS.map((direction) => {
      const turn = element("button", "turn");
      turn.type = "button";
      turn.onclick = () => view.turn(direction);
      return turn;
    });
    this.ways = element("div", "ways");
    this.ways.setAttribute("role", "group");
    this.ways.append(...this.turns);
    time.append(this.unitName, this.ways);
  }

  show({ words, units, steps, gradient, playback }) {
    const { view } = this;
    const said = { ...words, forward: words.on };
    this.training.wanted ??= view.selection.now.step;
    this.training.showPlayback(playback, said);
    this.time.name.hidden = !playback;
    for (const [each, name] of [[this.unit, words.unit], [this.ways, words.direction]]) {
      each.setAttribute("aria-label", name);
      each.title = name;
    }
    this.unitName.firstChild.textContent = words.unit;
    this.turns.forEach((turn, place) => (turn.textContent = words[DIRECTIONS[place]]));
    this.ways.hidden = gradient === null;
    this.unitName.hidden = units.length < 2;
    if (this.unit.length !== units.length || this.unit.options[0]?.value !== String(units[0])) {
      this.unit.replaceChildren(...units.map((unit) => new Option(unit, unit)));
    }
    const last = Math.max(view.timeOf(0), view.timeOf(steps - 1)); // a layer may read from the end
    const say = (k) => words.place.replace("{t}", view.timeOf(k)).replace("{last}", last);
    this.time.index = view.k;
    this.time.show({ count: steps, rate: STEPS_A_SECOND, name: words.timeline, what: words.time, words: said, say });
  }

  draw() {
    const { view, time } = this;
    time.way = view.direction === "forward" ? 1 : -1;
    time.index = view.k;
    time.draw();
    this.unit.selectedIndex = view.u;
    this.turns.forEach((turn, place) => turn.setAttribute("aria-pressed", String(view.direction === DIRECTIONS[place])));
    view.host.classList.toggle("playing", time.playing);
  }
}
