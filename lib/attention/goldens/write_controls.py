"""Writes controls.json: what PyTorch says the controls of capacity give, forward and backward.

Run it with PyTorch 2.13 installed: python lib/attention/goldens/write_controls.py
"""

import torch
from torch.nn import functional

from golden_values import draw, kept_mean, write_pooling_cases


def hidden_parameters(generator, channels, units):
    return {"hiddenKernel": draw(generator, channels, units), "hiddenBias": draw(generator, units)}


def hidden(x, p):
    return functional.relu(functional.linear(x, p["hiddenKernel"].T, p["hiddenBias"]))


class HiddenThenMeanPooling:
    arguments = {"units": 5, "seed": 1}

    def parameters(self, generator, channels):
        return hidden_parameters(generator, channels, self.arguments["units"])

    def __call__(self, tokens, p, mask):
        return kept_mean(hidden(tokens, p), mask)


def additive_weights(keys, p, mask):
    """softmax(vᵀ tanh(W_h h_i + W_s y)) over the positions that the mask keeps, [batch, 1, positions]."""
    scores = torch.tanh(keys @ p["keyProjection"] + p["query"] @ p["queryProjection"]) @ p["scoreVector"]
    scores = scores.squeeze(-1) if mask is None else scores.squeeze(-1).masked_fill(~mask, -torch.inf)
    return torch.softmax(scores, dim=-1).unsqueeze(1)


def additive_parameters(generator, channels, units):
    return {
        "keyProjection": draw(generator, channels, units),
        "queryProjection": draw(generator, units, units),
        "scoreVector": draw(generator, units, 1),
        "query": draw(generator, 1, units),
    }


class HiddenThenAttentionPooling:
    arguments = {"hiddenUnits": 5, "units": 3, "seed": 1}

    def parameters(self, generator, channels):
        hidden_units, units = self.arguments["hiddenUnits"], self.arguments["units"]
        return hidden_parameters(generator, channels, hidden_units) | additive_parameters(generator, hidden_units, units)

    def __call__(self, tokens, p, mask):
        values = hidden(tokens, p)
        weights = additive_weights(values, p, mask)
        return (weights @ values).squeeze(1), weights


class FrozenScoreAttention:
    """Frozen are what `frozen` says: of these the gradients are here too, and no test looks at them."""

    def __init__(self, frozen):
        self.arguments = {"units": 3, "frozen": frozen, "seed": 1}

    def parameters(self, generator, channels):
        return additive_parameters(generator, channels, self.arguments["units"])

    def __call__(self, tokens, p, mask):
        weights = additive_weights(tokens, p, mask)
        return (weights @ tokens).squeeze(1), weights


class MeanThenHiddenPooling:
    arguments = {"units": 5, "seed": 1}

    def parameters(self, generator, channels):
        return hidden_parameters(generator, channels, self.arguments["units"])

    def __call__(self, tokens, p, mask):
        mean, weights = kept_mean(tokens, mask)
        return hidden(mean, p), weights


class ProjectionThenMeanPooling:
    arguments = {"units": 5, "seed": 1}

    def parameters(self, generator, channels):
        return {"valueProjection": draw(generator, channels, self.arguments["units"])}

    def __call__(self, tokens, p, mask):
        return kept_mean(tokens @ p["valueProjection"], mask)


if __name__ == "__main__":
    layers = [
        HiddenThenMeanPooling(),
        MeanThenHiddenPooling(),
        ProjectionThenMeanPooling(),
        HiddenThenAttentionPooling(),
        FrozenScoreAttention("vector"),
        FrozenScoreAttention("score"),
    ]
    write_pooling_cases("controls.json", torch.Generator().manual_seed(2026), layers)
