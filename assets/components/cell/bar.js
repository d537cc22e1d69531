// Above the diagram: step and play through time, the unit, forward or backward.
import { element } from "../dom.js";
import { Player } from "../player.js";

const STEPS_A_SECOND = 2;
const DIRECTIONS = ["forward", "backward"];

export class Bar {
  constructor(view) {
    this.view = view;
    this.root = element("div", "bars");
    const time = this.root.appendChild(element("div", "bar time"));
    this.time = new Player(time, (k) => view.pick({ k }));
    this.time.looping = false;
    this.time.loop.remove();
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

  show({ words, units, steps, gradient }) {
    const { view } = this;
    const said = { ...words, forward: words.on };
    this.time.name.hidden = true;
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
