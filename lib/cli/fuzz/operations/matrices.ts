import type { Size } from "../sizes";
import type { WriteOperation } from "./operation";
import { axisOf } from "./operation";

/** A size that a variable can have. */
const fixed = (size: Size | undefined): size is number => typeof size === "number" && size > 0 && size < 13;

export const matrices: WriteOperation[] = [
  (step, a, _b, k) => {
    const x = step.matrix(a);
    const [rows, inner] = x.shape as [Size, Size];
    if (!fixed(inner)) return;
    const weights = step.world.variable([inner, 2 + (k % 2)], k % 3 === 2);
    step.define(`tf.matMul(${x.name}, ${weights.name})`, [rows, 2 + (k % 2)], [x, weights]);
  },
  (step, a, _b, k) => {
    const x = step.matrix(a);
    const [, inner] = x.shape as [Size, Size];
    if (!fixed(inner)) return;
    const bias = step.world.variable([inner], k % 3 === 2);
    step.define(`tf.add(${x.name}, ${bias.name})`, x.shape, [x, bias]);
  },
  (step, a, _b, k) => {
    const x = step.float(a);
    const scale = step.world.variable([], k % 3 === 2);
    step.define(`tf.mul(${x.name}, ${scale.name})`, x.shape, [x, scale]);
  },
  (step, a, b) => {
    const [x, y] = [step.matrix(a), step.matrix(b)];
    if (x.shape[1] !== y.shape[1]) return;
    const shape = [x.shape[0] as Size, y.shape[0] as Size];
    step.define(`tf.mul(tf.matMul(${x.name}, ${y.name}, false, true), 0.3)`, shape, [x, y]);
  },
  (step, a, b) => {
    const [x, y] = [step.matrix(a), step.matrix(b)];
    if (x.shape[0] !== y.shape[0]) return;
    const shape = [x.shape[1] as Size, y.shape[1] as Size];
    step.define(`tf.mul(tf.matMul(${x.name}, ${y.name}, true), 0.3)`, shape, [x, y]);
  },
  (step, a) => {
    // Attention of the rows to each other.
    const x = step.matrix(a);
    step.define(`tf.matMul(tf.softmax(tf.matMul(${x.name}, ${x.name}, false, true)), ${x.name})`, x.shape, [
      x,
    ]);
  },
  (step, a) => {
    const x = step.float(a);
    if (x.shape.length < 3) return;
    const shape = [...x.shape.slice(0, -2), x.shape.at(-2) as Size, x.shape.at(-2) as Size];
    step.define(`tf.matMul(${x.name}, ${x.name}, false, true)`, shape, [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axes = x.shape.map((_, i) => (i + 1 + (k % 2)) % x.shape.length);
    const shape = axes.map((axis) => x.shape[axis] as Size);
    step.define(`tf.transpose(${x.name}, [${axes.join(", ")}])`, shape, [x]);
  },
  (step, a, _b, k) => {
    // An embedding: rows of a table, chosen by labels.
    const chosen = step.values.find(({ dtype, shape }) => dtype === "int32" && shape.length === 1) ?? a;
    if (chosen.dtype !== "int32") return;
    const table = step.world.variable([3, 2], k % 3 === 2);
    step.define(
      `tf.gather(${table.name}, tf.minimum(tf.abs(${chosen.name}), tf.scalar(2, "int32")))`,
      [...chosen.shape, 2],
      [table],
    );
  },
  (step, a, _b, k) => {
    const x = step.matrix(a);
    const targets = step.values.find(
      ({ dtype, shape }) => dtype === "int32" && shape.length === 1 && shape[0] === x.shape[0],
    );
    const [rows, classes] = x.shape as [Size, Size];
    if (targets && fixed(classes) && classes > 2) {
      step.define(
        `softmaxCrossEntropy(${x.name}, tf.minimum(tf.abs(${targets.name}), tf.scalar(${classes - 1}, "int32")))`,
        [rows],
        [x],
      );
    } else {
      const likely = k % 2 ? x.name : `tf.mul(${x.name}, 0.5)`;
      step.define(`softmaxCrossEntropy(${x.name}, tf.softmax(${likely}))`, [rows], [x]);
    }
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const kind = ["tf.softmax(", "tf.logSoftmax(", "tf.softmax(", "tf.cumsum("][k % 4] as string;
    const axis = kind === "tf.cumsum(" ? `, ${axisOf(x, k)}` : "";
    step.define(`${kind}${x.name}${axis})`, x.shape, [x]);
  },
];
