"""Writes transformers.json: what timm, torchvision and transformers compute with drawn weights in vision transformers.

The TypeScript backbones are tested against these numbers; the environment is that of write_convolutional.py. Everything is
computed in double precision. Patches are sampled in the order [rows, columns, channels]: sample i is element
(i * 7919) mod size.
"""

import importlib.metadata
import json
import pathlib

import torch
from formula import summary
from peers import CLASSES, fill, picture

SAMPLES = 8


def of_timm(name, **options):
    import timm

    return timm.create_model(name, num_classes=CLASSES, **options)


def of_torchvision(side):
    import torchvision

    return torchvision.models.vit_b_16(num_classes=CLASSES, image_size=side)


def of_transformers(kind, config, **options):
    import transformers

    settings = getattr(transformers, config)(
        hidden_size=384, num_attention_heads=6, num_labels=CLASSES, attn_implementation="eager", **options
    )
    return getattr(transformers, kind)(settings)


def dino_positions(model, side):
    """DINOv2's own interpolation: its `interpolate_pos_encoding` hands the scale on, with 0.1 added to the side."""
    positions = model.pos_embed.data
    patches = positions[:, 1:].reshape(1, 37, 37, -1).permute(0, 3, 1, 2)
    scale = (side + 0.1) / 37
    resized = torch.nn.functional.interpolate(patches, scale_factor=(scale, scale), mode="bicubic")
    assert resized.shape[-1] == side
    grid = resized.permute(0, 2, 3, 1).reshape(1, side * side, -1)
    model.pos_embed = torch.nn.Parameter(torch.cat((positions[:, :1], grid), 1))


def timm_run(model, x):
    """Tokens behind each block, those behind the norm, attention of each block, logits."""
    blocks, attention = [], []
    for block in model.blocks:
        block.attn.fused_attn = False
        block.attn.attn_drop.register_forward_hook(lambda m, i, output: attention.append(output))
        block.register_forward_hook(lambda m, i, output: blocks.append(output))
    logits = model(x)
    return blocks, model.norm(blocks[-1]), attention, logits


def torchvision_run(model, x):
    blocks, attention = [], []
    for layer in model.encoder.layers:
        own = layer.self_attention
        forward = own.forward

        def with_weights(*given, forward=forward, **options):
            output, weights = forward(*given, **{**options, "need_weights": True, "average_attn_weights": False})
            attention.append(weights)
            return output, weights

        own.forward = with_weights
        layer.register_forward_hook(lambda m, i, output: blocks.append(output))
    logits = model(x)
    return blocks, model.encoder.ln(blocks[-1]), attention, logits


def transformers_run(model, x):
    output = model(x, output_attentions=True, output_hidden_states=True, interpolate_pos_encoding=True)
    return list(output.hidden_states[1:]), model.vit.layernorm(output.hidden_states[-1]), output.attentions, output.logits


def dinov2_run(model, x):
    output = model(x, output_attentions=True, output_hidden_states=True)
    return list(output.hidden_states[1:]), output.last_hidden_state, output.attentions, None


def name_in_file(name):
    """transformers 5 renames what it reads: files on the hub have the names of version 4."""
    for new, old in RENAMED.items():
        name = name.replace(new, old)
    return name


RENAMED = {
    "vit.layers.": "vit.encoder.layer.",
    ".attention.q_proj.": ".attention.attention.query.",
    ".attention.k_proj.": ".attention.attention.key.",
    ".attention.v_proj.": ".attention.attention.value.",
    ".attention.o_proj.": ".attention.output.dense.",
}
# Of ViT alone; DINOv2 keeps them.
VIT_RENAMED = {".mlp.fc1.": ".intermediate.dense.", ".mlp.fc2.": ".output.dense."}


def vit_name_in_file(name):
    for new, old in VIT_RENAMED.items():
        name = name.replace(new, old)
    return name_in_file(name)


