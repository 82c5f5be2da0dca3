import type * as tf from "@tensorflow/tfjs";
import { compile } from "../../graph/compile";
import type { CleanRoom } from "./clean-room";
import { type Distance, distance, farthest } from "./observation";
import { perturbedTensorFlow } from "./perturbed";
import type { Action, Program } from "./program";
import { eagerly, type Outcome, World } from "./world";

/** Relative difference that rounding may make. */
const tolerance = 1e-5;
/** How many perturbed runs say what rounding can do to a program. */
const perturbations = 3;

/** What a program showed. */
export type Verdict =
  /** `threw`: an action threw, with `compile` and without it or refused as it must be; tfjs leaves tensors behind then. */
  | { kind: "same"; threw?: boolean }
  /** A difference that rounding alone makes as well: the program lies near a tie. */
  | { kind: "near a tie" }
  | { kind: "different"; action: number; what: string };

/**
 * Runs a program once with `compile` and once without it, side by side, and compares what every action gave and
 * every variable after it.
 * @param compiler what is put to the test.
 */
export function checkProgram(program: Program, room: CleanRoom, compiler = compile): Verdict {
  const compiled = new World(program, compiler);
  const eager = room.within(() => new World(program, eagerly));
  try {
    return compareActions(program, compiled, eager, room);
  } finally {
    compiled.dispose();
    room.within(() => eager.dispose());
  }
}

function compareActions(program: Program, compiled: World, eager: World, room: CleanRoom): Verdict {
  const changed = new Set<string>();
  let threw = false;
  const same = (): Verdict => ({ kind: "same", threw });
  const refused: Verdict = { kind: "same", threw: true };
  for (const [index, action] of program.actions.entries()) {
    const given = compiled.act(index);
    const expected = room.within(() => eager.act(index));
    if (action.changes) changed.add(action.changes);
    if ("error" in given && "error" in expected) {
      threw = true;
      // How far a step came before it threw is not defined.
      if (distance(compiled.state(), eager.state(), "").relative > tolerance) return same();
      continue;
    }
    const suspect = suspectedCalls(program, action, changed);
    if (suspect > 0 && "error" in given && given.refused) return refused;
    const last = index === program.actions.length - 1;
    const far = farthest([
      outcomeDistance(given, expected),
      program.quiet && !last
        ? { relative: 0, what: "" }
        : distance(compiled.state(), eager.state(), "variables"),
    ]);
    if (far.relative <= tolerance) continue;
    if (suspect > 1 && isRefusedSoon(compiled, index, suspect)) return refused;
    if (Number.isFinite(far.relative) && far.relative <= carriedByRounding(program, index, eager, room))
      return { kind: "near a tie" };
    return { kind: "different", action: index, what: far.what };
  }
  return same();
}

function outcomeDistance(given: Outcome, expected: Outcome): Distance {
  const infinite = Number.POSITIVE_INFINITY;
  if ("error" in given) return { relative: infinite, what: `it throws "${firstLine(given.error)}"` };
  if ("error" in expected)
    return { relative: infinite, what: `it does not throw "${firstLine(expected.error)}"` };
  return distance(given.value, expected.value, "result");
}

function firstLine({ message }: Error): string {
  return message.split("\n")[0] as string;
}

/**
 * Within how many calls a check must refuse what the action does, because a number of the closure has changed; 0
 * where none has.
 */
function suspectedCalls(program: Program, { steps }: Action, changed: ReadonlySet<string>): number {
  const checks = program.steps
    .filter(({ name, closures }) => steps.includes(name) && closures.some((closure) => changed.has(closure)))
    .map(({ check }) => check);
  return Math.max(0, ...checks);
}

/** Whether the same action again is refused before its check must have come. */
function isRefusedSoon(compiled: World, action: number, calls: number): boolean {
  for (let call = 1; call < calls; call++) {
    const outcome = compiled.act(action);
    if ("error" in outcome && outcome.refused) return true;
  }
  return false;
}

/** How far rounding alone can carry the results of an action, and the variables after it. */
function carriedByRounding(program: Program, last: number, expected: World, room: CleanRoom): number {
  const [outcome, state] = [room.within(() => replay(program, last)), expected.state()];
  const distances = Array.from({ length: perturbations }, (_, seed) => {
    const moved = room.within(() => replay(program, last, perturbedTensorFlow(seed)));
    if ("error" in moved.outcome || "error" in outcome.outcome) return 0;
    return Math.max(
      distance(moved.outcome.value, outcome.outcome.value, "").relative,
      distance(moved.state, state, "").relative,
    );
  });
  // As far again, because another order of summation moves other numbers than these runs did.
  return 3 * Math.max(...distances);
}

function replay(program: Program, last: number, tensorFlow?: typeof tf) {
  const world = new World(program, eagerly, tensorFlow);
  try {
    let outcome: Outcome = { value: { list: [] } };
    for (let index = 0; index <= last; index++) outcome = world.act(index);
    return { outcome, state: world.state() };
  } finally {
    world.dispose();
  }
}
