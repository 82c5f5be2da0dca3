import { UserError } from "../runtime/user-error";

/** Operations of TensorFlow.js that draw their numbers in JavaScript, once, or from a seed that stays the same. */
const randomOperations = new Set([
  "dropout",
  "multinomial",
  "rand",
  "randomGamma",
  "randomNormal",
  "randomStandardNormal",
  "randomUniform",
  "randomUniformInt",
  "truncatedNormal",
]);

/** Whether tfjs's operation of this name draws random numbers. */
export function isRandomOperation(name: string): boolean {
  return randomOperations.has(name);
}

/** The refusal of code that draws random numbers where a graph can't repeat the drawing. */
export function refuseRandomness(what: string): UserError {
  return refuseOther(
    `${what} draws random numbers in JavaScript, and a compiled step would repeat the same draw for ever. ` +
      "Use the methods of StepRandom, such as `random.dropout(x, 0.5)`, or pass the numbers as an input",
  );
}

/** The refusal of code that reads a value which differs from run to run. */
export function refuseHostRead(): UserError {
  return refuseOther(
    "The step reads values of a tensor that depends on the inputs or the variables (dataSync, data, array …). A compiled " +
      "step is one graph, and can't choose its way by what was read: return the tensor and read it outside, or use tf.where",
  );
}

/** The refusal of an operation that differs between two runs of the step. */
export function refuseDifference(kind: string, what: string): UserError {
  return refuseOther(
    `The step did not do the same in two runs: ${what} of the operation ${kind} differs. Numbers that change between ` +
      "steps (a learning rate, a counter) must be inputs, and which operations run must not depend on them",
  );
}

/** The refusal of anything that a graph can't hold: the sentence, ended with the line of the user's code that runs now. */
export function refuseOther(sentence: string): UserError {
  const line = callingLine();
  return new UserError(`${sentence}${line ? ` (${line})` : ""}.`);
}

/** `file:line` of the innermost function on the stack that belongs neither to TensorFlow.js nor to the recorder. */
function callingLine(): string | undefined {
  // Engines other than V8 do not have this number, and give the whole stack.
  const errors = Error as { stackTraceLimit?: number };
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = 60;
  const stack = new Error().stack ?? "";
  errors.stackTraceLimit = limit;
  const frames = stack.split("\n").slice(1);
  const own = frames.find(
    (frame) => !/node_modules.@tensorflow|graph.(refusals|recorder|interception)\.[jt]s/.test(frame),
  );
  return own?.match(/([^\s(]+:\d+):\d+\)?$/)?.[1];
}
