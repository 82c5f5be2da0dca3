import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import type { compile } from "../../graph/compile";
import { checkProgram, type Verdict } from "./check-program";
import type { CleanRoom } from "./clean-room";
import { type Genes, genes } from "./genes";
import type { Program } from "./program";
import { writeProgram } from "./write-program";

/** A program that gives something else compiled than eagerly. */
export interface Finding {
  /** Its number within its seed. */
  number: number;
  program: Program;
  /** The action that differs, and how. */
  action: number;
  what: string;
}

/** The program of a seed with this number. */
export function randomProgram(seed: number, number: number): Program {
  const [drawn] = fc.sample(fc.noBias(genes), { seed: seedOf(seed, number), numRuns: 1 });
  return writeProgram(drawn as Genes);
}

/** Checks one random program. */
export function checkNumber(
  seed: number,
  number: number,
  room: CleanRoom,
  compiler?: typeof compile,
): Verdict {
  return verdictOf(randomProgram(seed, number), room, compiler);
}

/** Makes a program that differs as small as it gets in the given time, as long as it differs. */
export function shrink(
  seed: number,
  number: number,
  room: CleanRoom,
  seconds: number,
  compiler?: typeof compile,
): Finding {
  let smallest: Finding | undefined;
  const property = fc.property(fc.noBias(genes), (drawn) => {
    const program = writeProgram(drawn);
    const verdict = verdictOf(program, room, compiler);
    if (verdict.kind !== "different") return true;
    // A smaller program with another fault would hide the one that was found.
    if (smallest && sortOf(smallest.what) !== sortOf(verdict.what)) return true;
    smallest = { number, program, action: verdict.action, what: verdict.what };
    return false;
  });
  fc.check(property, { seed: seedOf(seed, number), numRuns: 1, interruptAfterTimeLimit: seconds * 1000 });
  if (!smallest) throw new Error(`Program ${number} of seed ${seed} did not differ when it ran again.`);
  const { program, action } = smallest;
  return { ...smallest, program: { ...program, actions: program.actions.slice(0, action + 1) } };
}

/** A verdict on a program; tensors that it leaves behind are a difference too. */
function verdictOf(program: Program, room: CleanRoom, compiler?: typeof compile): Verdict {
  const before = tf.memory().numTensors;
  const verdict = quietly(() => checkProgram(program, room, compiler));
  const left = tf.memory().numTensors - before;
  if (verdict.kind === "same" && !verdict.threw && left !== 0)
    return { kind: "different", action: program.actions.length - 1, what: `${left} tensors are left behind` };
  return verdict;
}

/** Which sort of difference it is: the error's first words, or where numbers differ. */
export function sortOf(what: string): string {
  return what
    .replace(/[\d.[\]]+/g, "")
    .split(" ")
    .slice(0, what.startsWith("it ") ? 8 : 1)
    .join(" ");
}

/** Does work whose steps may keep fewer graphs than they need, without the notices of those that are let go. */
function quietly<T>(work: () => T): T {
  const { warn } = console;
  console.warn = () => {};
  try {
    return work();
  } finally {
    console.warn = warn;
  }
}

function seedOf(seed: number, number: number): number {
  return (Math.imul(seed, 0x9e3779b1) + number) | 0;
}
