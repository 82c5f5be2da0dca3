/**
 * A random program as text: JavaScript that builds variables, steps and the rest of a small world, and the actions
 * that are done in it one after the other. The text is what runs, with `compile` and without it, and what is
 * printed when the two differ.
 */
export interface Program {
  /** Statements that make what the actions use. */
  setup: string[];
  /** Names of what is freed at the end: tensors held by the program, and optimisers. */
  held: string[];
  steps: ProgramStep[];
  actions: Action[];
  /** Whether variables are looked at only by the actions and at the end, not after every action. */
  quiet: boolean;
}

/** A step of the program. */
export interface ProgramStep {
  name: string;
  /** Every how many calls a compiled step is compared with the eager one; 0 for never. */
  check: number;
  /** Names of the closure's numbers and tensors that the step uses and actions may change. */
  closures: string[];
}

/** One thing that is done in the world. */
export interface Action {
  /** An expression whose value is compared: tensors, or arrays and objects of them. */
  text: string;
  /** The steps that it calls. */
  steps: string[];
  /** The closure's number or tensor that it changes. */
  changes?: string;
}

/** Numbers and helpers that every program may use; `tf` is in scope. */
export const prelude = `// Reproducible numbers between -1.2 and 1.2.
const draw = (shape, seed) => {
  let state = (seed + 1) * 48271;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) + 3 }, () => {
    state = (state * 16807) % 2147483647;
    return (state / 2147483647) * 2.4 - 1.2;
  }).subarray(3);
};
const numbers = (shape, seed) => tf.tensor(draw(shape, seed), shape);
const labels = (shape, seed) => tf.tensor(draw(shape, seed).map((x) => Math.floor((x + 1.2) * 1.2)), shape, "int32");
const flags = (shape, seed) => tf.tensor(draw(shape, seed).map((x) => Number(x > 0)), shape, "bool");
// One number that depends on every float32 tensor of a step's output.
const total = (output) =>
  (output instanceof tf.Tensor ? [output] : Object.values(output))
    .filter((tensor) => tensor.dtype === "float32")
    .map((tensor) => tf.sum(tf.sin(tensor)))
    .reduce((a, b) => tf.add(a, b), tf.scalar(0));
const gradients = (loss, variables) => {
  const { value, grads } = tf.variableGrads(loss, variables);
  return [value, ...variables.map(({ name }) => grads[name] ?? tf.scalar(-1, "int32"))];
};`;

/** Names that the text of a program takes from outside. */
export const outside = [
  "tf",
  "compile",
  "Adam",
  "GradientDescent",
  "StepRandom",
  "softmaxCrossEntropy",
  "batchNormTraining",
] as const;

/** The body of the function that builds the program's world. */
export function worldText({ setup, held, steps, actions }: Program): string {
  return [
    ...setup,
    "return {",
    `  steps: [${steps.map(({ name }) => name).join(", ")}],`,
    `  held: () => [${held.join(", ")}],`,
    "  actions: [",
    ...actions.map(({ text }) => `    () => ${text},`),
    "  ],",
    "};",
  ].join("\n");
}
