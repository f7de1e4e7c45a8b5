"""Checks the codes and places that locate writes, by NumPy: npz-tests.py CODES.npz PLACES.csv MODEL.safetensors"""

import csv
import json
import sys

import numpy as np


def codebook_of(path):
    """Returns w of all units, (rows, columns, D), from a file of the command export."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        tensor = header["som.codebook"]
        begin, end = tensor["data_offsets"]
        file.seek(begin, 1)
        return np.frombuffer(file.read(end - begin), "<f4").reshape(tensor["shape"])


def main(codes_path, places_path, model_path):
    with open(places_path, newline="") as file:
        places = list(csv.DictReader(file))
    arrays = np.load(codes_path)
    w = codebook_of(model_path)
    count = len(places)
    expected = {
        "codes": ("float32", (count, w.shape[2])),
        "rows": ("int32", (count,)),
        "columns": ("int32", (count,)),
        "distances": ("float64", (count,)),
        "clusters": ("int32", (count,)),
    }
    assert {name: (str(arrays[name].dtype), arrays[name].shape) for name in arrays.files} == expected, arrays
    for name in ("row", "column", "distance", "cluster"):
        column = np.array([float(place[name]) for place in places])
        assert (arrays[name + "s"] == column).all(), f"{name} differs from the table"

    # In double; the program computes in single precision, whose rounding shows in the fifth digit.
    codes = arrays["codes"].astype(float)
    distances = np.linalg.norm(codes[:, None, :] - w.reshape(-1, w.shape[2])[None], axis=2)
    own = distances[np.arange(count), arrays["rows"] * w.shape[1] + arrays["columns"]]
    assert np.allclose(arrays["distances"], own, rtol=1e-4, atol=1e-5), "a distance is not that of the code to its unit"
    assert np.allclose(own, distances.min(axis=1), rtol=1e-4, atol=1e-5), "a unit is not the nearest"
    print(f"{count} codes of {w.shape[2]} numbers: their units and distances agree with NumPy {np.__version__}")


if __name__ == "__main__":
    main(*sys.argv[1:])
