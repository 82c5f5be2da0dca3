"""The forward cases in onnxruntime, on the network as `export_onnx.py` wrote it."""

import json
import sys

import numpy as np
import onnxruntime
from protocol import read_tensors, sample, serve


def main():
    job = json.loads(sys.argv[1])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = job["threads"]
    session = onnxruntime.InferenceSession(job["onnx"], options, providers=["CPUExecutionProvider"])
    images = np.ascontiguousarray(read_tensors(job["folder"])["images"].transpose(0, 3, 1, 2))

    def run():
        session.run(None, {"images": images})

    def check():
        return sample(session.run(None, {"images": images})[0])

    serve(check, run, {"onnxruntime": onnxruntime.__version__})


main()
