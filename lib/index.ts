// The library as Node sees it: the core, and what touches the machine. What notebooks show has a path of its
// own, "attention-transfer/display".

export * from "./core";
export * from "./node/index";
