import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { Adam } from "./adam";
import { nativeBackend } from "./native-backend";
import { profileStep } from "./profile";

before(async () => {
  await startTensorFlow();
});

test("a profile counts the operations of a step, and its slowest comes first", async (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const weights = tf.variable(tf.ones<tf.Rank.R2>([512, 512]));
  const adam = new Adam([weights]);
  const x = tf.ones<tf.Rank.R2>([512, 512]);
  const { eager, graph } = await assertNoTensorLeak(() =>
    profileStep(
      ({ x }) =>
        adam.minimize(
          () =>
            tf
              .matMul(x as tf.Tensor2D, weights)
              .tanh()
              .sum(),
          1e-3,
        ),
      { x },
    ),
  );
  const countOf = (kind: string) => graph.find((each) => each.kind === kind)?.count;
  // The product itself and its gradient for the weights; the update is one operation in the graph only.
  assert.deepEqual([countOf("MatMul"), countOf("TanhGrad"), countOf("ResourceApplyAdam")], [2, 1, 1]);
  assert.equal(eager[0]!.kind, "BatchMatMulV2");
  assert.ok(eager.every(({ count, milliseconds }) => count > 0 && milliseconds > 0));
  assert.ok(!eager.some(({ kind }) => kind === "ResourceApplyAdam"));
  adam.dispose();
  tf.dispose([weights, x]);
});
