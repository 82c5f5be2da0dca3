import type { Backbone } from "../../../backbones/backbone";
import { efficientNetLite0 } from "../../../backbones/efficientnet-lite";
import type { StoredTensor } from "../../../weights/stored-tensor";
import { drawnNumbers } from "./drawn";

/** Of each stage: blocks, side of the kernel that filters each channel, expansion, channels. */
const STAGES = [
  [1, 3, 1, 16],
  [2, 3, 6, 24],
  [2, 5, 6, 40],
  [3, 3, 6, 80],
  [3, 5, 6, 112],
  [4, 5, 6, 192],
  [1, 3, 6, 320],
] as const;

/**
 * EfficientNet-Lite0 with drawn weights, whose activations neither vanish nor grow from layer to layer (He et al. 2015,
 * arXiv:1502.01852). What is compared and timed does not depend on what a network has learned, and so nothing needs to be
 * downloaded.
 */
export function randomBackbone(): Backbone {
  const weights = new Map<string, StoredTensor>();
  const store = (name: string, shape: number[], data: Float32Array) =>
    weights.set(name, { shape, dtype: "float32", data });
  const constant = (name: string, count: number, value: number) =>
    store(name, [count], new Float32Array(count).fill(value));
  const convolution = (name: string, norm: string, shape: [number, number, number, number], gain: number) => {
    const [out, input, height, width] = shape;
    const inputs = input * height * width;
    store(`${name}.weight`, shape, drawnNumbers(name, out * inputs, Math.sqrt(gain / inputs)));
    constant(`${norm}.weight`, out, 1);
    constant(`${norm}.bias`, out, 0.1);
    constant(`${norm}.running_mean`, out, 0);
    constant(`${norm}.running_var`, out, 1);
  };
  convolution("_conv_stem", "_bn0", [32, 3, 3, 3], 2);
  let channels = 32;
  let index = 0;
  for (const [repeats, side, expansion, out] of STAGES)
    for (let repeat = 0; repeat < repeats; repeat++) {
      const block = `_blocks.${index++}`;
      const inner = channels * expansion;
      if (expansion > 1) convolution(`${block}._expand_conv`, `${block}._bn0`, [inner, channels, 1, 1], 2);
      convolution(`${block}._depthwise_conv`, `${block}._bn1`, [inner, 1, side, side], 2);
      // Half of a block's variance comes past it, where something does.
      convolution(`${block}._project_conv`, `${block}._bn2`, [out, inner, 1, 1], repeat > 0 ? 0.5 : 1);
      channels = out;
    }
  convolution("_conv_head", "_bn1", [1280, channels, 1, 1], 2);
  store("_fc.weight", [1000, 1280], drawnNumbers("_fc", 1_280_000, 0.03));
  constant("_fc.bias", 1000, 0);
  return efficientNetLite0(weights, "drawn weights");
}
