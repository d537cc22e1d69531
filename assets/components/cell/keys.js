// The keys of a cell. Beside a film the clocks are the film's, which takes what is pressed for them here.

const act = (event, then) => (event.preventDefault(), event.stopPropagation(), then());

export function press(view, event) {
  if (!view.numbers || event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return;
  const touched = view.touch.key(event);
  if (touched) return void act(event, touched);
  const space = event.key === " ";
  if (space && event.target.matches("button")) return;
  if (view.numbers.header.stage && (event.shiftKey || space)) {
    const key = { key: event.key, shiftKey: event.shiftKey !== space };
    return void act(event, () => view.selection.press(key, view.hear));
  }
  const { u, bar: { time } } = view;
  const acts = {
    ArrowLeft: () => time.step(-1),
    ArrowRight: () => time.step(1),
    ArrowUp: () => view.pick({ u: u - 1 }),
    ArrowDown: () => view.pick({ u: u + 1 }),
    Home: () => time.step(-time.count),
    End: () => time.step(time.count),
    b: () => view.turn(view.direction === "forward" ? "backward" : "forward"),
    " ": () => (time.toggle(), view.bar.draw()),
  };
  const found = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (found) act(event, found);
}
