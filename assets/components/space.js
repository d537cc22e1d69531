// The component Streamlit mounts for paths in space: it calls the export at each change of data or theme.
import { Space } from "./space/space.js";

const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".space");
  if (!host || !data) return undefined;
  if (!views.has(host)) views.set(host, new Space(host));
  const view = views.get(host);
  view.report = setStateValue;
  view.show(data);
  // A superseded call must not take down the view that its successor uses.
  return () => setTimeout(() => host.isConnected || view.close());
}
