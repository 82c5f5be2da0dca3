"""Writes features.json: what PyTorch says attention inside features gives, forward and backward.

Run it with PyTorch 2.13 installed: python lib/attention/goldens/write_features.py
The loss weighs features and weights with fixed random numbers, so that gradients flow back from all outputs.
PyTorch's own modules do the work where it has them: MultiheadAttention, the convolutions and the adaptive pooling,
with channels before rows and columns as they want them.
"""

import math

import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional

from golden_values import all_stored, draw, draw_mask, stored, write_cases


def squeeze_excitation(x):
    grids = x["grids"].permute(0, 3, 1, 2)
    hidden = functional.adaptive_avg_pool2d(grids, 1)
    hidden = functional.conv2d(hidden, x["squeezeKernel"].T[:, :, None, None], x["squeezeBias"]).relu()
    gates = functional.conv2d(hidden, x["exciteKernel"].T[:, :, None, None], x["exciteBias"]).sigmoid()
    return {"features": (grids * gates).permute(0, 2, 3, 1), "weights": gates.flatten(1)}


def efficient_channel_attention(x):
    grids = x["grids"].permute(0, 3, 1, 2)
    means = functional.adaptive_avg_pool2d(grids, 1).flatten(2).transpose(1, 2)
    size = len(x["kernel"])
    gates = functional.conv1d(means, x["kernel"][None, None], padding=size // 2).sigmoid().flatten(1)
    return {"features": (grids * gates[:, :, None, None]).permute(0, 2, 3, 1), "weights": gates}


def convolutional_block_attention(x):
    grids = x["grids"].permute(0, 3, 1, 2)
    first, second = (x[name].T[:, :, None, None] for name in ("squeezeKernel", "exciteKernel"))
    pooled = functional.adaptive_avg_pool2d(grids, 1), functional.adaptive_max_pool2d(grids, 1)
    channel = sum(functional.conv2d(functional.conv2d(p, first).relu(), second) for p in pooled).sigmoid()
    scaled = grids * channel
    described = torch.cat([scaled.mean(1, keepdim=True), scaled.amax(1, keepdim=True)], 1)
    kernel = x["spatialKernel"].permute(3, 2, 0, 1)
    spatial = functional.conv2d(described, kernel, padding=kernel.shape[-1] // 2).sigmoid()
    return {
        "features": (scaled * spatial).permute(0, 2, 3, 1),
        "channelWeights": channel.flatten(1),
        "spatialWeights": spatial.squeeze(1),
    }


def kept_positions(grids, mask):
    """Without a loop over axes: the positions of each picture in a list, channels last, and which of them count."""
    flat = grids.flatten(1, -2)
    return flat, torch.ones(flat.shape[:2], dtype=torch.bool) if mask is None else mask.flatten(1)


def kept_means(grids, mask):
    flat, kept = kept_positions(grids, mask)
    return torch.stack([rows[keep].mean(0) for rows, keep in zip(flat, kept, strict=True)])


def kept_maxima(grids, mask):
    flat, kept = kept_positions(grids, mask)
    return torch.stack([rows[keep].amax(0) for rows, keep in zip(flat, kept, strict=True)])


def spread(gates, grids):
    """Gates of channels beside grids of any rank."""
    return gates.reshape(len(gates), *[1] * (grids.dim() - 2), -1)


def masked_grids(grids, mask):
    return grids if mask is None else grids.masked_fill(~mask[..., None], 0)


def squeeze_excitation_of_any(x, mask):
    hidden = functional.linear(kept_means(x["grids"], mask), x["squeezeKernel"].T, x["squeezeBias"]).relu()
    gates = functional.linear(hidden, x["exciteKernel"].T, x["exciteBias"]).sigmoid()
    return {"features": masked_grids(x["grids"], mask) * spread(gates, x["grids"]), "weights": gates}


def efficient_channel_attention_of_any(x, mask):
    means = kept_means(x["grids"], mask)[:, None]
    gates = functional.conv1d(means, x["kernel"][None, None], padding=len(x["kernel"]) // 2).sigmoid().flatten(1)
    return {"features": masked_grids(x["grids"], mask) * spread(gates, x["grids"]), "weights": gates}


def convolutional_block_attention_of_any(x, mask):
    grids = x["grids"]
    pooled = kept_means(grids, mask), kept_maxima(grids, mask)
    channel = sum((p @ x["squeezeKernel"]).relu() @ x["exciteKernel"] for p in pooled).sigmoid()
    scaled = masked_grids(grids, mask) * spread(channel, grids)
    described = torch.stack([scaled.mean(-1), scaled.amax(-1)], 1)
    kernel = x["spatialKernel"].movedim((-1, -2), (0, 1))
    convolve = (functional.conv1d, functional.conv2d, functional.conv3d)[kernel.dim() - 3]
    spatial = convolve(described, kernel, padding=kernel.shape[-1] // 2).sigmoid().squeeze(1)
    spatial = spatial if mask is None else spatial.masked_fill(~mask, 0)
    return {"features": scaled * spatial[..., None], "channelWeights": channel, "spatialWeights": spatial}


def multi_head(x, queries, tokens, heads, mask, score_bias=None):
    width = queries.shape[-1]
    # Other widths than the queries' make PyTorch keep the three kernels apart.
    apart = tokens.shape[-1] != width
    widths = {"kdim": tokens.shape[-1], "vdim": tokens.shape[-1]} if apart else {}
    module = nn.MultiheadAttention(width, heads, batch_first=True, dtype=torch.float64, **widths)
    kernels = [x[f"{name}Kernel"].T for name in ("query", "key", "value")]
    parameters = {
        # The layers have no bias of the keys: it would add the same to all scores of a query.
        "in_proj_bias": torch.cat([x["queryBias"], torch.zeros_like(x["queryBias"]), x["valueBias"]]),
        "out_proj.weight": x["outputKernel"].T,
        "out_proj.bias": x["outputBias"],
    }
    if apart:
        names = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
        parameters |= dict(zip(names, kernels, strict=True))
    else:
        parameters["in_proj_weight"] = torch.cat(kernels)
    padding = None
    if mask is not None:
        padding = torch.zeros(mask.shape, dtype=torch.float64).masked_fill(~mask, float("-inf"))
    bias = None
    if score_bias is not None:
        bias = score_bias.repeat(len(queries), 1, 1)
    options = {"key_padding_mask": padding, "attn_mask": bias, "average_attn_weights": False}
    features, weights = functional_call(module, parameters, (queries, tokens, tokens), options)
    return {"features": features, "weights": weights}


def swin_bias(table, *sizes):
    """The bias of every pair of positions, found as in Swin: by the difference of their coordinates."""
    place = torch.stack(torch.meshgrid(*map(torch.arange, sizes), indexing="ij"), -1).flatten(0, -2)
    offset = place[:, None] - place[None, :] + torch.tensor(sizes) - 1
    return table[offset.unbind(-1)].permute(2, 0, 1)


def self_attention(x, mask, heads, positions="none", grid=None):
    # A masked token asks too: what stands there must not have a say, so that it asks as a token of zeros.
    tokens = x["tokens"] if mask is None else x["tokens"].masked_fill(~mask[:, :, None], 0)
    if positions == "learned":
        tokens = tokens + x["positions"]
    bias = swin_bias(x["positions"], *grid) if positions == "relative" else None
    return multi_head(x, tokens, tokens, heads, mask, bias)


def cross_attention(x, mask, heads):
    return multi_head(x, x["queries"], x["tokens"], heads, mask)


def projections(width, token_width):
    widths = {"query": width, "key": token_width, "value": token_width, "output": width}
    shapes = {}
    for name, channels in widths.items():
        shapes[f"{name}Kernel"] = (channels, width)
        if name != "key":
            shapes[f"{name}Bias"] = (width,)
    return shapes


def cases():
    """Layer, what the case is about, its arguments, shapes of inputs and of parameters, the computation."""
    for grid, channels, reduction in [((2, 3, 3), 5, 2), ((1, 1, 1), 3, 4), ((2, 4, 2), 8, 3)]:
        grids = {"grids": (*grid, channels)}
        units = max(1, channels // reduction)
        squeeze = {"squeezeKernel": (channels, units)}
        excite = {"exciteKernel": (units, channels)}
        biases = {"squeezeBias": (units,)}, {"exciteBias": (channels,)}
        name = f"{channels} channels, reduction {reduction}"
        parameters = squeeze | biases[0] | excite | biases[1]
        args = {"reduction": reduction}
        yield "SqueezeExcitation", name, args, grids, parameters, squeeze_excitation
        for size in (3, 7):
            parameters = squeeze | excite | {"spatialKernel": (size, size, 2, 1)}
            args = {"reduction": reduction, "kernelSize": size}
            named = f"{name}, kernel {size}"
            yield "ConvolutionalBlockAttention", named, args, grids, parameters, convolutional_block_attention
    for grid, channels, size in [((2, 3, 3), 5, 3), ((1, 1, 1), 3, 5), ((3, 2, 4), 8, 1)]:
        grids, kernel = {"grids": (*grid, channels)}, {"kernel": (size,)}
        name = f"{channels} channels, kernel {size}"
        yield "EfficientChannelAttention", name, {"kernelSize": size}, grids, kernel, efficient_channel_attention
    for (rows, columns), channels, heads in [((1, 1), 4, 2), ((2, 3), 6, 3), ((3, 2), 4, 1)]:
        count = rows * columns
        tokens = {"tokens": (2, count, channels)}
        tables = {
            "none": {},
            "learned": {"positions": (count, channels)},
            "relative": {"positions": (2 * rows - 1, 2 * columns - 1, heads)},
        }
        for kind, table in tables.items():
            args = {"heads": heads, "positions": kind}
            if kind == "relative":
                args["grid"] = [rows, columns]
            name = f"{count} positions, {heads} heads, positions {kind}"
            yield "SelfAttention", name, args, tokens, projections(channels, channels) | table, self_attention
    for queries, positions, channels, token_channels, heads in [(1, 4, 6, 5, 2), (3, 1, 4, 4, 1), (4, 7, 6, 3, 3)]:
        inputs = {"tokens": (2, positions, token_channels), "queries": (2, queries, channels)}
        name = f"{queries} queries, {positions} positions, {heads} heads"
        parameters = projections(channels, token_channels)
        yield "CrossAttention", name, {"heads": heads}, inputs, parameters, cross_attention


def cases_of_any_grid():
    """The same for grids of one, two and three axes, with and without a mask; series and volumes have relative places."""
    for grid in [(5,), (3, 4), (2, 3, 2)]:
        grids = {"grids": (*grid, 4)}
        squeeze, excite = {"squeezeKernel": (4, 2)}, {"exciteKernel": (2, 4)}
        about = f"a grid of {' x '.join(map(str, grid))}"
        parameters = squeeze | {"squeezeBias": (2,)} | excite | {"exciteBias": (4,)}
        yield "SqueezeExcitation", about, {"reduction": 2}, grids, parameters, squeeze_excitation_of_any
        kernel = {"kernel": (3,)}
        yield "EfficientChannelAttention", about, {"kernelSize": 3}, grids, kernel, efficient_channel_attention_of_any
        parameters = squeeze | excite | {"spatialKernel": (*[3] * len(grid), 2, 1)}
        args = {"reduction": 2, "kernelSize": 3}
        yield "ConvolutionalBlockAttention", about, args, grids, parameters, convolutional_block_attention_of_any
        if len(grid) != 2:
            tokens = {"tokens": (math.prod(grid), 4)}
            table = {"positions": (*[2 * size - 1 for size in grid], 2)}
            args = {"heads": 2, "positions": "relative", "grid": list(grid)}
            yield "SelfAttention", f"{about}, positions relative", args, tokens, projections(4, 4) | table, self_attention


def compute(generator, layer, args, input_shapes, parameter_shapes, run, masked, of_any_grid=False):
    leaves = {name: draw(generator, *shape) for name, shape in input_shapes.items()}
    # As small as an initialiser draws matrices: with larger ones float32 itself is off by more than 1e-5.
    for name, shape in parameter_shapes.items():
        leaves[name] = draw(generator, *shape) / shape[0] ** 0.5
    x = {name: leaf.double().requires_grad_() for name, leaf in leaves.items()}
    mask = None
    if masked:
        # The first input has the positions; its last axis are the channels.
        batch, *grid = next(iter(input_shapes.values()))[:-1]
        mask = draw_mask(generator, batch, math.prod(grid)).reshape(batch, *grid)
    takes_args = "tokens" in x
    outputs = run(x, mask, **args) if takes_args else run(x, mask) if of_any_grid else run(x)
    upstream = {name: draw(generator, *output.shape) for name, output in outputs.items()}
    sum((output * upstream[name]).sum() for name, output in outputs.items()).backward()
    return {
        "layer": layer,
        "args": args,
        "inputs": {name: stored(leaves[name]) for name in input_shapes},
        "parameters": {name: stored(leaves[name]) for name in parameter_shapes},
        "mask": mask.int().tolist() if masked else None,
        "upstream": all_stored(upstream),
        "outputs": all_stored(outputs),
        "gradients": {name: stored(leaf.grad) for name, leaf in x.items()},
    }


def main():
    generator = torch.Generator().manual_seed(2018)
    written = []
    for layer, name, args, inputs, parameters, run in cases():
        for masked in (False, True) if "tokens" in inputs else (False,):
            suffix = ", masked" if masked else ""
            case = {"name": f"{name}{suffix}"}
            written.append(case | compute(generator, layer, args, inputs, parameters, run, masked))
    for layer, name, args, inputs, parameters, run in cases_of_any_grid():
        batched = {input: (2, *shape) for input, shape in inputs.items()}
        for masked in (False, True):
            case = {"name": f"{name}{', masked' if masked else ''}"}
            written.append(case | compute(generator, layer, args, batched, parameters, run, masked, True))
    write_cases("features.json", written)


main()
