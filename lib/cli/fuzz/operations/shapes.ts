import { product, type Size, shapeText, sum } from "../sizes";
import { axisOf, lastFixed, type WriteOperation, without, withSize } from "./operation";

export const shapes: WriteOperation[] = [
  (step, a) => {
    const x = step.float(a);
    const size = product(x.shape);
    step.define(`tf.reshape(${x.name}, [${size}])`, [size], [x]);
  },
  (step, a) => {
    const x = step.vector(a);
    const [first, ...rest] = x.shape as [Size, ...Size[]];
    step.define(`tf.reshape(${x.name}, [${first}, ${product(rest)}])`, [first, product(rest)], [x]);
  },
  (step, a, _b, k) => {
    const x = step.float(a);
    const axis = k % (x.shape.length + 1);
    const shape = [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)];
    step.define(`tf.expandDims(${x.name}, ${axis})`, shape, [x]);
  },
  (step, a) => {
    const x = step.vector(a);
    const last = x.shape.at(-1) as Size;
    if (last === 0) return;
    // The size that is left over is asked for as -1.
    step.define(
      `tf.reshape(${x.name}, [${product(x.shape.slice(0, -1))}, ${last}])`,
      [product(x.shape.slice(0, -1)), last],
      [x],
    );
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    const size = x.shape[axis] as Size;
    step.define(
      `tf.concat([${x.name}, tf.mul(${x.name}, 0.5)], ${axis})`,
      withSize(x.shape, axis, product([2, size])),
      [x],
    );
  },
  (step, a, b, k) => {
    const [x, y] = [step.vector(a), step.vector(b)];
    const axis = axisOf(x, k);
    const fits =
      x.shape.length === y.shape.length && x.shape.every((size, i) => i === axis || size === y.shape[i]);
    if (!fits) return;
    const size = sum(x.shape[axis] as Size, y.shape[axis] as Size);
    step.define(`tf.concat([${x.name}, ${y.name}], ${axis})`, withSize(x.shape, axis, size), [x, y]);
  },
  (step, a, b, k) => {
    const [x, y] = [step.float(a), step.float(b)];
    const other = x.shape.join() === y.shape.join() ? y : x;
    const axis = k % (x.shape.length + 1);
    const shape = [...x.shape.slice(0, axis), 2, ...x.shape.slice(axis)];
    step.define(`tf.stack([${x.name}, ${other.name}], ${axis})`, shape, [x, other]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    step.define(`tf.reverse(${x.name}, ${axis})`, x.shape, [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    const size = x.shape[axis] as Size;
    const [before, after] = [k % 2, 1 + (k % 3 === 2 ? 1 : 0)];
    const paddings = x.shape.map((_, i) => (i === axis ? `[${before}, ${after}]` : "[0, 0]")).join(", ");
    const filled = k > 5 ? ", 0.25" : "";
    step.define(
      `tf.pad(${x.name}, [${paddings}]${filled})`,
      withSize(x.shape, axis, sum(size, before + after)),
      [x],
    );
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    const repeats = x.shape.map((_, i) => (i === axis ? 2 : 1));
    const size = product([2, x.shape[axis] as Size]);
    step.define(`tf.tile(${x.name}, [${repeats.join(", ")}])`, withSize(x.shape, axis, size), [x]);
  },
  (step, a, _b, k) => {
    // One place of a fixed axis.
    const x = step.vector(a);
    const axis = lastFixed(x.shape);
    if (axis < 0) return;
    const begin = x.shape.map((_, i) => (i === axis ? k % (x.shape[axis] as number) : 0));
    const sizes = x.shape.map((_, i) => (i === axis ? 1 : -1));
    step.define(`tf.slice(${x.name}, ${shapeText(begin)}, ${shapeText(sizes)})`, withSize(x.shape, axis, 1), [
      x,
    ]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = lastFixed(x.shape);
    if (axis < 0) return;
    const size = x.shape[axis] as number;
    const chosen = [k % size, (k + 1) % size, 0];
    const indices = `tf.tensor1d([${chosen.join(", ")}], "int32")`;
    step.define(`tf.gather(${x.name}, ${indices}, ${axis})`, withSize(x.shape, axis, 3), [x]);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = lastFixed(x.shape);
    if (axis < 0) return;
    const place = k % (x.shape[axis] as number);
    step.define(`tf.unstack(${x.name}, ${axis})[${place}]`, without(x.shape, axis), [x]);
  },
  (step, a) => {
    const labels = step.values.find(({ dtype }) => dtype === "int32") ?? a;
    if (labels.dtype !== "int32") return;
    step.define(`tf.cast(tf.oneHot(${labels.name}, 3), "float32")`, [...labels.shape, 3], []);
  },
  (step, a, _b, k) => {
    const x = step.vector(a);
    const axis = axisOf(x, k);
    const repeats = withSize(
      x.shape.map(() => 1),
      axis,
      3,
    );
    if (x.shape[axis] !== 1) return;
    step.define(`tf.tile(${x.name}, ${shapeText(repeats)})`, withSize(x.shape, axis, 3), [x]);
  },
  (step, a, b) => {
    const x = step.float(a);
    const y = step.beside(b, x);
    step.define(`tf.broadcastTo(${y.name}, ${shapeText(x.shape)})`, x.shape, [y]);
  },
];
