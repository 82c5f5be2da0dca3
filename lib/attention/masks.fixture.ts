import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { type MaskCase, maskCases } from "./mask-cases.fixture";

const BATCH = 2;
/** What stands at masked positions in the worst of cases. */
const hostile = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3.4e38, -3.4e38, 1e30, -7];

interface Drawn {
  kept: boolean[];
  spoilt: number[];
  seed: number;
}

function drawn({ grid }: MaskCase): fc.Arbitrary<Drawn> {
  const positions = BATCH * grid.reduce((product, size) => product * size);
  return fc.record({
    kept: fc.array(fc.boolean(), { minLength: positions, maxLength: positions }),
    spoilt: fc.array(fc.constantFrom(...hostile), { minLength: positions, maxLength: positions }),
    seed: fc.integer({ min: 1, max: 1e6 }),
  });
}

/** What a layer makes of its inputs: its outputs, and the gradients of a loss that looks at all of them. */
function outcome(
  { run, toInputs, makeVariables }: MaskCase,
  inputs: tf.Tensor[],
  mask: tf.Tensor,
  seed: number,
) {
  const variables = makeVariables(seed);
  const loss = (...given: tf.Tensor[]) =>
    tf
      .addN(
        run(given, mask, variables).map((output, i) =>
          output.mul(tf.randomNormal(output.shape, 0, 1, "float32", i + 1)).sum(),
        ),
      )
      .asScalar();
  const outputs = run(inputs, mask, variables);
  const differentiable = inputs.map((_, i) => i).filter((i) => toInputs?.includes(i) ?? true);
  const lossOfSome = (...some: tf.Tensor[]) =>
    loss(...inputs.map((input, i) => some[differentiable.indexOf(i)] ?? input));
  const gradients =
    differentiable.length > 0 ? tf.grads(lossOfSome)(differentiable.map((i) => inputs[i]!)) : [];
  const learned = variables.filter(({ trainable }) => trainable);
  const trained = learned.length > 0 ? tf.variableGrads(() => loss(...inputs), learned).grads : {};
  tf.dispose(variables);
  return { outputs, gradients, differentiable, parameters: Object.values(trained) };
}

function assertSame(spoilt: tf.Tensor[], clean: tf.Tensor[], what: string): void {
  for (const [i, tensor] of spoilt.entries()) {
    const [actual, expected] = [tensor.dataSync(), clean[i]!.dataSync()];
    assert.ok(actual.every(Number.isFinite), `${what} ${i}: ${actual}`);
    assert.deepEqual(actual, expected, `${what} ${i}`);
  }
}

/** Declares the tests of what a mask means for every layer and function that takes one, on the backend that runs then. */
export function testMasks({ numRuns, without = [] }: { numRuns: number; without?: readonly string[] }): void {
  for (const maskCase of maskCases) {
    const { name, grid, shapes, masked, positive } = maskCase;
    if (without.includes(name)) continue;
    test(`${name}: whatever stands at a masked position, outputs and gradients are the same, and its own is 0`, async () => {
      const property = fc.property(drawn(maskCase), ({ kept, spoilt, seed }) =>
        tf.tidy(() => {
          const mask = tf.tensor(kept.map(Number), [BATCH, ...grid]);
          const beside = (x: tf.Tensor, rank: number) =>
            x.reshape([...x.shape, ...Array<number>(rank - x.rank).fill(1)]);
          const clean = shapes.map((shape, i) => {
            const values = tf.randomNormal([BATCH, ...shape], 0, 1, "float32", seed + i);
            return positive?.includes(i) ? values.abs() : values;
          });
          const spoil = (values: tf.Tensor, i: number) =>
            masked.includes(i)
              ? tf.where(
                  beside(mask.toBool(), values.rank),
                  values,
                  beside(tf.tensor(spoilt, mask.shape), values.rank),
                )
              : values;
          const before = outcome(maskCase, clean, mask, seed);
          const after = outcome(maskCase, clean.map(spoil), mask, seed);
          assertSame(after.outputs, before.outputs, "output");
          assertSame(after.gradients, before.gradients, "gradient of input");
          assertSame(after.parameters, before.parameters, "gradient of parameter");
          for (const [n, i] of after.differentiable.entries()) {
            if (!masked.includes(i)) continue;
            const atMasked = after.gradients[n]!.mul(beside(tf.sub(1, mask), shapes[i]!.length + 1));
            assert.ok(
              atMasked.dataSync().every((value) => value === 0),
              `gradient at masked positions of input ${i}`,
            );
          }
        }),
      );
      await assertNoTensorLeak(() => fc.assert(property, { numRuns, seed: 101967 }));
    });
  }
}
