// The bars above a film: one clock for the training, one for the time within the sequence, the
// order of the units, and the help.
import { element } from "../dom.js";
import { Player } from "../player.js";
import { Training } from "../training.js";

const WHOLE = 10; // seconds for a whole sequence at single speed

export class Bars {
  constructor(root, view) {
    Object.assign(this, { root, view });
    const [training, time] = ["bar training", "bar time"].map((name) => root.appendChild(element("div", name)));
    this.training = new Training(
      training, (what, value) => view.accepts(what, value), () => view.moved(), () => view.restTraining(), (step) => view.point(step),
    );
    this.time = new Player(time, (t) => view.pick({ t }), () => view.reporter.soon({}));
    this.sort = element("select", "sort");
    this.sort.onchange = () => view.sortBy(this.sort.value);
    this.help = element("button", "help", "?");
    this.help.type = "button";
    this.guide = element("div", "guide");
    this.guide.hidden = true;
    this.help.onclick = () => (this.guide.hidden = !this.guide.hidden);
    time.append(this.sort, this.help);
    root.append(this.guide);
  }

  show(header) {
    const { words, sorts, steps } = header;
    this.showTraining(header);
    this.time.show({
      count: steps, rate: Math.max(6, steps / WHOLE), name: words.time, what: words.step, words,
      say: (t) => `t = ${t}`,
    });
    this.time.label.style.minWidth = `${2.4 + 0.6 * String(steps).length}em`;
    this.sort.hidden = !sorts.length;
    this.sort.setAttribute("aria-label", words.sort);
    this.sort.replaceChildren(...sorts.map(([key, name]) => new Option(`${words.sort} ${name}`, key, false, key === header.sort)));
    this.help.title = words.help;
    this.help.setAttribute("aria-label", words.help);
    this.guide.replaceChildren(...[words.keys, header.touch?.words.keys, header.untouchable, words.exact].filter(Boolean).map((text) => element("p", "", text)));
  }

  showTraining({ playback, words, films }) {
    this.training.wanted ??= this.view.selection.now.step;
    this.training.showPlayback(playback, words, films.length === 1);
  }

  close() {
    this.training.stop();
    this.time.stop();
  }
}
