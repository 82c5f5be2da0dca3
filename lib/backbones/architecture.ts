/** One convolution followed by BatchNorm and perhaps by an activation. */
export interface Convolution {
  /** Name of the kernel in the weights file. */
  kernel: string;
  /** Name of its BatchNorm in the weights file. */
  norm: string;
  /** `depthwise` filters each channel by itself, `dense` mixes them. */
  kind: "dense" | "depthwise";
  stride: 1 | 2;
  activation: "relu6" | "linear";
}

/** Convolutions in a row; with `residual` their input is added to their output. */
export interface Block {
  convolutions: Convolution[];
  residual: boolean;
}

/** What lies between two cut points. It has the name of the cut point behind it. */
export interface Stage {
  name: string;
  stride: 1 | 2;
  channels: number;
  blocks: Block[];
}

/** A convolutional network as data; `StagedBackbone` runs it. */
export interface Architecture {
  name: string;
  /** Raised whenever the same weights would give other activations, so that no cache serves stale ones. */
  version: number;
  inputSize: number;
  /** `(pixel - mean) / deviation` maps pixels in 0 … 255 to what the weights expect. */
  pixelMean: number;
  pixelDeviation: number;
  /** BatchNorm's small number under the root. */
  epsilon: number;
  stages: Stage[];
  /** Kernel `[classes, channels]` and bias of the linear layer after mean pooling. */
  classifier: { kernel: string; bias: string };
}
