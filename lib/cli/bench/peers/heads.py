"""The heads of the comparison: pooling over positions and a linear classifier, as plain PyTorch modules."""

import torch
from torch import nn


class MeanHead(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.classifier = nn.Linear(channels, classes)

    def forward(self, tokens):
        """`[batch, positions, channels]` → logits `[batch, classes]`"""
        return self.classifier(tokens.mean(1))

    def load(self, values):
        kernel, bias = values
        self.classifier.load_state_dict({"weight": kernel.T, "bias": bias})


class AttentionHead(nn.Module):
    """Bahdanau, Cho and Bengio 2015 (arXiv:1409.0473), appendix A.1.2, with a learned query."""

    def __init__(self, channels, classes, units):
        super().__init__()
        self.key_projection = nn.Linear(channels, units, bias=False)
        self.query_projection = nn.Linear(units, units, bias=False)
        self.score_vector = nn.Linear(units, 1, bias=False)
        self.query = nn.Parameter(torch.empty(1, units))
        self.classifier = nn.Linear(channels, classes)
        nn.init.zeros_(self.score_vector.weight)
        nn.init.xavier_uniform_(self.query)

    def forward(self, tokens):
        """`[batch, positions, channels]` → logits `[batch, classes]`"""
        scores = self.score_vector(torch.tanh(self.key_projection(tokens) + self.query_projection(self.query)))
        weights = torch.softmax(scores.squeeze(-1), dim=1)
        context = torch.bmm(weights.unsqueeze(1), tokens).squeeze(1)
        return self.classifier(context)

    def load(self, values):
        key, query_projection, score, query, kernel, bias = values
        self.load_state_dict(
            {
                "key_projection.weight": key.T,
                "query_projection.weight": query_projection.T,
                "score_vector.weight": score.T,
                "query": query,
                "classifier.weight": kernel.T,
                "classifier.bias": bias,
            }
        )


def make_head(pooling, channels, classes, units):
    if pooling == "attention":
        return AttentionHead(channels, classes, units)
    return MeanHead(channels, classes)


def as_tokens(grids):
    """`[batch, channels, rows, columns]` → `[batch, positions, channels]`"""
    return grids.flatten(2).transpose(1, 2)