def golden(name, convention, side, patch, leading, model, run, before=None):
    renames = {transformers_run: vit_name_in_file, dinov2_run: name_in_file}
    model = fill(model, renames.get(run, lambda own: own))
    if before:
        before(model)
    with torch.no_grad():
        blocks, normed, attention, logits = run(model, picture(side).permute(0, 3, 1, 2))
    assert len(blocks) == len(attention) == 12
    grid = side // patch
    stages = {f"block{i}+class": summary(blocks[i][0].numpy(), SAMPLES) for i in (0, 5, 11)}
    stages["block8"] = summary(blocks[8][0, leading:].numpy(), SAMPLES)
    stages["patches"] = summary(normed[0, leading:].numpy(), SAMPLES)
    stages["class"] = summary(normed[0, 0].numpy(), SAMPLES)
    assert blocks[8].shape[1] == leading + grid * grid
    print(name, convention, *(f"{stage} {values['largest']:.3g}" for stage, values in stages.items()))
    return {
        "name": name,
        "convention": convention,
        "side": side,
        # DINOv2's own files hold features alone.
        "logits": None if logits is None or convention == "DINOv2" else [float(f"{number:.8g}") for number in logits[0]],
        "stages": stages,
        "attention": [summary(weights[0].numpy(), SAMPLES) for weights in attention],
    }


def main():
    small_dino = dict(image_size=518, patch_size=14, reshape_hidden_states=False)
    cases = [
        golden("deit-tiny", "timm", 224, 16, 1, of_timm("deit_tiny_patch16_224"), timm_run),
        golden("vit-small-16", "timm", 96, 16, 1, *timm_at("vit_small_patch16_224", 96, 16, False)),
        golden("vit-base-16", "torchvision", 224, 16, 1, of_torchvision(224), torchvision_run),
        golden(
            "deit-small",
            "Hugging Face",
            112,
            16,
            1,
            of_transformers("ViTForImageClassification", "ViTConfig", intermediate_size=1536),
            transformers_run,
        ),
        golden("dinov2-small-14", "timm", 98, 14, 1, *timm_at("vit_small_patch14_dinov2", 98, 14, False)),
        golden(
            "dinov2-small-14",
            "DINOv2",
            98,
            14,
            1,
            of_timm("vit_small_patch14_dinov2", dynamic_img_size=False),
            timm_run,
            lambda model: (dino_positions(model, 7), at_side(model, 98)),
        ),
        golden(
            "dinov2-small-14", "Hugging Face", 98, 14, 1, of_transformers("Dinov2Model", "Dinov2Config", **small_dino), dinov2_run
        ),
        golden(
            "dinov2-small-14-registers",
            "Hugging Face",
            112,
            14,
            5,
            of_transformers("Dinov2WithRegistersModel", "Dinov2WithRegistersConfig", **small_dino),
            dinov2_run,
        ),
        golden(
            "dinov2-small-14-registers", "timm", 112, 14, 5, *timm_at("vit_small_patch14_reg4_dinov2", 112, 14, True)
        ),
    ]
    result = {
        "peers": {peer: importlib.metadata.version(peer) for peer in ("torch", "torchvision", "timm", "transformers")},
        "cases": cases,
    }
    text = json.dumps(result, separators=(",", ":")) + "\n"
    pathlib.Path(__file__).with_name("transformers.json").write_text(text)


def at_side(model, side):
    model.patch_embed.img_size = (side, side)


def timm_at(name, side, patch, leaves_out_prefix):
    """A model, how it is run, and what brings its positions to another side before: timm's own resampling."""
    from timm.layers import resample_abs_pos_embed

    def resample(model):
        grid = side // patch
        prefix = 0 if leaves_out_prefix else 1
        resized = resample_abs_pos_embed(model.pos_embed.data, [grid, grid], num_prefix_tokens=prefix)
        model.pos_embed = torch.nn.Parameter(resized.double())
        at_side(model, side)

    return of_timm(name), timm_run, resample


main()
