import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { compile } from "../../graph/compile";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { drawn } from "../drawn-weights.fixture";
import { freezeNorms } from "../freeze-norms";
import { relativeDifference } from "../golden-efficientnet-lite0.fixture";
import { smallArchitecture, smallTransformer } from "./small-transformer.fixture";
import { VisionTransformer } from "./vision-transformer";

let backbone: VisionTransformer;
let picture: tf.Tensor4D;
let tokens: tf.Tensor4D;

before(async () => {
  await startTensorFlow();
  backbone = smallTransformer();
  picture = tf.tensor4d(drawn("picture", 2 * 12 * 12 * 3, 2), [2, 12, 12, 3]);
  tokens = backbone.run(picture, "input", "block0+class") as tf.Tensor4D;
});
after(() => {
  backbone.dispose();
  tf.dispose([picture, tokens]);
});

test("patches lie on their grid, and the class token and registers stand before them", () => {
  tf.tidy(() => {
    assert.deepEqual(tokens.shape, [2, 1, 1 + 2 + 9, 8]);
    const patches = backbone.run(tokens, "block0+class", "block0");
    assert.deepEqual(patches.shape, [2, 3, 3, 8]);
    assert.deepEqual(patches.dataSync(), tokens.slice([0, 0, 3, 0]).dataSync());
    const [all, one] = [
      backbone.run(picture, "input", "block2+class"),
      backbone.run(picture, "input", "class"),
    ];
    assert.deepEqual([all.shape, one.shape], [tokens.shape, [2, 1, 1, 8]]);
    assert.deepEqual(
      backbone.run(tokens, "block0+class", "logits").dataSync(),
      backbone.run(picture, "input", "logits").dataSync(),
    );
  });
});

test("the declared attention sums to one, and probes of zero change nothing", async () => {
  await assertNoTensorLeak(() =>
    tf.tidy(() => {
      const plain = backbone.runWithAttention(picture, "input", "logits");
      assert.deepEqual(tf.stack(plain.attention).shape, [3, 2, 2, 12, 12]);
      for (const weights of plain.attention)
        assert.ok(weights.sum(-1).sub(1).abs().max().dataSync()[0]! < 1e-5);
      const zeros = plain.attention.map((weights) => tf.zerosLike(weights));
      const probed = backbone.runWithAttention(picture, "input", "logits", zeros);
      assert.deepEqual(probed.output.dataSync(), plain.output.dataSync());
      assert.deepEqual(backbone.run(picture, "input", "logits").dataSync(), plain.output.dataSync());
    }),
  );
});

test("a fresh stage computes what the frozen backbone computes, and frees all that it made", async () => {
  for (const [from, to, x] of [
    ["block0+class", "patches", tokens],
    ["block0+class", "block1", tokens],
    ["input", "class", picture],
  ] as const) {
    await assertNoTensorLeak(() => {
      const stage = backbone.trainableStage(from, to);
      assert.equal(new Set(stage.variableNames).size, stage.variables.length);
      const [trained, frozen] = [stage.run(x), backbone.run(x, from, to)];
      assert.ok(relativeDifference(trained.dataSync(), frozen.dataSync()) <= 1e-6, `${from} to ${to}`);
      tf.dispose([trained, frozen]);
      stage.dispose();
    });
  }
});

test("the gradient of every variable of a stage is that of small steps", () => {
  const stage = backbone.trainableStage("input", "patches");
  const direction = tf.tensor4d(drawn("direction", 2 * 9 * 8), [2, 3, 3, 8]);
  const loss = () => tf.tidy(() => stage.run(picture).mul(direction).sum().asScalar());
  const { grads } = tf.variableGrads(loss, stage.variables);
  for (const [i, variable] of stage.variables.entries()) {
    const name = stage.variableNames[i]!;
    const step = tf.tensor(drawn(name, variable.size), variable.shape);
    const start = variable.clone();
    const at = (size: number) => {
      tf.tidy(() => variable.assign(start.add(step.mul(size))));
      const value = loss();
      const [number] = value.dataSync();
      value.dispose();
      return number!;
    };
    const size = 1e-3;
    const numeric = (at(size) - at(-size)) / (2 * size);
    variable.assign(start);
    const exact = tf.tidy(() => grads[variable.name]!.mul(step).sum().dataSync()[0]!);
    assert.ok(Math.abs(exact - numeric) <= 0.02 * Math.abs(exact) + 0.02, `${name}: ${exact}, ${numeric}`);
    tf.dispose([step, start]);
  }
  tf.dispose([direction, grads]);
  stage.dispose();
});

