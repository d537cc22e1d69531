// The label under a figure that shows no run but a "what if": what was changed, and the way back.
import { element } from "../dom.js";
import { feed } from "../feed.js";
import { saidAnswer, saidChanges } from "./words.js";

export class Label {
  constructor(host) {
    this.root = element("div", "whatif");
    this.root.hidden = true;
    this.name = element("strong");
    this.changes = element("span", "changes");
    this.answer = element("b");
    this.everywhere = element("button", "back everywhere");
    this.back = element("button", "back");
    for (const button of [this.everywhere, this.back]) button.type = "button";
    this.everywhere.onclick = () => this.what.hold(...this.last, null, this.what.held.at(-1).value);
    this.back.onclick = () => this.what.reset();
    this.typed = element("input");
    Object.assign(this.typed, { type: "text", spellcheck: false, autocomplete: "off" });
    this.typed.oninput = () => this.type();
    this.field = element("label", "typed");
    this.fieldName = element("span");
    this.field.append(this.fieldName, this.typed);
    this.root.append(this.field, this.name, this.changes, this.answer, this.everywhere, this.back);
    host.append(this.root);
  }

  /** Belong to a "what if", or to none. */
  show(what) {
    const another = what !== this.what;
    this.what = what;
    if (!what) return void (this.root.hidden = true);
    const { words, symbols } = what.about;
    this.name.textContent = words.whatIf;
    this.back.textContent = words.back;
    this.everywhere.textContent = words.everywhere;
    this.field.hidden = !symbols;
    this.fieldName.textContent = words.type;
    this.typed.maxLength = what.steps;
    this.typed.setAttribute("aria-label", words.type);
    this.root.classList.toggle("text", Boolean(symbols));
    if (another && symbols) this.write();
    this.draw(null, null);
  }

  /** Say what was changed; `now` and `before` are the answers of the frame, null while it is on its way. */
  draw(now, before) {
    const { what } = this;
    if (!what) return;
    const { on, about: { words, symbols } } = what;
    this.root.hidden = !on && !symbols;
    this.root.classList.toggle("on", on);
    this.everywhere.hidden = typeof what.held.at(-1)?.t !== "number";
    for (const part of [this.name, this.changes, this.answer, this.back]) part.hidden = !on;
    const standing = on && what.about.standing ? words.standing : "";
    const unknown = this.unknown ? words.unknown.replace("{characters}", this.unknown) : "";
    this.changes.textContent = [...saidChanges(what), standing, unknown].filter(Boolean).join("; ");
    this.changes.title = this.changes.textContent; // which may be cut off
    this.answer.textContent = now ? saidAnswer(what, now, before) : this.waiting();
    if (symbols && !on && this.typed !== this.typed.getRootNode().activeElement) this.write();
  }

  /** The gate that was set last. */
  get last() {
    const { layer, gate, unit } = this.what.held.at(-1);
    return [layer, gate, unit];
  }

  /** Why there is no answer yet. */
  waiting() {
    const { about: { words, inBrowser }, source } = this.what;
    if (feed().down) return words.down;
    return inBrowser ? words.waiting : source.failed || words.asking;
  }

  /** The example as it is read, as text. */
  write() {
    const { what } = this;
    this.typed.value = [...what.input].map((code) => what.about.symbols[code]).join("");
    this.unknown = "";
  }

  /** What is typed is read from the first step on; what the network has no symbol for is left out. */
  type() {
    const { symbols } = this.what.about;
    const letters = [...this.typed.value];
    this.unknown = [...new Set(letters.filter((letter) => !symbols.includes(letter)))].join(" ");
    this.what.read(letters.filter((letter) => symbols.includes(letter)).map((letter) => symbols.indexOf(letter)));
  }
}
