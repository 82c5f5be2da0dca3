import { before } from "node:test";
import { mendWasm } from "../graph/mend-wasm";
import { startTensorFlow } from "../node/start-tensorflow";
import { testMasks } from "./masks.fixture";

before(async () => {
  await startTensorFlow("wasm");
  mendWasm();
});

// There the gradient of a convolution's kernel is missing.
const without = [1, 2, 3].map((rank) => `ConvolutionalBlockAttention on a grid of ${rank}`);
testMasks({ numRuns: 8, without });
