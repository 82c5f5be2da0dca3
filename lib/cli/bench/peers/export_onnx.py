"""Writes EfficientNet-Lite0 as an ONNX file for onnxruntime: python export_onnx.py FILE"""

import sys

import torch
from efficientnet_lite0 import EfficientNetLite0

torch.onnx.export(
    EfficientNetLite0(),
    torch.zeros(1, 3, 224, 224),
    sys.argv[1],
    input_names=["images"],
    output_names=["logits"],
    dynamic_axes={"images": {0: "batch"}, "logits": {0: "batch"}},
    dynamo=False,
)
