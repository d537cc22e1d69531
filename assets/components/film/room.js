// How large a film is: its type grows with the page's, and where it fits the window, its height is
// what the window leaves to it.

const FINE = 4; // pixels of room that nobody misses
const BELOW = 42; // pixels of the window for the sentence below

/** How much larger than usual the page's type is. */
export const typeScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;

/** The height that the window leaves to a plot while the page is not scrolled, or that its host was given, in the plot's own pixels. */
export function roomOf({ host, plot, scale }) {
  const page = host.getRootNode().host?.closest('[data-testid="stMain"]');
  const top = plot.getBoundingClientRect().top + (page?.scrollTop ?? 0);
  const under = host.getBoundingClientRect().bottom - plot.getBoundingClientRect().bottom; // the bar of time, and what may be typed
  const { room } = host.dataset; // pixels of the whole film
  if (room) return (room - (plot.getBoundingClientRect().top - host.getBoundingClientRect().top) - under) / scale;
  return (window.innerHeight - top - under) / scale - BELOW;
}

/** Draw a film anew whenever the window leaves it another room; -> what ends that. */
export function watchRoom(view) {
  const look = () => view.header?.fits && view.host.isConnected && Math.abs(roomOf(view) - view.room) > FINE && view.resize(true);
  const page = view.host.getRootNode().host?.closest('[data-testid="stMainBlockContainer"]');
  const watch = new ResizeObserver(look); // what stands above comes and goes
  if (page) watch.observe(page);
  window.addEventListener("resize", look);
  return () => (watch.disconnect(), window.removeEventListener("resize", look));
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
