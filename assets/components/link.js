// A button that copies the address; where the browser forbids that, the address to copy by hand.
import { element, iconButton } from "./dom.js";

const CHAIN =
  "M6.6 9.4a3 3 0 0 0 4.3 0l2.2-2.2a3 3 0 0 0-4.3-4.3L7.7 4l1 1 1.1-1.1a1.6 1.6 0 0 1 2.3 2.3L9.9 8.4a1.6 1.6 0 0 1-2.3 0z" +
  "M9.4 6.6a3 3 0 0 0-4.3 0L2.9 8.8a3 3 0 0 0 4.3 4.3L8.3 12l-1-1-1.1 1.1a1.6 1.6 0 0 1-2.3-2.3l2.2-2.2a1.6 1.6 0 0 1 2.3 0z";
const SECONDS = 5;

export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".link");
  if (!host || !data) return;
  if (!host.button) build(host);
  host.button.lastChild.textContent = data.label;
  host.button.setAttribute("aria-label", data.label); // a small screen shows its picture alone
  host.button.title = data.label;
  host.button.onclick = () => copy(host, data);
}

function build(host) {
  host.said = element("span", "said");
  host.said.setAttribute("role", "status");
  host.field = element("input", "field");
  host.field.readOnly = true;
  host.field.hidden = true;
  host.button = iconButton("button", CHAIN);
  host.button.append(element("span"));
  const below = element("div", "below");
  below.append(host.said, host.field);
  host.replaceChildren(host.button, below);
}

async function copy(host, words) {
  const copied = await written(location.href);
  host.said.textContent = copied ? words.copied : words.manual;
  host.field.hidden = copied;
  clearTimeout(host.timer);
  if (copied) {
    host.timer = setTimeout(() => (host.said.textContent = ""), SECONDS * 1000);
    return;
  }
  host.field.value = location.href;
  host.field.setAttribute("aria-label", words.manual);
  host.field.onblur = () => {
    host.field.hidden = true;
    host.said.textContent = "";
  };
  host.field.focus();
  host.field.select();
}

/** Whether the clipboard took the text: it exists only where the page came over https or locally. */
async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
