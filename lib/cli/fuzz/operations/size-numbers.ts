import { product, type Size, shapeText } from "../sizes";
import { intersection } from "../value";
import { type WriteOperation, withSize } from "./operation";

/** Numbers that follow from a size in ways that two sizes don't give away. */
const numbersOf = (n: string): string[] => [
  `Math.floor(${n} / 2)`,
  `${n} * ${n}`,
  `Math.min(3, ${n})`,
  `(${n} > 3 ? 2 : 1)`,
  `Math.ceil(${n} / 3)`,
  `Math.max(2, ${n})`,
  `(${n} % 2)`,
  `Math.abs(${n} - 3)`,
  `(${n} + 1)`,
  `(${n} === 0 ? 5 : ${n})`,
];

/** One of those numbers, as text. */
const numberOf = (n: string, k: number) => {
  const all = numbersOf(n);
  return all[k % all.length] as string;
};

/** The axis of a free size, or the first. */
const freeAxis = (shape: readonly Size[]) =>
  Math.max(
    0,
    shape.findIndex((size) => typeof size === "string"),
  );

/** What makes of a step something that holds at the sizes it was seen at alone. */
export const sizeNumbers: WriteOperation[] = [
  (step, a, _b, k) => {
    const x = step.float(a);
    step.define(`tf.mul(${x.name}, 0.1 * ${numberOf(step.someSize(k >> 2), k)})`, x.shape, [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = freeAxis(x.shape);
    const size = x.shape[axis] as Size;
    const kept = k % 2 ? `Math.min(${1 + (k % 3)}, ${size})` : `Math.floor((${size}) / 2)`;
    const begin = x.shape.map(() => 0);
    const shape = withSize(x.shape, axis, kept);
    step.define(`tf.slice(${x.name}, ${shapeText(begin)}, ${shapeText(shape)})`, shape, [x]);
  },
  (step, a, _b, k) => {
    const x = step.float(a);
    const branch = step.define(
      `${step.someSize(k >> 2)} > ${1 + (k % 4)} ? tf.mul(${x.name}, 0.5) : tf.add(${x.name}, 0.3)`,
      x.shape,
      [x],
    );
    if (branch && k % 3 === 0) step.define(`tf.sin(${branch.name})`, x.shape, [branch]);
  },
  (step, a, b, k) => {
    const x = step.float(a);
    const y = step.float(b);
    if (x.shape.join() !== y.shape.join()) return;
    step.define(
      `${step.someSize(k >> 2)} < ${2 + (k % 3)} ? ${x.name} : ${y.name}`,
      x.shape,
      intersection(x, y),
    );
  },
  (step, a, _b, k) => {
    const x = step.float(a);
    const size = numberOf(step.someSize(k >> 2), k);
    step.define(`tf.add(${x.name}, tf.mul(tf.sum(tf.ones([${size}])), 0.1))`, x.shape, [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = x.shape.length - 1;
    const size = x.shape[axis] as Size;
    if (typeof size === "number") return;
    const kept = `Math.min(${1 + (k % 3)}, ${size})`;
    step.define(`tf.topk(${x.name}, ${kept}).values`, withSize(x.shape, axis, kept), [x]);
  },
  (step, a) => {
    const x = step.vector(a);
    const size = x.shape[0] as Size;
    const ramp = `tf.mul(tf.range(0, ${size}), 0.1)`;
    const wide = [size, ...x.shape.slice(1).map(() => 1)];
    step.define(`tf.add(${x.name}, tf.reshape(${ramp}, ${shapeText(wide)}))`, x.shape, [x]);
  },
  (step, a, _b, k) => {
    const n = step.someSize(k >> 2);
    const row = step.define(`tf.fill([${n}], 0.1 * ${numberOf(n, k)})`, [n], []);
    const x = row && step.beside(row, a);
    if (x) step.define(`tf.add(${step.float(a).name}, ${x.name})`, a.shape, [a]);
  },
  (step, a) => {
    const x = step.vector(a);
    if (x.shape[0] === undefined) return;
    // A loop over the rows.
    step.define(
      `tf.unstack(${x.name}).reduce((sum, row, i) => tf.add(sum, tf.mul(row, 1 / (i + 1))), tf.zeros(${shapeText(x.shape.slice(1))}))`,
      x.shape.slice(1),
      [],
    );
  },
  (step, a, _b, k) => {
    const n = step.someSize(k >> 2);
    const x = step.vector(a);
    if (x.shape[0] !== n) return;
    const order = `tf.tensor1d(Array.from({ length: ${n} }, (_, i) => (i * ${n} + ${k}) % ${n}), "int32")`;
    step.define(`tf.gather(${x.name}, ${order})`, x.shape, [x]);
  },
  (step, a) => {
    const x = step.matrix(a);
    const [rows] = x.shape as [Size, Size];
    if (typeof rows === "number") return;
    step.define(`tf.matMul(tf.sub(tf.eye(${rows}), tf.div(1, ${rows} + 1)), ${x.name})`, x.shape, [x]);
  },
  (step, a) => {
    const x = step.float(a);
    const size = product(x.shape);
    // Means by hand.
    step.define(`tf.div(tf.sum(${x.name}), Math.max(1, ${size}))`, [], [x]);
  },
  (step, a) => {
    const x = step.vector(a);
    const [first, ...rest] = x.shape as [Size, ...Size[]];
    if (typeof first === "number") return;
    const folded = `Math.floor((${first}) / 2)`;
    const begin = x.shape.map(() => 0);
    const even = [`2 * ${folded}`, ...rest];
    const shape = [folded, 2, ...rest];
    step.define(
      `tf.reshape(tf.slice(${x.name}, ${shapeText(begin)}, ${shapeText(even)}), ${shapeText(shape)})`,
      shape,
      [x],
    );
  },
  (step, _a, _b, k) => {
    const n = step.someSize(k >> 2);
    const hot = `tf.oneHot(tf.range(0, ${n}, 1, "int32"), ${n} + ${k % 2})`;
    step.define(`tf.cast(${hot}, "float32")`, [n, k % 2 ? `${n} + 1` : n], []);
  },
];
