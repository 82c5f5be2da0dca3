import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { classProbabilities } from "./class-probabilities";
import { type ExplainOptions, explain } from "./explain";
import { methodNames } from "./method-table";
import { assertClose, smallGolden, smallImage, smallNetwork } from "./small-network.fixture";

let network: ReturnType<typeof smallNetwork>;

before(async () => {
  await startTensorFlow();
  network = smallNetwork();
});
after(() => {
  network.dispose();
  network.disposeWeights();
});

const predicted = smallGolden.logits.data.indexOf(Math.max(...smallGolden.logits.data));

/** Every method that needs no self-attention, which the small network lacks; the slow ones with little to do. */
const fitting = methodNames.filter(
  (method) => !["attention rollout", "attention × gradient", "LeGrad"].includes(method),
);
const all: ExplainOptions[] = fitting.map((method) => {
  if (method === "SmoothGrad") return { method, samples: 20 };
  if (method === "RISE") return { method, masks: 40 };
  if (method === "integrated gradients") return { method, steps: 20, baseline: "blurred" };
  return { method };
});

for (const options of all) {
  test(`${options.method}: a finite map of the predicted class, the same twice, no tensor left`, async () => {
    const first = await explain(network, smallImage, options);
    assert.deepEqual([first.method, first.target], [options.method, predicted]);
    assert.equal(first.map.length, first.rows * first.columns);
    assert.ok(first.map.every((value) => value >= 0 && Number.isFinite(value)));
    assert.ok(first.map.some((value) => value > 0));
    const second = await assertNoTensorLeak(() => explain(network, smallImage, options));
    assert.deepEqual(second.map, first.map);
  });
}

test("another seed gives another map", async () => {
  for (const method of ["SmoothGrad", "RISE"] as const) {
    const few = { samples: 4, masks: 4 };
    const maps = await Promise.all(
      [1, 1, 2].map((seed) => explain(network, smallImage, { method, seed, ...few } as ExplainOptions)),
    );
    assert.deepEqual(maps[0]!.map, maps[1]!.map);
    assert.notDeepEqual(maps[0]!.map, maps[2]!.map);
  }
});

test("an image is explained by the same digits whatever was explained before it", async () => {
  const options: ExplainOptions = { method: "integrated gradients", steps: 5 };
  const warm = await explain(network, smallImage, options);
  const fresh = smallNetwork();
  const first = await explain(fresh, smallImage, options);
  fresh.dispose();
  fresh.disposeWeights();
  assert.deepEqual(first.map, warm.map);
});

test("slow methods say how far they are", async () => {
  const seen: [number, number][] = [];
  await explain(network, smallImage, {
    method: "RISE",
    masks: 70,
    onProgress: (done, total) => seen.push([done, total]),
  });
  assert.deepEqual(seen, [
    [32, 70],
    [64, 70],
    [70, 70],
  ]);
});

test("class probabilities are the softmax of the logits, image by image", async () => {
  const largest = Math.max(...smallGolden.logits.data);
  const raised = smallGolden.logits.data.map((logit) => Math.exp(logit - largest));
  const expected = raised.map((value) => value / raised.reduce((a, b) => a + b));
  const ask = classProbabilities(network);
  await ask([smallImage]);
  const black = { ...smallImage, data: new Uint8Array(16 * 16 * 3) };
  const images = [...Array.from({ length: 33 }, () => black), smallImage];
  const probabilities = await assertNoTensorLeak(() => ask(images));
  assert.equal(probabilities.length, 34 * 5);
  assertClose(probabilities.subarray(33 * 5), expected, "probabilities");
  assert.equal((await ask([])).length, 0);
});

test("mistakes are told by name", async () => {
  const told = (options: object, message: RegExp, image = smallImage) =>
    assert.rejects(
      explain(network, image, options as ExplainOptions),
      (error) => error instanceof UserError && message.test(error.message),
    );
  await told({ method: "Grad-CAMM" }, /no method "Grad-CAMM".*attention, .*Grad-CAM, Grad-CAM\+\+.*RISE/);
  await told({ method: "Grad-CAM", target: 5 }, /target class must be a whole number in 0 … 4, not 5/);
  await told({ method: "attention", head: 2 }, /head of attention must be a whole number in 0 … 1, not 2/);
  await told({ method: "integrated gradients", steps: 0 }, /steps of integrated gradients.*not 0/);
  await told({ method: "integrated gradients", baseline: 300 }, /brightness must lie in 0 … 255, not 300/);
  await told({ method: "SmoothGrad", noise: -1 }, /noise of SmoothGrad must lie in 0 … 1/);
  await told({ method: "occlusion", window: 17 }, /window of occlusion.*1 … 16, not 17/);
  await told({ method: "occlusion", window: 4, stride: 5 }, /stride of occlusion.*1 … 4, not 5/);
  await told({ method: "RISE", masks: 1.5 }, /masks of RISE.*not 1\.5/);
  const wide = { ...smallImage, width: 32, height: 8 };
  await told({ method: "Grad-CAM" }, /32×8 pixels and 3 channels; the network takes 16×16 and 3/, wide);
});

test("a mistake leaves no tensor behind either", async () => {
  await explain(network, smallImage, { method: "occlusion" });
  await assertNoTensorLeak(async () => {
    await explain(network, smallImage, { method: "RISE", baseline: -1 }).catch(() => {});
    await explain(network, smallImage, { method: "attention", head: 9 }).catch(() => {});
  });
});

test("disposing frees what was compiled", async () => {
  await assertNoTensorLeak(async () => {
    const other = smallNetwork();
    await explain(other, smallImage, { method: "SmoothGrad", samples: 2 });
    other.dispose();
    other.disposeWeights();
  });
});
