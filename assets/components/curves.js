// The component Streamlit mounts for curves alone: a film without rows.
import { FilmView } from "./film/view.js";

const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".curves");
  if (!host || !data) return undefined;
  if (!views.has(host)) views.set(host, new FilmView(host));
  const view = views.get(host);
  view.report = setStateValue;
  view.show(data);
  // A superseded call must not take down the view that its successor uses.
  return () => setTimeout(() => host.isConnected || view.close());
}
