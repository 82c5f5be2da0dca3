import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { projectFolder } from "../node/files";
import type { SelfAttentionBackbone } from "./backbone";
import { findInCatalogue } from "./catalogue";
import { drawn, drawnWeights } from "./drawn-weights.fixture";
import { assertAgrees, type GoldenTensor, relativeDifference } from "./golden-efficientnet-lite0.fixture";
import { backboneFromWeights, recogniseArchitecture } from "./recognise";

/** What another implementation computed with drawn weights; the scripts in `goldens` write it. */
interface ParityCase {
  name: string;
  convention: string;
  /** Side of the square input. */
  side: number;
  /** None of weights without a classifier. */
  logits: number[] | null;
  stages: Record<string, GoldenTensor>;
  /** Of vision transformers, block by block. */
  attention?: GoldenTensor[];
}

/** How far activations and logits may lie from the peer's, relative to the largest of them. */
const TOLERANCE = 1e-4;

/** One test for each case of a file of golden values. */
export function testParity(file: string): void {
  const full = path.join(projectFolder(), "lib", "backbones", "goldens", file);
  const { cases } = JSON.parse(fs.readFileSync(full, "utf8")) as { cases: ParityCase[] };
  for (const parity of cases)
    test(`${parity.name} with ${parity.convention}'s names agrees with its peer at every stage, at ${parity.side} px`, () =>
      compare(parity));
}

async function compare({ name, convention, side, logits, stages, attention }: ParityCase): Promise<void> {
  const { conventions } = findInCatalogue(name);
  const { tensors } = conventions.find((each) => each.name === convention)!;
  const weights = drawnWeights(logits ? tensors : tensors.filter(({ part }) => part !== "classifier"));
  assert.equal(recogniseArchitecture(weights, name).convention, convention);
  const backbone = backboneFromWeights(weights, "drawn", { name, inputSize: side });
  const picture = tf.tensor4d(drawn("picture", side * side * 3, 2), [1, side, side, 3]);
  const isTransformer = attention !== undefined;
  let compared = 0;
  let [x, place] = [picture, "input"];
  for (const cut of backbone.cutPoints) {
    const y = backbone.run(x, place, cut.name) as tf.Tensor4D;
    assert.deepEqual(y.shape, [1, cut.rows, cut.columns, cut.channels], cut.name);
    const golden = stages[cut.name];
    if (golden) {
      assertAgrees(await y.data(), golden, TOLERANCE, `${name} at ${cut.name}`);
      compared++;
    }
    if (isTransformer && !cut.name.endsWith("+class")) {
      y.dispose();
      continue;
    }
    if (x !== picture) x.dispose();
    [x, place] = [y, cut.name];
  }
  assert.equal(compared, Object.keys(stages).length);
  if (logits) {
    const scores = backbone.run(x, place, "logits");
    const difference = relativeDifference(await scores.data(), logits);
    assert.ok(difference <= TOLERANCE, `the logits of ${name} differ by ${difference}`);
    scores.dispose();
  } else {
    assert.throws(() => backbone.run(x, place, "logits"), /no classifier, so there are no logits/);
  }
  if (isTransformer) await compareAttention(backbone as SelfAttentionBackbone, picture, attention);
  tf.dispose([x, picture]);
  backbone.dispose();
}

async function compareAttention(
  backbone: SelfAttentionBackbone,
  picture: tf.Tensor4D,
  goldens: GoldenTensor[],
): Promise<void> {
  const { output, attention } = backbone.runWithAttention(picture, "input", "class");
  assert.equal(attention.length, goldens.length);
  for (const [i, weights] of attention.entries())
    assertAgrees(await weights.data(), goldens[i]!, TOLERANCE, `the attention of block ${i}`);
  tf.dispose([output, attention]);
}
