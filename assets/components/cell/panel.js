// Below the diagram: the operation pointed at with its live numbers, or the step told in words.
import { element } from "../dom.js";
import { subscripts } from "./numbers.js";

export class Panel {
  constructor() {
    this.root = element("div", "panel");
    this.root.setAttribute("aria-hidden", "true"); // operations have labels, the step is read out
  }

  operation(numbers, id, k, u, direction) {
    const said = numbers.header.operations[id];
    const { equation, numbers: template, means } = numbers.telling(id, direction, k, u);
    const line = element("div", "equation");
    line.append(...subscripts(equation));
    const values = numbers.fill(template, k, u);
    if (values) line.append(element("b", "values", `= ${values}`));
    const name = element("strong", "", said.name);
    name.style.color = `var(--look-${said.look}, inherit)`;
    this.root.replaceChildren(...(said.name ? [name] : []), line, element("div", "means", said.missing || numbers.said(means, k, u)));
  }

  step(numbers, place, k, u, direction) {
    const { header } = numbers;
    const line = element("div", "told", numbers.told(direction, k, u));
    const hint = element("div", "means keys", header.words.keys);
    this.root.replaceChildren(element("strong", "", place), line, hint);
  }
}
