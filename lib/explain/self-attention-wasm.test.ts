import { before, test } from "node:test";
import { startTensorFlow } from "../node/start-tensorflow";
import { explain } from "./explain";
import { golden, goldenNetwork, image } from "./self-attention.fixture";
import { assertClose } from "./small-network.fixture";

before(() => startTensorFlow("wasm"));

test("rollout and attention × gradient give the golden values on wasm too", async () => {
  const { network, dispose } = goldenNetwork();
  const { target } = golden;
  const rolled = await explain(network, image, { method: "attention rollout", target });
  assertClose(rolled.map, golden.rollout.data, "rollout");
  const relevance = await explain(network, image, { method: "attention × gradient", target });
  assertClose(relevance.map, golden.timesGradient.data, "attention × gradient");
  dispose();
});
