import type { PerChannel } from "../architecture";
import type { CatalogueEntry, Convention, ConventionName } from "../catalogue-entry";
import type { ExpectedTensor } from "../expected-tensors";
import { imagenetPixels } from "../preprocess";
import { type TransformerArchitecture, type TransformerNames, transformerTensors } from "./architecture";
import { huggingFaceDinoNames, huggingFaceNames, timmNames, torchvisionNames } from "./names";
import type { Resampling } from "./position-embedding";
import { VisionTransformer } from "./vision-transformer";

/** Channels and heads; all have twelve blocks (Touvron et al. 2020, arXiv:2012.12877, table 1). */
const WIDTHS = {
  tiny: { channels: 192, heads: 3 },
  small: { channels: 384, heads: 6 },
  base: { channels: 768, heads: 12 },
} as const;

type Width = keyof typeof WIDTHS;

const timmResampling: Resampling = { sharpness: -0.5, antialias: true, offset: 0 };
const torchResampling: Resampling = { sharpness: -0.75, antialias: false, offset: 0 };

/** What differs between transformers of one width. */
interface Variant {
  name: string;
  names: TransformerNames;
  patchSize?: number;
  registers?: number;
  positionsSide?: number;
  hasClassPosition?: boolean;
  resampling?: Resampling;
  epsilon?: number;
  pixels?: { pixelMean: PerChannel; pixelDeviation: PerChannel };
}

const halves = { pixelMean: 127.5, pixelDeviation: 127.5 };

function architecture(width: Width, variant: Variant): TransformerArchitecture {
  const { pixels = imagenetPixels, ...rest } = variant;
  return {
    version: 1,
    inputSize: 224,
    patchSize: 16,
    ...WIDTHS[width],
    blocks: 12,
    registers: 0,
    positionsSide: 14,
    hasClassPosition: true,
    resampling: timmResampling,
    epsilon: 1e-6,
    ...pixels,
    ...rest,
  };
}

function convention(name: ConventionName, described: TransformerArchitecture, note?: string): Convention {
  const { inputSize, pixelMean, pixelDeviation } = described;
  let tensors: ExpectedTensor[] | undefined;
  return {
    name,
    note,
    preprocessing: { inputSize, pixelMean, pixelDeviation },
    get tensors() {
      tensors ??= transformerTensors(described);
      return tensors;
    },
    make: (weights, digest, side = inputSize) =>
      new VisionTransformer({ ...described, inputSize: side }, weights, digest),
  };
}

/** Block 8 of twelve is where tokens still keep to their places; the last three are what is fine-tuned. */
const cuts = { middle: "block8", last: "patches", fineTunedFrom: "block8+class" };

function vit(width: "small" | "base"): CatalogueEntry {
  const title = `ViT-${width[0]!.toUpperCase()}/16`;
  return {
    name: `vit-${width}-16`,
    title,
    cuts,
    crop: { fraction: 0.9, kernel: "bicubic" },
    conventions: [
      convention(
        "timm",
        architecture(width, { name: title, names: timmNames(), pixels: halves }),
        "taken for Google's weights (`augreg`); DeiT's have the same names and another preprocessing",
      ),
      convention(
        "Hugging Face",
        architecture(width, {
          name: title,
          names: huggingFaceNames,
          pixels: halves,
          resampling: torchResampling,
          epsilon: 1e-12,
        }),
        "taken for Google's weights; DeiT's have the same names and another preprocessing",
      ),
      ...(width === "base"
        ? [
            convention(
              "torchvision",
              architecture(width, { name: title, names: torchvisionNames, resampling: torchResampling }),
            ),
          ]
        : []),
    ],
  };
}

/** Touvron et al. 2020 (arXiv:2012.12877), without the distillation token. */
function deit(width: "tiny" | "small"): CatalogueEntry {
  const title = `DeiT-${width === "tiny" ? "Tiny" : "Small"}`;
  return {
    name: `deit-${width}`,
    title,
    cuts,
    crop: { fraction: 0.875, kernel: "bicubic" },
    conventions: [
      convention(
        "timm",
        architecture(width, { name: title, names: timmNames() }),
        "DeiT's own files have the same",
      ),
      convention(
        "Hugging Face",
        architecture(width, {
          name: title,
          names: huggingFaceNames,
          resampling: torchResampling,
          epsilon: 1e-12,
        }),
      ),
    ],
  };
}

/** Oquab et al. 2023 (arXiv:2304.07193); with registers Darcet et al. 2023 (arXiv:2309.16588). */
function dino(width: "small" | "base", registers: 0 | 4): CatalogueEntry {
  const title = `DINOv2-${width[0]!.toUpperCase()}/14${registers ? " with registers" : ""}`;
  const shared = { name: title, patchSize: 14, positionsSide: 37, registers };
  const own = timmNames({ scales: true, registers: registers ? "register_tokens" : undefined });
  const mask = { name: "mask_token", shape: [null, null] };
  return {
    name: `dinov2-${width}-14${registers ? "-registers" : ""}`,
    title,
    cuts,
    crop: { fraction: 0.875, kernel: "bicubic" },
    conventions: [
      convention(
        "DINOv2",
        architecture(width, {
          ...shared,
          names: { ...own, classifier: undefined, unused: [mask] },
          resampling: registers
            ? { sharpness: -0.5, antialias: true, offset: 0 }
            : { sharpness: -0.75, antialias: false, offset: 0.1 },
        }),
      ),
      convention(
        "timm",
        architecture(width, {
          ...shared,
          names: timmNames({ scales: true, registers: registers ? "reg_token" : undefined }),
          hasClassPosition: registers === 0,
        }),
      ),
      convention(
        "Hugging Face",
        architecture(width, {
          ...shared,
          names: huggingFaceDinoNames(registers ? "register_tokens" : undefined),
          resampling: registers ? timmResampling : torchResampling,
        }),
      ),
    ],
  };
}

/** Vision transformers (Dosovitskiy et al. 2020, arXiv:2010.11929) of twelve blocks. */
export const visionTransformers: CatalogueEntry[] = [
  vit("small"),
  vit("base"),
  deit("tiny"),
  deit("small"),
  dino("small", 0),
  dino("base", 0),
  dino("small", 4),
  dino("base", 4),
];
