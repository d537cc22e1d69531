// The component Streamlit mounts: it calls the export at each change of data or theme, and the
// returned function once a call is superseded or the element is gone.
import { FilmView } from "./film/view.js";

const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".film");
  if (!host || !data) return undefined;
  let view = views.get(host);
  if (!view) views.set(host, (view = new FilmView(host)));
  view.report = setStateValue;
  view.show(data);
  // A superseded call must not take down the view that its successor uses.
  return () => setTimeout(() => host.isConnected || view.close());
}
