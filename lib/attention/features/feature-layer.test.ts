import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { compile } from "../../graph/compile";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { drawParameters } from "../draw-parameters.fixture";
import { assertNear } from "../goldens/golden.fixture";
import { saveAndLoad } from "../save-and-load.fixture";
import { type AnyFeatureLayer, drawInputs, layerCases } from "./feature-layers.fixture";

let native: boolean;
before(async () => {
  native = (await startTensorFlow()).backend === "native";
});

for (const layerCase of layerCases) {
  const { name, make, inputs, featuresOf, weights } = layerCase;
  const one = <T>(items: T[]) => (items.length === 1 ? items[0]! : items);
  const features = [2, ...inputs[featuresOf]!];

  test(`${name}: features keep their shape, alone and beside the weights`, () => {
    const given = drawInputs(layerCase, 2);
    const alone = make({ seed: 1 }).apply(given) as tf.Tensor;
    const beside = make({ seed: 1, returnWeights: true }).apply(given) as tf.Tensor[];
    assert.deepEqual(alone.shape, features);
    assert.deepEqual(
      beside.map(({ shape }) => shape),
      [features, ...weights.map((shape) => [2, ...shape])],
    );
    assert.deepEqual(beside[0]!.dataSync(), alone.dataSync());
  });

  test(`${name}: equal seeds give equal parameters, other seeds others`, () => {
    const initial = (seed: number) => {
      const layer = make({ seed });
      layer.build(one(inputs.map((shape) => [null, ...shape])));
      return layer.getWeights().map((weight) => [...weight.dataSync()]);
    };
    assert.deepEqual(initial(5), initial(5));
    assert.notDeepEqual(initial(5), initial(6));
  });

  for (const returnWeights of [false, true]) {
    test(`${name}: saved and loaded with equal outputs, ${returnWeights ? "with" : "without"} weights`, async () => {
      const layer = make({ seed: 1, returnWeights });
      const symbolic = inputs.map((shape) => tf.input({ shape }));
      const model = tf.model({ inputs: symbolic, outputs: layer.apply(symbolic) as tf.SymbolicTensor });
      drawParameters(layer, 0.5);
      const given = drawInputs(layerCase, 2);
      const loaded = await saveAndLoad(model);
      const [outputs, again] = [model, loaded].map((each) => [each.predict(given)].flat());
      assert.equal(outputs!.length, returnWeights ? 1 + weights.length : 1);
      for (const [i, output] of outputs!.entries()) {
        assert.deepEqual(output.shape.slice(1), model.outputs[i]!.shape.slice(1));
        assert.deepEqual(again![i]!.dataSync(), output.dataSync());
      }
      assert.deepEqual(loaded.getLayer(layer.name).getConfig(), layer.getConfig());
    });
  }

  test(`${name}: learns in model.fit`, async () => {
    const teacher = make({ seed: 2 });
    const given = drawInputs(layerCase, 32);
    teacher.apply(given);
    drawParameters(teacher, 0.5);
    const symbolic = inputs.map((shape) => tf.input({ shape }));
    const output = make({ seed: 1 }).apply(symbolic) as tf.SymbolicTensor;
    const model = tf.model({ inputs: symbolic, outputs: output });
    model.compile({ optimizer: tf.train.adam(0.03), loss: "meanSquaredError" });
    const { history } = await model.fit(given, teacher.apply(given) as tf.Tensor, {
      epochs: 40,
      batchSize: 32,
      verbose: 0,
      shuffle: false,
    });
    const [first, last] = [history.loss![0] as number, history.loss!.at(-1) as number];
    assert.ok(last < 0.6 * first, `the loss went from ${first} to ${last}`);
  });

  test(`${name}: compiled, it gives the outputs and gradients that it gives eagerly`, () => {
    const layer = make({ seed: 1, returnWeights: true });
    layer.apply(drawInputs(layerCase, 1));
    drawParameters(layer, 0.5);
    const names = inputs.map((_, i) => `input${i}`);
    const run = (tensors: Record<string, tf.Tensor>) => {
      const loss = () =>
        tf
          .addN(
            (layer.apply(names.map((input) => tensors[input]!)) as tf.Tensor[]).map((x) => x.square().mean()),
          )
          .asScalar();
      const { value, grads } = tf.variableGrads(loss, layer.variables);
      const outputs = layer.apply(names.map((input) => tensors[input]!)) as tf.Tensor[];
      return [value, ...outputs, ...layer.variables.map((variable) => grads[variable.name]!)];
    };
    const step = compile(run, {
      inputs: Object.fromEntries(inputs.map((shape, i) => [`input${i}`, [null, ...shape]])),
    });
    for (const [i, batch] of [2, 2, 3, 4, 2].entries()) {
      const given = Object.fromEntries(drawInputs(layerCase, batch, 10 * i).map((x, n) => [`input${n}`, x]));
      const eager = tf.tidy(() => run(given));
      const compiled = step(given);
      for (const [n, tensor] of compiled.entries()) assertNear(tensor, eager[n]!, `output ${n}`);
    }
    if (native) assert.ok(step.graphs > 0, "nothing was compiled");
    step.dispose();
  });

  test(`${name}: no tensor is left behind, and dispose gives the parameters back`, async () => {
    const given = drawInputs(layerCase, 2);
    await assertNoTensorLeak(() => {
      const layer: AnyFeatureLayer = make({ seed: 1 });
      layer.build(one(given.map(({ shape }) => shape)));
      tf.dispose(layer.apply(given) as tf.Tensor);
      const loss = () => (layer.apply(given) as tf.Tensor).square().sum().asScalar();
      tf.dispose(tf.variableGrads(loss, layer.variables));
      const count = layer.variables.length;
      assert.ok(count > 0);
      assert.equal(layer.dispose().numDisposedVariables, count);
    });
  });
}
