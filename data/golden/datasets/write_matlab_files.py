"""Writes small MATLAB files in the form in which Flowers-102 and Stanford Dogs are published; their readers are tested on
them.

    pip install numpy==2.4.6 scipy
    python data/golden/datasets/write_matlab_files.py
"""

from pathlib import Path

import numpy as np
from scipy.io import savemat

FOLDER = Path(__file__).resolve().parent


def save(name, content, packed=True):
    savemat(FOLDER / name, content, do_compression=packed)


# Three flowers, nine images. Doubles that are small whole numbers are stored as bytes.
save("imagelabels.mat", {"labels": np.array([[1, 1, 1, 2, 2, 2, 3, 3, 3]], dtype=np.float64)})
split = {"trnid": [1, 4, 7], "valid": [2, 5, 8], "tstid": [3, 6, 9]}
save("setid.mat", {name: np.array([ids], dtype=np.uint16) for name, ids in split.items()}, packed=False)


def cells(texts):
    result = np.empty((len(texts), 1), dtype=object)
    result[:, 0] = texts
    return result


def dogs(name, numbers):
    files, labels = [], []
    for label, breed in enumerate(["n02085620-Chihuahua", "n02085782-Japanese_spaniel"], 1):
        for number in numbers:
            files.append(f"{breed}/{breed.split('-')[0]}_{number}.jpg")
            labels.append([label])
    annotations = [file[: -len(".jpg")] for file in files]
    save(name, {"file_list": cells(files), "annotation_list": cells(annotations), "labels": np.array(labels, dtype=np.uint8)})


dogs("train_list.mat", range(10))
dogs("test_list.mat", [10, 11])
