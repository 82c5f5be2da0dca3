"""What the scripts beside this file share: how inputs are drawn, and how tensors are written.

The inputs are float32 numbers; PyTorch computes with them in float64, so that a reference is exact to all the
digits that float32 can be held to.
"""

import json
import pathlib

import torch


def draw(generator, *shape):
    return torch.randn(*shape, generator=generator, dtype=torch.float32)


def draw_mask(generator, batch, positions):
    """True where a position counts; the first always does, so that no row is masked whole."""
    mask = torch.rand(batch, positions, generator=generator) < 0.6
    mask[:, 0] = True
    return mask


def stored(tensor):
    """A tensor as golden.ts reads it, in the nine digits that tell float32 numbers apart."""
    return {
        "shape": list(tensor.shape),
        "data": [float(f"{number:.9g}") for number in tensor.detach().flatten().tolist()],
    }


def all_stored(tensors):
    return {name: stored(tensor) for name, tensor in tensors.items()}


def write_cases(file, cases):
    """Writes the cases beside this file, one a line."""
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    text = f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n'
    pathlib.Path(__file__).with_name(file).write_text(text)


def kept_mean(values, mask):
    """The mean [batch, channels] over the positions that the mask keeps, and its weights [batch, 1, positions]."""
    kept = torch.ones(values.shape[:2]).double() if mask is None else mask.double()
    weights = kept / kept.sum(1, keepdim=True)
    return torch.einsum("bp,bpc->bc", weights, values), weights.unsqueeze(1)


def compute_pooling(generator, layer, batch, positions, channels, masked):
    """One case of a pooling: the loss weighs context and weights with fixed random numbers, so that gradients flow back
    from both outputs. A layer has `parameters(generator, channels)`, and called it gives context and weights."""
    leaves = {"tokens": draw(generator, batch, positions, channels)} | layer.parameters(generator, channels)
    x = {name: leaf.double().requires_grad_() for name, leaf in leaves.items()}
    mask = draw_mask(generator, batch, positions) if masked else None
    context, weights = layer(x["tokens"], x, mask)

    upstream = {"context": draw(generator, *context.shape), "weights": draw(generator, *weights.shape)}
    loss = (context * upstream["context"]).sum() + (weights * upstream["weights"]).sum()
    loss.backward()
    return {
        "inputs": all_stored(leaves),
        "mask": mask.int().tolist() if masked else None,
        "upstream": all_stored(upstream),
        "context": stored(context),
        "weights": stored(weights),
        "gradients": {name: stored(leaf.grad) for name, leaf in x.items()},
    }


def write_pooling_cases(file, generator, layers):
    """Cases of every layer: few and many positions, with and without a mask."""
    shapes = [("one position", 2, 1, 4), ("a row of tokens", 3, 7, 6), ("a grid of 5 by 5", 2, 25, 4)]
    cases = []
    for layer in layers:
        for name, *sizes in shapes:
            for masked in (False, True):
                case = {
                    "layer": type(layer).__name__,
                    "arguments": layer.arguments,
                    "name": f"{name}, {'masked' if masked else 'unmasked'}",
                }
                cases.append(case | compute_pooling(generator, layer, *sizes, masked))
    write_cases(file, cases)
