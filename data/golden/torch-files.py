"""Writes torch-zip.pth and torch-legacy.pth: the same small state dictionary in both formats of torch.save,
torch-unsafe.pth, whose pickle asks Python to run a function, and a file for each of the many ways in which weights are
saved. The reader of weights is tested on them.

    pip install torch==2.13.0 safetensors==0.8.0 numpy==2.4.6
    python data/golden/torch-files.py
"""

import argparse
import io
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy
import safetensors.torch
import torch

FOLDER = Path(__file__).resolve().parent


class Unsafe:
    def __reduce__(self):
        return print, ("this text must never be printed",)


base = torch.arange(12, dtype=torch.float32) / 8
state = OrderedDict(
    plain=base.reshape(3, 4),
    transposed=base.reshape(3, 4).t(),  # a view into the same storage, with other strides
    part=base[5:9],
    double=torch.tensor([[0.1, -2.0]], dtype=torch.float64),
    parameter=torch.nn.Parameter(torch.tensor([1.5, -0.25])),
    count=torch.tensor(2**40 + 3),  # one int64 without axes
    integers=torch.tensor([-7, 9], dtype=torch.int32),
    bytes=torch.tensor([0, 255], dtype=torch.uint8),
    empty=torch.zeros(0, 3),
)
torch.save(state, FOLDER / "torch-zip.pth")
torch.save(state, FOLDER / "torch-legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"weight": Unsafe()}, FOLDER / "torch-unsafe.pth")
torch.save({"half": torch.zeros(2, dtype=torch.float16)}, FOLDER / "torch-half.pth")
torch.save({"epoch": 3, "weight": torch.zeros(2)}, FOLDER / "torch-checkpoint.pth")

# Every number type that is read, with values at its ends; float16 and bfloat16 with subnormal numbers and infinity.
types = OrderedDict(
    half=torch.tensor([1.0, -0.333251953125, 65504.0, 2.0**-24, float("inf"), -0.0], dtype=torch.float16),
    bfloat=torch.tensor([1.0, -0.333984375, 3.3895313892515355e38, 2.0**-133, float("-inf")], dtype=torch.bfloat16),
    double=torch.tensor([[0.1, -2.0]], dtype=torch.float64),
    short=torch.tensor([-32768, 32767], dtype=torch.int16),
    char=torch.tensor([-128, 127], dtype=torch.int8),
    flags=torch.tensor([True, False]),
    u16=torch.tensor([1, 65535], dtype=torch.uint16),
    u32=torch.tensor([2**32 - 1], dtype=torch.uint32),
    u64=torch.tensor([2**64 - 1], dtype=torch.uint64),
)
torch.save(types, FOLDER / "torch-types.pth")
safetensors.torch.save_file({**types, "base": base.reshape(3, 4), "count": torch.tensor(2**40 + 3),
                             "integers": torch.tensor([-7, 9], dtype=torch.int32), "bytes": torch.tensor([0, 255], dtype=torch.uint8),
                             "empty": torch.zeros(0, 3)}, FOLDER / "types.safetensors", {"format": "pt"})
safetensors.torch.save_file({"small": torch.zeros(2).to(torch.float8_e4m3fn)}, FOLDER / "float8.safetensors")

# Views: one storage under two names, one number shown many times, channels last.
views = OrderedDict(
    tied=base, again=base.reshape(4, 3), expanded=torch.tensor([0.5]).expand(2, 3),
    last=torch.arange(12.0).reshape(1, 3, 2, 2).to(memory_format=torch.channels_last),
)
torch.save(views, FOLDER / "torch-views.pth")

# As training scripts save: a checkpoint with much beside the weights, under the names of DataParallel.
network = torch.nn.Linear(2, 1)
with torch.no_grad():
    network.weight.copy_(torch.tensor([[0.5, -1.0]]))
    network.bias.fill_(2.0)
adam = torch.optim.Adam(network.parameters())
network(torch.ones(1, 2)).sum().backward()
adam.step()
with torch.no_grad():
    network.weight.copy_(torch.tensor([[0.5, -1.0]]))
    network.bias.fill_(2.0)
parallel = torch.nn.DataParallel(network)
torch.save(
    {
        "epoch": 3, "arch": "linear", "args": argparse.Namespace(lr=0.1, path=Path("here")), "best": numpy.float64(0.5),
        "state_dict": parallel.state_dict(), "optimizer": adam.state_dict(),
    },
    FOLDER / "torch-training.pth",
)
torch.save({"model": network.state_dict(), "ema": network.state_dict()}, FOLDER / "torch-two.pth")
torch.save(network, FOLDER / "torch-module.pth")
torch.save({"sparse": torch.eye(2).to_sparse()}, FOLDER / "torch-sparse.pth")
torch.save({"small": torch.zeros(2).to(torch.float8_e4m3fn)}, FOLDER / "torch-float8.pth")
torch.save({"weight": torch.zeros(2)}, FOLDER / "torch-protocol4.pth", pickle_protocol=4)

# A program of TorchScript, without the notes for its debugger, which tell where this machine keeps PyTorch.
program = io.BytesIO()
torch.jit.save(torch.jit.script(network), program)
with zipfile.ZipFile(program) as whole, zipfile.ZipFile(FOLDER / "torch-script.pt", "w") as kept:
    for member in whole.infolist():
        if not member.filename.endswith(".debug_pkl"):
            kept.writestr(member, whole.read(member))

# As a machine with a graphics card writes: the storage's place is "cuda:0".
location = torch.serialization.location_tag
torch.serialization.location_tag = lambda storage: "cuda:0"
torch.save({"weight": torch.tensor([1.5, -0.25])}, FOLDER / "torch-cuda.pth")
torch.serialization.location_tag = location

# Checksums left out, and a table of contents as archives of more than 4 GB have it.
torch.serialization.set_crc32_options(False)
torch.save({"weight": torch.tensor([1.5, -0.25])}, FOLDER / "torch-no-checksums.pth")
torch.serialization.set_crc32_options(True)
zipfile.ZIP64_LIMIT = 0
with zipfile.ZipFile(FOLDER / "torch-cuda.pth") as small, zipfile.ZipFile(FOLDER / "torch-zip64.pth", "w") as large:
    for name in small.namelist():
        large.writestr(zipfile.ZipInfo(name), small.read(name))
