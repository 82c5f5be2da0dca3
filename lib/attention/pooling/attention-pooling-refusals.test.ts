import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertRefused } from "../assert-refused.fixture";
import { AttentionPooling } from "./attention-pooling";

before(() => startTensorFlow());

test("a wrong shape or option is refused with what it must be", () => {
  const make = (args: object) =>
    new AttentionPooling(args as ConstructorParameters<typeof AttentionPooling>[0]);
  const dot = make({ score: { kind: "dotProduct" }, query: "given", seed: 1, name: "where" });
  assertRefused(
    () =>
      dot.build([
        [null, 9, 5],
        [null, 4],
      ]),
    /AttentionPooling "where" expected tokens \[batch, positions, channels\], query \[batch, channels\], .*channels is 5 in tokens and 4 in query/,
  );
  const location = make({ score: { kind: "location" }, seed: 1 });
  assertRefused(() => location.build([null, null, 5]), /must know its number of positions when it is built/);
  location.build([null, 9, 5]);
  assertRefused(() => location.apply(tf.ones([2, 8, 5])), /axis 1 of tokens must be 9, not 8/);
  const asked = make({ score: { kind: "general" }, query: "given", seed: 1 });
  asked.build([
    [null, 9, 5],
    [null, 3, 4],
  ]);
  assertRefused(
    () => asked.apply([tf.ones([2, 9, 5]), tf.ones([2, 2, 4])]),
    /expected .*query \[batch, 3, 4\].*axis 1 of query must be 3, not 2/,
  );
  assertRefused(
    () => make({ score: { kind: "cosine", temperature: 0 }, seed: 1 }),
    /temperature must be a number above 0/,
  );
  assertRefused(
    () => make({ score: { kind: "additive", units: 0 }, seed: 1 }),
    /units must be a whole number/,
  );
  assertRefused(
    () => make({ score: { kind: "concat" }, seed: 1 }),
    /kind of score must be one of additive, .*, not concat/,
  );
  assertRefused(
    () => make({ score: { kind: "general" }, normaliser: { kind: "hardmax" }, seed: 1 }),
    /kind of normaliser must be one of softmax, .*, not hardmax/,
  );
  assertRefused(
    () => make({ score: { kind: "general" }, queries: 0, seed: 1 }),
    /queries must be a whole number/,
  );
  assertRefused(
    () => make({ score: { kind: "general" }, query: "given", queries: 2, seed: 1 }),
    /queries that are given say themselves how many they are/,
  );
});
