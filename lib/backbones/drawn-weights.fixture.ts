import type { StoredTensor } from "../weights/stored-tensor";
import type { ExpectedTensor } from "./expected-tensors";

/**
 * Number `index` of a stream in −1 … 1: an FNV-1a hash of the name, counted on by the golden ratio and mixed as the end
 * of MurmurHash3 does. `lib/backbones/goldens/formula.py` computes the same, so that no weights need be committed.
 */
export function drawn(name: string, count: number, scale = 1, offset = 0): Float32Array {
  let start = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) start = Math.imul(start ^ byte, 0x01000193);
  const numbers = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    let bits = (start + Math.imul(index, 0x9e3779b9)) | 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    bits ^= bits >>> 16;
    numbers[index] = offset + scale * ((bits >>> 8) / 2 ** 23 - 1);
  }
  return numbers;
}

/**
 * Weights for a network whose activations neither vanish nor grow: kernels after He et al. 2015 (arXiv:1502.01852), norms
 * near one, variances between 0.5 and 1.5. There are 10 classes.
 */
export function drawnWeights(expected: readonly ExpectedTensor[]): Map<string, StoredTensor> {
  return new Map(
    expected.map(({ name, shape: sizes }) => {
      const shape = sizes.map((size) => size ?? 10);
      return [name, { shape, dtype: "float32", data: drawnTensor(name, shape) }];
    }),
  );
}

function drawnTensor(name: string, shape: number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const last = name.split(/[./]/).at(-1)!;
  if (last === "running_var" || last === "moving_variance") return drawn(name, count, 0.5, 1);
  if (shape.length === 1)
    return drawn(name, count, 0.2, ["weight", "gamma", "lambda1"].includes(last) ? 1 : 0);
  if (shape.length === 3) return drawn(name, count);
  // Of PyTorch [out, in, …], of Keras [height, width, in, out] and, where each channel has its own, [.., channels, 1].
  const isKeras = name.includes("/");
  const out = isKeras ? (last === "depthwise_kernel" ? shape[2] : shape.at(-1)) : shape[0];
  return drawn(name, count, Math.sqrt(((shape.length === 4 ? 6 : 3) * out!) / count));
}