test("training moves the copy and nothing of the backbone", () => {
  const before = tf.tidy(() => backbone.run(picture, "input", "logits").dataSync());
  const stage = backbone.trainableStage("block0+class", "patches");
  const start = stage.variables.map((variable) => variable.dataSync().slice());
  const optimizer = tf.train.adam(1e-2);
  for (let step = 0; step < 3; step++)
    optimizer.minimize(() => stage.run(tokens).square().mean().asScalar(), false, stage.variables);
  for (const [i, variable] of stage.variables.entries())
    assert.notDeepEqual(variable.dataSync(), start[i], `${stage.variableNames[i]} did not move`);
  assert.deepEqual(
    tf.tidy(() => backbone.run(picture, "input", "logits").dataSync()),
    before,
  );
  optimizer.dispose();
  stage.dispose();
});

test("norms that are frozen are no variables and do not move", () => {
  const stage = backbone.trainableStage("block0+class", "patches");
  const frozen = freezeNorms(stage);
  assert.equal(stage.variables.length - frozen.variables.length, 2 * 2 * 2 + 2);
  assert.ok(frozen.variableNames.every((name) => !/norm/.test(name)));
  const norms = stage.variables.filter((variable) => !frozen.variables.includes(variable));
  const before = norms.map((variable) => variable.dataSync().slice());
  const optimizer = tf.train.adam(1e-2);
  const loss = () => frozen.run(tokens).square().mean().asScalar();
  const start = tf.tidy(() => loss().dataSync()[0]!);
  for (let step = 0; step < 3; step++) optimizer.minimize(loss, false, frozen.variables);
  assert.ok(tf.tidy(() => loss().dataSync()[0]!) < start);
  assert.deepEqual(
    norms.map((variable) => variable.dataSync()),
    before,
  );
  optimizer.dispose();
  frozen.dispose();
});

test("compiled inference agrees with eager inference", () => {
  const forward = compile(
    ({ pixels }) => backbone.run(backbone.preprocess(pixels as tf.Tensor4D), "input", "patches"),
    {
      inputs: { pixels: [null, 12, 12, 3] },
    },
  );
  const eager = backbone.run(picture, "input", "patches");
  for (let call = 0; call < 3; call++) {
    const compiled = forward({ pixels: picture });
    assert.ok(relativeDifference(compiled.dataSync(), eager.dataSync()) <= 1e-5);
    compiled.dispose();
  }
  eager.dispose();
  forward.dispose();
});

test("mistakes are told by name", () => {
  const run = (x: tf.Tensor4D, from: string, to: string) => () => tf.tidy(() => backbone.run(x, from, to));
  const patches = backbone.run(picture, "input", "block1") as tf.Tensor4D;
  assert.throws(
    run(patches, "block1", "patches"),
    /can't go on from block1 to patches: block1 holds the patches alone\. Go on from block1\+class/,
  );
  assert.throws(run(tokens, "block2+class", "block0"), /backwards, from block2\+class to block0/);
  assert.throws(
    run(tokens, "block9", "class"),
    /no cut point "block9"\. Its cut points are embedding\+class, block0,/,
  );
  assert.throws(run(picture, "block0+class", "class"), /takes \[batch, 1, 12, 8\] at block0\+class/);
  assert.throws(() => backbone.trainableStage("patches", "class"), /patches holds the patches alone/);
  assert.throws(
    () => new VisionTransformer({ ...smallArchitecture, inputSize: 15 }, new Map(), ""),
    /patches of 4 pixels, and an input of 15 is no multiple of it\. Take 16\./,
  );
  patches.dispose();
});
