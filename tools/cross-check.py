"""Computes the scores of a run with NumPy, SciPy and scikit-learn and compares them: cross-check.py FOLDER, of tools/cross-check.sh"""

import csv
import json
import re
import sys
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, ward
from scipy.linalg import sqrtm
from scipy.special import logsumexp, softmax
from scipy.stats import entropy, mannwhitneyu, multivariate_normal
from sklearn.cluster import KMeans
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, pairwise_distances, silhouette_samples
from sklearn.metrics.cluster import contingency_matrix
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.preprocessing import normalize

RELATIVE = 1e-6  # bound of the relative difference of a score
NETWORK = 1e-4  # bound of the difference of an element of a network's output, which the program computes in single precision
NEIGHBORS = 10  # of trustworthiness and continuity
FIRST = 2000  # images of trustworthiness and continuity
ENCODED = 256  # images that the networks encode here, whose windows take the most time and memory
BALL = 5  # neighbor that defines the radius of a ball

differences = {}
failures = []


def compare(name, program, independent, bound=RELATIVE):
    """Notes the relative difference of a score, or of the element of an array that differs most."""
    program, independent = np.asarray(program, float), np.asarray(independent, float)
    scale = np.maximum(np.abs(independent), 1e-12)
    difference = float(np.max(np.abs(program - independent) / scale))
    note(name, difference, bound)


def note(name, difference, bound):
    differences[name] = max(differences.get(name, 0), difference)
    if not difference <= bound:
        failures.append(f"{name}: {difference:.2g} is beyond {bound:g}")


def published_networks():
    """Returns the functions of the section "Architecture" of docs/FORMATS.md: load, encode, decode and their parts."""
    page = (Path(__file__).parent.parent / "docs/FORMATS.md").read_text(encoding="utf-8")
    functions = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        if "def " in block:
            exec(block, functions)
    return functions


class Grid:
    """Distances of the units on the map: of a torus the smallest over all ways around it."""

    def __init__(self, rows, columns, hexagons, torus):
        row, column = np.divmod(np.arange(rows * columns), columns)
        height = np.sqrt(3) / 2 if hexagons else 1
        x, y = column + (0.5 * (row % 2) if hexagons else 0), row * height
        around = (-1, 0, 1) if torus else (0,)
        squared = [
            (x[:, None] - x + i * columns) ** 2 + (y[:, None] - y + j * rows * height) ** 2 for i in around for j in around
        ]
        # All are multiples of a quarter: equal distances must be equal numbers.
        self.squared = np.round(4 * np.min(squared, axis=0)) / 4


def features_of_classifier(tensors, images):
    """Computes features and probabilities from images (N, C, S, S), layer by layer."""
    x = images
    for layer, stride in (("conv1", 1), ("conv2", 2), ("conv3", 2)):
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (2, 3))[:, :, ::stride, ::stride]
        x = np.einsum("nchwij,ocij->nohw", windows, tensors[f"{layer}.weight"].astype(float), optimize=True)
        x = np.maximum(x + tensors[f"{layer}.bias"][:, None, None], 0)
    features = np.maximum(x.reshape(len(x), -1) @ tensors["features.weight"].T.astype(float) + tensors["features.bias"], 0)
    return features, softmax(features @ tensors["scores.weight"].T.astype(float) + tensors["scores.bias"], axis=1)


def check_labels(scores, test, train):
    """Agreement of units and labels, of the test images, the training images and both."""
    both = {name: np.concatenate([train[name], test[name]]) for name in ("units", "labels")}
    for suffix, images in (("", test), ("_training", train), ("_all", both)):
        units, labels = images["units"], images["labels"]
        compare("nmi", scores["nmi" + suffix], normalized_mutual_info_score(labels, units))
        compare("nmi_geometric", scores["nmi_geometric" + suffix], normalized_mutual_info_score(labels, units, average_method="geometric"))
        compare("purity", scores["purity" + suffix], contingency_matrix(labels, units).max(axis=0).sum() / len(labels))
    majority = {unit: np.bincount(train["labels"][train["units"] == unit]).argmax() for unit in np.unique(train["units"])}
    right = [majority.get(unit, -1) == label for unit, label in zip(test["units"], test["labels"])]
    compare("unit_label_accuracy", scores["unit_label_accuracy"], np.mean(right))


