"""Reading photographs the way people do it in PyTorch: a Dataset over files, PIL, a DataLoader."""

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

SIDE = 224


class Photographs(Dataset):
    def __init__(self, files, labels=None):
        self.files = files
        self.labels = labels or [0] * len(files)

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with Image.open(self.files[index]) as image:
            pixels = np.asarray(centre(image.convert("RGB")))
        # Mean and deviation are those of TensorFlow's efficientnet_lite_builder.py.
        return (torch.from_numpy(pixels.copy()).permute(2, 0, 1).float() - 127) / 128, self.labels[index]


def centre(image):
    """The square in the middle that spans 224/256 of the shorter side, scaled to 224; a square of 224 as it is."""
    width, height = image.size
    if width == height == SIDE:
        return image
    side = min(width, height) * SIDE // (SIDE + 32)
    left, top = (width - side + 1) // 2, (height - side + 1) // 2
    return image.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)


def loader_of(files, labels=None, shuffle=False):
    return DataLoader(Photographs(files, labels), batch_size=32, shuffle=shuffle)


@torch.inference_mode()
def extract(model, loader, cut):
    return torch.cat([model.features(images, "input", cut) for images, _ in loader])
