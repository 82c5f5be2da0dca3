"""Writes probes.json: what PyTorch says the attentive probes give, forward and backward.

Run it with PyTorch 2.13 installed: python lib/attention/goldens/write_probes.py
Heads are PyTorch's own multi-head attention, layer norm and GELU are PyTorch's own too.
"""

import math

import torch
from torch.nn import functional

from golden_values import draw, write_pooling_cases


def fill(scores, mask):
    """Scores [batch, heads, positions] with −∞ where the mask [batch, positions] is 0."""
    return scores if mask is None else scores.masked_fill(~mask.unsqueeze(1), -math.inf)


def multi_head(query, tokens, heads, projections, mask):
    """Context [batch, channels] and weights [batch, heads, positions]; projections are W_q, W_k, W_v, W_o."""
    channels = tokens.shape[-1]
    context, weights = functional.multi_head_attention_forward(
        query=query.unsqueeze(0),
        key=tokens.transpose(0, 1),
        value=tokens.transpose(0, 1),
        embed_dim_to_check=channels,
        num_heads=heads,
        in_proj_weight=torch.cat([projection.T for projection in projections[:3]]),
        in_proj_bias=None,
        bias_k=None,
        bias_v=None,
        add_zero_attn=False,
        dropout_p=0.0,
        out_proj_weight=projections[3].T,
        out_proj_bias=None,
        key_padding_mask=None if mask is None else ~mask,
        average_attn_weights=False,
    )
    return context.squeeze(0), weights.squeeze(2)


def norm(x, gain, offset):
    return functional.layer_norm(x, x.shape[-1:], gain, offset)


def feed_forward(x, p):
    hidden = functional.gelu(norm(x, p["contextGain"], p["contextOffset"]) @ p["hiddenKernel"] + p["hiddenBias"])
    return x + hidden @ p["outputKernel"] + p["outputBias"]


def feed_forward_parameters(generator, channels):
    units = 4 * channels
    return {
        "contextGain": draw(generator, channels),
        "contextOffset": draw(generator, channels),
        "hiddenKernel": draw(generator, channels, units) / 4,
        "hiddenBias": draw(generator, units),
        "outputKernel": draw(generator, units, channels) / 4,
        "outputBias": draw(generator, channels),
    }


def squares(generator, channels, *names):
    # Small, so that float32 can follow to five digits.
    return {f"{name}Projection": draw(generator, channels, channels) / 4 for name in names}


class EfficientProbing:
    arguments = {"queries": 2, "seed": 1}

    def parameters(self, generator, channels):
        queries = {"queries": draw(generator, self.arguments["queries"], channels)}
        return queries | squares(generator, channels, "value")

    def __call__(self, tokens, p, mask):
        batch, positions, channels = tokens.shape
        queries = len(p["queries"])
        scores = torch.einsum("kc,bpc->bkp", p["queries"], tokens) / math.sqrt(channels)
        weights = torch.softmax(fill(scores, mask), dim=-1)
        values = (tokens @ p["valueProjection"]).reshape(batch, positions, queries, channels // queries)
        return torch.einsum("bkp,bpks->bks", weights, values).flatten(1), weights


class SimPool:
    arguments = {"seed": 1}

    def parameters(self, generator, channels):
        around = {"gain": draw(generator, channels), "offset": draw(generator, channels)}
        return around | squares(generator, channels, "query", "key")

    def __call__(self, tokens, p, mask):
        kept = torch.ones(tokens.shape[:2]).double() if mask is None else mask.double()
        mean = (tokens * kept.unsqueeze(-1)).sum(1, keepdim=True) / kept.sum(1)[:, None, None]
        values = norm(tokens, p["gain"], p["offset"])
        scores = (mean @ p["queryProjection"]) @ (values @ p["keyProjection"]).transpose(1, 2)
        weights = torch.softmax(fill(scores / math.sqrt(tokens.shape[-1]), mask), dim=-1)
        return (weights @ values).squeeze(1), weights


class AimAttentiveProbe:
    arguments = {"heads": 2, "seed": 1}

    def parameters(self, generator, channels):
        return {"query": draw(generator, 1, channels)} | squares(generator, channels, "key", "value")

    def __call__(self, tokens, p, mask):
        same = torch.eye(tokens.shape[-1]).double()
        query = p["query"].expand(len(tokens), -1)
        projections = [same, p["keyProjection"], p["valueProjection"], same]
        return multi_head(query, tokens, self.arguments["heads"], projections, mask)


def block_projections(p):
    return [p[f"{name}Projection"] for name in ("query", "key", "value", "output")]


class JepaAttentiveBlock:
    arguments = {"heads": 2, "seed": 1}

    def parameters(self, generator, channels):
        first = {name: draw(generator, channels) for name in ("tokenGain", "tokenOffset")}
        first |= {"query": draw(generator, 1, channels)}
        first |= squares(generator, channels, "query", "key", "value", "output")
        return first | feed_forward_parameters(generator, channels)

    def __call__(self, tokens, p, mask):
        values = norm(tokens, p["tokenGain"], p["tokenOffset"])
        query = p["query"].expand(len(tokens), -1)
        attended, weights = multi_head(query, values, self.arguments["heads"], block_projections(p), mask)
        return feed_forward(query + attended, p), weights


class CaitClassAttention:
    arguments = {"heads": 2, "seed": 1}

    def parameters(self, generator, channels):
        first = {"classToken": draw(generator, 1, channels)}
        first |= {name: draw(generator, channels) for name in ("tokenGain", "tokenOffset", "lastGain", "lastOffset")}
        first |= squares(generator, channels, "query", "key", "value", "output")
        return first | feed_forward_parameters(generator, channels)

    def __call__(self, tokens, p, mask):
        token = p["classToken"].expand(len(tokens), -1)
        all_tokens = norm(torch.cat([token.unsqueeze(1), tokens], 1), p["tokenGain"], p["tokenOffset"])
        kept = None if mask is None else torch.cat([torch.ones(len(mask), 1, dtype=torch.bool), mask], 1)
        attended, weights = multi_head(all_tokens[:, 0], all_tokens, self.arguments["heads"], block_projections(p), kept)
        return norm(feed_forward(token + attended, p), p["lastGain"], p["lastOffset"]), weights[:, :, 1:]


if __name__ == "__main__":
    layers = [EfficientProbing(), SimPool(), AimAttentiveProbe(), JepaAttentiveBlock(), CaitClassAttention()]
    write_pooling_cases("probes.json", torch.Generator().manual_seed(2025), layers)
