// What of a page is a figure: what the page marks as one (a container whose key begins with "figure-"),
// each drawing of ours and each chart. The heading above and the sentence below belong to it.

const MARKED = '[class*="st-key-figure-"], [class*="st-key-preset-"]';
const SAID = ".st-key-scene"; // what a scene says is said with each of its figures
const OURS = '[data-testid="stBidiComponentIsolated"]';
const DRAWN = ".film, .cell, .curves, .text";
const CHARTS = ["stVegaLiteChart", "stPlotlyChart", "stDataFrame", "stTable", "stImage"].map((each) => `[data-testid="${each}"]`).join(", ");

/**
 * The figures of a page in its order, each as the elements that belong together; of a page without one its
 * parts, as many at a time as the room of so many pixels takes.
 */
export function figuresOf(page, room) {
  const found = [];
  for (const each of page.querySelectorAll(`${MARKED}, ${OURS}, ${CHARTS}`)) {
    const ours = each.matches(OURS);
    if (ours && !each.shadowRoot?.querySelector(DRAWN)) continue;
    if (found.some((parts) => parts.some((part) => part.contains(each)))) continue; // a part of one that is here
    if (each.getClientRects().length) found.push(each.matches(MARKED) ? [each] : around(each));
  }
  const said = [...page.querySelectorAll(SAID)];
  return found.length ? found.map((parts) => [...said, ...parts]) : portionsOf(page, room);
}

function portionsOf(page, room) {
  let parts = [...page.children];
  while (parts.length === 1 && parts[0].children.length) parts = [...parts[0].children];
  const portions = [];
  let begin = -Infinity;
  for (const part of parts) {
    const { top, bottom, height } = part.getBoundingClientRect();
    if (!height) continue;
    if (bottom - begin <= room) portions.at(-1).push(part);
    else [begin] = [top, portions.push([part])];
  }
  return portions.length ? portions : [[...page.children]];
}

function around(drawing) {
  const own = drawing.closest('[data-testid="stElementContainer"]') ?? drawing;
  const before = own.previousElementSibling?.querySelector("h2, h3") ? [own.previousElementSibling] : [];
  const heard = own.nextElementSibling?.querySelector(".heard") ? [own.nextElementSibling] : []; // a chart's numbers
  const next = [own, ...heard].at(-1).nextElementSibling;
  const after = next?.querySelector('[data-testid="stCaptionContainer"]') ? [next] : [];
  return [...before, own, ...heard, ...after];
}

/** The elements of ours that can be played, in a figure. */
export const playersOf = (parts) =>
  parts.flatMap((part) => [...part.querySelectorAll(OURS)].flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll(".bar") ?? [])]));
