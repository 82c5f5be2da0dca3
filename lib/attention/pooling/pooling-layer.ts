import type * as tf from "@tensorflow/tfjs";
import { attend } from "../attend";
import { AttentionLayer, type NamedTensors } from "../attention-layer";
import { clearMasked } from "../mask";
import { asShapes, type NamedShapes } from "../shapes";

/** Options that every pooling layer takes. */
export interface PoolingArgs {
  /** Of the layer, in messages and in saved models; made of its class and a number when left out. */
  name?: string;
  /** Whether the parameters are among `variables`, which are trained; true by default. */
  trainable?: boolean;
}

/** What a pooling layer may be told about its inputs. */
export interface PoolingCallOptions {
  /**
   * `[batch, positions]`: 1 (or true, or all but zero) keeps a position, 0 takes it out, whatever stands there; all
   * count by default. `lengthsToMask` makes one of lengths.
   */
  mask?: tf.Tensor2D;
}

/** Context `[batch, heads · channels]`, and the weights `[batch, heads, positions]` that made it. */
export type Pooled = [context: tf.Tensor2D, weights: tf.Tensor3D];

/** A layer's inputs by name, as `inputShapes()` names them. */
export type PoolingInputs = Readonly<Record<string, tf.Tensor>>;

/**
 * The common form of all pooling: tokens `[batch, positions, channels]` become one context for each picture,
 * and the weights of the positions come out beside it. A subclass says which inputs it takes and how it
 * weighs the positions; checking shapes, masks, and the weighted mean are done here.
 *
 * A masked position has no effect whatever stands there, NaN and infinity too: its weight is exactly 0, and so is its
 * gradient.
 *
 * Every pooling layer can be called on tensors, `const [context, weights] = layer.apply(tokens, { mask })`,
 * used inside `tf.model` and `model.fit` (a mask then comes from a layer such as `tf.layers.masking`),
 * differentiated by `tf.variableGrads(loss, layer.variables)`, and saved and loaded with its model.
 */
export abstract class PoolingLayer extends AttentionLayer {
  constructor(args: PoolingArgs = {}) {
    super({ ...args });
    this.supportsMasking = true;
  }

  /** Names and shapes of the inputs in the order of `apply`. The first is called tokens. */
  protected abstract override inputShapes(given?: readonly tf.Shape[]): NamedShapes;

  /** What is weighed and pooled, made of the inputs, whose masked positions are 0: the inputs, unless a subclass changes them. */
  protected prepare(inputs: PoolingInputs, _mask?: tf.Tensor2D): PoolingInputs {
    return inputs;
  }

  /** The weights of the positions, `[batch, heads, positions]`; masked inputs are 0. */
  protected abstract weigh(inputs: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D;

  /** The context `[batch, any, any]`, flattened later: the weighted mean for each head, unless a subclass pools in another way. */
  protected pool(inputs: PoolingInputs, weights: tf.Tensor3D, _mask?: tf.Tensor2D): tf.Tensor3D {
    return attend((inputs.values ?? inputs.tokens) as tf.Tensor3D, weights);
  }

  /** How many ways of weighing the positions stand side by side: the second axis of the weights. */
  protected headCount(): number {
    return 1;
  }

  /** How many numbers a context has: those of a value once for each head, unless a subclass makes something else of them. */
  protected contextSize(inputShapes: readonly tf.Shape[]): number {
    const valuesAt = Math.max(Object.keys(this.inputShapes(inputShapes)).indexOf("values"), 0);
    return this.headCount() * inputShapes[valuesAt]![2]!;
  }

  /** Whether a mask clears an input before anything is computed: it has a row for each position. */
  protected isClearedByMask(_input: string): boolean {
    return true;
  }

  /** A mask has the positions of the tokens, which a layer may have fixed. */
  protected override optionShapes(given: readonly tf.Shape[]): NamedShapes {
    return { mask: this.inputShapes(given).tokens!.slice(0, 2) };
  }

  /**
   * Pools tokens `[batch, positions, channels]`, alone or in a list with the layer's other inputs.
   * @throws UserError for inputs or a mask that don't fit the layer or each other
   */
  override apply(inputs: tf.Tensor | tf.Tensor[], options?: PoolingCallOptions): Pooled;
  /** Inside a model of TensorFlow.js: symbolic inputs give a symbolic context and symbolic weights. */
  override apply(inputs: tf.SymbolicTensor | tf.SymbolicTensor[]): [tf.SymbolicTensor, tf.SymbolicTensor];
  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options: PoolingCallOptions = {},
  ): Pooled | [tf.SymbolicTensor, tf.SymbolicTensor] {
    return super.apply(inputs, { ...options }) as Pooled | [tf.SymbolicTensor, tf.SymbolicTensor];
  }

  protected compute(inputs: NamedTensors, options: NamedTensors): tf.Tensor[] {
    const mask = options.mask as tf.Tensor2D | undefined;
    const clean = Object.entries(inputs).map(([name, tensor]) => [
      name,
      mask && this.isClearedByMask(name) ? clearMasked(tensor!, mask) : tensor,
    ]);
    const named = this.prepare(Object.fromEntries(clean) as PoolingInputs, mask);
    const weights = this.weigh(named, mask);
    const context = this.pool(named, weights, mask);
    return [context.reshape([context.shape[0], context.shape[1] * context.shape[2]]), weights];
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape[] {
    const shapes = asShapes(inputShape);
    const [batch, positions] = shapes[0] as [number, number];
    return [
      [batch, this.contextSize(shapes)],
      [batch, this.headCount(), positions],
    ];
  }

  /** The positions end here, so no mask goes on with the context and the weights. */
  override computeMask(): tf.Tensor[] {
    return [null, null] as unknown as tf.Tensor[];
  }
}
