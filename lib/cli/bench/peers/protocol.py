"""How a peer talks with the bench: one line of JSON a question on stdin, one line a reply on stdout."""

import json
import struct
import sys
import time
from pathlib import Path

import numpy as np

# What marks a reply among whatever else a library may print.
MARK = "@reply "


def serve(check, run, versions):
    """Answers until stdin ends: `check` gives numbers that both sides must agree in, `run` is what is timed."""
    reply({"ready": True, "versions": versions})
    for line in sys.stdin:
        question = json.loads(line)
        if question["ask"] == "check":
            reply({"values": [float(value) for value in check()]})
        elif question["ask"] == "run":
            result = None
            start = time.perf_counter()
            for _ in range(question["calls"]):
                result = run()
            milliseconds = (time.perf_counter() - start) * 1000 / question["calls"]
            reply({"milliseconds": milliseconds, "result": result})
        else:
            reply({"megabytes": peak_memory()})


def reply(message):
    print(MARK + json.dumps(message), flush=True)


def peak_memory():
    """The most memory that this process ever held, in megabytes; None on Windows, which does not say."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def read_tensors(folder):
    """The inputs that the bench wrote, in the safetensors format: float32 arrays by name."""
    data = (Path(folder) / "inputs.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    entries = json.loads(data[8 : 8 + length])
    start = 8 + length

    def array(entry):
        begin, end = entry["data_offsets"]
        return np.frombuffer(data[start + begin : start + end], np.float32).reshape(entry["shape"])

    return {name: array(entry) for name, entry in entries.items() if name != "__metadata__"}


def sample(values, most=4096):
    """Values spread evenly over an array of any size; the bench takes the same."""
    flat = np.ascontiguousarray(values).reshape(-1)
    return flat[:: -(-flat.size // most)]
