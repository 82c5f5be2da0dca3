import type * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { requireHeads } from "../heads";
import { FeatureLayer, type FeatureLayerArgs } from "./feature-layer";
import type { MultiHeadAttentionParameters, Projection } from "./multi-head-attention";

/** What self-attention and {@link CrossAttention} are made with. */
export interface MultiHeadArgs<Returns extends boolean = boolean> extends FeatureLayerArgs<Returns> {
  /** How many heads attend independently; divides the channels of the features. */
  heads: number;
}

/** What self-attention and cross-attention have in common: heads, and the four projections. */
export abstract class MultiHeadLayer<Options extends object, Returns extends boolean> extends FeatureLayer<
  tf.Tensor3D,
  [weights: tf.Tensor4D],
  Options,
  Returns
> {
  protected readonly heads: number;

  constructor({ heads, ...args }: MultiHeadArgs<Returns>) {
    super(args);
    this.heads = requireWhole(this.getClassName(), "heads", heads, 1);
  }

  /** Projections as wide as the queries; kernels start at Glorot's uniform draws, biases at zero. */
  protected addProjections(queryChannels: number, tokenChannels: number): void {
    requireHeads(this.title, queryChannels, this.heads);
    const widths = { query: queryChannels, key: tokenChannels, value: tokenChannels, output: queryChannels };
    for (const [name, width] of Object.entries(widths)) {
      this.addParameter(`${name}_kernel`, [width, queryChannels]);
      if (name !== "key") this.addParameter(`${name}_bias`, [queryChannels], "zeros");
    }
  }

  /**
   * The layer's own variables, not copies.
   * @throws UserError before the layer is built
   */
  get parameters(): MultiHeadAttentionParameters {
    const parameters = this.builtWeights();
    const projection = (i: number): Projection => ({
      kernel: parameters[i] as tf.Tensor2D,
      bias: parameters[i + 1] as tf.Tensor1D,
    });
    const key = { kernel: parameters[2] as tf.Tensor2D };
    return { query: projection(0), key, value: projection(3), output: projection(5) };
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads };
  }
}
