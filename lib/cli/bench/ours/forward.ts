import * as tf from "@tensorflow/tfjs";
import { loadEfficientNetLite0 } from "../../../backbones/efficientnet-lite0";
import { compile } from "../../../graph/compile";
import type { Job } from "../job";
import { sample, type Workload, writeInputs } from "./workload";

/** One product of square matrices, eager: what the machine can do at most. */
export function matmulWorkload(job: Job, size: number): Workload {
  const a = tf.randomNormal([size, size], 0, 1, "float32", 1);
  const b = tf.randomNormal([size, size], 0, 1, "float32", 2);
  writeInputs(job, { a, b });
  return {
    check: async () => sample(tf.tidy(() => tf.matMul(a, b).dataSync())),
    run: () => tf.matMul(a, b).dispose(),
  };
}

/** The whole network on images that are preprocessed, as one compiled graph. */
export async function forwardWorkload(job: Job, batch: number): Promise<Workload> {
  const backbone = await loadEfficientNetLite0();
  const images = tf.randomUniform<tf.Rank.R4>([batch, 224, 224, 3], -1, 1, "float32", 1);
  writeInputs(job, { images });
  const eager = ({ images }: { images: tf.Tensor4D }) => backbone.run(images, "input", "logits");
  const forward = compile(eager, { inputs: { images: [null, 224, 224, 3] } });
  const logits = () => tf.tidy(() => forward({ images }).dataSync());
  return {
    check: async () => {
      // The first two calls are recorded; the third is the graph's.
      logits();
      logits();
      return sample(logits());
    },
    run: () => void logits(),
    step: { eager: eager as NonNullable<Workload["step"]>["eager"], inputs: { images } },
  };
}
