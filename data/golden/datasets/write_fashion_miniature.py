"""Writes fashion-miniature.deb, a Debian package in the form of dataset-fashion-mnist with two images for training and one for
test; the downloader is tested on it. It needs dpkg-deb.

    python data/golden/datasets/write_fashion_miniature.py
"""

import gzip
import os
import struct
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CONTROL = """Package: dataset-fashion-mnist
Version: 0
Architecture: all
Maintainer: nobody
Description: two images for training, one for test
"""


def images(count):
    pixels = bytes((i * 7 + image) % 256 for image in range(count) for i in range(28 * 28))
    return struct.pack(">4I", 0x803, count, 28, 28) + pixels


def labels(values):
    return struct.pack(">2I", 0x801, len(values)) + bytes(values)


with tempfile.TemporaryDirectory() as root:
    data = Path(root, "usr/share/datasets/fashion-mnist")
    data.mkdir(parents=True)
    Path(root, "DEBIAN").mkdir()
    Path(root, "DEBIAN/control").write_text(CONTROL)
    os.chmod(root, 0o755)
    for name, content in {
        "train-images-idx3": images(2),
        "train-labels-idx1": labels([9, 0]),
        "t10k-images-idx3": images(1),
        "t10k-labels-idx1": labels([3]),
    }.items():
        Path(data, f"{name}-ubyte.gz").write_bytes(gzip.compress(content, mtime=0))
    subprocess.check_call(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, str(FOLDER / "fashion-miniature.deb")],
        env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
    )
