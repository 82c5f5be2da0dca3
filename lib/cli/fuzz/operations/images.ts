import type { Size } from "../sizes";
import type { Value } from "../value";
import type { WriteOperation } from "./operation";

/** An operation on a batch of images that keeps the batch. */
function onImages(
  write: (
    step: Parameters<WriteOperation>[0],
    x: Value,
    k: number,
    shape: [Size, Size, Size, number],
  ) => void,
): WriteOperation {
  return (step, a, _b, k) => {
    const x = step.images(a);
    const channels = x?.shape[3];
    if (!x || typeof channels !== "number" || channels > 6) return;
    const [batch, rows, columns] = x.shape as [Size, Size, Size];
    if (typeof rows !== "number" || typeof columns !== "number" || rows < 2 || columns < 2) return;
    write(step, x, k, [batch, rows, columns, channels]);
  };
}

const half = (size: Size) => Math.ceil((size as number) / 2);

export const images: WriteOperation[] = [
  onImages((step, x, k, [batch, rows, columns, channels]) => {
    const filter = step.world.variable([2, 2, channels, 2], k % 3 === 2);
    step.define(`tf.conv2d(${x.name}, ${filter.name}, 1, "same")`, [batch, rows, columns, 2], [x, filter]);
  }),
  onImages((step, x, k, [batch, rows, columns, channels]) => {
    const filter = step.world.variable([2, 2, channels, 2], k % 3 === 2);
    const shape = [batch, half(rows), half(columns), 2];
    step.define(`tf.conv2d(${x.name}, ${filter.name}, 2, "same")`, shape, [x, filter]);
  }),
  onImages((step, x, k, [batch, rows, columns, channels]) => {
    const filter = step.world.variable([2, 2, channels, 1], k % 3 === 2);
    const shape = [batch, rows, columns, channels];
    step.define(`tf.depthwiseConv2d(${x.name}, ${filter.name}, 1, "same")`, shape, [x, filter]);
  }),
  onImages((step, x, _k, [batch, rows, columns, channels]) => {
    step.define(`tf.maxPool(${x.name}, 2, 2, "same")`, [batch, half(rows), half(columns), channels], [x]);
  }),
  onImages((step, x, _k, [batch, rows, columns, channels]) => {
    step.define(`tf.avgPool(${x.name}, 2, 2, "same")`, [batch, half(rows), half(columns), channels], [x]);
  }),
  onImages((step, x, _k, [batch, , , channels]) => {
    step.define(`tf.mean(${x.name}, [1, 2])`, [batch, channels], [x]);
  }),
  onImages((step, x, k, [, , , channels]) => {
    const [gamma, beta] = [step.world.variable([channels], true), step.world.variable([channels])];
    const y = step.define(`batchNormTraining(${x.name}, ${gamma.name}, ${beta.name}, 0.1)`, x.shape, [
      x,
      gamma,
      beta,
    ]);
    if (!y) return;
    // The result has three parts: a name of the normalised images takes the place of the whole.
    step.values.pop();
    const scaled = step.define(`${y.name}.y`, x.shape, [x, gamma, beta]);
    if (scaled && k % 2) {
      const average = step.world.variable([channels], true);
      step.statement(
        `${average.name}.assign(tf.add(tf.mul(${average.name}, 0.9), tf.mul(${y.name}.mean, 0.1)));`,
      );
    }
  }),
  onImages((step, x, _k, [, , , channels]) => {
    const [mean, scale] = [step.world.variable([channels], true), step.world.variable([channels])];
    step.define(
      `tf.batchNorm(${x.name}, ${mean.name}, tf.add(tf.square(${scale.name}), 0.5), ${mean.name}, ${scale.name}, 0.1)`,
      x.shape,
      [x, mean, scale],
    );
  }),
  onImages((step, x, _k, [batch, rows, columns, channels]) => {
    const shape = [batch, (rows as number) + 2, (columns as number) + 2, channels];
    step.define(`tf.mirrorPad(${x.name}, [[0, 0], [1, 1], [1, 1], [0, 0]], "reflect")`, shape, [x]);
  }),
  onImages((step, x, k, [batch, rows, columns, channels]) => {
    const size = Number(rows) * Number(columns);
    const shape = k % 2 ? [batch, size, channels] : [batch, size * channels];
    step.define(`tf.reshape(${x.name}, [${shape.join(", ")}])`, shape, [x]);
  }),
  onImages((step, x, _k, [batch, rows, columns, channels]) => {
    const shape = [batch, Number(rows) * 2, Number(columns) * 2, channels];
    step.define(`tf.image.resizeBilinear(${x.name}, [${shape[1]}, ${shape[2]}])`, shape, [x]);
  }),
];
