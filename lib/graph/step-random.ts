import * as tf from "@tensorflow/tfjs";
import { type RandomStream, randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { drawAnew } from "./active-recorder";
import { registerNativeKernel, runKernel } from "./native-kernel";

const uniformKernel = "StatelessRandomUniform";
const normalKernel = "StatelessRandomNormal";
let registered = false;

/**
 * Random numbers inside of a step: different at every step, the same for the same seed, compiled or not.
 *
 * On the native backend the numbers are a function of the seed and of a counter that lives in a variable (the
 * Philox generator of Salmon et al. 2011), so that they are drawn inside the graph. On other backends tfjs draws
 * them, other numbers but as reproducible. Keep one for each purpose and make it outside of the step.
 * @example
 * const random = new StepRandom(stream.tensorSeed());
 * const step = compile(({ x }) => head(random.dropout(x, 0.5)), { inputs: { x: [null, 1280] } });
 */
export class StepRandom {
  /** `[seed, draws so far]` */
  private readonly state: tf.Variable<tf.Rank.R1>;
  /** Seeds for the draws of backends that can't draw from the state. */
  private readonly seeds: RandomStream;

  /** @param seed a whole number in 0 … 2³¹ − 1, such as `RandomStream.tensorSeed()` gives. */
  constructor(seed: number) {
    this.seeds = randomStream(seed, "step");
    this.state = tf.tidy(() => tf.variable(tf.tensor1d([seed, 0], "int32"), false));
  }

  /** Numbers drawn uniformly from [0, 1). */
  uniform<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
    return this.draw(uniformKernel, shape, (seed) => tf.randomUniform(shape, 0, 1, "float32", seed));
  }

  /** Numbers drawn from the standard normal distribution. */
  normal<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
    return this.draw(normalKernel, shape, (seed) => tf.randomNormal(shape, 0, 1, "float32", seed));
  }

  /**
   * Dropout (Srivastava et al. 2014): sets each number to 0 with probability `rate`, and divides the others by
   * `1 − rate`, so that the expectation stays.
   * @param rate in [0, 1)
   * @throws UserError when the rate is outside of that range.
   */
  dropout<T extends tf.Tensor>(x: T, rate: number): T {
    if (!(rate >= 0 && rate < 1)) throw new UserError(`A dropout rate lies in [0, 1); ${rate} was given.`);
    return tf.tidy(() => {
      // The mask has nothing to do with x, and its comparison no gradient.
      const kept = tf.customGrad(() => ({
        value: tf.cast(tf.greaterEqual(this.uniform(x.shape), rate), "float32"),
        gradFunc: () => [],
      }))();
      return tf.mul(x, tf.div(kept, 1 - rate)) as T;
    });
  }

  /** Frees the seed and the counter; nothing can be drawn afterwards. */
  dispose(): void {
    this.state.dispose();
  }

  private draw<R extends tf.Rank>(
    kernel: string,
    shape: tf.ShapeMap[R],
    elsewhere: (seed: number) => tf.Tensor<R>,
  ): tf.Tensor<R> {
    if (tf.getBackend() !== "tensorflow") {
      return drawAnew(() => elsewhere(this.seeds.tensorSeed()));
    }
    register();
    return tf.tidy(() => {
      const sizes = tf.tensor1d(shape as number[], "int32");
      const [drawn] = runKernel(kernel, { shape: sizes, seed: this.state });
      this.state.assign(tf.add(this.state, tf.tensor1d([0, 1], "int32")));
      return drawn as tf.Tensor<R>;
    });
  }
}

function register(): void {
  if (registered) return;
  registered = true;
  for (const kernel of [uniformKernel, normalKernel])
    registerNativeKernel(kernel, kernel, ["shape", "seed"], 1, () => ({
      dtype: { type: "float32" },
      T: { type: "int32" },
      Tseed: { type: "int32" },
    }));
}
