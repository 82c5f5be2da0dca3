import type { StoredTensor } from "../../weights/stored-tensor";

/** Names of the weights of layers, in the order in which Keras 3 numbers them. */
const weightsOfLayers: readonly [layer: RegExp, weights: readonly string[]][] = [
  [/^(dense|conv\dd(_transpose)?|depthwise_conv\dd)(_\d+)?$/, ["kernel", "bias"]],
  [/^batch_normalization(_\d+)?$/, ["gamma", "beta", "moving_mean", "moving_variance"]],
  [/^layer_normalization(_\d+)?$/, ["gamma", "beta"]],
  [/^embedding(_\d+)?$/, ["embeddings"]],
];

/**
 * Names of weights as Keras gives them, `block_1_expand/kernel`, out of their paths in a file of weights of Keras 1 and 2,
 * which Keras 3 writes as `.h5` too: `model_weights/LAYER/block_1_expand/kernel:0` in a whole model, and without the first
 * group in its weights alone. A weight whose path lacks its layer's name (`LAYER/kernel`) keeps it.
 */
export function namesOfLegacyKeras(tensors: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  const whole = [...tensors.keys()].some((path) => path.startsWith("model_weights/"));
  const result = new Map<string, StoredTensor>();
  for (const [path, tensor] of tensors) {
    if (whole && !path.startsWith("model_weights/")) continue;
    const parts = path
      .replace(/^model_weights\//, "")
      .replace(/:\d+$/, "")
      .split("/");
    // Keras 3 puts the model's name before the layer's.
    const again = parts.indexOf(parts[0]!, 1);
    const short = parts.slice(again > 0 ? again : parts.length > 2 ? 1 : 0).join("/");
    result.set(result.has(short) ? parts.join("/") : short, tensor);
  }
  return result;
}

/** Whether paths are those of Keras 3, where the weights of each layer are numbered below `vars`. */
export function isKeras3(tensors: ReadonlyMap<string, StoredTensor>): boolean {
  return tensors.size > 0 && [...tensors.keys()].every((path) => /(^|\/)vars\/\d+$/.test(path));
}

/**
 * Names of weights, `block_1_expand/kernel`, out of their paths in a file of Keras 3, `layers/conv2d_3/vars/0`.
 * @param nameOfLayer the name of the layer that a group stands for, where it is known; else the group's own is taken
 */
export function namesOfKeras3(
  tensors: ReadonlyMap<string, StoredTensor>,
  nameOfLayer: (group: string) => string | undefined,
): Map<string, StoredTensor> {
  const counts = new Map<string, number>();
  for (const path of tensors.keys()) counts.set(layerGroup(path), (counts.get(layerGroup(path)) ?? 0) + 1);
  const result = new Map<string, StoredTensor>();
  for (const [path, tensor] of tensors) {
    const group = layerGroup(path);
    const own = group.slice(group.lastIndexOf("/") + 1);
    const number = path.slice(path.lastIndexOf("/") + 1);
    const names = weightsOfLayers.find(([layer]) => layer.test(own))?.[1] ?? [];
    // Of normalisation without a scale or an offset there are fewer, and a number does not say which.
    const sure = names[0] === "kernel" || names.length === counts.get(group);
    const name = `${nameOfLayer(group) ?? group}/${(sure && names[Number(number)]) || number}`;
    result.set(result.has(name) ? path : name, tensor);
  }
  return result;
}

const layerGroup = (path: string) => path.replace(/\/?vars\/\d+$/, "");

interface LayerConfig {
  class_name?: unknown;
  config?: { name?: unknown; layers?: unknown };
}

/**
 * The names of layers by their groups, as Keras 3 numbers layers by their classes: `layers/conv2d_1` is the second
 * `Conv2D` in the model's description. Files since 2025 tell the names themselves.
 * @param config what `config.json` holds, parsed
 */
export function groupsOfLayers(config: unknown, above = ""): Map<string, string> {
  const groups = new Map<string, string>();
  const layers = (Object(config) as LayerConfig).config?.layers;
  const counts = new Map<string, number>();
  for (const layer of (Array.isArray(layers) ? layers : []) as LayerConfig[]) {
    const { class_name: type, config: own } = Object(layer) as LayerConfig;
    if (typeof type !== "string" || typeof own?.name !== "string") continue;
    const kind = snakeCase(type);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    for (const container of ["layers", "_layer_checkpoint_dependencies"]) {
      const group = `${above}${container}/${kind}${count > 0 ? `_${count}` : ""}`;
      groups.set(group, own.name);
      if (own.layers !== undefined)
        for (const [inner, name] of groupsOfLayers(layer, `${group}/`)) groups.set(inner, name);
    }
  }
  return groups;
}

const snakeCase = (name: string) =>
  name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
