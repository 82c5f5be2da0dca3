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
