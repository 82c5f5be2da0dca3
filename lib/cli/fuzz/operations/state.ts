import { shapeText } from "../sizes";
import type { Value } from "../value";
import type { WriteOperation } from "./operation";
import { axisOf } from "./operation";

/** The value summed up over its axes until it has the shape of a variable, or one number where that can't be. */
function reducedTo(variable: Value, x: Value): string {
  if (x.shape.join() === variable.shape.join()) return x.name;
  if (x.shape.length > 1 && x.shape.slice(1).join() === variable.shape.join()) return `tf.sum(${x.name}, 0)`;
  return `tf.sum(${x.name})`;
}

/** Variables that the step changes itself. */
export const assignments: WriteOperation[] = [
  (step, a, _b, k) => {
    const x = step.float(a);
    const shapes = [[], [2], [1]];
    const variable =
      step.world.variables.filter(({ dtype }) => dtype === "float32").at(k % 4) ??
      step.world.variable(shapes[k % 3] as number[], true);
    step.statement(
      `${variable.name}.assign(tf.add(tf.mul(${variable.name}, 0.9), tf.mul(tf.sin(${reducedTo(variable, x)}), 0.1)));`,
    );
  },
  (step, a, _b, k) => {
    // A moving average that is used right after it was moved.
    const x = step.float(a);
    const average = step.world.variable([], k % 2 === 1);
    step.statement(
      `${average.name}.assign(tf.add(tf.mul(${average.name}, 0.5), tf.mul(tf.sum(${x.name}), 0.05)));`,
    );
    step.define(`tf.sub(${x.name}, ${average.name})`, x.shape, [x]);
  },
  (step, a) => {
    const counter = step.world.counter();
    const x = step.float(a);
    step.statement(`${counter.name}.assign(tf.add(${counter.name}, tf.scalar(1, "int32")));`);
    step.define(`tf.div(${x.name}, tf.cast(${counter.name}, "float32"))`, x.shape, [x]);
  },
  (step, _a, _b, k) => {
    const candidates = step.world.variables.filter(({ dtype }) => dtype === "float32");
    const one = candidates[k % Math.max(1, candidates.length)] ?? step.world.variable([2], true);
    const other = step.world.variable(one.shape as number[], true);
    // Two variables change places.
    step.statement(
      `{ const kept = ${one.name}.clone(); ${one.name}.assign(${other.name}); ${other.name}.assign(kept); }`,
    );
  },
  (step, a, _b, k) => {
    // Variables as values: read before and after a change.
    const x = step.float(a);
    const variable = step.world.variable([], k % 2 === 1);
    const before = step.define(`tf.add(${x.name}, ${variable.name})`, x.shape, [x, variable]);
    step.statement(`${variable.name}.assign(tf.mul(${variable.name}, -0.7));`);
    if (before) step.define(`tf.mul(${before.name}, ${variable.name})`, x.shape, [before]);
  },
];

/** Random numbers inside of the step. */
export const randoms: WriteOperation[] = [
  (step, a, _b, k) => {
    const x = step.float(a);
    step.define(`${step.world.random(k)}.dropout(${x.name}, 0.4)`, x.shape, [x]);
  },
  (step, a, _b, k) => {
    const x = step.float(a);
    step.define(`tf.add(${x.name}, ${step.world.random(k)}.uniform(${shapeText(x.shape)}))`, x.shape, [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    const noise = `${step.world.random(k)}.normal([${x.shape[axis]}])`;
    const wide = x.shape.map((size, i) => (i === axis ? size : 1));
    step.define(`tf.mul(${x.name}, tf.reshape(${noise}, ${shapeText(wide)}))`, x.shape, [x]);
  },
];

/** What the step takes from the closure: numbers and tensors that stay, and, where a check finds it, some that change. */
export const closures: WriteOperation[] = [
  (step, a) => {
    const x = step.float(a);
    if (!step.mayUseClosures) return void step.define(`tf.mul(${x.name}, 0.7)`, x.shape, [x]);
    const name = step.world.closure("number");
    step.closures.add(name);
    step.define(`tf.mul(${x.name}, ${name})`, x.shape, [x]);
  },
  (step, a) => {
    const x = step.float(a);
    if (!step.mayUseClosures)
      return void step.define(`tf.add(${x.name}, ${step.world.constant([1])})`, ones(x), [x]);
    const name = step.world.closure("tensor");
    step.closures.add(name);
    step.define(`tf.add(${x.name}, ${name})`, ones(x), [x]);
  },
];

/** The shape after one number in an axis of its own was added. */
function ones({ shape }: Value): Value["shape"] {
  return shape.length > 0 ? shape : [1];
}
