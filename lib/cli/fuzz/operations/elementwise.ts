import { union, type Value } from "../value";
import type { WriteOperation } from "./operation";

/** An operation on every number of its own; `x` stands for the value in the template. */
function unary(template: string): WriteOperation {
  return (step, a) => {
    const x = step.float(a);
    step.define(template.replace(/\bx\b/g, x.name), x.shape, [x]);
  };
}

/** An operation on pairs of numbers. */
function binary(write: (a: string, b: string) => string): WriteOperation {
  return (step, a, b) => {
    const x = step.float(a);
    const y = step.beside(b, x);
    step.define(write(x.name, y.name), x.shape, [x, y]);
  };
}

export const activations: WriteOperation[] = [
  unary("tf.tanh(x)"),
  unary("tf.relu(tf.add(x, 0.0137))"),
  unary("tf.sigmoid(x)"),
  unary("tf.relu6(tf.add(tf.mul(x, 4), 3.0137))"),
  unary("tf.selu(tf.sub(x, 0.0137))"),
  unary("tf.elu(tf.add(x, 0.0137))"),
  unary("tf.leakyRelu(tf.add(x, 0.0137))"),
  unary("tf.softplus(x)"),
  unary("tf.sin(tf.mul(x, 2))"),
  unary("tf.square(tf.sin(x))"),
  unary("tf.abs(tf.add(x, 0.0137))"),
  unary("tf.exp(tf.sin(x))"),
  unary("tf.sqrt(tf.add(tf.square(tf.sin(x)), 0.1))"),
  unary("tf.reciprocal(tf.add(tf.abs(x), 1.0137))"),
  unary("tf.erf(x)"),
  unary("tf.clipByValue(x, -0.9137, 0.7137)"),
  unary("tf.log1p(tf.square(x))"),
  unary("tf.prelu(tf.add(x, 0.0137), tf.scalar(0.3))"),
];

const flags = (step: Parameters<WriteOperation>[0], a: Value): Value => {
  if (a.dtype === "bool") return a;
  const x = step.float(a);
  return step.define(`tf.greater(${x.name}, 0.0531)`, x.shape, [], "bool") as Value;
};

export const arithmetic: WriteOperation[] = [
  binary((a, b) => `tf.add(${a}, ${b})`),
  binary((a, b) => `tf.mul(${a}, ${b})`),
  binary((a, b) => `tf.sub(${a}, ${b})`),
  binary((a, b) => `tf.div(${a}, tf.add(tf.abs(${b}), 1.0137))`),
  binary((a, b) => `tf.maximum(${a}, tf.sub(${b}, 0.0137))`),
  binary((a, b) => `tf.minimum(${a}, tf.add(${b}, 0.0137))`),
  binary((a, b) => `tf.squaredDifference(tf.sin(${a}), tf.sin(${b}))`),
  (step, a, b, k) => {
    const x = step.float(a);
    const y = step.beside(b, x);
    const chosen = flags(step, x);
    const other = k % 2 ? `tf.mul(${x.name}, 0.3)` : `tf.add(tf.zerosLike(${x.name}), ${y.name})`;
    step.define(`tf.where(${chosen.name}, ${x.name}, ${other})`, x.shape, [x, y]);
  },
  (step, a) => {
    const chosen = flags(step, a);
    step.define(`tf.cast(tf.logicalNot(${chosen.name}), "float32")`, chosen.shape, []);
  },
  (step, a) => {
    const x = step.float(a);
    step.define(`tf.cast(tf.mul(tf.add(tf.sin(${x.name}), 1.0137), 2), "int32")`, x.shape, [], "int32");
  },
  (step, a, b) => {
    const x = step.float(a);
    const others = [x, step.beside(b, x), step.beside(step.value(2), x)];
    const same = others.filter(({ shape }) => shape.join() === x.shape.join());
    step.define(`tf.addN([${same.map(({ name }) => name).join(", ")}])`, x.shape, same);
  },
  (step, a, _b, k) => {
    // A gradient taken inside of the step.
    const x = step.float(a);
    const inner = k % 2 ? "tf.sum(tf.sin(z))" : "tf.mean(tf.square(z))";
    step.define(`tf.grad((z) => ${inner})(${x.name})`, x.shape, union([x]));
  },
];
