"""One case of the bench in PyTorch, written the way people write it."""

import json
import sys

import torch
from efficientnet_lite0 import EfficientNetLite0
from heads import as_tokens, make_head
from photographs import extract, loader_of
from protocol import read_tensors, sample, serve
from torch.nn import functional as F
from transfer import first_tokens, transfer


def main():
    job = json.loads(sys.argv[1])
    torch.set_num_threads(job["threads"])
    torch.manual_seed(0)
    check, run = WORKLOADS[job["work"]["kind"]](job)
    serve(check, run, {"PyTorch": torch.__version__})


def matmul(job):
    a, b = (torch.tensor(each) for each in read_tensors(job["folder"]).values())

    def check():
        return sample((a @ b).numpy())

    return check, lambda: (a @ b, None)[1]


def forward(job):
    model = EfficientNetLite0()
    images = grids(read_tensors(job["folder"])["images"])

    def run():
        with torch.inference_mode():
            model(images)

    def check():
        with torch.inference_mode():
            return sample(model(images).numpy())

    return check, run


def training_step(job):
    """Backbone from a cut point (or none), pooling, classifier, cross-entropy, Adam."""
    work = job["work"]
    tensors = read_tensors(job["folder"])
    x = grids(tensors["grids"])
    labels = torch.arange(work["batch"]) % job["classes"]
    head = make_head(work["pooling"], work["channels"], job["classes"], job["attentionUnits"])
    head.load([torch.tensor(tensors[f"head_{i}"]) for i in range(6) if f"head_{i}" in tensors])
    parameters = [*head.parameters()]
    start = work.get("from")
    if start:
        network = EfficientNetLite0()
        parameters += network.parameters_between(start, "head")
    optimiser = torch.optim.Adam(parameters, lr=work["learningRate"])

    def run():
        optimiser.zero_grad()
        features = network.features(x, start) if start else x
        loss = F.cross_entropy(head(as_tokens(features)), labels)
        loss.backward()
        optimiser.step()
        return loss.item()

    return lambda: [run() for _ in range(job["checkedSteps"])], run


def extraction(job):
    model = EfficientNetLite0()
    cut = job["work"]["to"]
    loader = loader_of(job["images"])

    def run():
        extract(model, loader, cut)

    def check():
        return sample(extract(model, loader_of(job["images"][:16]), cut).permute(0, 2, 3, 1).numpy())

    return check, run


def whole_transfer(job):
    return lambda: sample(first_tokens(job).numpy()), lambda: transfer(job)


def grids(array):
    """`[batch, rows, columns, channels]`, TensorFlow's order, in PyTorch's."""
    return torch.tensor(array).permute(0, 3, 1, 2).contiguous()


WORKLOADS = {
    "matmul": matmul,
    "forward": forward,
    "step": training_step,
    "extraction": extraction,
    "transfer": whole_transfer,
}

if __name__ == "__main__":
    main()
