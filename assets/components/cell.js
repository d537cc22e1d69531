// The component Streamlit mounts for a cell: it calls the export at each change of data or theme.
import { CellView } from "./cell_view.js";

const STILL = "lstm-viz-no-still-cell"; // while this style is there, the still figure is not shown
const views = new WeakMap();

function hideStill(hidden) {
  document.getElementById(STILL)?.remove();
  if (!hidden) return;
  const style = document.createElement("style");
  style.id = STILL;
  style.textContent = ".st-key-cell_still { display: none; }";
  document.head.append(style);
}

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".cell");
  if (!host || !data) return undefined;
  try {
    if (!views.has(host)) views.set(host, new CellView(host));
    const view = views.get(host);
    view.tell = setStateValue;
    view.show(data);
    host.hidden = false;
    hideStill(true);
    // A superseded call must not take down the view that its successor uses.
    return () => setTimeout(() => host.isConnected || (view.close(), hideStill(false)));
  } catch (error) {
    host.hidden = true;
    hideStill(false);
    throw error;
  }
}
