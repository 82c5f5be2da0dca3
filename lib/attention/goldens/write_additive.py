"""Writes additive.json: what PyTorch says additive attention gives, forward and backward.

Run it with PyTorch 2.13 installed: python lib/attention/goldens/write_additive.py
The loss weighs context and weights with fixed random numbers, so that gradients flow back from both outputs.
"""

import torch

from golden_values import all_stored, draw, draw_mask, stored, write_cases

CASES = [
    # name, batch, positions, channels, units, query channels, value channels (None: the tokens), learned query
    ("one position", 2, 1, 3, 4, 5, None, False),
    ("a row of tokens", 3, 7, 5, 4, 6, None, False),
    ("a learned query", 2, 9, 6, 5, 5, None, True),
    ("values of their own", 2, 6, 4, 3, 2, 7, False),
    ("a grid of 7 by 7", 2, 49, 8, 6, 6, None, True),
]


def compute(generator, batch, positions, channels, units, query_channels, value_channels, learned, masked):
    leaves = {
        "tokens": draw(generator, batch, positions, channels),
        "query": draw(generator, 1 if learned else batch, query_channels),
        "keyProjection": draw(generator, channels, units),
        "queryProjection": draw(generator, query_channels, units),
        "scoreVector": draw(generator, units, 1),
    }
    if value_channels:
        leaves["values"] = draw(generator, batch, positions, value_channels)
    x = {name: leaf.double().requires_grad_() for name, leaf in leaves.items()}

    hidden = x["tokens"] @ x["keyProjection"] + (x["query"] @ x["queryProjection"]).unsqueeze(1)
    scores = (torch.tanh(hidden) @ x["scoreVector"]).squeeze(-1)
    mask = None
    if masked:
        mask = draw_mask(generator, batch, positions)
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = torch.softmax(scores, dim=-1)
    context = torch.einsum("bp,bpc->bc", weights, x.get("values", x["tokens"]))

    upstream = {"context": draw(generator, *context.shape), "weights": draw(generator, batch, 1, positions)}
    loss = (context * upstream["context"]).sum() + (weights * upstream["weights"].squeeze(1)).sum()
    loss.backward()
    return {
        "inputs": all_stored(leaves),
        "mask": mask.int().tolist() if masked else None,
        "upstream": all_stored(upstream),
        "context": stored(context),
        "weights": stored(weights.unsqueeze(1)),
        "gradients": {name: stored(leaf.grad) for name, leaf in x.items()},
    }


def main():
    generator = torch.Generator().manual_seed(2015)
    cases = []
    for name, *sizes, learned in CASES:
        for masked in (False, True):
            case = {"name": f"{name}, {'masked' if masked else 'unmasked'}", "learnedQuery": learned}
            cases.append(case | compute(generator, *sizes, learned, masked))
    write_cases("additive.json", cases)


main()