def check_map(scores, test, codebook, grid, hexagons):
    """Scores of the map on the codes of the test images."""
    codes = test["codes"].astype(float)
    distances = pairwise_distances(codes, codebook)
    best, second = np.argsort(distances, axis=1, kind="stable")[:, :2].T
    note("BMU", float((best != test["units"]).mean()), 0)
    squared = grid.squared[best, second]
    if hexagons:
        compare("te6", scores["te6"], (squared > 1).mean())
    else:
        compare("te4", scores["te4"], (squared > 1).mean())
        compare("te8", scores["te8"], (squared > 2).mean())
    compare("quantization_error", scores["quantization_error"], distances.min(axis=1).mean())
    hits = np.bincount(best, minlength=len(codebook))
    compare("units_used", scores["units_used"], (hits > 0).sum())
    compare("perplexity", scores["perplexity"], np.exp(entropy(hits)))
    between = pairwise_distances(codebook)
    neighbors = np.triu(grid.squared == 1)
    compare("quantization_ratio", scores["quantization_ratio"], distances.min(axis=1).mean() / between[neighbors].mean())
    compare("topographic_product", scores["topographic_product"], topographic_product(between, np.sqrt(grid.squared)))
    kept = slice(FIRST)
    trust, continuity = preservation(codes[kept], grid.squared[best[kept]][:, best[kept]])
    compare("trustworthiness", scores["trustworthiness"], trust)
    compare("continuity", scores["continuity"], continuity)

    # The order of the ties is the only part that scikit-learn does not compute: without ties both must agree.
    plane = codes[kept, :2]
    own, _ = preservation(codes[kept], pairwise_distances(plane))
    compare("trustworthiness of two elements", own, trustworthiness(codes[kept], plane, n_neighbors=NEIGHBORS))


def preservation(samples, on_map):
    """Computes trustworthiness and continuity: of tied places the mean of the best and of the worst order."""
    count, k = len(samples), NEIGHBORS
    in_space = pairwise_distances(samples)
    intruders = missing = 0.0
    for n in range(count):
        others = np.delete(np.arange(count), n)
        rank = np.empty(count)
        rank[others[np.argsort(in_space[n, others], kind="stable")]] = np.arange(1, count)
        is_near = rank[others] <= k
        cost = np.maximum(rank[others] - k, 0)
        places = on_map[n, others]
        for sign in (1, -1):
            order = np.lexsort((sign * cost, places))
            intruders += cost[order[:k]].sum() / 2
            ranks = 1 + np.flatnonzero(is_near[np.lexsort((-sign * is_near, places))])
            missing += np.maximum(ranks - k, 0).sum() / 2
    scale = 2 / (count * k * (2 * count - 3 * k - 1))
    return 1 - scale * intruders, 1 - scale * missing


def topographic_product(of_vectors, on_grid):
    """Computes P of Bauer and Pawelzik, logarithms of units at equal distances on the grid averaged over their orders."""
    units = len(of_vectors)
    total = 0.0
    for unit in range(units):
        others = np.delete(np.arange(units), unit)
        d, g = of_vectors[unit, others], on_grid[unit, others]
        by_vectors = np.argsort(d, kind="stable")
        by_grid = np.argsort(g, kind="stable")
        ties = [np.flatnonzero(g == distance) for distance in g[by_grid]]
        d_by_grid = np.array([np.log(d[tie]).mean() for tie in ties])
        logs = d_by_grid + np.log(g[by_grid]) - np.log(d[by_vectors]) - np.log(g[by_vectors])
        total += (np.cumsum(logs) / (2 * np.arange(1, units))).sum()
    return total / (units * (units - 1))


