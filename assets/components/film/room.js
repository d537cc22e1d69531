// How large a film is: its type grows with the page's, and where it fits the window, its height is
// what the window leaves to it.

const BELOW = 34; // pixels of the window for the sentence below

/** How much larger than usual the page's type is. */
export const typeScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;

/** The height that the window leaves to a plot while the page is not scrolled, in the plot's own pixels. */
export function roomOf({ host, plot, bars, scale }) {
  const page = host.getRootNode().host?.closest('[data-testid="stMain"]');
  const top = plot.getBoundingClientRect().top + (page?.scrollTop ?? 0);
  return (window.innerHeight - top - bars.under.offsetHeight) / scale - BELOW;
}

/** Give canvases a size, `scale` times as large on the page, at `ratio` dots to each of their pixels. */
export function sizeCanvases(contexts, [width, height], scale, ratio) {
  const size = [Math.round(width * ratio), Math.round(height * ratio)];
  for (const context of contexts) {
    const { canvas } = context;
    if (canvas.width !== size[0] || canvas.height !== size[1]) {
      [canvas.width, canvas.height] = size;
      [canvas.style.width, canvas.style.height] = [`${width * scale}px`, `${height * scale}px`];
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }
}
