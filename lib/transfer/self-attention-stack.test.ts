import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { assertNear } from "../attention/goldens/golden.fixture";
import { compile } from "../graph/compile";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { TransferModel } from "./model";
import { SelfAttentionStack } from "./self-attention-stack";

before(() => startTensorFlow());

const CHANNELS = 8;
const stackOf = (blocks: number, seed = 1) =>
  new SelfAttentionStack({ channels: CHANNELS, blocks, heads: 2, stream: randomStream(seed, "stack test") });
const tokensOf = (batch: number) => tf.randomNormal<tf.Rank.R3>([batch, 5, CHANNELS], 0, 1, "float32", 3);

test("a new stack changes nothing, and has gradients to leave that by", async () => {
  await assertNoTensorLeak(() => {
    const stack = stackOf(3);
    tf.tidy(() => {
      const tokens = tokensOf(2);
      const { tokens: refined, weights } = stack.run(tokens);
      assert.deepEqual(refined.dataSync(), tokens.dataSync());
      assert.deepEqual(
        weights.map(({ shape }) => shape),
        Array(3).fill([2, 2, 5, 5]),
      );
      const loss = () => stack.run(tokens).tokens.square().sum().asScalar();
      const { grads } = tf.variableGrads(loss, stack.variables);
      const moving = Object.values(grads).filter((grad) => grad.abs().max().dataSync()[0]! > 1e-3);
      // The last projection of each block, kernel and bias: the others wait behind it.
      assert.equal(moving.length, 3 * 2);
    });
    tf.dispose(stack.variables);
  });
});

test("a new model with self-attention decides what one with attention alone decides", () => {
  const options = { channels: CHANNELS, classes: 3, attentionUnits: 4 };
  const models = (["self-attention", "attention"] as const).map(
    (pooling) => new TransferModel({ ...options, pooling, stream: randomStream(1, "stack test") }),
  );
  tf.tidy(() => {
    const grids = tf.randomNormal<tf.Rank.R4>([2, 3, 3, CHANNELS], 0, 1, "float32", 2);
    const [refined, plain] = models.map((model) => model.predict(grids));
    assert.deepEqual(refined!.context.dataSync(), plain!.context.dataSync());
    assert.equal(refined!.selfAttention!.length, 2);
    assert.equal(plain!.selfAttention, undefined);
  });
  for (const model of models) model.dispose();
});

test("equal streams give equal stacks, and every block draws its own", () => {
  const values = (stack: SelfAttentionStack) => stack.variables.map((variable) => [...variable.dataSync()]);
  const [first, again, other] = [stackOf(2), stackOf(2), stackOf(2, 2)].map(values);
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  assert.notDeepEqual(first!.slice(0, first!.length / 2), first!.slice(first!.length / 2));
});

test("compiled, a stack gives what it gives eagerly, at every batch size", () => {
  const stack = stackOf(2);
  tf.tidy(() => {
    for (const [i, variable] of stack.variables.entries())
      variable.assign(tf.randomNormal(variable.shape, 0, 0.4, "float32", i + 1));
  });
  const step = compile(
    ({ tokens }) => {
      const { tokens: refined, weights } = stack.run(tokens);
      return [refined, ...weights];
    },
    { inputs: { tokens: [null, 5, CHANNELS] } },
  );
  for (const batch of [2, 2, 1, 4]) {
    tf.tidy(() => {
      const tokens = tokensOf(batch);
      const { tokens: refined, weights } = stack.run(tokens);
      for (const [i, tensor] of step({ tokens }).entries())
        assertNear(tensor, [refined, ...weights][i]!, `output ${i}`);
    });
  }
  step.dispose();
  tf.dispose(stack.variables);
});
