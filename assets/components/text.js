// The component Streamlit mounts for a text: it calls the export at each change of data or theme.
import { Reader } from "./text/reader.js";

const views = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const host = parentElement.querySelector(".text");
  if (!host || !data) return undefined;
  if (!views.has(host)) views.set(host, new Reader(host));
  const view = views.get(host);
  view.report = setStateValue;
  view.show(data);
  // A superseded call must not take down the view that its successor uses.
  return () => setTimeout(() => host.isConnected || view.close());
}
