// Writes the query string of what is shown into the address, beside what an embedding page put there.
import { keys } from "./keys.js";

let drawing;

export default function ({ data }) {
  if (typeof data?.query !== "string") return;
  if (data.drawing !== drawing) keys().drawn();
  drawing = data.drawing;
  const kept = [...new URLSearchParams(location.search)].filter(([name]) => name.startsWith("embed"));
  const query = [data.query, new URLSearchParams(kept).toString()].filter(Boolean).join("&");
  if (query !== location.search.slice(1)) {
    history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
  }
}
