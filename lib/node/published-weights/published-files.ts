import type { PublishedWeights } from "./published-entry";

const torchvision = (
  name: string,
  architecture: string,
  file: string,
  megabytes: number,
  recipe: string,
): PublishedWeights => ({
  name,
  architecture,
  origin: `torchvision, trained on ImageNet (${recipe})`,
  licence: "the code is BSD-3-Clause; nothing is said of the weights; ImageNet's images are for research",
  file,
  megabytes,
  // The publisher puts the first eight digits there so that they are checked.
  digest: file.match(/-([0-9a-f]{8})\.pth$/)![1]!,
  source: { kind: "file", url: `https://download.pytorch.org/models/${file}` },
});

/** Names, sizes and recipes as torchvision 0.29.1 states them. */
export const torchvisionWeights: readonly PublishedWeights[] = [
  torchvision("resnet18", "ResNet-18", "resnet18-f37072fd.pth", 47, "IMAGENET1K_V1, 69.8 % top-1"),
  torchvision("resnet34", "ResNet-34", "resnet34-b627a593.pth", 87, "IMAGENET1K_V1, 73.3 % top-1"),
  torchvision("resnet50", "ResNet-50", "resnet50-11ad3fa6.pth", 103, "IMAGENET1K_V2, 80.9 % top-1"),
  torchvision("resnet50-v1", "ResNet-50", "resnet50-0676ba61.pth", 103, "IMAGENET1K_V1, 76.1 % top-1"),
  torchvision("resnet101", "ResNet-101", "resnet101-cd907fc2.pth", 179, "IMAGENET1K_V2, 81.9 % top-1"),
  torchvision("resnet101-v1", "ResNet-101", "resnet101-63fe2227.pth", 179, "IMAGENET1K_V1, 77.4 % top-1"),
  torchvision("mobilenet-v2", "MobileNetV2", "mobilenet_v2-7ebf99e0.pth", 14, "IMAGENET1K_V2, 72.2 % top-1"),
  torchvision(
    "mobilenet-v2-v1",
    "MobileNetV2",
    "mobilenet_v2-b0353104.pth",
    14,
    "IMAGENET1K_V1, 71.9 % top-1",
  ),
];

const facebook = (
  name: string,
  architecture: string,
  origin: string,
  place: string,
  megabytes: number,
): PublishedWeights => {
  const file = place.slice(place.lastIndexOf("/") + 1);
  const digest = file.match(/-([0-9a-f]{8})\.pth$/)?.[1];
  return {
    name,
    architecture,
    origin,
    licence: "Apache-2.0",
    file,
    megabytes,
    ...(digest !== undefined && { digest }),
    source: { kind: "file", url: `https://dl.fbaipublicfiles.com/${place}` },
  };
};

const deit = "DeiT's authors (Touvron et al. 2020), trained on ImageNet";
const dino = "DINOv2's authors (Oquab et al. 2023), trained on LVD-142M without labels";
const dinoRegisters = "Darcet et al. 2023, trained on LVD-142M without labels";
const small = "dinov2/dinov2_vits14/dinov2_vits14";
const base = "dinov2/dinov2_vitb14/dinov2_vitb14";

/** Names as the repositories of DeiT and DINOv2 have them; those of DINOv2 carry no digest. */
export const facebookWeights: readonly PublishedWeights[] = [
  facebook("deit-tiny", "DeiT-Tiny", deit, "deit/deit_tiny_patch16_224-a1311bcf.pth", 23),
  facebook("deit-small", "DeiT-Small", deit, "deit/deit_small_patch16_224-cd65a155.pth", 88),
  facebook("dinov2-small-14", "DINOv2 ViT-S/14", dino, `${small}_pretrain.pth`, 88),
  facebook(
    "dinov2-small-14-registers",
    "DINOv2 ViT-S/14 with registers",
    dinoRegisters,
    `${small}_reg4_pretrain.pth`,
    88,
  ),
  facebook("dinov2-base-14", "DINOv2 ViT-B/14", dino, `${base}_pretrain.pth`, 346),
  facebook(
    "dinov2-base-14-registers",
    "DINOv2 ViT-B/14 with registers",
    dinoRegisters,
    `${base}_reg4_pretrain.pth`,
    346,
  ),
];

const timm = (width: "small" | "base", megabytes: number): PublishedWeights => {
  const model = `vit_${width}_patch16_224.augreg_in21k_ft_in1k`;
  return {
    name: `vit-${width}-16`,
    architecture: `ViT-${width === "small" ? "S" : "B"}/16`,
    origin: "Google (Steiner et al. 2021) by way of timm, trained on ImageNet-21k, then ImageNet",
    licence: "Apache-2.0",
    file: `${model}.safetensors`,
    megabytes,
    source: { kind: "file", url: `https://huggingface.co/timm/${model}/resolve/main/model.safetensors` },
  };
};

/** Models of timm on Hugging Face's hub, whose names carry no digest. */
export const huggingFaceWeights: readonly PublishedWeights[] = [timm("small", 88), timm("base", 346)];
