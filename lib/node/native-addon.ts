import * as tf from "@tensorflow/tfjs";

/** Packages that bring TensorFlow's own kernels; the first computes on a graphics card where there is one. */
const addons = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

/**
 * Loads the addon that registers the backend "tensorflow", and returns the error of the first package when none can be
 * loaded (not installed, not built for this system, its libraries moved).
 */
export function loadNativeAddon(): Error | undefined {
  restoreRemovedNodeFunctions();
  // Its log says nothing that a reader of a notebook could use; someone who wants it sets the variable first.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  let failure: Error | undefined;
  for (const addon of addons) {
    try {
      require(addon);
      if (tf.findBackendFactory("tensorflow")) return undefined;
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
  return failure ?? new Error("no addon is installed.");
}

/** tfjs-node 4.22 calls two functions of `node:util` that Node 23 removed. */
function restoreRemovedNodeFunctions(): void {
  const nodeUtil = require("node:util") as Record<string, unknown>;
  nodeUtil.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  nodeUtil.isArray ??= Array.isArray;
}
