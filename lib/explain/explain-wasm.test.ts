import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTensorFlow } from "../node/start-tensorflow";
import { UserError } from "../runtime/user-error";
import { explain } from "./explain";
import { assertClose, smallGolden as golden, smallImage, smallNetwork } from "./small-network.fixture";

let network: ReturnType<typeof smallNetwork>;

before(async () => {
  await startTensorFlow("wasm");
  network = smallNetwork();
});
after(() => {
  network.dispose();
  network.disposeWeights();
});

const { target, settings } = golden;

test("methods that need no gradient through the backbone give the golden values on wasm too", async () => {
  const ask = async (method: "Grad-CAM" | "Grad-CAM++") =>
    (await explain(network, smallImage, { method, target })).map;
  assertClose(await ask("Grad-CAM"), golden.gradCam.data, "Grad-CAM");
  assertClose(await ask("Grad-CAM++"), golden.gradCamPlusPlus.data, "Grad-CAM++");
  const { window, stride, baseline } = settings;
  const covered = await explain(network, smallImage, {
    method: "occlusion",
    target,
    window,
    stride,
    baseline,
  });
  assertClose(
    covered.map,
    golden.occlusion.data.map((fall) => Math.max(0, fall)),
    "occlusion",
  );
});

test("methods that need one are refused there", async () => {
  for (const method of ["integrated gradients", "SmoothGrad"] as const)
    await assert.rejects(
      explain(network, smallImage, { method }),
      (error) => error instanceof UserError && /wasm backend can't compute/.test(error.message),
    );
});
