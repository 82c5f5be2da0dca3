"""Writes self-attention.json: what PyTorch and NumPy say about a small network with a stack of self-attention.

Run it with PyTorch 2.13 installed: python lib/explain/goldens/write_self_attention.py
Pictures and parameters are float32 numbers; PyTorch computes in float64, so that the reference is exact to all the
digits that float32 can be held to. The network is the head that a transfer makes with the pooling "self-attention",
on features that are a linear map of pooled pixels. PyTorch's MultiheadAttention attends and its autograd goes back to
the weights; both explanations are worked out by NumPy as whole products of matrices, as the papers write them.
"""

import json
import pathlib

import numpy
import torch
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

SIDE, GRID, CHANNELS, HEADS, BLOCKS, UNITS, CLASSES = 6, 3, 8, 4, 2, 5, 3


def shapes():
    """Parameters in the order in which a TransferModel keeps them."""
    square, row = (CHANNELS, CHANNELS), (CHANNELS,)
    for block in range(BLOCKS):
        named = {
            "gain": row,
            "offset": row,
            "queryKernel": square,
            "queryBias": row,
            "keyKernel": square,
            "valueKernel": square,
            "valueBias": row,
            "outputKernel": square,
            "outputBias": row,
        }
        for name, shape in named.items():
            yield f"{name}{block}", shape
    yield "keyProjection", (CHANNELS, UNITS)
    yield "queryProjection", (UNITS, UNITS)
    yield "scoreVector", (UNITS, 1)
    yield "query", (1, UNITS)
    yield "classifierKernel", (CHANNELS, CLASSES)
    yield "classifierBias", (CLASSES,)


def rounded(tensor):
    tensor = torch.as_tensor(tensor)
    return {
        "shape": list(tensor.shape),
        "data": [float(f"{number:.9g}") for number in tensor.detach().flatten().tolist()],
    }


def attend(x, tokens, block):
    """PyTorch's attention, its last steps once more on the weights that it returns, so that these have a gradient."""
    module = nn.MultiheadAttention(CHANNELS, HEADS, batch_first=True, dtype=torch.float64)
    bias = torch.zeros(CHANNELS, dtype=torch.float64)
    parameters = {
        "in_proj_weight": torch.cat([x[f"{name}Kernel{block}"].T for name in ("query", "key", "value")]),
        "in_proj_bias": torch.cat([x[f"queryBias{block}"], bias, x[f"valueBias{block}"]]),
        "out_proj.weight": x[f"outputKernel{block}"].T,
        "out_proj.bias": x[f"outputBias{block}"],
    }
    expected, weights = functional_call(
        module, parameters, (tokens, tokens, tokens), {"average_attn_weights": False}
    )
    weights.retain_grad()
    values = (tokens @ x[f"valueKernel{block}"] + x[f"valueBias{block}"]).unflatten(-1, (HEADS, -1))
    mixed = (weights @ values.transpose(1, 2)).transpose(1, 2).flatten(2)
    output = mixed @ x[f"outputKernel{block}"] + x[f"outputBias{block}"]
    torch.testing.assert_close(output, expected, rtol=1e-12, atol=1e-12)
    return output, weights


def run(x, pixels):
    features = F.avg_pool2d((pixels.permute(0, 3, 1, 2) - 127) / 64, SIDE // GRID)
    features = features.permute(0, 2, 3, 1).flatten(1, 2) @ x["features"]
    tokens, layers = features, []
    for block in range(BLOCKS):
        normed = F.layer_norm(tokens, (CHANNELS,), x[f"gain{block}"], x[f"offset{block}"], eps=1e-5)
        taken, weights = attend(x, normed, block)
        tokens = tokens + taken
        layers.append(weights)
    hidden = torch.tanh(tokens @ x["keyProjection"] + x["query"] @ x["queryProjection"])
    pooling = torch.softmax((hidden @ x["scoreVector"]).transpose(1, 2), dim=-1)
    pooling.retain_grad()
    context = (pooling @ tokens).squeeze(1)
    return features, layers, pooling, context @ x["classifierKernel"] + x["classifierBias"]


def rollout(layers, pooling):
    """Equation 1 of Abnar and Zuidema, then the pooling's row of the whole matrix."""
    total = numpy.eye(GRID**2)
    for weights in layers:
        total = (weights.mean(0) + numpy.eye(GRID**2)) / 2 @ total
    return pooling.mean(0) @ total


def times_gradient(layers, gradients, pooling, pooling_gradient):
    """Equations 5 and 6 of Chefer, Gur and Wolf, then the pooling's row of the whole matrix."""
    relevance = numpy.eye(GRID**2)
    for weights, gradient in zip(layers, gradients, strict=True):
        relevance = relevance + numpy.maximum(gradient * weights, 0).mean(0) @ relevance
    return numpy.maximum(pooling_gradient * pooling, 0).mean(0) @ relevance


def main():
    generator = torch.Generator().manual_seed(2020)
    leaves = {name: torch.randn(*shape, generator=generator) / shape[0] ** 0.5 for name, shape in shapes()}
    projection = torch.randn(3, CHANNELS, generator=generator)
    image = torch.randint(0, 256, (1, SIDE, SIDE, 3), generator=generator)
    x = {name: leaf.double().requires_grad_() for name, leaf in leaves.items()}
    x["features"] = projection.double()

    _, layers, pooling, logits = run(x, image.double())
    target = int(logits.argmax())
    logits[0, target].backward()
    weights = [layer.detach()[0].numpy() for layer in layers]
    gradients = [layer.grad[0].numpy() for layer in layers]
    alpha, alpha_gradient = pooling.detach()[0].numpy(), pooling.grad[0].numpy()
    golden = {
        "torch": torch.__version__,
        "target": target,
        "image": image.flatten().tolist(),
        "features": rounded(projection),
        "parameters": [rounded(leaf) for leaf in leaves.values()],
        "logits": rounded(logits),
        "layers": [rounded(layer) for layer in weights],
        "gradients": [rounded(gradient) for gradient in gradients],
        "pooling": rounded(alpha),
        "poolingGradient": rounded(alpha_gradient),
        "rollout": rounded(rollout(weights, alpha)),
        "timesGradient": rounded(times_gradient(weights, gradients, alpha, alpha_gradient)),
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    pathlib.Path(__file__).with_name("self-attention.json").write_text(text)


main()
