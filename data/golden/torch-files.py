"""Writes torch-zip.pth and torch-legacy.pth: the same small state dictionary in both formats of torch.save,
and torch-unsafe.pth, whose pickle asks Python to run a function. The reader of weights is tested on them.

    pip install torch==2.13.0
    python data/golden/torch-files.py
"""

from collections import OrderedDict
from pathlib import Path

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
