// A page of a stranger's: bundled, opened in a browser, and checked against the values that PyTorch gave.
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { AdditiveAttention } from "attention-transfer/attention";

interface Stored {
  shape: number[];
  data: number[];
}

interface Golden {
  name: string;
  learnedQuery: boolean;
  inputs: Record<string, Stored>;
  mask: number[][] | null;
  upstream: { context: Stored; weights: Stored };
  context: Stored;
  weights: Stored;
  gradients: Record<string, Stored>;
}

const parameterNames = ["keyProjection", "queryProjection", "query", "scoreVector"];

const tensorOf = ({ data, shape }: Stored): tf.Tensor => tf.tensor(data, shape, "float32");

/** The largest difference, relative to the larger of 1 and the expected number. */
function furthest(actual: tf.Tensor, { shape, data }: Stored): number {
  if (actual.shape.join() !== shape.join()) throw new Error(`[${actual.shape}] instead of [${shape}]`);
  const values = Array.from(actual.dataSync());
  return data.reduce((most, wanted, i) => {
    const difference = Math.abs((values[i] as number) - wanted) / Math.max(1, Math.abs(wanted));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }, 0);
}

/** Forward and all gradients of one case; returns the largest difference of each. */
function differences(golden: Golden): Record<string, number> {
  const given = ["tokens", ...(golden.learnedQuery ? [] : ["query"]), "values"].filter(
    (name) => name in golden.inputs,
  );
  const layer = new AdditiveAttention({
    units: (golden.inputs.scoreVector as Stored).shape[0] as number,
    query: golden.learnedQuery ? "learned" : "given",
    values: given.includes("values") ? "given" : "tokens",
    seed: 1,
  });
  const inputs = given.map((name) => tensorOf(golden.inputs[name] as Stored));
  layer.build(inputs.length === 1 ? (inputs[0] as tf.Tensor).shape : inputs.map(({ shape }) => shape));
  const trained = Object.keys(layer.parameters);
  if (trained.some((name) => !parameterNames.includes(name))) throw new Error(`unknown among ${trained}`);
  layer.setWeights(trained.map((name) => tensorOf(golden.inputs[name] as Stored)));
  const options = golden.mask ? { mask: tf.tensor2d(golden.mask) } : {};
  const [context, weights] = layer.apply(inputs, options);
  const found: Record<string, number> = {
    context: furthest(context, golden.context),
    weights: furthest(weights, golden.weights),
  };
  const loss = (...tensors: tf.Tensor[]): tf.Scalar => {
    const [c, alpha] = layer.apply(tensors, options);
    const onContext = c.mul(tensorOf(golden.upstream.context)).sum();
    return onContext.add(alpha.mul(tensorOf(golden.upstream.weights)).sum()).asScalar();
  };
  for (const [i, gradient] of tf.grads(loss)(inputs).entries())
    found[`gradient of ${given[i]}`] = furthest(gradient, golden.gradients[given[i] as string] as Stored);
  const { grads } = tf.variableGrads(() => loss(...inputs), layer.variables);
  for (const [i, name] of trained.entries())
    found[`gradient of ${name}`] = furthest(
      grads[(layer.variables[i] as tf.Variable).name] as tf.Tensor,
      golden.gradients[name] as Stored,
    );
  return found;
}

async function check(): Promise<unknown> {
  setWasmPaths("/wasm/");
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend did not start");
  await tf.ready();
  const { cases } = (await (await fetch("/additive.json")).json()) as { cases: Golden[] };
  return {
    backend: tf.getBackend(),
    cases: cases.map((each) => ({ name: each.name, ...tf.tidy(() => ({ found: differences(each) })) })),
  };
}

Object.assign(globalThis, { checked: check().catch((error: unknown) => ({ error: String(error) })) });
