// The page's one socket: who hears what, and how it comes back.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Feed, feedOf } from "../../assets/components/feed.js";

let sockets, feed;

class Socket {
  readyState = 0;
  said = [];
  send = (text) => this.said.push(JSON.parse(text));
  opens() {
    this.readyState = 1;
    this.onopen();
  }
  brings = (topic) => this.onmessage({ data: JSON.stringify({ topic }) });
  close() {
    this.readyState = 3;
    this.onclose();
  }
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  sockets = [];
  feed = new Feed("ws://here/feed", () => (sockets.push(new Socket()), sockets.at(-1)));
});

test("one socket serves all, each hears its own topics, and the server each topic once", () => {
  const heard = [];
  feed.watch("a", () => heard.push("first"), () => [1, 2]);
  feed.watch("a", () => heard.push("second"), () => [2, 3]);
  feed.watch("b", () => heard.push("other"));
  assert.equal(sockets.length, 1);
  sockets[0].opens();
  assert.deepEqual(sockets[0].said, [{ watch: "a", have: [1, 2, 3] }, { watch: "b", have: [] }]);
  sockets[0].brings("a");
  assert.deepEqual(heard, ["first", "second"]);
});

test("a topic is left when nobody is left who watches it", () => {
  const [first, second] = [feed.watch("a", () => {}), feed.watch("a", () => {})];
  feed.watch("b", () => {});
  sockets[0].opens();
  sockets[0].said.length = 0;
  first();
  assert.deepEqual(sockets[0].said, []);
  second();
  assert.deepEqual(sockets[0].said, [{ leave: "a" }]);
});

test("a socket that was lost comes back with what is here by then", () => {
  const here = [0];
  feed.watch("film", () => {}, () => here);
  sockets[0].opens();
  here.push(7);
  sockets[0].close();
  mock.timers.tick(10_000);
  sockets[1].opens();
  assert.deepEqual(sockets[1].said, [{ watch: "film", have: [0, 7] }]);
});

test("attempts that fail are made more and more rarely, and after two the page hears of it", () => {
  const heard = [];
  feed.mind((down) => heard.push(down));
  feed.watch("a", () => {});
  sockets[0].close();
  assert.deepEqual(heard, []);
  for (let second = 0; second < 60; second++) {
    sockets.at(-1).readyState === 0 && sockets.at(-1).close();
    mock.timers.tick(1000);
  }
  assert.deepEqual(heard, [true]);
  assert.ok(sockets.length > 6 && sockets.length < 25, `${sockets.length} attempts`);
  sockets.at(-1).readyState === 0 || mock.timers.tick(20_000);
  sockets.at(-1).opens();
  sockets.at(-1).brings("a");
  assert.deepEqual(heard, [true, false]);
});

test("who watches nothing for a while keeps no socket, and gets one again", () => {
  const leave = feed.watch("a", () => {});
  sockets[0].opens();
  leave();
  mock.timers.tick(30_000);
  assert.equal(sockets[0].readyState, 3);
  feed.watch("b", () => {});
  assert.equal(sockets.length, 2);
});

test("the feed is under the prefix under which the component's file was found", () => {
  for (const [file, url] of [
    ["http://here:8501/_stcore/bidi-components/lstm_viz.film/feed.js", "ws://here:8501/feed"],
    ["https://here/a/b/_stcore/bidi-components/lstm_viz.film/feed.js", "wss://here/a/b/feed"],
  ]) assert.equal(feedOf(file), url);
});
