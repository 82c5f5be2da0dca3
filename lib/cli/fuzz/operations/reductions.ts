import type { Size } from "../sizes";
import { axisOf, type WriteOperation, without, withSize } from "./operation";

function reduction(name: string): WriteOperation {
  return (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    const keep = k > 5;
    const shape = keep ? withSize(x.shape, axis, 1) : without(x.shape, axis);
    step.define(`tf.${name}(${x.name}, ${axis}${keep ? ", true" : ""})`, shape, [x]);
  };
}

/** Normalised over the last axis, over all that comes before it, or over the first axis alone. */
function axesOf(rank: number, k: number): number[] {
  const all = Array.from({ length: rank }, (_, i) => i);
  if (k % 3 === 0) return [rank - 1];
  return k % 3 === 1 && rank > 1 ? all.slice(0, -1) : [0];
}

export const reductions: WriteOperation[] = [
  reduction("sum"),
  reduction("mean"),
  reduction("max"),
  reduction("min"),
  reduction("logSumExp"),
  (step, a) => {
    const x = step.float(a);
    step.define(`tf.sum(${x.name})`, [], [x]);
  },
  (step, a) => {
    const x = step.float(a);
    step.define(`tf.mean(${x.name})`, [], [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    const name = k % 2 ? "argMin" : "argMax";
    step.define(`tf.${name}(${x.name}, ${axis})`, without(x.shape, axis), [], "int32");
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const last = x.shape.at(-1) as Size;
    if (typeof last !== "number" || last < 1) return;
    const kept = 1 + (k % Math.min(2, last));
    const shape = withSize(x.shape, x.shape.length - 1, kept);
    step.define(`tf.topk(${x.name}, ${kept}).values`, shape, [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axes = axesOf(x.shape.length, k);
    const list = `[${axes.join(", ")}]`;
    step.define(
      `tf.mul(tf.sub(${x.name}, tf.mean(${x.name}, ${list}, true)), tf.rsqrt(tf.add(tf.moments(${x.name}, ${list}, true).variance, 0.1)))`,
      x.shape,
      [x],
    );
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const flags = step.define(`tf.greater(${x.name}, 0.0713)`, x.shape, [], "bool");
    if (!flags) return;
    const axis = axisOf(x, k);
    const name = k % 2 ? "any" : "all";
    step.define(`tf.${name}(${flags.name}, ${axis})`, without(x.shape, axis), [], "bool");
  },
  (step, a) => {
    const x = step.float(a);
    step.define(`tf.norm(tf.add(${x.name}, 0.3))`, [], [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    step.define(`tf.prod(tf.sin(${x.name}), ${axis})`, without(x.shape, axis), [x]);
  },
];
