import * as tf from "@tensorflow/tfjs";

/**
 * Linear classifier in which each class has a context of its own: logit_k = w_kᵀ c_k + b_k.
 *
 * @param contexts c_k, one after the other, `[batch, classes · channels]`
 * @param kernel w_k, one column a class, `[channels, classes]`, as an ordinary linear classifier has it
 * @param bias b_k, `[classes]`
 * @returns logits `[batch, classes]`
 */
export function classWiseLogits(contexts: tf.Tensor2D, kernel: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const [channels, classes] = kernel.shape;
  return tf.tidy(() =>
    contexts
      .reshape<tf.Tensor3D>([contexts.shape[0], classes, channels])
      .mul<tf.Tensor3D>(kernel.transpose())
      .sum<tf.Tensor2D>(-1)
      .add(bias),
  );
}

/** `classWiseLogits` as a layer. Kernel and bias start at zero. */
export class ClassWiseClassifier extends tf.layers.Layer {
  static className = "ClassWiseClassifier";

  private readonly classes: number;

  constructor({ classes, ...args }: { classes: number; name?: string }) {
    super(args);
    this.classes = classes;
  }

  override build(inputShape: tf.Shape): void {
    const channels = inputShape[1]! / this.classes;
    this.addWeight("kernel", [channels, this.classes], "float32", tf.initializers.zeros());
    this.addWeight("bias", [this.classes], "float32", tf.initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [kernel, bias] = this.weights.map((weight) => weight.read());
    const contexts = Array.isArray(inputs) ? inputs[0] : inputs;
    return classWiseLogits(contexts as tf.Tensor2D, kernel as tf.Tensor2D, bias as tf.Tensor1D);
  }

  override computeOutputShape([batch]: tf.Shape): tf.Shape {
    return [batch!, this.classes];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), classes: this.classes };
  }
}

tf.serialization.registerClass(ClassWiseClassifier);
