import * as tf from "@tensorflow/tfjs";
import type { ProgramUniforms } from "../../graph/webgpu/interfaces";

/** A program as TensorFlow.js's backend compiles it. */
interface FilterGradientProgram {
  variableNames: readonly string[];
  uniforms: string;
  workgroupSize: [number, number, number];
  size: boolean;
  outputShape: number[];
  dispatchLayout: { x: number[] };
  dispatch: [number, number, number];
  shaderKey: string;
  getUserCode(): string;
}

interface RunsPrograms {
  runWebGPUProgram(
    program: FilterGradientProgram,
    inputs: tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms: ProgramUniforms,
  ): tf.TensorInfo;
  disposeData(dataId: object): boolean;
}

const GROUP = 64;
/** So many threads keep a card busy. */
const THREADS = 2 ** 17;

/** What differs between the gradients of both convolutions: the channel of `dy` that a number of the filter meets. */
const kinds = {
  Conv2DBackpropFilter: { depthwise: false, channel: "coords.u" },
  DepthwiseConv2dNativeBackpropFilter: {
    depthwise: true,
    channel: "coords.w * uniforms.channelMul + coords.u",
  },
} as const;

function makeProgram(
  name: keyof typeof kinds,
  filterShape: readonly number[],
  parts: number,
): FilterGradientProgram {
  const outputShape = [parts, ...filterShape];
  return {
    variableNames: ["x", "dy"],
    uniforms:
      "strides : vec2<i32>, pads : vec2<i32>, outHeight : i32, outWidth : i32, inHeight : i32, inWidth : i32, " +
      "rows : i32, parts : i32, channelMul : i32,",
    workgroupSize: [GROUP, 1, 1],
    size: true,
    outputShape,
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [Math.ceil(tf.util.sizeFromShape(outputShape) / GROUP), 1, 1],
    shaderKey: `${name} in parts`,
    getUserCode: () => `
      fn main(index : i32) {
        if (index < uniforms.size) {
          let coords = getCoordsFromIndex(index);
          let channel = ${kinds[name].channel};
          var sum = 0.0;
          for (var row = coords.x; row < uniforms.rows; row += uniforms.parts) {
            let b = row / uniforms.outHeight;
            let yR = row % uniforms.outHeight;
            let xR = coords.y + yR * uniforms.strides[0] - uniforms.pads[0];
            if (xR < 0 || xR >= uniforms.inHeight) { continue; }
            for (var yC = 0; yC < uniforms.outWidth; yC++) {
              let xC = coords.z + yC * uniforms.strides[1] - uniforms.pads[1];
              if (xC < 0 || xC >= uniforms.inWidth) { continue; }
              sum += getX(b, xR, xC, coords.w) * getDy(b, yR, yC, channel);
            }
          }
          setOutputAtIndex(index, sum);
        }
      }`,
  };
}

/**
 * Mends kernels of the backend, once they are registered: the gradients of convolutions with respect to their filters. There a
 * thread sums over all images and places for each number of the filter, which leaves a card idle where the filter is
 * small and the image large (a second for a step of EfficientNet-Lite0). Here rows of the images are dealt to parts, and the parts
 * are added.
 */
export function mendFilterGradients(): void {
  const backendName = "webgpu";
  const sum = tf.getKernel("Sum", backendName);
  for (const name of ["Conv2DBackpropFilter", "DepthwiseConv2dNativeBackpropFilter"] as const) {
    const original = tf.getKernel(name, backendName);
    const kernelFunc: tf.KernelFunc = (parameters) => {
      const { inputs, attrs } = parameters;
      const backend = parameters.backend as RunsPrograms;
      const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
      const { strides, dilations, pad, dataFormat, dimRoundingMode, filterShape } =
        attrs as unknown as Attributes;
      const info = tf.backend_util.computeConv2DInfo(
        x.shape as [number, number, number, number],
        filterShape,
        strides,
        dilations ?? 1,
        pad,
        dimRoundingMode,
        kinds[name].depthwise,
      );
      const rows = info.batchSize * info.outHeight;
      const parts = Math.min(rows, Math.ceil(THREADS / tf.util.sizeFromShape(filterShape)));
      const plain =
        info.dilationHeight === 1 && info.dilationWidth === 1 && (dataFormat ?? "NHWC") === "NHWC";
      if (parts < 2 || !plain) return original.kernelFunc(parameters);
      const integers = (...data: number[]) => ({ type: "int32", data });
      const inParts = backend.runWebGPUProgram(makeProgram(name, filterShape, parts), [x, dy], "float32", [
        integers(info.strideHeight, info.strideWidth),
        integers(info.padInfo.top, info.padInfo.left),
        integers(info.outHeight),
        integers(info.outWidth),
        integers(info.inHeight),
        integers(info.inWidth),
        integers(rows),
        integers(parts),
        integers(kinds[name].depthwise ? info.outChannels / info.inChannels : 1),
      ]);
      const added = sum.kernelFunc({
        inputs: { x: inParts },
        backend: parameters.backend,
        attrs: { axis: 0, keepDims: false },
      }) as tf.TensorInfo;
      backend.disposeData(inParts.dataId);
      return added;
    };
    tf.unregisterKernel(name, backendName);
    tf.registerKernel({ ...original, kernelName: name, backendName, kernelFunc });
  }
}

interface Attributes {
  strides: [number, number] | number;
  dilations?: [number, number] | number;
  pad: "valid" | "same" | number;
  dataFormat?: "NHWC" | "NCHW";
  dimRoundingMode?: "floor" | "round" | "ceil";
  filterShape: [number, number, number, number];
}
