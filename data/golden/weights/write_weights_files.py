"""Writes the small files of weights beside it, each with the program that such files come from. The readers of weights are
tested on them.

    pip install h5py==3.16.0 onnx==1.23.2 safetensors==0.8.0 numpy scipy keras==3.15.1 jax
    pip install --no-deps tensorflowjs==4.22.0
    KERAS_BACKEND=jax python data/golden/weights/write_weights_files.py

PyTorch's own files are written by data/golden/torch-files.py.
"""

import json
import sys
import types
import zipfile
from pathlib import Path

import h5py
import keras
import ml_dtypes
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

FOLDER = Path(__file__).resolve().parent
eighths = np.arange(12, dtype=np.float32).reshape(3, 4) / 8


def at(name):
    return str(FOLDER / name)


# Safetensors in two files with an index, as Hugging Face's libraries write them.
save_file({"a.weight": eighths, "a.bias": np.float32([1.5, -0.25])}, at("model-00001-of-00002.safetensors"))
save_file({"b.weight": eighths.T.astype(np.float16).copy()}, at("model-00002-of-00002.safetensors"))
shards = {"a.weight": 1, "a.bias": 1, "b.weight": 2}
index = {
    "metadata": {"total_size": 80},
    "weight_map": {name: f"model-0000{i}-of-00002.safetensors" for name, i in shards.items()},
}
(FOLDER / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")

# TensorFlow.js: weights as its converter writes and quantises them. Only its writer is loaded, which needs of
# TensorFlow no more than a way to open files.
package = types.ModuleType("tensorflowjs")
package.__path__ = [str(next(Path(p) for p in sys.path if (Path(p) / "tensorflowjs").is_dir()) / "tensorflowjs")]
sys.modules["tensorflowjs"] = package
gfile = types.SimpleNamespace(GFile=open)
sys.modules["tensorflow"] = types.SimpleNamespace(io=types.SimpleNamespace(gfile=gfile))
from tensorflowjs import write_weights  # noqa: E402

del sys.modules["tensorflow"]

group = [
    {"name": "a/kernel", "data": eighths},
    {"name": "a/bias", "data": np.float32([-1, 0, 3])},
    {"name": "steps", "data": np.int32([-7, 9])},
    {"name": "flags", "data": np.array([True, False])},
    {"name": "half", "data": np.float32([1, -0.5, 2**-14])},
]
for name, quantised in {
    "plain": None,
    "quantised": {"uint8": ["a/kernel"], "uint16": ["a/bias"], "float16": ["half"]},
}.items():
    folder = FOLDER / f"tensorflowjs-{name}"
    folder.mkdir(exist_ok=True)
    # Files of 32 bytes, so that tensors lie across them.
    manifest = write_weights.write_weights(
        [group], str(folder), shard_size_bytes=32, write_manifest=False, quantization_dtype_map=quantised
    )
    model = {"format": "graph-model", "generatedBy": "2.21.0", "modelTopology": {"node": []}, "weightsManifest": manifest}
    (folder / "model.json").write_text(json.dumps(model) + "\n")

# Keras: a whole model in both of its formats, weights alone, and the archive deflated.
keras.utils.set_random_seed(1)
model = keras.Sequential(
    [
        keras.Input((8, 8, 3)),
        keras.layers.Conv2D(4, 3, name="stem", use_bias=False),
        keras.layers.BatchNormalization(name="stem_bn"),
        keras.layers.Conv2D(2, 1, name="mix"),
        keras.layers.DepthwiseConv2D(3, name="filter"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2, name="head"),
    ],
    name="net",
)
model.build()
count = 0
for variable in model.variables:
    size = int(np.prod(variable.shape))
    if variable.path.split("/")[-1] in ("seed_generator_state",):
        continue
    variable.assign((np.arange(count, count + size).reshape(variable.shape) % 97) / 8)
    count += size
model.compile(optimizer="adam", loss="mse")
model.fit(np.zeros((1, 8, 8, 3)), np.zeros((1, 2)), verbose=0, epochs=0)
model.save(at("keras.keras"))
model.save_weights(at("keras.weights.h5"))
model.save(at("keras.h5"))
with zipfile.ZipFile(at("keras.keras")) as archive, zipfile.ZipFile(
    at("keras-deflated.keras"), "w", zipfile.ZIP_DEFLATED
) as deflated:
    for entry in archive.infolist():
        deflated.writestr(entry.filename, archive.read(entry))
(FOLDER / "keras.json").write_text(
    json.dumps({v.path: {"shape": list(v.shape), "data": np.array(v).ravel().tolist()} for v in model.weights}) + "\n"
)

# HDF5 by itself: number types, compression, and what leads elsewhere.
with h5py.File(at("types.h5"), "w") as file:
    file["float16"] = np.float16([1, -0.5])
    file["float64"] = np.float64([0.1])
    file["big_endian"] = np.array([1.5, -0.25], dtype=">f4")
    file["int64"] = np.int64(2**40 + 3)
    file["uint8"] = np.uint8([0, 255])
    file["bool"] = np.array([True, False])
    bfloat = np.array([1, -0.33333], dtype=ml_dtypes.bfloat16)
    file.create_dataset("group/bfloat16", data=bfloat.view("V2"))
    file.create_dataset("group/packed", data=eighths, chunks=(2, 2), compression="gzip", shuffle=True)
    file["again"] = h5py.SoftLink("/group/packed")
    file["text"] = "no tensor"
with h5py.File(at("external-link.h5"), "w") as file:
    file["elsewhere"] = h5py.ExternalLink("types.h5", "/float64")
with h5py.File(at("external-numbers.h5"), "w") as file:
    file.create_dataset("elsewhere", (4,), "f4", external=[("/etc/hostname", 0, 16)])
with h5py.File(at("virtual.h5"), "w") as file:
    layout = h5py.VirtualLayout((1,), "f8")
    layout[:] = h5py.VirtualSource("types.h5", "float64", (1,))
    file.create_virtual_dataset("elsewhere", layout)
with h5py.File(at("circle.h5"), "w") as file:
    file["weights/kernel"] = eighths
    file["weights/again"] = file["/"]
with h5py.File(at("huge.h5"), "w") as file:
    file.create_dataset("kernel", (2**40,), "f4", chunks=(1024,))


# ONNX: initialisers in each of the ways in which numbers are stored, and layers that lost their weights' names.
def tensor(name, array, kind, values=None, raw=False):
    values = array.tobytes() if raw else values if values is not None else array.ravel()
    return helper.make_tensor(name, kind, array.shape, values, raw)


linear = eighths  # [inputs, outputs], as the exporter folds it
initialisers = [
    tensor("listed", np.float32([1.5, -0.25]), TensorProto.FLOAT),
    tensor("double", np.float64([0.1]), TensorProto.DOUBLE),
    tensor("count", np.int64([2**40 + 3, -5]), TensorProto.INT64),
    tensor("steps", np.int32([-7, 9]), TensorProto.INT32),
    tensor("bytes", np.uint8([0, 255]), TensorProto.UINT8),
    tensor("half", np.float16([1, -0.5]), TensorProto.FLOAT16),
    numpy_helper.from_array(np.float16([2, 0.25]), "half_raw"),
    numpy_helper.from_array(np.array([1, -0.33333], dtype=ml_dtypes.bfloat16), "bfloat"),
    numpy_helper.from_array(np.array([True, False]), "flags"),
    numpy_helper.from_array(np.float32(3), "scalar"),
    numpy_helper.from_array(linear, "onnx::MatMul_10"),
    numpy_helper.from_array(np.float32([1, 2, 3, 4]), "blocks.0.attn.qkv.bias"),
    numpy_helper.from_array(linear + 1, "onnx::MatMul_11"),
    numpy_helper.from_array(linear + 2, "head.weight"),
    numpy_helper.from_array(np.arange(8, dtype=np.float32).reshape(2, 4, 1, 1), "onnx::Conv_12"),
    numpy_helper.from_array(np.float32([5, 6]), "onnx::Conv_13"),
    numpy_helper.from_array(np.float32([7]), "onnx::Mul_14"),
]
nodes = [
    helper.make_node("MatMul", ["x", "onnx::MatMul_10"], ["product"], "MatMul_1"),
    helper.make_node("Add", ["blocks.0.attn.qkv.bias", "product"], ["sum"], "Add_2"),
    helper.make_node("MatMul", ["x", "onnx::MatMul_11"], ["y"], "/blocks/blocks.0/mlp/fc/MatMul"),
    helper.make_node("Gemm", ["x", "head.weight"], ["z"], "/head/Gemm", transB=1),
    helper.make_node("Conv", ["i", "onnx::Conv_12", "onnx::Conv_13"], ["o"], "/layer1/layer1.0/conv1/Conv"),
    helper.make_node("Mul", ["y", "onnx::Mul_14"], ["w"], "/Mul"),
]
graph = helper.make_graph(nodes, "graph", [], [], initialisers)
onnx.save(helper.make_model(graph), at("model.onnx"))

far = helper.make_graph([], "graph", [], [], [numpy_helper.from_array(eighths, "a"), numpy_helper.from_array(eighths + 1, "b")])
onnx.save(
    helper.make_model(far),
    at("external.onnx"),
    save_as_external_data=True,
    location="external.onnx.data",
    size_threshold=0,
)
