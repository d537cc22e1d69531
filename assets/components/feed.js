// The browser's half of lstm_viz/runs/feed.py: one WebSocket a page, shared by all its components,
// which comes back by itself and says what is here already.
import { leaving } from "./leaving.js";
import { decode } from "./wire.js";

const WAITS = [250, 500, 1000, 2000, 4000, 8000]; // ms before each further attempt
const DOWN_AFTER = 2; // attempts in a row that failed: there may be no way for this socket
const REST = 200; // ms between two looks at whether a script runs
const PATIENCE = 50; // such looks: a live page may run scripts for ever
const IDLE = 20_000; // ms without a topic after which the socket is closed

export class Feed {
  constructor(url, open = (to) => new WebSocket(to)) {
    Object.assign(this, { url, open, topics: new Map(), minding: new Set(), failures: 0, down: false });
  }

  /** Call `take` with each message of a topic; `have()` gives the steps of the frames that are here, `what` a question. */
  watch(topic, take, have = () => [], what = undefined) {
    const one = { take, have, what };
    const known = this.topics.get(topic);
    if (known) known.add(one);
    else this.topics.set(topic, new Set([one]));
    if (!known || have().length === 0) this.say(this.wish(topic));
    this.connect();
    return () => this.leave(topic, one);
  }

  leave(topic, one) {
    const all = this.topics.get(topic);
    if (!all?.delete(one) || all.size) return;
    this.topics.delete(topic);
    this.say({ leave: topic });
    if (!this.topics.size) this.idle = setTimeout(() => this.topics.size || this.socket?.close(), IDLE);
  }

  /** Call `hear` with whether there is no way to the server, at each change. */
  mind(hear) {
    this.minding.add(hear);
    if (this.down) hear(true);
    return () => this.minding.delete(hear);
  }

  wish(topic) {
    const all = [...this.topics.get(topic)];
    const what = all.findLast((one) => one.what)?.what;
    return { watch: topic, have: [...new Set(all.flatMap(({ have }) => have()))], ...(what && { what }) };
  }

  say(wish) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(wish));
  }

  connect() {
    clearTimeout(this.idle);
    if (this.socket || this.again) return;
    const socket = (this.socket = this.open(this.url));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      for (const topic of this.topics.keys()) this.say(this.wish(topic));
    };
    socket.onmessage = ({ data }) => {
      this.failures = 0;
      this.found(false);
      const message = typeof data === "string" ? { header: JSON.parse(data) } : decode(new Uint8Array(data));
      for (const { take } of this.topics.get(message.header.topic) ?? []) take(message);
    };
    socket.onclose = () => this.lost();
  }

  lost() {
    this.socket = null;
    if (!this.topics.size) return;
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    if (this.failures >= DOWN_AFTER) this.found(true);
    // Not all at once: after a server's restart everybody comes back.
    this.again = setTimeout(() => {
      this.again = null;
      if (this.topics.size) this.connect();
    }, wait * (0.5 + Math.random()));
  }

  found(down) {
    if (down === this.down) return;
    this.down = down;
    for (const hear of this.minding) hear(down);
  }
}

/** Tell the server something once no script runs and no page is left. */
export function whenIdle(host, tell, patience = PATIENCE) {
  const page = document.querySelector('[data-testid="stApp"]');
  const busy = patience > 0 && page?.dataset.testScriptState === "running";
  if (busy || leaving().silence) setTimeout(() => whenIdle(host, tell, patience - 1), REST);
  else if (host.isConnected) leaving().report(), tell();
}

/** Where the feed is, from the address of a component's file: under the same prefix, whoever strips it. */
export function feedOf(file) {
  const url = new URL("feed", file.split("_stcore/")[0]);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

const KEY = Symbol.for("lstm_viz.feed"); // each component has a copy of this file, the page one feed

export const feed = () => (globalThis[KEY] ??= new Feed(feedOf(import.meta.url)));
