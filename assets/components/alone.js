// A saved film: the components without a server, their messages in the page, and its theme.
import { iconButton } from "./dom.js";
import { held, mount } from "./stage.js";
import { decode } from "./wire.js";

const SUN = "M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6 13 13M3 13l1.4-1.4M11.6 4.4 13 3M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z";

/** The message of this name, as the app's component gets it: figures/saved_film.py has packed it. */
async function bytesOf(name) {
  const message = document.getElementById(`message-${name}`);
  if (!message) return null;
  const packed = Uint8Array.from(atob(message.textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const { stride, planes } = message.dataset;
  if (planes) return joined(bytes, Number(planes));
  for (const place of [1, Number(stride)]) for (let k = place; k < bytes.length; k++) bytes[k] += bytes[k - place];
  return bytes;
}

/** Numbers whose first bytes lie together, and their second ones, as they were. */
function joined(bytes, planes) {
  const [count, whole] = [bytes.length / planes, new Uint8Array(bytes.length)];
  for (let k = 0; k < bytes.length; k++) whole[(k % count) * planes + Math.floor(k / count)] = bytes[k];
  return whole;
}

// Whoever asks is answered from the page.
held().answers.add(async (topic, have, tell) => {
  const [what, , step] = topic.split("/");
  const cell = what === "cell" && (await bytesOf("cell"));
  if (cell && Number(step) === decode(cell).header.step) tell(decode(cell));
  if (what !== "weights") return;
  for (const { id } of document.querySelectorAll('[id^="message-weights-"]')) {
    const name = id.replace("message-", "");
    if (!have.includes(Number(name.split("-")[1]))) tell(decode(await bytesOf(name)));
  }
});

async function show(name) {
  const data = (name === "cell" && (await bytesOf("waiting"))) || (await bytesOf(name));
  if (!data) return () => {};
  const style = document.getElementById(`style-${name}`).content.cloneNode(true);
  const shown = mount(name, document.getElementById(name), style);
  shown.draw(data);
  return () => shown.draw();
}

function themed(draw) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const page = document.documentElement;
  const button = document.getElementById("theme");
  button.append(iconButton("", SUN).firstChild);
  button.onclick = () => {
    const now = page.dataset.theme ?? (dark.matches ? "dark" : "light");
    page.dataset.theme = now === "dark" ? "light" : "dark";
    draw();
  };
  dark.addEventListener("change", draw);
}

const drawing = await Promise.all(["film", "cell"].map(show));
themed(() => drawing.forEach((draw) => draw()));
