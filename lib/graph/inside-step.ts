import { fusedGradients } from "./fused-gradients";
import { mendedWasmKernels } from "./mend-wasm";

/**
 * What a compiled step computes with, and nobody else: gradients by one operation of TensorFlow each, and kernels of the
 * wasm backend in the place of slow or wrong ones. They stand in the registries of TensorFlow.js only while a step runs.
 */
export const stepRegistry = {
  /** Puts them in; returns how to put back what was there. */
  enter(): () => void {
    const leave = [fusedGradients.enter(), mendedWasmKernels.enter()];
    return () => {
      for (const each of leave) each();
    };
  },
};

let depth = 0;

/** Runs the code of a compiled step. */
export function insideStep<T>(work: () => T): T {
  // A step that is called by another one finds everything in its place.
  const leave = depth === 0 ? stepRegistry.enter() : () => {};
  depth++;
  try {
    return work();
  } finally {
    depth--;
    leave();
  }
}
