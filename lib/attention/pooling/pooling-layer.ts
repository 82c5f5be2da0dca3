import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";
import { attend } from "../attend";
import { asShapes, type NamedShapes, requireShapes } from "../shapes";

/** Options that every pooling layer takes. */
export interface PoolingArgs {
  name?: string;
  trainable?: boolean;
}

/** What a pooling layer may be told about its inputs. */
export interface PoolingCallOptions {
  /** `[batch, positions]`, true or non-zero where a position counts; all do by default. */
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
 * Every pooling layer can be called on tensors, `const [context, weights] = layer.apply(tokens, { mask })`,
 * used inside `tf.model` and `model.fit` (a mask then comes from a layer such as `tf.layers.masking`),
 * differentiated by `tf.variableGrads(loss, layer.variables)`, and saved and loaded with its model.
 */
export abstract class PoolingLayer extends tf.layers.Layer {
  constructor(args: PoolingArgs = {}) {
    super({ ...args });
    this.supportsMasking = true;
  }

  /** Names and shapes of the inputs in the order of `apply`. The first is called tokens. */
  protected abstract inputShapes(): NamedShapes;

  /** The weights of the positions, `[batch, heads, positions]`. */
  protected abstract weigh(inputs: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D;

  /** The context `[batch, heads, channels]`: the weighted mean, unless a subclass pools in another way. */
  protected pool(inputs: PoolingInputs, weights: tf.Tensor3D, _mask?: tf.Tensor2D): tf.Tensor3D {
    return attend((inputs.values ?? inputs.tokens) as tf.Tensor3D, weights);
  }

  /** How many ways of weighing the positions stand side by side: the second axis of the weights. */
  protected headCount(): number {
    return 1;
  }

  /** The trained variables, as `tf.variableGrads` and the optimisers take them; empty before the build. */
  get variables(): tf.Variable[] {
    return this.trainableWeights.map((weight) => weight.read() as tf.Variable);
  }

  /** @throws UserError when the shapes are not the ones that the layer takes. */
  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.checkShapes(asShapes(inputShape));
    super.build(inputShape);
  }

  override apply(inputs: tf.Tensor | tf.Tensor[], options?: PoolingCallOptions): Pooled;
  override apply(inputs: tf.SymbolicTensor | tf.SymbolicTensor[]): [tf.SymbolicTensor, tf.SymbolicTensor];
  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options: PoolingCallOptions = {},
  ): Pooled | [tf.SymbolicTensor, tf.SymbolicTensor] {
    return super.apply(inputs, { ...options }) as Pooled | [tf.SymbolicTensor, tf.SymbolicTensor];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: Record<string, unknown>): tf.Tensor[] {
    const tensors = Array.isArray(inputs) ? inputs : [inputs];
    // A model hands over one mask for each input; the tokens' is the first.
    const mask = (Array.isArray(options.mask) ? options.mask[0] : options.mask) as tf.Tensor2D | undefined;
    this.checkShapes(
      tensors.map((tensor) => tensor.shape),
      mask?.shape,
    );
    // A layer built before its first call counts no user in TensorFlow.js, which then refuses to dispose it.
    this._refCount ??= 1;
    return tf.tidy(() => {
      const named = Object.fromEntries(
        Object.keys(this.inputShapes()).map((name, i) => [name, tensors[i]!] as const),
      );
      const weights = this.weigh(named, mask);
      const context = this.pool(named, weights, mask);
      return [context.reshape([context.shape[0], context.shape[1] * context.shape[2]]), weights];
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape[] {
    const shapes = asShapes(inputShape);
    const [batch, positions] = shapes[0] as [number, number];
    const valuesAt = Math.max(Object.keys(this.inputShapes()).indexOf("values"), 0);
    return [
      [batch, this.headCount() * shapes[valuesAt]![2]!],
      [batch, this.headCount(), positions],
    ];
  }

  /** The positions end here, so no mask goes on with the context and the weights. */
  override computeMask(): tf.Tensor[] {
    return [null, null] as unknown as tf.Tensor[];
  }

  /**
   * The variables of the layer, not copies, in the order in which `build` made them.
   * @throws UserError before the layer is built
   */
  protected builtWeights(): tf.Tensor[] {
    if (!this.built) throw new UserError(`${this.name} has no parameters yet: call build or apply first.`);
    return this.weights.map((weight) => weight.read());
  }

  private checkShapes(actual: tf.Shape[], mask?: tf.Shape): void {
    const layer = `${this.getClassName()} "${this.name}"`;
    if (mask)
      requireShapes(layer, { ...this.inputShapes(), mask: ["batch", "positions"] }, [...actual, mask]);
    else requireShapes(layer, this.inputShapes(), actual);
  }
}
