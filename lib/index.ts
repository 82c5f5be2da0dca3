// The library as Node sees it: the core, the edge that touches the machine, and what notebooks show.

export * from "./core";
export * from "./display/index";
export * from "./node/index";
