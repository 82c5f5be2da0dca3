/**
 * Loads `@tensorflow/tfjs-node-gpu`, which registers the backend "tensorflow", and returns its error when it
 * can't be loaded (not installed, not built for this system, its libraries moved).
 */
export function loadNativeAddon(): Error | undefined {
  restoreRemovedNodeFunctions();
  // Its log says nothing that a reader of a notebook could use; someone who wants it sets the variable first.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  try {
    require("@tensorflow/tfjs-node-gpu");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** tfjs-node 4.22 calls two functions of `node:util` that Node 23 removed. */
function restoreRemovedNodeFunctions(): void {
  const nodeUtil = require("node:util") as Record<string, unknown>;
  nodeUtil.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  nodeUtil.isArray ??= Array.isArray;
}
