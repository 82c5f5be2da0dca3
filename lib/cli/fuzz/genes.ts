import fc from "fast-check";

/**
 * What a random program is made from: whole numbers alone. Whatever they are, `writeProgram` makes a sound program
 * of them (each is taken modulo the number of choices), so that fast-check may drop and lower them freely while it
 * shrinks. 0 always stands for the plainest choice.
 */
export interface Genes {
  /** The families of operations that the steps choose from. */
  families: number[];
  /** The sizes that calls choose their free axes from. */
  sizes: number[];
  steps: StepGenes[];
  actions: ActionGenes[];
  /** Whether variables are looked at only by the actions and at the end, not after every action. */
  quiet: boolean;
}

export interface StepGenes {
  inputs: { kind: number; size: number }[];
  operations: OperationGenes[];
  training: number;
  output: number;
  check: number;
  graphs: number;
}

export interface OperationGenes {
  family: number;
  member: number;
  /** Which values it takes, counted backwards from the newest. */
  a: number;
  b: number;
  /** A free choice: an axis, a count, a number. */
  k: number;
}

export interface ActionGenes {
  kind: number;
  step: number;
  n: number;
  m: number;
  k: number;
}

const upTo = (max: number) => fc.nat({ max });
const list = <T>(each: fc.Arbitrary<T>, minLength: number, maxLength: number) =>
  fc.array(each, { minLength, maxLength, size: "max" });

const operation = fc.record({ family: upTo(11), member: upTo(59), a: upTo(5), b: upTo(5), k: upTo(11) });

const step = fc.record({
  inputs: list(fc.record({ kind: upTo(11), size: upTo(3) }), 1, 3),
  operations: list(operation, 1, 7),
  training: upTo(9),
  output: upTo(9),
  check: upTo(5),
  graphs: upTo(3),
});

const action = fc.record({ kind: upTo(39), step: upTo(2), n: upTo(5), m: upTo(5), k: upTo(11) });

/** Random genes of programs. */
export const genes: fc.Arbitrary<Genes> = fc.record({
  families: list(upTo(59), 1, 4),
  sizes: list(upTo(6), 1, 4),
  steps: list(step, 1, 2),
  actions: list(action, 2, 9),
  quiet: fc.boolean(),
});
