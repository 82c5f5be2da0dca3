"""Numbers that both sides of a comparison make for themselves, so that no weights need be committed.

`drawn-weights.fixture.ts` computes the same.
"""

import numpy as np

UINT = np.uint32


def drawn(name, count, scale=1.0, offset=0.0):
    """Stream of numbers in -1 ... 1: FNV-1a of the name, counted on, mixed as the end of MurmurHash3 does."""
    start = 0x811C9DC5
    for byte in name.encode():
        start = ((start ^ byte) * 0x01000193) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        bits = UINT(start) + np.arange(count, dtype=UINT) * UINT(0x9E3779B9)
        bits = (bits ^ (bits >> UINT(16))) * UINT(0x85EBCA6B)
        bits = (bits ^ (bits >> UINT(13))) * UINT(0xC2B2AE35)
    bits ^= bits >> UINT(16)
    return (offset + scale * ((bits >> UINT(8)) / 2**23 - 1)).astype(np.float32)


def drawn_tensor(name, shape):
    """A tensor of a network whose activations neither vanish nor grow."""
    count = int(np.prod(shape))
    last = name.replace("/", ".").rsplit(".", 1)[-1]
    if last in ("running_var", "moving_variance"):
        values = drawn(name, count, 0.5, 1)
    elif len(shape) == 1:
        values = drawn(name, count, 0.2, 1 if last in ("weight", "gamma", "lambda1") else 0)
    elif len(shape) == 3:
        values = drawn(name, count)
    else:
        out = (shape[2] if last == "depthwise_kernel" else shape[-1]) if "/" in name else shape[0]
        values = drawn(name, count, np.sqrt((6 if len(shape) == 4 else 3) * out / count))
    return values.reshape(shape)


def summary(values, samples):
    """Mean, largest magnitude, and samples spread over the tensor, row-major in TensorFlow's order of axes."""
    values = np.ascontiguousarray(values).reshape(-1).astype(np.float64)
    picked = [values[(i * 7919) % values.size] for i in range(samples)]
    rounded = lambda number: float(f"{number:.8g}")
    return {
        "mean": rounded(values.mean()),
        "largest": rounded(np.abs(values).max()),
        "samples": [rounded(number) for number in picked],
    }
