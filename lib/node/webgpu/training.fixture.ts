import * as tf from "@tensorflow/tfjs";
import { Adam } from "../../graph/adam";
import { compile } from "../../graph/compile";
import { softmaxCrossEntropy } from "../../graph/softmax-cross-entropy";
import { randomStream } from "../../runtime/random";
import { TransferModel } from "../../transfer/model";
import { type BackendName, startTensorFlow } from "../start-tensorflow";

/** Losses of training an attention head on drawn features, a few epochs of batches of two sizes. */
export function headLosses(): number[] {
  const [classes, rows, channels] = [3, 3, 8];
  const model = new TransferModel({
    pooling: "attention",
    channels,
    classes,
    stream: randomStream(0, "training"),
  });
  const adam = new Adam(model.headVariables);
  const step = compile(
    ({ grids, labels }) =>
      adam.minimize(
        () => softmaxCrossEntropy(model.predict(grids as tf.Tensor4D).logits, labels).mean(),
        1e-2,
      ),
    { inputs: { grids: [null, rows, rows, channels], labels: { shape: [null], dtype: "int32" } } },
  );
  const stream = randomStream(1, "features");
  const batches = [6, 6, 4].map((size) => ({
    grids: tf.tensor4d(
      Float32Array.from({ length: size * rows * rows * channels }, () => stream.normal()),
      [size, rows, rows, channels],
    ),
    labels: tf.tensor1d(
      Int32Array.from({ length: size }, (_, i) => i % classes),
      "int32",
    ),
  }));
  const losses = Array.from({ length: 6 }, () => batches)
    .flat()
    .map((batch) => {
      const loss = step(batch);
      const [value] = loss.dataSync();
      loss.dispose();
      return value!;
    });
  step.dispose();
  adam.dispose();
  model.dispose();
  tf.dispose(batches);
  return losses;
}

// `node training.fixture.js BACKEND` prints them.
if (require.main === module)
  void startTensorFlow(process.argv[2] as BackendName).then(() => console.log(JSON.stringify(headLosses())));
