import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { batchNormTraining } from "./batch-norm";
import { compile } from "./compile";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";
import { StepRandom } from "./step-random";

before(async () => {
  await startTensorFlow();
});

function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "",
): void {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= tolerance,
      `${what}[${i}]: ${actual[i]} and ${expected[i]}`,
    );
}

test("cross-entropy and its gradient follow the definition, for classes and for probabilities", async () => {
  const logits = [
    [1, 2, 3],
    [0, 100, -100],
  ];
  const classes = [2, 0];
  const probabilities = classes.map((label) => [0, 1, 2].map((k) => (k === label ? 0.9 : 0.05)));
  const softmax = logits.map((row) => {
    const exponentials = row.map((x) => Math.exp(x - Math.max(...row)));
    return exponentials.map((e) => e / exponentials.reduce((a, b) => a + b));
  });
  const logSoftmax = logits.map((row) => {
    const largest = Math.max(...row);
    const sum = row.reduce((total, x) => total + Math.exp(x - largest), 0);
    return row.map((x) => x - largest - Math.log(sum));
  });
  const hard = classes.map((label) => [0, 1, 2].map((k) => Number(k === label)));
  await assertNoTensorLeak(() =>
    tf.tidy(() => {
      const cases: [tf.Tensor1D | tf.Tensor2D, number[][]][] = [
        [tf.tensor1d(classes, "int32"), hard],
        [tf.tensor2d(probabilities), probabilities],
      ];
      for (const [labels, targets] of cases) {
        const weights = tf.tensor1d([1, 0.5]);
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor2D) =>
          softmaxCrossEntropy(x, labels).mul(weights).sum(),
        )(tf.tensor2d(logits));
        const losses = targets.map((row, i) => -row.reduce((sum, t, k) => sum + t * logSoftmax[i]![k]!, 0));
        assertClose(value.dataSync(), [losses[0]! + 0.5 * losses[1]!], 1e-5, "loss");
        const gradient = targets.flatMap((row, i) =>
          row.map((t, k) => (i === 0 ? 1 : 0.5) * (softmax[i]![k]! - t)),
        );
        assertClose(grad.dataSync(), gradient, 1e-6, "gradient");
      }
    }),
  );
});

test("BatchNorm in training gives the values and gradients of its definition", async () => {
  const epsilon = 1e-3;
  await assertNoTensorLeak(() =>
    tf.tidy(() => {
      const x = tf.randomNormal<tf.Rank.R4>([3, 4, 5, 2], 1, 2, "float32", 1);
      const [gamma, beta] = [tf.tensor1d([0.5, 2]), tf.tensor1d([-1, 1])];
      const arriving = tf.randomNormal([3, 4, 5, 2], 0, 1, "float32", 2);
      const byDefinition = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => {
        const mean = x.mean([0, 1, 2]);
        const variance = x.sub(mean).square().mean([0, 1, 2]);
        return x.sub(mean).div(variance.add(epsilon).sqrt()).mul(gamma).add(beta);
      };
      const sumOf = (f: (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.Tensor) =>
        tf.valueAndGrads((x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) =>
          f(x, gamma, beta).mul(arriving).sum(),
        )([x, gamma, beta]);
      const fused = sumOf(
        (x, gamma, beta) =>
          batchNormTraining(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, epsilon).y,
      );
      const expected = sumOf(byDefinition);
      assertClose(fused.value.dataSync(), expected.value.dataSync(), 1e-3, "sum");
      for (const [i, gradient] of expected.grads.entries())
        assertClose(fused.grads[i]!.dataSync(), gradient.dataSync(), 2e-4, `gradient ${i}`);
      const { y, mean, variance } = batchNormTraining(x, gamma, beta, epsilon);
      assertClose(y.dataSync(), byDefinition(x, gamma, beta).dataSync(), 1e-5, "y");
      assertClose(mean.dataSync(), x.mean([0, 1, 2]).dataSync(), 1e-5, "mean");
      // Divided by 59 rather than 60.
      const unbiased = x
        .sub(x.mean([0, 1, 2]))
        .square()
        .sum([0, 1, 2])
        .div(59);
      assertClose(variance.dataSync(), unbiased.dataSync(), 1e-4, "variance");
    }),
  );
});

test("random numbers differ from step to step and repeat with the seed, compiled or not", () => {
  const draws = (seed: number, compiled: boolean) => {
    const random = new StepRandom(seed);
    const draw = ({ x }: { x: tf.Tensor1D }) =>
      random
        .uniform<tf.Rank.R1>([4])
        .add(x)
        .concat(random.normal([3]));
    const step = compile(draw, { inputs: { x: [1] } });
    const x = tf.zeros<tf.Rank.R1>([1]);
    const values = Array.from({ length: 5 }, () => {
      const drawn = compiled ? step({ x }) : tf.tidy(() => draw({ x }));
      const numbers = [...drawn.dataSync()];
      drawn.dispose();
      return numbers;
    });
    step.dispose();
    random.dispose();
    x.dispose();
    return values;
  };
  assert.deepEqual(draws(5, true), draws(5, false));
  assert.notDeepEqual(draws(5, true), draws(6, true));
  const all = draws(5, true).flat();
  assert.equal(new Set(all).size, all.length, "no number comes twice");
});

test("uniform and normal draws have the moments of their distributions", () => {
  tf.tidy(() => {
    const random = new StepRandom(11);
    const moments = (x: tf.Tensor) => {
      const { mean, variance } = tf.moments(x);
      return [mean.dataSync()[0]!, variance.dataSync()[0]!] as const;
    };
    const uniform = random.uniform([200, 200]);
    assert.ok(uniform.min().dataSync()[0]! >= 0 && uniform.max().dataSync()[0]! < 1);
    assertClose(moments(uniform), [1 / 2, 1 / 12], 0.01);
    assertClose(moments(random.normal([200, 200])), [0, 1], 0.02);
    random.dispose();
  });
});

test("dropout keeps the expectation, its gradient has the same mask, and every step has another", () => {
  const random = new StepRandom(3);
  const step = compile(
    ({ x }) => {
      const { value, grad } = tf.valueAndGrad((input: tf.Tensor) => random.dropout(input, 0.25).sum())(x);
      return { value, grad };
    },
    { inputs: { x: [100, 100] } },
  );
  const x = tf.ones([100, 100]);
  const masks = [1, 2, 3, 4].map(() => {
    const { value, grad } = step({ x });
    const mask = [...grad.dataSync()];
    assertClose(value.dataSync(), [mask.reduce((sum, m) => sum + m, 0)], 0.5);
    tf.dispose([value, grad]);
    return mask;
  });
  for (const mask of masks) {
    assert.ok(mask.every((m) => m === 0 || Math.abs(m - 4 / 3) < 1e-6));
    const kept = mask.filter((m) => m > 0).length / mask.length;
    assert.ok(Math.abs(kept - 0.75) < 0.02, `${kept} kept`);
  }
  assert.notDeepEqual(masks[2], masks[3]);
  assert.throws(() => random.dropout(x, 1), /\[0, 1\)/);
  step.dispose();
  random.dispose();
  x.dispose();
});
