// What was changed, and what the network says to it, in words.
import { fixed, number } from "../ticks.js";

const MOST = 2; // changed values that are named
const LETTERS = 24; // of a text that are written out

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

const inFigures = (value) => (value === 0 || Math.abs(value) >= 0.005 ? fixed(value, 2) : number(value, 1));
const places = (steps) => steps.map((t) => `t = ${t}`).join(", ");

/** What differs from the run, each in a few words. */
export function saidChanges(what) {
  const { about: { words, symbols, names, marker, gates }, width } = what;
  const said = [];
  const x = what.input;
  const values = [...what.changed.keys()].filter((at) => symbols || at % width !== marker).sort((a, b) => a - b);
  const write = (value) => (symbols ? symbols[value] : inFigures(value));
  if (symbols && values.length > MOST) {
    const text = [...x.slice(0, LETTERS)].map((code) => symbols[code]).join("");
    said.push(fill(words.text, { now: `“${text}${what.steps > LETTERS ? "…" : ""}”` }));
  } else {
    for (const at of values.slice(0, MOST)) {
      const place = { name: names[at % width], t: Math.floor(at / width) };
      said.push(fill(words.value, { ...place, now: write(x[at]), before: write(what.x[at]) }));
    }
    if (values.length > MOST) said.push(fill(words.more, { count: values.length - MOST }));
  }
  if (!symbols && [...what.changed.keys()].some((at) => at % width === marker)) {
    const before = [...Array(what.steps).keys()].filter((t) => what.x[t * width + marker] !== 0);
    const [added, gone] = [what.marks.filter((t) => !before.includes(t)), before.filter((t) => !what.marks.includes(t))];
    said.push(fill(words.mark, { now: places(added), before: places(gone) }));
  }
  for (const units of Object.values(what.silenced)) for (const unit of units) said.push(fill(words.silent, { unit }));
  for (const { gate, unit, t, value } of what.held.slice(-MOST)) {
    said.push(fill(t === null ? words.gates : words.gate, { gate: gates[gate], unit, t, now: fixed(value, 2) }));
  }
  return said;
}

/** What the network says now and said before, in the last step that is answered; "" where it does not answer. */
export function saidAnswer({ about: { words, classes, model } }, now, before) {
  const last = (values) => values && [...values].findLast((value) => !Number.isNaN(value));
  const [said, was] = [now, before].map(last);
  if (said === undefined || was === undefined) return "";
  const write = (value) => (model.problem === "classes" ? `“${classes[value]}”` : fixed(value, 2));
  const values = { now: write(said), before: write(was) };
  return fill(values.now === values.before ? words.same : words.answer, values);
}

/** An example of a task that adds up its marked numbers, worked out; "" of any other. */
export function workedOut({ about: { words, sums, target }, marks, input, width, changed }) {
  if (!changed.size) return null;
  if (!sums) return target === null ? null : fill(words.target, { target: fixed(target, 2), answer: "{answer}" });
  const addends = marks.map((t) => fixed(input[t * width], 2));
  const sum = marks.reduce((total, t) => total + input[t * width], 0);
  const rounded = marks.reduce((total, t) => total + Number(input[t * width].toFixed(2)), 0);
  const equals = rounded.toFixed(2) === sum.toFixed(2) ? "=" : "≈";
  return fill(words.sum, { sum: addends.join(" + ") || "0", equals, target: fixed(sum, 2), answer: "{answer}" });
}
