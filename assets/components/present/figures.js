// What of a page is a figure: what the page marks as one (a container whose key begins with "figure-"),
// each drawing of ours and each chart. The heading above and the sentence below belong to it.

const MARKED = '[class*="st-key-figure-"]';
const SAID = ".st-key-scene"; // what a scene says is said with each of its figures
const OURS = '[data-testid="stBidiComponentIsolated"]';
const DRAWN = ".film, .cell, .curves, .text";
const CHARTS = ["stVegaLiteChart", "stPlotlyChart", "stDataFrame", "stTable", "stImage"].map((each) => `[data-testid="${each}"]`).join(", ");

/** The figures of a page in its order, each as the elements that belong together; else the page itself. */
export function figuresOf(page) {
  const found = [];
  for (const each of page.querySelectorAll(`${MARKED}, ${OURS}, ${CHARTS}`)) {
    const ours = each.matches(OURS);
    if (ours && !each.shadowRoot?.querySelector(DRAWN)) continue;
    if (found.some((parts) => parts.some((part) => part.contains(each)))) continue; // a part of one that is here
    if (each.getClientRects().length) found.push(each.matches(MARKED) ? [each] : around(each));
  }
  const said = [...page.querySelectorAll(SAID)];
  return found.length ? found.map((parts) => [...said, ...parts]) : [[...page.children]];
}

function around(drawing) {
  const own = drawing.closest('[data-testid="stElementContainer"]') ?? drawing;
  const before = own.previousElementSibling?.querySelector("h2, h3") ? [own.previousElementSibling] : [];
  const after = own.nextElementSibling?.querySelector('[data-testid="stCaptionContainer"]') ? [own.nextElementSibling] : [];
  return [...before, own, ...after];
}

/** The elements of ours that can be played, in a figure. */
export const playersOf = (parts) =>
  parts.flatMap((part) => [...part.querySelectorAll(OURS)].flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll(".bar") ?? [])]));
