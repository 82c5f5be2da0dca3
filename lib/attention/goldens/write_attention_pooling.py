"""Writes attention-pooling.json: what PyTorch says each score and each normaliser give together, with all gradients.

Run it with PyTorch 2.13 installed: python lib/attention/goldens/write_attention_pooling.py
Scores are written query by query as their papers write them. Of sparsemax and entmax 1.5 the support is found by
bisection of the threshold, and the weights on it are what the condition "they sum to one" says, so that PyTorch's own
differentiation gives their gradients.
The loss weighs context, weights and scores with fixed random numbers, so that gradients flow back from all three.
"""

import json
import math

import torch

from golden_values import all_stored, draw, draw_mask, stored, write_cases

# name, batch, positions, channels, queries, query channels where they are free, value channels (None: the tokens),
# where the query comes from
SHAPES = [
    ("one query of each image", 3, 7, 5, 1, 4, None, "given"),
    ("two learned queries", 2, 9, 4, 2, None, None, "learned"),
    ("three queries, own values", 2, 12, 6, 3, 3, 2, "given"),
]
COMPARING = {"dotProduct", "scaledDotProduct", "cosine"}
UNITS = 5

SCORES = {
    "additive": {"kind": "additive", "units": UNITS},
    "dotProduct": {"kind": "dotProduct"},
    "scaledDotProduct": {"kind": "scaledDotProduct"},
    "general": {"kind": "general"},
    "cosine": {"kind": "cosine", "temperature": 0.4},
    "location": {"kind": "location"},
}
NORMALISERS = [
    {"kind": "softmax"},
    {"kind": "softmax", "temperature": 0.5},
    {"kind": "sparsemax"},
    {"kind": "entmax15"},
    {"kind": "sigmoid"},
    {"kind": "uniform"},
]


def parameters_of(kind, channels, query_channels, positions):
    if kind == "additive":
        return {
            "keyProjection": (channels, UNITS),
            "queryProjection": (query_channels, UNITS),
            "scoreVector": (UNITS, 1),
        }
    if kind == "general":
        return {"scoreMatrix": (query_channels, channels)}
    return {"positionProjection": (query_channels, positions)} if kind == "location" else {}


def score(kind, h, y, x):
    """Scores of one image's keys h [positions, channels] for one query y [query channels]."""
    if kind == "additive":
        hidden = h @ x["keyProjection"] + y @ x["queryProjection"]
        return torch.tanh(hidden) @ x["scoreVector"][:, 0]
    if kind == "dotProduct":
        return h @ y
    if kind == "scaledDotProduct":
        return h @ y / math.sqrt(len(y))
    if kind == "general":
        return torch.stack([y @ x["scoreMatrix"] @ key for key in h])
    if kind == "cosine":
        return torch.nn.functional.cosine_similarity(h, y.expand_as(h), dim=-1) / 0.4
    return y @ x["positionProjection"]


def support(e, power):
    """Which positions lie above the threshold of max(e - t, 0) ** power, found by bisection."""
    low, high = e.max() - 1, e.max()
    for _ in range(80):
        middle = (low + high) / 2
        too_much = (e - middle).clamp(min=0).pow(power).sum() > 1
        low, high = (middle, high) if too_much else (low, middle)
    return e > low


def normalise(normaliser, e):
    """Weights of one row of scores, all of which count."""
    kind = normaliser["kind"]
    if kind == "softmax":
        return torch.softmax(e / normaliser.get("temperature", 1), -1)
    if kind == "sigmoid":
        return torch.sigmoid(e)
    if kind == "uniform":
        return torch.full_like(e, 1 / len(e)) + 0 * e
    if kind == "sparsemax":
        kept = support(e.detach(), 1)
        return torch.where(kept, e - (e[kept].sum() - 1) / kept.sum(), 0)
    kept = support(e.detach() / 2, 2)
    above = e[kept] / 2
    spread = (above - above.mean()).square().sum()
    return torch.where(kept, (e / 2 - above.mean() + ((1 - spread) / kept.sum()).sqrt()).square(), 0)


def compute(generator, kind, normaliser, shape, masked):
    name, batch, positions, channels, queries, query_channels, value_channels, source = shape
    learned = source == "learned"
    if kind in COMPARING or (learned and kind != "additive"):
        query_channels = channels
    elif learned:
        query_channels = UNITS
    query_shape = (queries, query_channels) if learned else (batch, queries, query_channels)
    if not learned and queries == 1:
        query_shape = (batch, query_channels)
    leaves = {"tokens": draw(generator, batch, positions, channels), "query": draw(generator, *query_shape)}
    if value_channels:
        leaves["values"] = draw(generator, batch, positions, value_channels)
    shapes = parameters_of(kind, channels, query_channels, positions)
    leaves |= {parameter: draw(generator, *size) for parameter, size in shapes.items()}
    x = {leaf: tensor.double().requires_grad_() for leaf, tensor in leaves.items()}

    y = x["query"].expand(batch, -1, -1) if learned else x["query"].reshape(batch, queries, query_channels)
    scores = torch.stack([torch.stack([score(kind, h, one, x) for one in ys]) for h, ys in zip(x["tokens"], y)])
    mask = torch.ones(batch, positions, dtype=torch.bool)
    if masked:
        mask = draw_mask(generator, batch, positions)
    weights = torch.zeros_like(scores)
    for row in range(batch):
        for query in range(queries):
            kept = mask[row].nonzero().squeeze(-1)
            weights[row, query] = weights[row, query].index_put((kept,), normalise(normaliser, scores[row, query][kept]))
    context = torch.einsum("bqp,bpc->bqc", weights, x.get("values", x["tokens"])).reshape(batch, -1)

    upstream = {
        "context": draw(generator, *context.shape),
        "weights": draw(generator, *weights.shape),
        "scores": draw(generator, *scores.shape),
    }
    leaves_of = list(x.values())
    from_scores = torch.autograd.grad(
        (scores * upstream["scores"]).sum(), leaves_of, retain_graph=True, allow_unused=True
    )
    loss = (context * upstream["context"]).sum() + (weights * upstream["weights"]).sum()
    gradients = torch.autograd.grad(loss, leaves_of, allow_unused=True)
    or_zeros = lambda gradient, leaf: torch.zeros_like(leaf) if gradient is None else gradient
    return {
        "name": f"{kind}, {json.dumps(normaliser)}, {name}, {'masked' if masked else 'unmasked'}",
        "score": SCORES[kind],
        "normaliser": normaliser,
        "query": source,
        "inputs": all_stored(leaves),
        "mask": mask.int().tolist() if masked else None,
        "upstream": all_stored(upstream),
        "scores": stored(scores),
        "weights": stored(weights),
        "context": stored(context),
        "scoreGradients": {leaf: stored(or_zeros(g, x[leaf])) for leaf, g in zip(x, from_scores)},
        "gradients": {leaf: stored(or_zeros(g, x[leaf])) for leaf, g in zip(x, gradients)},
    }


def main():
    generator = torch.Generator().manual_seed(2017)
    cases = []
    for kind in SCORES:
        for i, shape in enumerate(SHAPES):
            for j, masked in enumerate((False, True)):
                # Every score meets every normaliser once, over its three shapes with and without a mask.
                cases.append(compute(generator, kind, NORMALISERS[2 * i + j], shape, masked))
    write_cases("attention-pooling.json", cases)


main()
