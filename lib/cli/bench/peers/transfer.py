"""A transfer to a small target domain as a plain PyTorch script: every epoch goes through the whole network,
its frozen part included, and starts from the image files.
"""

import copy

import torch
from efficientnet_lite0 import EfficientNetLite0
from heads import as_tokens, make_head
from photographs import loader_of
from torch.nn import functional as F


def transfer(job):
    """Fits every line and returns its accuracies on the test part, each looked at once."""
    return [fit(job, line) for line in job["lines"]]


def fit(job, line):
    regime = line["regime"]
    plan = regime["plan"]
    network = EfficientNetLite0().requires_grad_(False)
    tuned = network.parameters_between(regime["frozenUpTo"], regime["pooledAt"])
    for parameter in tuned:
        parameter.requires_grad_(True)
    head = make_head(line["pooling"], line["channels"], job["classes"], job["attentionUnits"])
    optimiser = torch.optim.Adam(
        [
            {"params": head.parameters(), "lr": plan["headLearningRate"]},
            {"params": tuned, "lr": plan.get("stageLearningRate", 0)},
        ]
    )

    def predict(images):
        with torch.no_grad():
            features = network.features(images, "input", regime["frozenUpTo"])
        if tuned:
            features = network.features(features, regime["frozenUpTo"], regime["pooledAt"])
        return head(as_tokens(features))

    loaders = {name: loader_of(part["files"], part["labels"], name == "train") for name, part in job["parts"].items()}
    best = None
    for _ in range(plan["epochs"]):
        for images, labels in loaders["train"]:
            optimiser.zero_grad()
            loss = F.cross_entropy(predict(images), labels)
            loss.backward()
            optimiser.step()
        accuracy, loss = evaluate(predict, loaders["validation"])
        if best is None or (accuracy, -loss) > best[:2]:
            best = (accuracy, -loss, copy.deepcopy([network.state_dict(), head.state_dict()]))
    network.load_state_dict(best[2][0])
    head.load_state_dict(best[2][1])
    return evaluate(predict, loaders["test"])[0]


@torch.no_grad()
def evaluate(predict, loader):
    right, loss, count = 0, 0.0, 0
    for images, labels in loader:
        logits = predict(images)
        right += (logits.argmax(1) == labels).sum().item()
        loss += F.cross_entropy(logits, labels, reduction="sum").item()
        count += len(labels)
    return right / count, loss / count


@torch.inference_mode()
def first_tokens(job):
    """What the frozen network makes of the first images, at the last cut point: `[images, rows, columns, channels]`."""
    images, _ = next(iter(loader_of(job["parts"]["train"]["files"][:8])))
    return EfficientNetLite0().features(images).permute(0, 2, 3, 1)
