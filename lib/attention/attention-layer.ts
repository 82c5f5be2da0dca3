import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { type Expected, type Need, requireTensors } from "./require-tensors";
import { asShapes, type NamedShapes, requireShapes } from "./shapes";

/** Inputs or options of a call, by name. */
export type NamedTensors = Readonly<Record<string, tf.Tensor | undefined>>;

/**
 * What all layers of attention have in common: inputs and options that have names and shapes, which are checked before
 * anything is computed, and variables that can be read. A subclass says which they are and what it makes of them.
 */
export abstract class AttentionLayer extends tf.layers.Layer {
  /**
   * Names and shapes of the inputs, in the order of `apply`.
   * @param given the shapes that came, for a layer that takes more than one rank
   */
  protected abstract inputShapes(given: readonly tf.Shape[]): NamedShapes;

  /** Names and shapes of the tensors that a call may have among its options. Those called a mask hold any numbers. */
  protected optionShapes(_given: readonly tf.Shape[]): NamedShapes {
    return {};
  }

  /** What is asked of an input beside its shape: see `Need`. */
  protected needOf(_input: string): Need | undefined {
    return undefined;
  }

  /** The outputs, of inputs and options that have been checked. */
  protected abstract compute(inputs: NamedTensors, options: NamedTensors): tf.Tensor | tf.Tensor[];

  /** The trained variables, as `tf.variableGrads` and the optimisers take them; empty before the build. */
  get variables(): tf.Variable[] {
    return this.trainableWeights.map((weight) => weight.read() as tf.Variable);
  }

  /** Adds what is learned, for inputs of these shapes; nothing by default. */
  protected addParameters(_shapes: readonly tf.Shape[]): void {}

  /**
   * Makes the parameters. A layer that was refused is not built, and can be built again.
   * @throws UserError when the shapes are not the ones that the layer takes.
   */
  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shapes = asShapes(inputShape);
    requireShapes(this.title, this.inputShapes(shapes), shapes);
    this.addParameters(shapes);
    super.build(inputShape);
  }

  override apply(
    inputs: tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[],
    options?: Record<string, unknown>,
  ): tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[] {
    const given: unknown[] = [inputs].flat();
    if (given.length === 0 || !given.every((x) => x instanceof tf.Tensor || x instanceof tf.SymbolicTensor)) {
      throw new UserError(`${this.title} takes a tensor, or a list of tensors where it has several inputs.`);
    }
    return super.apply(inputs, { ...options });
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    const tensors = [inputs].flat();
    const shapes = tensors.map(({ shape }) => shape);
    const expected = this.inputShapes(shapes);
    const names = Object.keys(expected);
    // A list that is too long or too short has no names: its shapes are compared as they are.
    if (names.length !== tensors.length) requireShapes(this.title, expected, shapes);
    const optional = this.optionShapes(shapes);
    const given = this.readOptions(options);
    const inputsToCheck = names.map((name, i): [string, Expected] => [
      name,
      [tensors[i], expected[name]!, this.needOf(name)],
    ]);
    const optionsToCheck = Object.entries(optional).map(([name, shape]): [string, Expected] => [
      name,
      [given[name], shape, /mask$/i.test(name) ? "mask" : "optional"],
    ]);
    requireTensors(this.title, Object.fromEntries([...inputsToCheck, ...optionsToCheck]));
    // A layer built before its first call counts no user in TensorFlow.js, which then refuses to dispose it.
    this._refCount ??= 1;
    // A model hands over more than was asked for, such as `training`.
    const known = Object.keys(optional).map((name) => [name, given[name] ?? undefined] as const);
    return tf.tidy(() =>
      this.compute(
        Object.fromEntries(names.map((name, i) => [name, tensors[i]])),
        Object.fromEntries(known) as NamedTensors,
      ),
    );
  }

  /** The options by name. A model hands over one mask for each input: the first is the tokens'. */
  protected readOptions(options: Record<string, unknown>): NamedTensors {
    const mask = Array.isArray(options.mask) ? options.mask[0] : options.mask;
    return { ...options, mask } as NamedTensors;
  }

  /**
   * The variables of the layer, not copies, in the order in which `build` made them.
   * @throws UserError before the layer is built
   */
  protected builtWeights(): tf.Tensor[] {
    if (!this.built) throw new UserError(`${this.name} has no parameters yet: call build or apply first.`);
    return this.weights.map((weight) => weight.read());
  }

  /** How messages name the layer. */
  protected get title(): string {
    return `${this.getClassName()} "${this.name}"`;
  }
}
