import type { LinearNames, TransformerNames } from "./architecture";

const linear = (place: string): LinearNames => ({ kernel: `${place}.weight`, bias: `${place}.bias` });

/**
 * timm's names, which DeiT's and DINOv2's own files share.
 * @param more what LayerScale and registers are called, where there are some
 */
export function timmNames(more: { scales?: boolean; registers?: string } = {}): TransformerNames {
  return {
    classToken: "cls_token",
    registers: more.registers,
    positions: "pos_embed",
    patches: linear("patch_embed.proj"),
    block(index) {
      const block = `blocks.${index}`;
      return {
        attentionNorm: `${block}.norm1`,
        projections: linear(`${block}.attn.qkv`),
        attentionOutput: linear(`${block}.attn.proj`),
        hiddenNorm: `${block}.norm2`,
        hidden: linear(`${block}.mlp.fc1`),
        output: linear(`${block}.mlp.fc2`),
        ...(more.scales && { attentionScale: `${block}.ls1.gamma`, outputScale: `${block}.ls2.gamma` }),
      };
    },
    norm: "norm",
    classifier: linear("head"),
  };
}

/** The names of torchvision's `vit_b_16`. */
export const torchvisionNames: TransformerNames = {
  classToken: "class_token",
  positions: "encoder.pos_embedding",
  patches: linear("conv_proj"),
  block(index) {
    const block = `encoder.layers.encoder_layer_${index}`;
    const attention = `${block}.self_attention`;
    return {
      attentionNorm: `${block}.ln_1`,
      projections: { kernel: `${attention}.in_proj_weight`, bias: `${attention}.in_proj_bias` },
      attentionOutput: linear(`${attention}.out_proj`),
      hiddenNorm: `${block}.ln_2`,
      hidden: linear(`${block}.mlp.0`),
      output: linear(`${block}.mlp.3`),
    };
  },
  norm: "encoder.ln",
  classifier: linear("heads.head"),
};

/** Hugging Face's names of ViT, and of DeiT without distillation. */
export const huggingFaceNames: TransformerNames = {
  classToken: "vit.embeddings.cls_token",
  positions: "vit.embeddings.position_embeddings",
  patches: linear("vit.embeddings.patch_embeddings.projection"),
  block(index) {
    const block = `vit.encoder.layer.${index}`;
    return {
      attentionNorm: `${block}.layernorm_before`,
      projections: huggingFaceProjections(block),
      attentionOutput: linear(`${block}.attention.output.dense`),
      hiddenNorm: `${block}.layernorm_after`,
      hidden: linear(`${block}.intermediate.dense`),
      output: linear(`${block}.output.dense`),
    };
  },
  norm: "vit.layernorm",
  classifier: linear("classifier"),
  unused: [
    { name: "vit.pooler.dense.weight", shape: [null, null] },
    { name: "vit.pooler.dense.bias", shape: [null] },
  ],
};

/** Hugging Face's names of DINOv2's features. */
export function huggingFaceDinoNames(registers?: string): TransformerNames {
  return {
    classToken: "embeddings.cls_token",
    registers: registers && `embeddings.${registers}`,
    positions: "embeddings.position_embeddings",
    patches: linear("embeddings.patch_embeddings.projection"),
    block(index) {
      const block = `encoder.layer.${index}`;
      return {
        attentionNorm: `${block}.norm1`,
        projections: huggingFaceProjections(block),
        attentionOutput: linear(`${block}.attention.output.dense`),
        attentionScale: `${block}.layer_scale1.lambda1`,
        hiddenNorm: `${block}.norm2`,
        hidden: linear(`${block}.mlp.fc1`),
        output: linear(`${block}.mlp.fc2`),
        outputScale: `${block}.layer_scale2.lambda1`,
      };
    },
    norm: "layernorm",
    unused: [{ name: "embeddings.mask_token", shape: [null, null] }],
  };
}

function huggingFaceProjections(block: string) {
  const attention = `${block}.attention.attention`;
  return {
    query: linear(`${attention}.query`),
    key: linear(`${attention}.key`),
    value: linear(`${attention}.value`),
  };
}
