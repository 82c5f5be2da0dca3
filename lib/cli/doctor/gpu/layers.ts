import * as tf from "@tensorflow/tfjs";
import { attentionFamily } from "../../../attention/family";
import type { FamilyMember } from "../../../attention/family/member";
import { type Normaliser, normalise } from "../../../attention/normalisers/normaliser";
import { type Check, valueAndGradients } from "./check";
import { drawn } from "./drawn";

const sizes = { channels: 32, positions: 49, classes: 5, units: 24, heads: 4, queries: 4, controlUnits: 24 };
const tokens = [3, sizes.positions, sizes.channels];
const memory = [3, 20, sizes.channels];
const grids = [3, 7, 7, sizes.channels];

/** A layer's output and its gradients with respect to the features and to every weight, all drawn. */
function layerCheck(kind: string, { name, code, build }: FamilyMember): Check[] {
  if (!build) return [];
  const run = () => {
    const layer = build(sizes);
    layer.setWeights(layer.getWeights().map((weight, i) => drawn(`${name} ${i}`, weight.shape, 0.3)));
    const x = drawn(name, inputShape(kind, code));
    const others = otherInputs(code);
    const inputs = (given: tf.Tensor) => (others.length > 0 ? [given, ...others] : given);
    const compute = (given: tf.Tensor) => {
      const output = layer.apply(inputs(given)) as tf.Tensor | tf.Tensor[];
      return Array.isArray(output) ? output[0]! : output;
    };
    const results = valueAndGradients(compute, [x]);
    const direction = drawn("direction", results.value!.shape);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    if (variables.length === 0) return results;
    const { grads } = tf.variableGrads(() => compute(x).mul(direction).sum() as tf.Scalar, variables);
    const named = variables.map(({ name }, i) => [`gradient of weight ${i + 1}`, grads[name]!] as const);
    tf.dispose(layer.weights.map((weight) => weight.read()));
    return { ...results, ...Object.fromEntries(named) };
  };
  return [{ name: `${kind}: ${name}`, kind: "attention layer", run }];
}

function inputShape(kind: string, code: string): readonly number[] {
  const attendsTokens = ["SelfAttention", "CrossAttention"].includes(code);
  return kind === "inside features" && !attendsTokens ? grids : tokens;
}

function otherInputs(code: string): tf.Tensor[] {
  if (code === "CrossAttention") return [drawn("memory", memory)];
  if (code === "WeightedPooling") return [drawn("given weights", [3, sizes.positions]).abs()];
  return [];
}

const normalisers: readonly Normaliser["kind"][] = ["softmax", "sparsemax", "entmax15", "sigmoid", "uniform"];

const normaliserChecks = normalisers.map((kind): Check => {
  const mask = () => drawn<tf.Rank.R2>("mask", [3, 400]).greater(-0.5).toFloat() as tf.Tensor2D;
  const compute = (scores: tf.Tensor) => normalise(scores as tf.Tensor3D, { kind }, mask());
  const run = () => valueAndGradients(compute, [drawn(kind, [3, 4, 400])]);
  return { name: `normaliser under a mask: ${kind}`, kind: "attention layer", run };
});

/** Every attention layer of the library, and every normaliser. */
export const layerChecks: readonly Check[] = [
  ...attentionFamily.flatMap(({ kind, members }) => members.flatMap((member) => layerCheck(kind, member))),
  ...normaliserChecks,
];
