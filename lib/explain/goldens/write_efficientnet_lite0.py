"""Writes efficientnet-lite0.json: what captum says about EfficientNet-Lite0's decisions on three photographs.

Run it where the peers of `npm run bench` are installed, with captum beside them:
python lib/explain/goldens/write_efficientnet_lite0.py
The network is the bench's PyTorch version, in double precision. Maps of pixels are given as means over a grid of
14 by 14 cells of the sum over the channels, to keep the file small.
"""

import hashlib
import json
import pathlib
import sys

import captum
import numpy as np
import torch
from captum.attr import IntegratedGradients, LayerGradCam, Saliency
from PIL import Image
from torch.nn import functional as F

PROJECT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(PROJECT / "lib" / "cli" / "bench" / "peers"))
from efficientnet_lite0 import EfficientNetLite0  # noqa: E402

PHOTOGRAPHS = ["giant-panda.jpg", "hen.jpg", "scarlet-macaw.jpg"]
STEPS, GREY, GRID = 8, 127, 14


class OnPixels(torch.nn.Module):
    """The network with its preprocessing in front, and a place behind the features where captum can look."""

    def __init__(self):
        super().__init__()
        self.network = EfficientNetLite0().double()
        self.last = torch.nn.Identity()

    def forward(self, pixels):
        features = self.last(self.network.features((pixels - 127) / 128))
        return self.network._fc(features.mean((2, 3)))


def centre_crop(file):
    """The middle 224 x 224 pixels; the photographs' shorter side is 256, which is the crop of the evaluation."""
    image = np.asarray(Image.open(file).convert("RGB"))
    top, left = ((side - 224 + 1) // 2 for side in image.shape[:2])
    return np.ascontiguousarray(image[top : top + 224, left : left + 224])


def rounded(tensor):
    return [float(f"{number:.7g}") for number in tensor.detach().flatten().tolist()]


def on_grid(attributions):
    return rounded(F.adaptive_avg_pool2d(attributions.sum(1, keepdim=True), GRID))


def main():
    model = OnPixels().eval()
    photographs = []
    for name in PHOTOGRAPHS:
        pixels = centre_crop(PROJECT / "data" / "photographs" / name)
        x = torch.tensor(pixels[None]).permute(0, 3, 1, 2).double()
        target = int(model(x).argmax())
        paths = IntegratedGradients(model).attribute(
            x, float(GREY), target=target, n_steps=STEPS, method="riemann_middle", internal_batch_size=4
        )
        photographs.append(
            {
                "file": name,
                "pixels": hashlib.sha256(pixels.tobytes()).hexdigest(),
                "target": target,
                "gradCam": rounded(
                    LayerGradCam(model, model.last).attribute(x, target=target, relu_attributions=True)
                ),
                "gradient": on_grid(Saliency(model).attribute(x, target=target, abs=False)),
                "integratedGradients": on_grid(paths),
            }
        )
    golden = {
        "torch": torch.__version__,
        "captum": captum.__version__,
        "settings": {"steps": STEPS, "baseline": GREY, "grid": GRID},
        "photographs": photographs,
    }
    text = json.dumps(golden, separators=(",", ":")) + "\n"
    pathlib.Path(__file__).with_name("efficientnet-lite0.json").write_text(text)


main()
