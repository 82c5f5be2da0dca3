"""Writes pooling.json: what PyTorch says the pooling layers give, forward and backward.

Run it with PyTorch 2.13 installed: python lib/attention/goldens/write_pooling.py
The loss weighs context and weights with fixed random numbers, so that gradients flow back from both outputs; only
the weights of the generalised mean have no gradient. Multi-head pooling is PyTorch's own `nn.MultiheadAttention`,
asked by one query.
"""

import math

import torch
from torch.nn import functional

from golden_values import draw, write_pooling_cases

def fill(scores, mask):
    """Scores [batch, heads, positions] with −∞ where the mask [batch, positions] is 0."""
    return scores if mask is None else scores.masked_fill(~mask.unsqueeze(1), -math.inf)


class GatedAttention:
    arguments = {"units": 5, "seed": 1}

    def parameters(self, generator, channels):
        units = self.arguments["units"]
        return {
            "keyProjection": draw(generator, channels, units),
            "gateProjection": draw(generator, channels, units),
            "scoreVector": draw(generator, units, 1),
        }

    def __call__(self, tokens, p, mask):
        hidden = torch.tanh(tokens @ p["keyProjection"]) * torch.sigmoid(tokens @ p["gateProjection"])
        weights = torch.softmax(fill((hidden @ p["scoreVector"]).transpose(1, 2), mask), dim=-1)
        return torch.einsum("bhp,bpc->bc", weights, tokens), weights


class ClassAttention:
    arguments = {"classes": 3}

    def parameters(self, generator, channels):
        return {"queries": draw(generator, self.arguments["classes"], channels)}

    def __call__(self, tokens, p, mask):
        queries = p["queries"].expand(len(tokens), -1, -1)
        scores = torch.einsum("bkc,bpc->bkp", queries, tokens) / math.sqrt(tokens.shape[-1])
        weights = torch.softmax(fill(scores, mask), dim=-1)
        allowed = None if mask is None else mask.unsqueeze(1)
        context = functional.scaled_dot_product_attention(queries, tokens, tokens, attn_mask=allowed)
        assert torch.allclose(context, weights @ tokens)
        return context.flatten(1), weights


class MultiHeadPooling:
    arguments = {"heads": 2, "seed": 1}

    def parameters(self, generator, channels):
        names = ["queryProjection", "keyProjection", "valueProjection", "outputProjection"]
        return {"query": draw(generator, 1, channels)} | {name: draw(generator, channels, channels) for name in names}

    def __call__(self, tokens, p, mask):
        batch, _, channels = tokens.shape
        # PyTorch keeps the transposed matrices, the first three in one.
        projections = torch.cat([p[f"{name}Projection"].T for name in ("query", "key", "value")])
        context, weights = functional.multi_head_attention_forward(
            query=p["query"].unsqueeze(1).expand(1, batch, channels),
            key=tokens.transpose(0, 1),
            value=tokens.transpose(0, 1),
            embed_dim_to_check=channels,
            num_heads=self.arguments["heads"],
            in_proj_weight=projections,
            in_proj_bias=None,
            bias_k=None,
            bias_v=None,
            add_zero_attn=False,
            dropout_p=0.0,
            out_proj_weight=p["outputProjection"].T,
            out_proj_bias=None,
            key_padding_mask=None if mask is None else ~mask,
            average_attn_weights=False,
        )
        return context.squeeze(0), weights.squeeze(2)


class GeneralisedMeanPooling:
    arguments = {}

    def parameters(self, generator, channels):
        return {"exponent": 1 + 3 * torch.rand(1, generator=generator)}

    def __call__(self, tokens, p, mask):
        powers = tokens.clamp(min=1e-6).pow(p["exponent"])
        kept = torch.ones(tokens.shape[:2]).double() if mask is None else mask.double()
        powers = powers * kept.unsqueeze(-1)
        sums = powers.sum(1, keepdim=True)
        context = (sums.squeeze(1) / kept.sum(1, keepdim=True)).pow(1 / p["exponent"])
        return context, (powers / sums).mean(-1).unsqueeze(1).detach()


if __name__ == "__main__":
    layers = [GatedAttention(), ClassAttention(), MultiHeadPooling(), GeneralisedMeanPooling()]
    write_pooling_cases("pooling.json", torch.Generator().manual_seed(2018), layers)
