"""What both scripts that write goldens need of their peers."""

import torch
from formula import drawn, drawn_tensor

CLASSES = 10

# timm imports torchvision, which PyPI has built for CUDA: beside a torch without it, its detection operations are missing, and
# it wants two of them declared before. No classifier uses them.
detection = torch.library.Library("torchvision", "DEF")
for operation in ("nms", "qnms"):
    detection.define(f"{operation}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


def fill(model, name_in_file=lambda name: name):
    """Draws every number of a model from the name that its tensor has in a file, and its place there."""
    for name, tensor in model.state_dict().items():
        if tensor.dtype.is_floating_point:
            tensor.copy_(torch.from_numpy(drawn_tensor(name_in_file(name), tuple(tensor.shape))))
    return model.double().eval()


def picture(side):
    """Preprocessed pixels, [1, side, side, 3]."""
    return torch.from_numpy(drawn("picture", side * side * 3, 2).reshape(1, side, side, 3)).double()
