"""Writes convolutional.json: what torchvision, timm, transformers and Keras compute with drawn weights, stage by stage.

The TypeScript backbones are tested against these numbers. To make them again, in an environment of its own:

    pip install torch==2.13.0 numpy pyyaml huggingface_hub safetensors tokenizers regex pillow h5py optree namex rich absl-py ml-dtypes
    pip install --no-deps torchvision==0.28.0 timm transformers keras
    KERAS_BACKEND=torch python lib/backbones/goldens/write_convolutional.py

Everything is computed in double precision. Activations are sampled in the order [rows, columns, channels]: sample i is
element (i * 7919) mod size.
"""

import importlib.metadata
import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import torch
from formula import drawn_tensor, summary
from peers import CLASSES, fill, picture

SAMPLES = 8


def torchvision_model(name):
    import torchvision

    return getattr(torchvision.models, name)(num_classes=CLASSES)


def timm_model(name):
    import timm

    return timm.create_model(name, num_classes=CLASSES)


def resnet_of_transformers():
    import transformers

    config = transformers.ResNetConfig(
        hidden_sizes=[64, 128, 256, 512], depths=[2, 2, 2, 2], layer_type="basic", num_labels=CLASSES
    )
    return transformers.ResNetForImageClassification(config)


def mobilenet_of_transformers():
    import transformers

    return transformers.MobileNetV2ForImageClassification(transformers.MobileNetV2Config(num_labels=CLASSES))


# Which modules end the stages; of a list, the last block of each stage.
RESNET = {"stem": "relu", "pool": "maxpool", **{f"layer{i}": f"layer{i}" for i in (1, 2, 3, 4)}}
TIMM_RESNET = {**RESNET, "stem": "act1"}
HF_RESNET = {
    "stem": "resnet.embedder.embedder",
    "pool": "resnet.embedder.pooler",
    **{f"layer{i + 1}": f"resnet.encoder.stages.{i}" for i in range(4)},
}
MOBILENET = {
    "stem": "features.0",
    **{f"stage{i + 1}": f"features.{last}" for i, last in enumerate((1, 3, 6, 10, 13, 16, 17))},
    "head": "features.18",
}
TIMM = {"stem": "bn1", **{f"stage{i + 1}": f"blocks.{i}" for i in range(7)}, "head": "bn2"}
HF_MOBILENET = {
    "stem": "mobilenet_v2.conv_stem.first_conv",
    **{
        f"stage{i + 1}": f"mobilenet_v2.{place}"
        for i, place in enumerate(["conv_stem"] + [f"layer.{last}" for last in (1, 4, 8, 11, 14, 15)])
    },
    "head": "mobilenet_v2.conv_1x1",
}

CASES = [
    ("resnet18", "torchvision", 75, lambda: torchvision_model("resnet18"), RESNET),
    ("resnet34", "torchvision", 40, lambda: torchvision_model("resnet34"), RESNET),
    ("resnet50", "torchvision", 64, lambda: torchvision_model("resnet50"), RESNET),
    ("resnet101", "torchvision", 40, lambda: torchvision_model("resnet101"), RESNET),
    ("resnet50", "torchvision", 50, lambda: timm_model("resnet50"), TIMM_RESNET),
    ("resnet18", "Hugging Face", 64, resnet_of_transformers, HF_RESNET),
    ("mobilenet-v2", "torchvision", 75, lambda: torchvision_model("mobilenet_v2"), MOBILENET),
    ("mobilenet-v2", "timm", 64, lambda: timm_model("mobilenetv2_100"), TIMM),
    ("mobilenet-v2", "Hugging Face", 70, mobilenet_of_transformers, HF_MOBILENET),
    ("efficientnet-lite0", "timm", 75, lambda: timm_model("tf_efficientnet_lite0"), TIMM),
    ("efficientnet-lite1", "timm", 80, lambda: timm_model("tf_efficientnet_lite1"), TIMM),
    ("efficientnet-lite2", "timm", 70, lambda: timm_model("tf_efficientnet_lite2"), TIMM),
]


def run_torch(model, side, places):
    seen = {}
    modules = dict(model.named_modules())
    for stage, place in places.items():
        # A module that runs more than once, such as an activation, counts the first time.
        modules[place].register_forward_hook(lambda m, i, output, stage=stage: seen.setdefault(stage, output))
    with torch.no_grad():
        logits = model(picture(side).permute(0, 3, 1, 2))
    logits = getattr(logits, "logits", logits)[0]
    stages = {stage: seen[stage][0].permute(1, 2, 0).numpy() for stage in places}
    return logits.numpy(), stages


def run_keras(side):
    import keras

    keras.backend.set_floatx("float64")
    model = keras.applications.MobileNetV2((side, side, 3), weights=None, classes=CLASSES, classifier_activation=None)
    for layer in model.layers:
        for variable in layer.weights:
            # Keras 3 says `kernel` where files have said `depthwise_kernel` since Keras 2.
            is_depthwise = isinstance(layer, keras.layers.DepthwiseConv2D) and variable.name == "kernel"
            name = f"{layer.name}/{'depthwise_' * is_depthwise}{variable.name}"
            variable.assign(drawn_tensor(name, tuple(variable.shape)))
    ends = ["Conv1_relu", "expanded_conv_project_BN"]
    ends += [f"block_{i}_{'add' if i in (2, 5, 9, 12, 15) else 'project_BN'}" for i in (2, 5, 9, 12, 15, 16)]
    names = ["stem", *(f"stage{i}" for i in range(1, 8)), "head"]
    outputs = [model.get_layer(end).output for end in [*ends, "out_relu"]]
    *stages, logits = keras.Model(model.input, [*outputs, model.output])(picture(side).numpy(), training=False)
    numpy = keras.ops.convert_to_numpy
    return numpy(logits)[0], {name: numpy(stage)[0] for name, stage in zip(names, stages)}


def golden(name, convention, side, result):
    logits, stages = result
    print(name, convention, *(f"{stage} {np.abs(values).max():.3g}" for stage, values in stages.items()))
    return {
        "name": name,
        "convention": convention,
        "side": side,
        "logits": [float(f"{number:.8g}") for number in logits],
        "stages": {stage: summary(values, SAMPLES) for stage, values in stages.items()},
    }


def main():
    cases = [
        golden(name, convention, side, run_torch(fill(make()), side, places))
        for name, convention, side, make, places in CASES
    ]
    cases.append(golden("mobilenet-v2", "Keras", 75, run_keras(75)))
    peers = ["torch", "torchvision", "timm", "transformers", "keras"]
    result = {"peers": {peer: importlib.metadata.version(peer) for peer in peers}, "cases": cases}
    text = json.dumps(result, separators=(",", ":")) + "\n"
    pathlib.Path(__file__).with_name("convolutional.json").write_text(text)


main()
