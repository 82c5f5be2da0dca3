import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../runtime/random";

/**
 * The initialiser of one trained parameter: Glorot's uniform draws (Glorot and Bengio 2010), equal for equal seed
 * and name. Each parameter draws from a stream of its own, so that adding one leaves the others as they are.
 *
 * @param name the layer's class and the parameter, such as `AdditiveAttention/query`
 */
export function glorotUniform(seed: number, name: string): ReturnType<typeof tf.initializers.glorotUniform> {
  return tf.initializers.glorotUniform({ seed: randomStream(seed, name).tensorSeed() });
}
