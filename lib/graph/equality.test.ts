import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { Adam } from "./adam";
import { batchNormTraining } from "./batch-norm";
import { compile } from "./compile";
import { GradientDescent } from "./gradient-descent";
import { nativeBackend } from "./native-backend";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";
import { StepRandom } from "./step-random";

before(async () => {
  await startTensorFlow();
});

interface StepInputs {
  x: tf.Tensor;
  labels: tf.Tensor1D;
  rate: tf.Scalar;
}

/** A model to train: its variables, the loss of one step, and what it frees at the end. */
interface Training {
  variables: tf.Variable[];
  step(inputs: StepInputs): tf.Scalar;
  dispose(): void;
}

const steps = 20;

/** Losses and final variables of 20 steps on the same batches; every fifth batch is smaller. */
function train(
  make: () => Training,
  shape: number[],
  compiled: boolean,
): { losses: number[]; weights: number[][] } {
  const stream = randomStream(1, "batches");
  const training = make();
  const step = compile((inputs) => training.step(inputs as unknown as StepInputs), {
    inputs: { x: [null, ...shape], labels: { shape: [null], dtype: "int32" }, rate: [] },
  });
  const losses = Array.from({ length: steps }, (_, n) => {
    const batch = n % 5 === 4 ? 3 : 8;
    const x = tf.randomNormal([batch, ...shape], 0, 1, "float32", stream.tensorSeed());
    const labels = tf.tensor1d(
      Array.from({ length: batch }, () => stream.integer(4)),
      "int32",
    );
    const rate = 1e-3 / (1 + n);
    const loss = compiled
      ? step({ x, labels, rate })
      : tf.tidy(() => training.step({ x, labels, rate: tf.scalar(rate) }));
    const [value] = loss.dataSync();
    tf.dispose([x, labels, loss]);
    return value!;
  });
  if (compiled) assert.equal(step.graphs, nativeBackend() ? 2 : 0);
  step.dispose();
  const weights = training.variables.map((variable) => [...variable.dataSync()]);
  training.dispose();
  return { losses, weights };
}

/** Checks that compiled training agrees with eager training to 1e-5, and with itself to the last bit. */
function assertAgrees(make: () => Training, shape: number[]): void {
  const eager = train(make, shape, false);
  const compiled = train(make, shape, true);
  assert.ok(new Set(eager.losses).size > steps / 2, "the loss changes from step to step");
  for (const [n, loss] of eager.losses.entries())
    assert.ok(Math.abs(compiled.losses[n]! - loss) < 1e-5, `step ${n}: ${compiled.losses[n]} and ${loss}`);
  for (const [i, values] of eager.weights.entries())
    for (const [k, value] of values.entries()) {
      const other = compiled.weights[i]![k]!;
      assert.ok(Math.abs(other - value) < 1e-5, `variable ${i}, element ${k}: ${other} and ${value}`);
    }
  assert.deepEqual(train(make, shape, true), compiled, "the same bits twice");
}

function makeVariables(shapes: Record<string, number[]>, seed: number): Record<string, tf.Variable> {
  const stream = randomStream(seed, "weights");
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const scale = 1 / Math.sqrt(shape.slice(0, -1).reduce((a, b) => a * b, 1));
      const initial = tf.randomNormal(shape, 0, scale, "float32", stream.tensorSeed());
      const variable = tf.variable(initial);
      initial.dispose();
      return [name, variable];
    }),
  );
}

/** Additive attention over the positions with dropout, a linear classifier, and Adam. */
function attentionHead(): Training {
  const [positions, channels, units] = [12, 16, 8];
  const w = makeVariables(
    { projection: [channels, units], bias: [units], score: [units, 1], out: [channels, 4] },
    2,
  );
  const variables = Object.values(w);
  const adam = new Adam(variables);
  const random = new StepRandom(3);
  const loss = (tokens: tf.Tensor, labels: tf.Tensor1D) => {
    const batch = tokens.shape[0]!;
    const rows = tokens.reshape([batch * positions, channels]);
    const keys = rows.matMul(w.projection as tf.Tensor2D).add(w.bias!);
    const scores = keys
      .tanh()
      .matMul(w.score as tf.Tensor2D)
      .reshape([batch, 1, positions]);
    const context = scores.softmax().matMul(tokens).reshape([batch, channels]);
    const logits = random.dropout(context, 0.25).matMul(w.out as tf.Tensor2D) as tf.Tensor2D;
    return softmaxCrossEntropy(logits, labels).mean() as tf.Scalar;
  };
  return {
    variables,
    step: ({ x, labels, rate }) => adam.minimize(() => loss(x, labels), rate),
    dispose: () => {
      adam.dispose();
      random.dispose();
      tf.dispose(variables);
    },
  };
}

/** A small ResNet: BatchNorm with moving averages, a shortcut, max pooling, and momentum. */
function smallResNet(): Training {
  const w = makeVariables({ stem: [3, 3, 3, 8], first: [3, 3, 8, 8], second: [3, 3, 8, 8], out: [8, 4] }, 4);
  const norms = ["stem", "first", "second"].map(() => ({
    gamma: tf.tidy(() => tf.variable(tf.ones<tf.Rank.R1>([8]))),
    beta: tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([8]))),
    mean: tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([8]), false)),
    variance: tf.tidy(() => tf.variable(tf.ones<tf.Rank.R1>([8]), false)),
  }));
  const trained = [...Object.values(w), ...norms.flatMap(({ gamma, beta }) => [gamma, beta])];
  const averages = norms.flatMap(({ mean, variance }) => [mean, variance]);
  const descent = new GradientDescent(trained, { momentum: 0.9 });
  const layer = (x: tf.Tensor4D, kernel: tf.Variable, norm: (typeof norms)[number]) => {
    const convolved = tf.conv2d(x, kernel as unknown as tf.Tensor4D, 1, "same");
    const { y, mean, variance } = batchNormTraining(convolved, norm.gamma, norm.beta);
    norm.mean.assign(norm.mean.mul(0.9).add(mean.mul(0.1)));
    norm.variance.assign(norm.variance.mul(0.9).add(variance.mul(0.1)));
    return y;
  };
  const loss = (x: tf.Tensor4D, labels: tf.Tensor1D) => {
    const stem = tf.maxPool(tf.relu(layer(x, w.stem!, norms[0]!)), 2, 2, "same");
    const inner = tf.relu6(layer(stem, w.first!, norms[1]!));
    const sum = tf.relu(layer(inner, w.second!, norms[2]!).add(stem)) as tf.Tensor4D;
    const logits = sum.mean<tf.Tensor2D>([1, 2]).matMul(w.out as tf.Tensor2D) as tf.Tensor2D;
    return softmaxCrossEntropy(logits, labels).mean() as tf.Scalar;
  };
  return {
    variables: [...trained, ...averages],
    step: ({ x, labels, rate }) => descent.minimize(() => loss(x as tf.Tensor4D, labels), rate),
    dispose: () => {
      descent.dispose();
      tf.dispose([...trained, ...averages]);
    },
  };
}

test("an attention head trains compiled as it does eagerly: loss and weights over 20 steps, within 1e-5", () => {
  assertAgrees(attentionHead, [12, 16]);
});

test("a small ResNet trains compiled as it does eagerly: loss and weights over 20 steps, within 1e-5", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  assertAgrees(smallResNet, [16, 16, 3]);
});
