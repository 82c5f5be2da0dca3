import type { StoredTensor } from "../weights/stored-tensor";
import type { Convention } from "./catalogue-entry";

/** A file's tensors under the names of a convention. */
export interface NamedWeights {
  tensors: ReadonlyMap<string, StoredTensor>;
  /** What stands before every name of the network, such as `backbone.`, where it is a part of a larger model. */
  prefix: string;
}

/**
 * A file's tensors under the names that a convention expects, as far as they differ by custom: a network inside a larger
 * model has a prefix, and what is not below it is left aside; Keras says every layer twice, and transfers have heads of their
 * own; an exporter to ONNX folds positions apart.
 */
export function namedWeights(
  weights: ReadonlyMap<string, StoredTensor>,
  { name, tensors }: Convention,
): NamedWeights {
  if (name === "Keras") return { tensors: inKerasNames(weights, tensors), prefix: "" };
  const prefix = findPrefix(weights, tensors);
  const below = prefix
    ? new Map(
        [...weights]
          .filter(([own]) => own.startsWith(prefix) || anonymous.test(own))
          .map(([own, tensor]) => [own.startsWith(prefix) ? own.slice(prefix.length) : own, tensor]),
      )
    : weights;
  return { tensors: withPositions(below, tensors), prefix };
}

/** What the shortest name that ends as the network's first one has before it, if most of the network lies below it. */
function findPrefix(weights: ReadonlyMap<string, StoredTensor>, expected: Convention["tensors"]): string {
  const first = expected[0]!.name;
  if (weights.has(first)) return "";
  const [found] = [...weights.keys()]
    .filter((own) => own.endsWith(`.${first}`))
    .sort((a, b) => a.length - b.length);
  const prefix = found?.slice(0, -first.length) ?? "";
  const isThere = expected.filter(({ name }) => weights.has(prefix + name)).length;
  return isThere > expected.length / 2 ? prefix : "";
}

/**
 * `Conv1/Conv1/kernel:0` is `Conv1/kernel`; what Keras 2 calls `depthwise_kernel`, Keras 3 calls `kernel`; and the only dense
 * layer that a transfer put in the place of `predictions` is the classifier.
 */
function inKerasNames(
  weights: ReadonlyMap<string, StoredTensor>,
  expected: Convention["tensors"],
): Map<string, StoredTensor> {
  const short = (own: string) =>
    own
      .replace(/:0$/, "")
      .split("/")
      .slice(-2)
      .join("/")
      .replace(/(depthwise)\/kernel$/, "$1/depthwise_kernel");
  const named = new Map([...weights].map(([own, tensor]) => [short(own), tensor]));
  const classifier = expected.filter(({ part }) => part === "classifier").map((tensor) => tensor.name);
  const [dense, ...others] = [...named].filter(
    ([own, { shape }]) => shape.length === 2 && own.endsWith("/kernel"),
  );
  if (!dense || others.length > 0 || classifier.includes(dense[0])) return named;
  const layer = dense[0].slice(0, -"kernel".length);
  const renamed = (own: string) =>
    own.startsWith(layer) ? classifier.find((each) => each.endsWith(own.slice(layer.length - 1))) : undefined;
  return new Map([...named].map(([own, tensor]) => [renamed(own) ?? own, tensor]));
}

/** What exporters to ONNX call a tensor that they folded. */
const anonymous = /^onnx::\w+$/;

/** Positions that an exporter cut into those of the class token and those of the patches, which it left without names. */
function withPositions(
  weights: ReadonlyMap<string, StoredTensor>,
  expected: Convention["tensors"],
): ReadonlyMap<string, StoredTensor> {
  const positions = expected.find(({ name }) => /pos\w*_embed/.test(name));
  const folded = [...weights].filter(([own, { shape }]) => anonymous.test(own) && shape.length === 3);
  if (!positions || weights.has(positions.name) || folded.length !== 2) return weights;
  const [[, own], [, patches]] = folded.sort(([, a], [, b]) => a.shape[1]! - b.shape[1]!) as [
    [string, StoredTensor],
    [string, StoredTensor],
  ];
  const data = new Float32Array(own.data.length + patches.data.length);
  data.set(own.data as Float32Array);
  data.set(patches.data as Float32Array, own.data.length);
  const shape = [1, own.shape[1]! + patches.shape[1]!, own.shape[2]!];
  const named = new Map([...weights].filter(([name]) => !anonymous.test(name)));
  return named.set(positions.name, { shape, dtype: "float32", data });
}
