// A stranger's project: compiled strictly and run beside nothing but the packed library and TensorFlow.js.
import * as tf from "@tensorflow/tfjs";
import { readImage, startTensorFlow, UserError } from "attention-transfer";
import { AdditiveAttention, type Pooled } from "attention-transfer/attention";
import { Adam, compile, softmaxCrossEntropy } from "attention-transfer/graph";

async function main(): Promise<void> {
  const { backend } = await startTensorFlow();
  const attention = new AdditiveAttention({ units: 4, seed: 1 });
  const tokens = tf.randomNormal<tf.Rank.R3>([6, 5, 3], 0, 1, "float32", 7);
  const pooled: Pooled = attention.apply(tokens);
  const sums: number[] = Array.from(pooled[1].sum(2).dataSync(), (sum) => Math.round(sum * 1e5) / 1e5);
  const adam = new Adam(attention.variables);
  const step = compile(
    ({ x, labels }) => adam.minimize(() => softmaxCrossEntropy(attention.apply(x)[0], labels).mean(), 0.1),
    { inputs: { x: [null, 5, 3], labels: { shape: [null], dtype: "int32" } } },
  );
  const labels = tf.tensor1d([0, 1, 2, 0, 1, 2], "int32");
  const losses = Array.from({ length: 20 }, () => step({ x: tokens, labels }).dataSync()[0] as number);
  const refusal: unknown = await readImage("nowhere.jpg", 3).catch((error: unknown) => error);
  console.log(
    JSON.stringify({
      backend,
      shapes: pooled.map(({ shape }) => shape),
      sums,
      learned: (losses[19] as number) < (losses[0] as number),
      refused: refusal instanceof UserError,
    }),
  );
}

void main();
