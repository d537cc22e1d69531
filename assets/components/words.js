// Words about a run that follow the feed: a line, with a bar where there is a share, or a text.
import { element } from "./dom.js";
import { feed } from "./feed.js";

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

  show({ topic, share, text, kind }) {
    this.host.dataset.kind = kind;
    if (kind === "line") this.host.append(this.bar);
    this.say({ share, text });
    if (topic === this.topic) return;
    this.leave?.();
    this.topic = topic;
    this.leave = topic ? feed().watch(topic, ({ header }) => header.text === undefined || this.say(header)) : null;
  }

  say({ share, text }) {
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
