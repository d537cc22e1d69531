// Words about a run that follow the feed: a line, with a bar where there is a share, or a text; and
// what a line says of the moment of its training that a film shows, also while it plays.
import { element } from "./dom.js";
import { feed } from "./feed.js";
import { selectionOf } from "./selection.js";

const views = new WeakMap();

class Words {
  constructor(host) {
    this.host = host;
    this.text = element("div", "said");
    this.bar = element("div", "bar");
    this.bar.setAttribute("role", "progressbar");
    this.bar.append(element("div", "done"));
    host.replaceChildren(this.text);
  }

  show({ topic, share, text, kind, subject, moments }) {
    this.host.dataset.kind = kind;
    if (kind === "line") this.host.append(this.bar);
    this.moments = new Map(moments);
    if (subject !== this.subject) this.join(subject);
    this.say({ share, text });
    if (topic === this.topic) return;
    this.leave?.();
    this.topic = topic;
    this.leave = topic ? feed().watch(topic, ({ header }) => header.text === undefined || this.say(header)) : null;
  }

  join(subject) {
    this.leaveSelection?.();
    this.subject = subject;
    this.selection = subject && selectionOf(subject);
    this.leaveSelection = this.selection?.join((changed) => ["step", "at"].some((what) => changed.has(what)) && this.say(this.told));
  }

  /** What the moment that is shown is told by; where that is the newest of a run that trains, the feed knows it. */
  get moment() {
    const now = this.selection?.now;
    return now && !(this.topic && now.step === -1) ? this.moments.get(now.at) : undefined;
  }

  say(told) {
    this.told = told;
    const { share } = told;
    const text = this.moment ?? told.text;
    this.text.textContent = text;
    this.text.title = this.host.dataset.kind === "line" ? text : ""; // a narrow line cuts it off
    this.bar.hidden = typeof share !== "number";
    if (this.bar.hidden) return;
    this.bar.setAttribute("aria-valuenow", Math.round(100 * share));
    this.bar.setAttribute("aria-label", text);
    this.bar.firstChild.style.width = `${100 * share}%`;
  }

  close() {
    this.leave?.();
    this.leaveSelection?.();
  }
}

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".words");
  if (!host || !data) return undefined;
  if (!views.has(host)) views.set(host, new Words(host));
  const view = views.get(host);
  view.show(data);
  // A superseded call must not end what its successor uses.
  return () => setTimeout(() => host.isConnected || view.close());
}
