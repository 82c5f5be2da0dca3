/** One convolution followed by BatchNorm and perhaps by an activation. */
export interface Convolution {
  /** Name of the kernel in the weights file. */
  kernel: string;
  /** Name of its BatchNorm in the weights file. */
  norm: string;
  /** `depthwise` filters each channel by itself, `dense` mixes them. */
  kind: "dense" | "depthwise";
  /** Side of the square kernel. */
  size: number;
  /** Channels that come in. */
  input: number;
  /** Channels that go out; of a depthwise one as many as come in. */
  output: number;
  stride: 1 | 2;
  activation: "relu6" | "relu" | "linear";
}

/** Convolutions in a row; with `residual` their input is added to their output. */
export interface ConvolutionBlock {
  convolutions: Convolution[];
  residual: boolean;
  /** Brings the input of a residual block to the shape of its output; without it the input is added as it is. */
  shortcut?: Convolution;
  /** Behind the sum. */
  activation?: "relu";
}

/** The largest of each 3 × 3 positions, at every second one. What comes in must not be negative. */
export interface MaxPoolingBlock {
  maxPooling: { size: 3; stride: 2 };
}

export type Block = ConvolutionBlock | MaxPoolingBlock;

/** What lies between two cut points. It has the name of the cut point behind it. */
export interface Stage {
  name: string;
  stride: 1 | 2;
  channels: number;
  blocks: Block[];
}

/** A number for all three channels, or one each for red, green and blue. */
export type PerChannel = number | readonly [number, number, number];

/** How pixels become what weights expect; it belongs to the weights. */
export interface Preprocessing {
  /** Side of the square input in pixels. */
  inputSize: number;
  /** `(pixel - mean) / deviation` maps pixels in 0 … 255 to what the weights expect. */
  pixelMean: PerChannel;
  pixelDeviation: PerChannel;
}

/** A convolutional network as data; `StagedBackbone` runs it. */
export interface Architecture extends Preprocessing {
  name: string;
  /** Raised whenever the same weights would give other activations, so that no cache serves stale ones. */
  version: number;
  /** How the weights file orders axes and names what belongs to a norm. */
  layout: "PyTorch" | "Keras";
  /**
   * Where zeros stand around an input that a convolution halves: `same` as TensorFlow puts them (below and to the
   * right first), `symmetrical` as PyTorch does. Other convolutions have them on all sides alike.
   */
  padding: "same" | "symmetrical";
  /** BatchNorm's small number under the root. */
  epsilon: number;
  stages: Stage[];
  /** Kernel `[classes, channels]` and bias of the linear layer after mean pooling. */
  classifier: { kernel: string; bias: string };
}
