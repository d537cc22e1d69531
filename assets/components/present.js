// The button that presents a page's figures one by one, and its key; and what is said of the other buttons' keys.
import { element, iconButton } from "./dom.js";
import { keys } from "./keys.js";
import { marks } from "./marks.js";
import { presenter } from "./present/presenter.js";
import { scenes } from "./scenes.js";

const SCREEN = "M1.5 2.5h13v9h-13zM3 4v6h10V4zM5.5 12.5h5v1.2h-5z";

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".present");
  if (!host || !data) return undefined;
  if (!host.button) {
    host.button = iconButton("button", SCREEN);
    host.button.append(element("span"));
    host.replaceChildren(host.button);
  }
  host.button.lastChild.textContent = data.label;
  host.button.title = data.help;
  host.button.setAttribute("aria-label", data.label);
  host.button.setAttribute("aria-keyshortcuts", "F");
  host.button.onclick = () => presenter().begin();
  presenter().words = data;
  keys().refused = data.refused;
  marks().words = data.marks;
  scenes();
  return () => setTimeout(() => host.isConnected || presenter().leave());
}
