import * as tf from "@tensorflow/tfjs";
import { compile } from "../../../graph/compile";
import { loadEfficientNetLite0 } from "../../../node/load-efficientnet-lite0";
import type { Job } from "../job";
import { readInputs, sample, type Workload } from "./workload";

/** One product of square matrices, eager: what the machine can do at most. */
export function matmulWorkload(job: Job): Workload {
  const { a, b } = readInputs(job);
  const product = () => tf.matMul(a!, b!);
  return {
    check: async () => sample(tf.tidy(() => product().dataSync())),
    run: () => product().dispose(),
  };
}

/** The whole network on images that are preprocessed, as one compiled graph. */
export async function forwardWorkload(job: Job): Promise<Workload> {
  const backbone = await loadEfficientNetLite0();
  const inputs = readInputs(job) as { images: tf.Tensor4D };
  const eager = ({ images }: { images: tf.Tensor4D }) => backbone.run(images, "input", "logits");
  const forward = compile(eager, { inputs: { images: [null, 224, 224, 3] } });
  const logits = () => tf.tidy(() => forward(inputs).dataSync());
  return {
    check: async () => {
      // The first two calls are recorded; the third is the graph's.
      logits();
      logits();
      return sample(logits());
    },
    run: () => void logits(),
    step: { eager: eager as NonNullable<Workload["step"]>["eager"], inputs },
  };
}
