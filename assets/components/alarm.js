// What is wrong with a run in the moment of its training that is shown, also while the moments pass.
import { element } from "./dom.js";
import { feed } from "./feed.js";
import { Selection, selectionOf } from "./selection.js";
import { joinWhatIfs } from "./touch/whatif.js";

const READ_AFTER = 500; // ms of rest before a screen reader hears of a moment
const GAP = 4; // pixels from an alarm to what lies below it
const DRAWN = '[data-testid="stBidiComponentIsolated"]';
const views = new WeakMap();

class Alarm {
  constructor(host) {
    Object.assign(this, { host, known: new Map(), selection: new Selection() });
    this.text = element("div", "said");
    this.reading = element("div", "reading");
    this.reading.setAttribute("aria-live", "polite");
    host.replaceChildren(this.text, this.reading);
    this.watch = new ResizeObserver(() => this.makeWay());
    this.watch.observe(host);
    this.leaveWhatIfs = joinWhatIfs(() => this.beside());
    this.beside();
  }

  show({ subject, topic, step, said }) {
    if (subject !== this.subject) {
      this.leaveSelection?.();
      this.selection = selectionOf(subject);
      this.leaveSelection = this.selection.join((changed) => ["at", "pointed.step"].some((what) => changed.has(what)) && this.say());
      this.known.clear();
    }
    for (const [at, text] of said) this.known.set(at, text);
    Object.assign(this, { subject, step });
    if (topic !== this.topic) {
      this.leave?.();
      this.leave = topic ? feed().watch(topic, ({ header }) => this.take(header), () => [...this.known.keys()]) : null;
      this.topic = topic;
    }
    this.say();
  }

  take({ step, text }) {
    if (step === undefined) return; // the run is gone
    this.known.set(step, text);
    this.say();
  }

  /** Of a moment that nothing is known of yet, nothing is said. */
  say() {
    const { pointed, now } = this.selection;
    const text = this.known.get(pointed.step ?? now.at ?? this.step) ?? "";
    if (text === this.text.textContent) return;
    this.text.textContent = text;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.reading.textContent = text), READ_AFTER);
  }

  /** Look for the label of a "what if", which on the stage lies where alarms do. */
  beside() {
    const boxes = [...document.querySelectorAll(DRAWN)].map(({ shadowRoot }) => shadowRoot?.querySelector(".whatif"));
    const box = boxes.find(Boolean) ?? null;
    if (box === this.box) return;
    if (this.box) this.watch.unobserve(this.box);
    this.box = box;
    if (box) this.watch.observe(box);
  }

  /** That label goes below the alarm where it would lie over it. */
  makeWay() {
    const { box, text } = this;
    if (!box?.isConnected) return;
    box.style.bottom = "";
    if (getComputedStyle(box).position !== "absolute") return;
    const [mine, its] = [text.getBoundingClientRect(), box.getBoundingClientRect()];
    const apart = !mine.height || !its.height || its.left >= mine.right || its.top >= mine.bottom + GAP || its.bottom <= mine.top;
    if (!apart) box.style.bottom = `${parseFloat(getComputedStyle(box).bottom) - (mine.bottom + GAP - its.top)}px`;
  }

  close() {
    this.leave?.();
    this.leaveSelection?.();
    this.leaveWhatIfs();
    this.watch.disconnect();
    clearTimeout(this.timer);
    if (this.box) this.box.style.bottom = "";
  }
}

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".alarm");
  if (!host || !data) return undefined;
  if (!views.has(host)) views.set(host, new Alarm(host));
  const view = views.get(host);
  view.show(data);
  // A superseded call must not end what its successor uses.
  return () => setTimeout(() => host.isConnected || view.close());
}
