import * as tf from "@tensorflow/tfjs";
import { layerNormalisation } from "../attention/features/layer-normalisation";
import { SelfAttention } from "../attention/features/self-attention";
import type { RandomStream } from "../runtime/random";
import { namedVariables } from "./named-variables";

export interface SelfAttentionStackOptions {
  channels: number;
  /** How many blocks follow each other. */
  blocks: number;
  /** Heads of each block; they divide the channels. */
  heads: number;
  /** Where the initial weights come from. */
  stream: RandomStream;
}

interface Block {
  gain: tf.Variable<tf.Rank.R1>;
  offset: tf.Variable<tf.Rank.R1>;
  attention: SelfAttention<true>;
}

/**
 * Blocks of self-attention between the tokens of an image: each adds x ← x + SelfAttention(LayerNorm(x)), so that
 * every position may take from the others what it needs before all are pooled.
 *
 * The last projection of every block starts at zero: a new stack changes nothing, and what differs later was learned.
 *
 * Sources: Vaswani et al. 2017 (https://arxiv.org/abs/1706.03762); the normalisation before attention as in Xiong et
 * al. 2020 (https://arxiv.org/abs/2002.04745), figure 1 (b). Deviation: there is no feed-forward network between the
 * blocks, so that attention alone mixes positions and the maps of all layers say how.
 *
 * @throws UserError when the heads don't divide the channels
 */
export class SelfAttentionStack {
  /** What is learned, block by block. */
  readonly namedVariables: ReadonlyMap<string, tf.Variable>;
  private readonly stack: readonly Block[];

  constructor({ channels, blocks, heads, stream }: SelfAttentionStackOptions) {
    this.stack = Array.from({ length: blocks }, (_, i) => {
      const seed = stream.child(`block ${i + 1}`).tensorSeed();
      const attention = new SelfAttention({ heads, seed, returnWeights: true });
      attention.build([null, null, channels]);
      const last = attention.parameters.output.kernel as tf.Variable;
      tf.tidy(() => last.assign(tf.zerosLike(last)));
      const variable = (value: number) => tf.tidy(() => tf.variable(tf.fill<tf.Rank.R1>([channels], value)));
      return { gain: variable(1), offset: variable(0), attention };
    });
    const named = this.stack.map(({ gain, offset, attention }): [string, tf.Variable][] => [
      ["gain", gain],
      ["offset", offset],
      ...namedVariables(attention),
    ]);
    this.namedVariables = new Map(
      named.flatMap((block, i) =>
        block.map(([name, variable]) => [`block ${i + 1}/${name}`, variable] as const),
      ),
    );
  }

  /** What is learned, in the order of `namedVariables`. */
  get variables(): tf.Variable[] {
    return [...this.namedVariables.values()];
  }

  /**
   * Runs all blocks, one after the other. Differentiable.
   * @param tokens `[batch, positions, channels]`
   * @param options.mask `[batch, positions]`, 1 where a position may be attended to; all may by default
   * @param options.probes one for each block, added to its weights: see `SelfAttentionCallOptions`
   * @returns tokens of the same shape, and the weights of each block, first block first,
   *   `[batch, heads, positions, positions]`
   */
  run(
    tokens: tf.Tensor3D,
    { mask, probes = [] }: { mask?: tf.Tensor2D; probes?: readonly tf.Tensor4D[] } = {},
  ): { tokens: tf.Tensor3D; weights: tf.Tensor4D[] } {
    const weights: tf.Tensor4D[] = [];
    let current = tokens;
    for (const [i, { gain, offset, attention }] of this.stack.entries()) {
      const [taken, alpha] = attention.apply(layerNormalisation(current, gain, offset, mask), {
        mask,
        probe: probes[i],
      });
      weights.push(alpha);
      current = current.add(taken);
    }
    return { tokens: current, weights };
  }
}
