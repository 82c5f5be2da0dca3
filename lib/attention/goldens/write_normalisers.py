"""Writes normalisers.json: what softmax with a temperature, sparsemax, entmax 1.5 and sigmoid give, with gradients.

Run it with PyTorch 2.13 installed: python lib/attention/goldens/write_normalisers.py
Sparsemax and entmax are found here by bisection of their threshold, and their gradients by central differences of
that: neither the sorting nor the Jacobian of the library.
"""

import torch

from golden_values import draw, draw_mask, stored, write_cases

SHAPES = [
    # name, batch, heads, positions
    ("one position", 2, 1, 1),
    ("a short row", 3, 1, 5),
    ("several heads", 2, 3, 9),
    ("a grid of 7 by 7", 2, 2, 49),
    ("a grid of 14 by 14", 1, 2, 196),
]


def by_bisection(scores, power):
    """The weights max(scores - t, 0) ** power of the t that makes them sum to one, in the last axis."""
    low = scores.amax(-1, keepdim=True) - 1
    high = scores.amax(-1, keepdim=True)
    for _ in range(80):
        middle = (low + high) / 2
        too_much = (scores - middle).clamp(min=0).pow(power).sum(-1, keepdim=True) > 1
        low, high = torch.where(too_much, middle, low), torch.where(too_much, high, middle)
    return (scores - (low + high) / 2).clamp(min=0).pow(power)


NORMALISERS = {
    "softmax": ({"kind": "softmax"}, lambda e: torch.softmax(e, -1)),
    "softmax, cold": ({"kind": "softmax", "temperature": 0.3}, lambda e: torch.softmax(e / 0.3, -1)),
    "softmax, warm": ({"kind": "softmax", "temperature": 4}, lambda e: torch.softmax(e / 4, -1)),
    "sparsemax": ({"kind": "sparsemax"}, lambda e: by_bisection(e, 1)),
    "entmax 1.5": ({"kind": "entmax15"}, lambda e: by_bisection(e / 2, 2)),
    "sigmoid": ({"kind": "sigmoid"}, torch.sigmoid),
}


def weigh_kept(function, scores, mask):
    """Each row by itself, on the positions that its mask keeps alone; zeros elsewhere."""
    weights = torch.zeros_like(scores)
    for row in range(scores.shape[0]):
        kept = mask[row].nonzero().squeeze(-1)
        weights[row][:, kept] = function(scores[row][:, kept])
    return weights


def gradient(loss, scores):
    """Central differences, position by position."""
    step = 1e-6
    slopes = torch.zeros_like(scores)
    for index in range(scores.numel()):
        moved = [scores.clone(), scores.clone()]
        moved[0].view(-1)[index] += step
        moved[1].view(-1)[index] -= step
        slopes.view(-1)[index] = (loss(moved[0]) - loss(moved[1])) / (2 * step)
    return slopes


def compute(generator, function, batch, heads, positions, masked):
    scores = 1.5 * draw(generator, batch, heads, positions)
    upstream = draw(generator, batch, heads, positions)
    mask = torch.ones(batch, positions, dtype=torch.bool)
    if masked:
        mask = draw_mask(generator, batch, positions)
    exact = scores.double()
    return {
        "scores": stored(scores),
        "mask": mask.int().tolist() if masked else None,
        "upstream": stored(upstream),
        "weights": stored(weigh_kept(function, exact, mask)),
        "gradient": stored(gradient(lambda e: (weigh_kept(function, e, mask) * upstream).sum(), exact)),
    }


def main():
    generator = torch.Generator().manual_seed(2016)
    cases = []
    for kind, (normaliser, function) in NORMALISERS.items():
        for name, *shape in SHAPES:
            for masked in (False, True):
                case = {"name": f"{kind}, {name}, {'masked' if masked else 'unmasked'}", "normaliser": normaliser}
                cases.append(case | compute(generator, function, *shape, masked))
    write_cases("normalisers.json", cases)


main()