def check_clusters(folder, codebook):
    """Clusters of the units by Ward's method, and the silhouette widths."""
    with open(folder / "map/clusters.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    clusters = np.array([int(row["cluster"]) for row in rows])
    assert clusters.max() > 0, "there is one cluster, which has no silhouette"
    compare("silhouette", [float(row["silhouette"]) for row in rows], silhouette_samples(codebook, clusters))
    own = fcluster(ward(codebook), clusters.max() + 1, "maxclust")
    compare("Ward's clusters", 1, adjusted_rand_score(own, clusters))


def check_networks(folder, scores, config, inputs, test, codebook):
    """Forward passes: codes, images and their errors, probabilities of the attention, features of the classifier."""
    networks = published_networks()
    tensors = {name: tensor.astype(float) for name, tensor in networks["load"](folder / "model.safetensors").items()}
    images = inputs["pixels_test"].reshape(-1, 1, 28, 28) / 255
    encoded = networks["encode"](tensors, images[:ENCODED])
    note("codes", np.abs(encoded - test["codes"][:ENCODED]).max(), NETWORK)
    decode = lambda codes: networks["decode"](tensors, codes)
    made = decode(test["codes"].astype(float))
    error_bytes = np.abs(np.rint(255 * made).reshape(len(made), -1) - inputs["pixels_reconstructions"]).max()
    note("bytes of a decoded image", float(error_bytes), 1)
    units = decode(codebook)
    compare("mse_e", scores["mse_e"], ((made - images) ** 2).mean())
    compare("mse_q", scores["mse_q"], ((units[test["units"]] - images) ** 2).mean())

    # Units that are less like all training images than 95 % of the reconstructions of test images are.
    direction = lambda rows: normalize(rows.reshape(len(rows), -1))
    train = direction(inputs["pixels_train"] / 255)
    real = np.sort(pairwise_distances(direction(made[:1000]), train).min(axis=1))
    bound = real[int(np.ceil(0.95 * len(real))) - 1]
    compare("units_off_data", scores["units_off_data"], (pairwise_distances(direction(units), train).min(axis=1) > bound).mean())

    first = images[: config["settings"]["batch_size"]]
    plain = {name: tensor for name, tensor in tensors.items() if not name.startswith("attention")}
    tokens = networks["encode"](plain, first).reshape(len(first), 8, -1)
    x = networks["linear"](tensors, "attention.embed", tokens) + tensors["attention.position"]
    z = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    z = z * tensors["attention.norm.weight"] + tensors["attention.norm.bias"]
    query, key, _ = (networks["heads"](part) for part in np.split(z @ tensors["attention.in_proj_weight"].T, 3, axis=-1))
    weights = softmax(query @ key.swapaxes(-1, -2) / np.sqrt(8), axis=-1)
    compare("attention_entropy", scores["attention_entropy"], entropy(weights, axis=-1).mean() / np.log(8))

    features, probabilities = features_of_classifier(networks["load"](folder / "classifier.safetensors"), images[:ENCODED])
    note("features", np.abs(features - inputs["features_test"][:ENCODED]).max() / features.max(), NETWORK)
    note("probabilities", np.abs(probabilities - inputs["probabilities_test"][:ENCODED]).max(), NETWORK)


def frechet(a, b):
    root = sqrtm(np.cov(a, rowvar=False) @ np.cov(b, rowvar=False))
    apart = ((a.mean(axis=0) - b.mean(axis=0)) ** 2).sum()
    return apart + np.trace(np.cov(a, rowvar=False)) + np.trace(np.cov(b, rowvar=False)) - 2 * np.trace(root).real


def inception(probabilities, splits=10):
    count = len(probabilities)
    parts = [probabilities[n * count // splits : (n + 1) * count // splits] for n in range(splits)]
    scores = [np.exp(entropy(part, part.mean(axis=0)[None], axis=1).mean()) for part in parts]
    return np.mean(scores), np.std(scores)


def kernel_distance(a, b):
    within = [(kernel.sum() - np.trace(kernel)) / (len(kernel) * (len(kernel) - 1)) for kernel in map(polynomial_kernel, (a, b))]
    return sum(within) - 2 * polynomial_kernel(a, b).mean()


def check_samples(scores, inputs):
    """Scores of generated images, from the features of the classifier."""
    features = {name[9:]: inputs[name] for name in inputs.files if name.startswith("features_")}
    pixels = {name: inputs[f"pixels_{name}"] / 255 for name in features}
    real = features["test"]
    compare("fcd_reconstructions", scores["fcd_reconstructions"], frechet(features["reconstructions"], real))
    compare("fcd_real", scores["fcd_real"], frechet(features["train"][inputs["fcd_train"]], real))
    values = np.maximum(np.linalg.eigvalsh(np.cov(real, rowvar=False)), 1e-300)
    pairs = np.outer(values, values) * (1 + np.eye(len(values))) / (2 * np.add.outer(values, values))
    compare("fcd_floor", scores["fcd_floor"], (values.sum() + pairs.sum()) * 2 / len(real))
    compare("is_real", scores["is_real"], inception(inputs["probabilities_test"])[0])
    to_train = lambda images: pairwise_distances(images[:1000], pixels["train"]).min(axis=1)
    test_distances = to_train(pixels["test"])
    radius = lambda rows: np.sort(pairwise_distances(rows), axis=1)[:, BALL]
    for scored in scores["samplers"]:
        name, own = scored["sampler"], scored["scores"]
        made = features[name]
        compare("fcd_samples", own["fcd_samples"], frechet(made, real))
        kid = [kernel_distance(made[a], real[b]) for a, b in zip(inputs["kid_made"], inputs["kid_test"])]
        compare("kid_samples", own["kid_samples"], np.mean(kid))
        compare("kid_deviation", own["kid_deviation"], np.std(kid))
        compare("is_samples", [own["is_samples"], own["is_deviation"]], inception(inputs[f"probabilities_{name}"]))
        distances = pairwise_distances(real, made)
        in_real = distances < radius(real)[:, None]
        compare("precision", own["precision"], in_real.any(axis=0).mean())
        compare("recall", own["recall"], (distances < radius(made)).any(axis=1).mean())
        compare("density", own["density"], in_real.sum() / (BALL * len(made)))
        compare("coverage", own["coverage"], in_real.any(axis=1).mean())
        made_distances = to_train(pixels[name])
        bound = np.sort(test_distances)[int(0.01 * len(test_distances))]
        compare("copy_share", own["copy_share"], (made_distances < bound).mean())
        above = mannwhitneyu(test_distances, made_distances).statistic / (len(test_distances) * len(made_distances))
        compare("closer_pairs", own["closer_pairs"], above)
    for key in ("fcd_samples", "kid_samples", "precision", "coverage"):
        assert scores[key] == scores["samplers"][0]["scores"][key], f"{key} is not that of the first sampler"


def check_fits(inputs, codes):
    """K-means from the same first centers, and the likelihood of a mixture."""
    codes = codes.astype(float)
    steps = int(inputs["kmeans_steps"][0])
    fit = KMeans(len(inputs["kmeans_first"]), init=inputs["kmeans_first"].astype(float), n_init=1, max_iter=max(1, steps - 2), tol=0)
    compare("inertia of k-means", inputs["kmeans_error"][0], fit.fit(codes).inertia_ / len(codes))
    nearest = pairwise_distances(codes, inputs["kmeans_centers"]).min(axis=1)
    compare("inertia of the centers", inputs["kmeans_error"][1], (nearest**2).mean())
    weights, means = inputs["mixture_weights"], inputs["mixture_means"]
    logs = []
    for weight, mean, triangle in zip(weights, means, inputs["mixture_factors"]):
        factor = np.zeros((len(mean), len(mean)))
        factor[np.tril_indices(len(mean))] = triangle
        logs.append(np.log(weight) + multivariate_normal(mean, factor @ factor.T).logpdf(codes))
    compare("likelihood of the mixture", inputs["mixture_likelihood"][0], logsumexp(logs, axis=0).mean())


def main(folder):
    folder = Path(folder)
    scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    options = config["settings"].get("map_options", {})
    inputs, test, train = (np.load(folder / f"{name}.npz") for name in ("inputs", "test", "train"))
    rows, columns, dimension = test["codebook"].shape
    codebook = test["codebook"].reshape(-1, dimension).astype(float)
    hexagons = options.get("lattice") == "hexagon"
    grid = Grid(rows, columns, hexagons, options.get("torus", False))
    check_labels(scores, test, train)
    check_map(scores, test, codebook, grid, hexagons)
    check_clusters(folder, codebook)
    check_networks(folder, scores, config, inputs, test, codebook)
    check_samples(scores, inputs)
    check_fits(inputs, train["codes"])

    # Every score must have been computed here.
    facts = {"run", "epoch", "step", "images", "samplers", "sampler", "samples", "not_scored", "seed", "classifier"}
    facts |= {"data", "data_sha256", "sha256"}
    numbers = {key for key, value in scores.items() if value is not None} - facts
    left = {key for key in numbers if re.sub("_(all|training|deviation)$", "", key) not in differences and key not in differences}
    left -= {"is_deviation"}
    assert not left, f"nothing computes {sorted(left)}"
    for name, difference in differences.items():
        print(f"{name:32} {difference:.1e}")
    assert not failures, failures


if __name__ == "__main__":
    main(*sys.argv[1:])
