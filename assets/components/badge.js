// Whether the instruments agree with PyTorch on the very network shown: a mark, and on a click the
// residuals. It follows the feed, which asks a trainer; nothing of the page waits for it.
import { element } from "./dom.js";
import { feed } from "./feed.js";

const MARKS = { checking: "…", ok: "✓", broken: "✗", unknown: "?" };
const AGAIN = 25_000; // ms
const views = new WeakMap();

class Badge {
  constructor(host) {
    this.host = host;
    this.button = element("button", "mark");
    this.button.type = "button";
    this.panel = element("div", "panel");
    this.panel.hidden = true;
    this.button.onclick = () => this.open(this.panel.hidden);
    host.onkeydown = ({ key }) => key === "Escape" && this.open(false);
    this.outside = (event) => event.composedPath().includes(host) || this.open(false);
    document.addEventListener("pointerdown", this.outside);
    host.replaceChildren(this.button, this.panel);
    this.open(false);
  }

  open(wanted) {
    this.panel.hidden = !wanted;
    this.button.setAttribute("aria-expanded", String(wanted));
  }

  show({ topic, checking }) {
    if (topic === this.topic) return;
    this.topic = topic;
    this.say({ state: "checking", label: checking.label, said: checking.said, rows: [] });
    this.ask();
  }

  /** A trainer that is busy, or begins only now, gives no answer in time: it is asked again. */
  ask() {
    this.leave?.();
    this.leave = feed().watch(this.topic, ({ header }) => header.state === undefined || this.say(header));
    clearTimeout(this.again);
    this.again = setTimeout(() => this.host.dataset.state === "checking" && this.ask(), AGAIN);
  }

  say({ state, label, said, rows }) {
    this.host.dataset.state = state;
    const sign = element("span", "sign", MARKS[state]);
    sign.setAttribute("aria-hidden", "true");
    this.button.replaceChildren(sign, element("span", "word", label));
    this.button.title = said;
    const table = element("table");
    for (const { name, value, broken } of rows) {
      const row = element("tr", broken ? "broken" : "");
      row.append(element("td", "", name), element("td", "", value));
      table.append(row);
    }
    this.panel.replaceChildren(element("p", "", said), ...(rows.length ? [table] : []));
  }

  close() {
    this.leave?.();
    clearTimeout(this.again);
    document.removeEventListener("pointerdown", this.outside);
  }
}

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".badge");
  if (!host || !data) return undefined;
  if (!views.has(host)) views.set(host, new Badge(host));
  const view = views.get(host);
  view.show(data);
  return () => setTimeout(() => host.isConnected || view.close());
}
