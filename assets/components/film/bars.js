// The bars above a film: one clock for the training, one for the time within the sequence, the
// order of the units, and the help.
import { element } from "../dom.js";
import { Player } from "../player.js";
import { Training } from "../training.js";

const WHOLE = 10; // seconds for a whole sequence at single speed

export class Bars {
  constructor(root, under, view) {
    Object.assign(this, { root, under, view });
    const [training, time] = ["bar training", "bar time"].map((name) => root.appendChild(element("div", name)));
    this.training = new Training(
      training, (what, value) => view.accepts(what, value), () => view.moved(), () => view.restTraining(), (step) => view.point(step),
    );
    this.timeBar = time;
    this.axis = element("span", "axis");
    this.time = new Player(time, (t) => view.pick({ t }), () => view.reporter.soon({}));
    this.sort = element("select", "sort");
    this.sort.onchange = () => view.sortBy(this.sort.value);
    this.help = element("button", "help", "?");
    this.help.type = "button";
    this.guide = element("div", "guide");
    this.guide.hidden = true;
    this.help.onclick = () => (this.guide.hidden = !this.guide.hidden);
    time.append(this.axis, this.sort, this.help);
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
    this.sort.hidden = !sorts.length || (header.fits && !header.films[0].rows.some((row) => row.picks));
    const place = header.fits ? this.under : this.root;
    if (this.timeBar.parentElement !== place) place.prepend(this.timeBar), place === this.root && place.append(this.timeBar, this.guide);
    this.timeBar.classList.toggle("below", header.fits);
    this.axis.textContent = header.fits ? header.time : "";
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

  /** Put the slider of time on the axis of the rows above it. */
  align({ films: [{ left, right }] }, scale, steps) {
    const half = (right - left) / steps / 2;
    this.timeBar.style.setProperty("--left", `${(left + half) * scale}px`);
    this.timeBar.style.setProperty("--end", `${right * scale}px`);
    this.timeBar.style.setProperty("--width", `${(right - left - 2 * half) * scale}px`);
  }

  close() {
    this.training.stop();
    this.time.stop();
  }
}
