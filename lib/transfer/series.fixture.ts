import * as tf from "@tensorflow/tfjs";
import type { InputBackbone, TrainableStage } from "../backbones/backbone";
import { randomStream } from "../runtime/random";
import type { InputSource } from "./input-source";
import { withoutPadding } from "./padding";

/** One number at each moment. */
export type Series = Float32Array;

const LONGEST = 40;

/**
 * Noise of 12 to 40 moments with one short motif somewhere in it: up and down again in class 0, down and up again in
 * class 1. Mean, size and length are the same in both classes.
 */
export function drawSeries(count: number, name: string): { series: Series[]; labels: Int32Array } {
  const stream = randomStream(0, `series/${name}`);
  const labels = Int32Array.from({ length: count }, () => stream.integer(2));
  const series = Array.from(labels, (label) => {
    const length = 12 + stream.integer(LONGEST - 11);
    const values = Float32Array.from({ length }, () => 0.3 * stream.normal());
    const start = stream.integer(length - 3);
    const sign = label === 0 ? 1 : -1;
    for (const [i, step] of [1.5, 1.5, -1.5, -1.5].entries()) values[start + i]! += sign * step;
    return values;
  });
  return { series, labels };
}

export function sourceOfSeries(series: readonly Series[]): InputSource<Series> {
  return { count: series.length, digest: "series", load: async (index) => series[index]! };
}

const [WIDTH, NARROW, WIDE] = [5, 8, 12];

/** A network for series as a literal: a frozen convolution, then one of stride 2 that can be fine-tuned. */
export function seriesBackbone(): InputBackbone<Series> {
  const draw = (name: string, shape: [number, number, number]) => {
    const stream = randomStream(0, `series backbone/${name}`);
    const size = shape.reduce((product, axis) => product * axis, 1);
    return tf.keep(
      tf.tensor3d(
        Float32Array.from({ length: size }, () => stream.normal() / 2),
        shape,
      ),
    );
  };
  const first = draw("first", [WIDTH, 1, NARROW]);
  const second = draw("second", [WIDTH, NARROW, WIDE]);
  const early = (x: tf.Tensor3D) => tf.conv1d(x, first, 1, "same").relu() as tf.Tensor3D;
  const late = (x: tf.Tensor3D, kernel: tf.Tensor3D) => tf.conv1d(x, kernel, 2, "same").relu() as tf.Tensor3D;
  return {
    name: "SeriesNet",
    digest: "series net 1",
    cutPoints: [
      { name: "early", strides: [1], grid: [null], channels: NARROW },
      { name: "late", strides: [2], grid: [null], channels: WIDE },
    ],
    stack(inputs) {
      const lengths = inputs.map(({ length }) => length);
      const longest = Math.max(...lengths);
      const data = new Float32Array(inputs.length * longest);
      inputs.forEach((values, i) => {
        data.set(values, i * longest);
      });
      return { x: tf.tensor3d(data, [inputs.length, longest, 1]), lengths };
    },
    run(x, from, to, mask) {
      return tf.tidy(() => {
        const middle = from === "input" ? early(x as tf.Tensor3D) : (x as tf.Tensor3D);
        // What the convolution puts into the padding beside a series must not come back through the next one.
        return to === "late" ? late(withoutPadding(middle, mask), second) : middle.clone();
      });
    },
    trainableStage(): TrainableStage<tf.Tensor> {
      const kernel = tf.variable(second);
      return {
        variables: [kernel as tf.Variable],
        variableNames: ["second"],
        run: (x) => tf.tidy(() => late(x as tf.Tensor3D, kernel)),
        dispose: () => kernel.dispose(),
      };
    },
    dispose: () => tf.dispose([first, second]),
  };
}
