// The core: mathematics on tensors, for any project and for a browser. Each group has a path of its own too, such as
// "attention-transfer/attention".

export * from "./attention/index";
export * from "./backbones/index";
export * from "./datasets/index";
export * from "./explain/index";
export * from "./graph/index";
export * from "./images/index";
export * from "./runtime/index";
export * from "./statistics/index";
export * from "./transfer/index";
export * from "./weights/index";
