// The component Streamlit mounts: it calls the export at each change of data or theme, and the
// returned function once a call is superseded or the element is gone.
import { Film } from "./view.js";

const views = new WeakMap();
const DRAWN = "films-are-drawn"; // while the page has this class, the still figures are hidden

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const host = parentElement.querySelector(".film");
  if (!host || !data) return undefined;
  let view = views.get(host);
  if (!view) views.set(host, (view = new Film(host)));
  view.tell = setStateValue;
  view.ask = setTriggerValue;
  try {
    view.show(data);
    document.body.classList.add(DRAWN);
  } catch (error) {
    document.body.classList.remove(DRAWN);
    throw error;
  }
  // A superseded call must not take down the view that its successor uses.
  return () => setTimeout(() => host.isConnected || view.close());
}
