"""Writes small-network.json: what captum and PyTorch say about a small network with fixed random weights.

Run it with PyTorch 2.13 and captum 0.9 installed: python lib/explain/goldens/write_small_network.py
Weights, pictures, noise and masks are float32 numbers; PyTorch computes in float64, so that the reference is exact to
all the digits that float32 can be held to. The activations are smooth, so that no rounding can tip a gradient over.

Integrated gradients, the gradient under noise, occlusion and Grad-CAM are captum's. Captum has neither Grad-CAM++ nor
RISE: they are worked out here from the papers' formulas, Grad-CAM++ from the second and third derivatives of
exp(logit) rather than from their closed form.
"""

import json
import pathlib

import captum
import torch
from captum.attr import IntegratedGradients, LayerGradCam, Occlusion, Saliency
from torch import nn
from torch.nn import functional as F

SIDE, CLASSES, HEADS, CHANNELS, TARGET = 16, 5, 2, 6, 3
STEPS, SAMPLES, MASKS, WINDOW, STRIDE, GREY = 20, 4, 6, 5, 3, 127


class SmallNetwork(nn.Module):
    """Two convolutions, two heads of softmax attention, a linear classifier."""

    def __init__(self, weights):
        super().__init__()
        self.weights = {name: value.double() for name, value in weights.items()}
        self.last = nn.Identity()

    def features(self, pixels):
        w = self.weights
        x = (pixels - 127) / 64
        x = torch.tanh(F.conv2d(x, w["firstKernel"].permute(3, 2, 0, 1), padding=1))
        x = F.avg_pool2d(x, 2)
        return self.last(F.softplus(F.conv2d(x, w["secondKernel"].permute(3, 2, 0, 1), padding=1)))

    def decide(self, features):
        w = self.weights
        tokens = features.flatten(2).transpose(1, 2)
        attention = torch.softmax((tokens @ w["queries"]).transpose(1, 2), dim=-1)
        context = (attention @ tokens).flatten(1)
        return attention, context @ w["classifier"]

    def forward(self, pixels):
        return self.decide(self.features(pixels))[1]


def draw(generator, scale, *shape):
    return torch.randn(*shape, generator=generator) * scale


def rounded(tensor):
    return {
        "shape": list(tensor.shape),
        "data": [float(f"{number:.9g}") for number in tensor.detach().flatten().tolist()],
    }


def on_grid(x):
    """[1, channels, rows, columns] to [rows, columns, channels]."""
    return rounded(x[0].permute(1, 2, 0))


def to_torch(x):
    """[batch, rows, columns, channels] to PyTorch's order, in double precision."""
    return x.permute(0, 3, 1, 2).double()


def grad_cam_plus_plus(model, x):
    """Equation 7 with α from the derivatives of Y = exp(S); the common factor exp(S) is divided out at the end."""
    features = model.features(x).detach().requires_grad_()
    logit = model.decide(features)[1][0, TARGET]
    (g,) = torch.autograd.grad(logit, features)
    score = torch.exp(logit.detach())
    first, second, third = score * g, score * g**2, score * g**3
    total = features.detach().sum((2, 3), keepdim=True)
    alpha = second / (2 * second + total * third)
    weights = (alpha * F.relu(first)).sum((2, 3), keepdim=True)
    return F.relu((weights * features.detach()).sum(1))[0] / score


def rise(model, x, masks):
    """Equation 6, divided by the sum of the masks at each pixel: every masked picture by itself, in plain loops."""
    total = torch.zeros(SIDE, SIDE, dtype=torch.float64)
    for mask in masks.double():
        picture = GREY + (x - GREY) * mask
        total += torch.softmax(model(picture)[0], dim=0)[TARGET].detach() * mask
    return total / masks.double().sum(0)


def main():
    generator = torch.Generator().manual_seed(2017)
    weights = {
        "firstKernel": draw(generator, 0.4, 3, 3, 3, 4),
        "secondKernel": draw(generator, 0.4, 3, 3, 4, CHANNELS),
        "queries": draw(generator, 1, CHANNELS, HEADS),
        "classifier": draw(generator, 1, HEADS * CHANNELS, CLASSES),
    }
    image = torch.randint(0, 256, (1, SIDE, SIDE, 3), generator=generator)
    noise = draw(generator, 20, SAMPLES, SIDE, SIDE, 3)
    masks = torch.rand(MASKS, SIDE, SIDE, generator=generator)
    small = torch.rand(3, 4, generator=generator)
    model = SmallNetwork(weights)
    x = to_torch(image).requires_grad_()

    gradient, difference = IntegratedGradients(model).attribute(
        x,
        baselines=float(GREY),
        target=TARGET,
        n_steps=STEPS,
        method="riemann_middle",
        return_convergence_delta=True,
    )
    noisy = Saliency(model).attribute(x + to_torch(noise), target=TARGET, abs=False)
    occlusion = Occlusion(model).attribute(
        x,
        sliding_window_shapes=(3, WINDOW, WINDOW),
        strides=(3, STRIDE, STRIDE),
        target=TARGET,
        baselines=float(GREY),
    )
    features = model.features(x)
    golden = {
        "torch": torch.__version__,
        "captum": captum.__version__,
        "target": TARGET,
        "settings": {"steps": STEPS, "baseline": GREY, "window": WINDOW, "stride": STRIDE},
        "weights": {name: rounded(value) for name, value in weights.items()},
        "image": image.flatten().tolist(),
        "noise": rounded(noise),
        "masks": rounded(masks),
        "logits": rounded(model(x)[0]),
        "attention": rounded(model.decide(features)[0][0]),
        "gradCam": rounded(
            LayerGradCam(model, model.last).attribute(x, target=TARGET, relu_attributions=True)[0, 0]
        ),
        "gradCamPlusPlus": rounded(grad_cam_plus_plus(model, x)),
        "integratedGradients": on_grid(gradient),
        "completeness": float(difference),
        "noisyGradient": on_grid(noisy.mean(0, keepdim=True)),
        # Every channel of a window has the same value.
        "occlusion": rounded(occlusion[0, 0]),
        "rise": rounded(rise(model, x.detach(), masks)),
        "resizing": {
            "small": rounded(small),
            "enlarged": rounded(F.interpolate(small[None, None].double(), (10, 7), mode="bilinear")[0, 0]),
            "pooled": rounded(F.adaptive_avg_pool2d(masks[:1].double(), (4, 8))[0]),
        },
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    pathlib.Path(__file__).with_name("small-network.json").write_text(text)


main()
