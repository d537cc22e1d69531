// What the reader looks at, shared by all components of a page that show the same run: the moment of
// the training, t, the pinned units, the direction, and what is under the pointer. What one of them
// changes, all others hear at once; the server hears of it from the one in which it happened.

const NOTHING = { unit: undefined, t: undefined, step: undefined };

const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

export class Selection {
  constructor() {
    // `step` is a training step, or -1 for the newest; `at` the one that is drawn, also while it plays.
    this.now = { t: undefined, pinned: undefined, step: undefined, at: undefined, direction: "forward" };
    this.pointed = NOTHING;
    this.steps = []; // the training steps at which a film can stand
    this.given = {}; // what the server has said last
    Object.assign(this, { hearing: new Set(), reporters: new Set(), reported: [] });
  }

  /** Call `hear(changed)` with what another component changed, until the returned function is called. */
  join(hear) {
    this.hearing.add(hear);
    return () => {
      this.hearing.delete(hear);
      this.point({}, hear);
    };
  }

  /** Where nobody has pinned a unit, this one is. */
  suggest(unit, hear) {
    if (this.now.pinned && !this.suggested) return;
    this.set({ pinned: [unit] }, hear);
    this.suggested = true;
  }

  /** Look elsewhere; all but the one whose `hear` it is hear of it. */
  set(changes, hear) {
    if ("pinned" in changes) this.suggested = false;
    const changed = Object.keys(changes).filter((what) => !same(this.now[what], changes[what]));
    if (!changed.length) return;
    Object.assign(this.now, changes);
    this.tell(new Set(changed), hear);
  }

  /** What lies under the pointer: of { unit, t, step } what there is; nothing once it has left. */
  point(place, hear) {
    const pointed = { ...NOTHING, ...place };
    const nothing = same(pointed, NOTHING);
    if ((nothing && this.pointer !== hear) || same(pointed, this.pointed)) return;
    const changed = Object.keys(NOTHING).filter((what) => pointed[what] !== this.pointed[what]);
    this.pointed = pointed;
    this.pointer = nothing ? null : hear;
    this.tell(new Set(["pointed", ...changed.map((what) => `pointed.${what}`)]), hear);
  }

  tell(changed, but) {
    for (const hear of [...this.hearing]) if (hear !== but) hear(changed);
  }

  /** A key for whoever has the clocks: a film hears it as if it were pressed on its plot. */
  press(key, hear) {
    this.pressed = key;
    this.tell(new Set(["pressed"]), hear);
  }

  /** The last of the steps at which a film can stand that is not after this one. */
  nearest(step) {
    return this.steps.findLast((each) => each <= step) ?? this.steps[0] ?? Math.round(step);
  }
}

const KEY = Symbol.for("lstm_viz.selections"); // each component has a copy of this file, the page one

/** The selection of a subject, such as a run; one of its own where none is named. */
export function selectionOf(subject) {
  if (!subject) return new Selection();
  const all = (globalThis[KEY] ??= new Map());
  if (!all.has(subject)) all.set(subject, new Selection());
  return all.get(subject);
}
