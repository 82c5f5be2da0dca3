import * as tf from "@tensorflow/tfjs";

/**
 * tfjs's gradients as they were before anything was compiled. What runs in the room finds them so, whatever
 * `compile` did to the process since; what runs outside finds what `compile` left.
 */
export class CleanRoom {
  private readonly gradients = new Map<string, tf.GradConfig>();

  /** @param backends whose kernels' gradients are remembered. */
  constructor(backends: readonly string[] = [tf.getBackend(), "cpu"]) {
    for (const backend of backends)
      for (const { kernelName } of tf.getKernelsForBackend(backend)) {
        const gradient = tf.getGradient(kernelName);
        if (gradient) this.gradients.set(kernelName, gradient);
      }
  }

  /** Does some work in the room. */
  within<T>(work: () => T): T {
    const changed: tf.GradConfig[] = [];
    for (const [name, gradient] of this.gradients) {
      const now = tf.getGradient(name);
      if (now === gradient) continue;
      changed.push(now);
      tf.registerGradient(gradient);
    }
    try {
      return work();
    } finally {
      for (const gradient of changed) tf.registerGradient(gradient);
    }
  }
}
