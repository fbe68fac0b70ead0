"""Mesure nn_core et ses voisins dans la même exécution, en alternant, et écrit le tableau.

    cargo bench --bench mlp --no-run
    python benches/peers.py CHEMIN_DU_BANC [benches/resultats.md]

NumPy et scikit-learn toujours ; PyTorch s'il est installé. Un fil d'exécution chacun. Chaque temps est le
plus court de ses essais : le bruit ne fait qu'ajouter.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = os.environ.get("FILS", "1")

import json
import platform
import subprocess
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

try:
    import torch

    torch.set_num_threads(int(os.environ.get("FILS", "1")))
except ImportError:
    torch = None

ROUNDS = 8
NETWORKS = [  # (couches, lot, type, pas par essai)
    *(([64, 32, 10], batch, dtype, 200) for batch in (32, 128) for dtype in ("f32", "f64")),
    *(([784, 128, 10], batch, "f32", 20) for batch in (32, 128)),
    ([784, 512, 256, 10], 128, "f32", 3),
]


def tutorial():
    """Les 1500 pas du tutoriel, comme sa classe les écrirait, biais compris."""
    x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
    y = np.array([[0], [1], [1], [0]], dtype=float)
    rng = np.random.RandomState(0)
    w1, b1, w2, b2 = rng.rand(3, 4), np.zeros(4), rng.rand(4, 1), np.zeros(1)

    def run():
        nonlocal w1, b1, w2, b2
        for _ in range(1500):
            a1 = 1 / (1 + np.exp(-(x @ w1 + b1)))
            a2 = 1 / (1 + np.exp(-(a1 @ w2 + b2)))
            d2 = -2 * (y - a2) * a2 * (1 - a2)
            d1 = d2 @ w2.T * a1 * (1 - a1)
            g2, g1 = a1.T @ d2, x.T @ d1
            w2, b2 = w2 - g2, b2 - d2.sum(axis=0)
            w1, b1 = w1 - g1, b1 - d1.sum(axis=0)

    return run


def numpy_steps(sizes, batch, dtype, count):
    """Des pas ReLU, softmax, entropie croisée, SGD, sur place."""
    rng, kind = np.random.RandomState(0), {"f32": np.float32, "f64": np.float64}[dtype]
    weights = [(rng.randn(n, h) / n**0.5).astype(kind) for n, h in zip(sizes, sizes[1:])]
    biases = [np.zeros(h, kind) for h in sizes[1:]]
    x, y = rng.rand(batch, sizes[0]).astype(kind), np.eye(sizes[-1], dtype=kind)[np.arange(batch) % sizes[-1]]
    rate = kind(0.01)

    def run():
        for _ in range(count):
            a = [x]
            for w, b in zip(weights[:-1], biases):
                a.append(np.maximum(a[-1] @ w + b, 0))
            z = a[-1] @ weights[-1] + biases[-1]
            z -= z.max(axis=1, keepdims=True)
            e = np.exp(z)
            s = e.sum(axis=1, keepdims=True)
            (np.log(s[:, 0]) - (z * y).sum(axis=1)).mean()
            delta = (e / s - y) / kind(batch)
            for layer in range(len(weights) - 1, -1, -1):
                gradient, bias = a[layer].T @ delta, delta.sum(axis=0)
                if layer:
                    delta = delta @ weights[layer].T * (a[layer] > 0)
                weights[layer] -= rate * gradient
                biases[layer] -= rate * bias

    return run


def torch_steps(sizes, batch, dtype, count):
    kind = {"f32": torch.float32, "f64": torch.float64}[dtype]
    modules = []
    for n, h in zip(sizes, sizes[1:]):
        modules += [torch.nn.Linear(n, h, dtype=kind), torch.nn.ReLU()]
    model = torch.nn.Sequential(*modules[:-1])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x, y = torch.rand(batch, sizes[0], dtype=kind), torch.arange(batch) % sizes[-1]

    def run():
        for _ in range(count):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

    return run


def digits():
    """Trente époques de MLPClassifier, au même travail."""
    import gzip
    from pathlib import Path

    lines = gzip.open(Path(__file__).parents[1] / "src/datasets/optdigits.tra.gz", "rt").read().split()
    table = np.array([line.split(",") for line in lines], dtype=float)
    x, y = table[:, :64] / 16, table[:, 64].astype(int)

    def run():
        model = MLPClassifier((30,), max_iter=30, batch_size=200, tol=0, n_iter_no_change=100, random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x.astype(np.float32), y)

    return run


def peak():
    """Le plus grand débit d'un produit de matrices de NumPy, en opérations par seconde."""
    a = np.random.rand(1024, 1024).astype(np.float32)
    return lambda: a @ a


def main():
    bench = sys.argv[1]
    works = {("tutorial", "NumPy"): (tutorial(), 1), ("optdigits 30", "scikit-learn"): (digits(), 1), ("peak", "NumPy"): (peak(), 1)}
    for sizes, batch, dtype, count in NETWORKS:
        name = f"{'-'.join(map(str, sizes))} {batch} {dtype}"
        works[name, "NumPy"] = (numpy_steps(sizes, batch, dtype, count), count)
        if torch:
            works[name, "PyTorch"] = (torch_steps(sizes, batch, dtype, count), count)
    best, ours = {}, {}
    for _ in range(ROUNDS):
        for name, seconds in json.loads(subprocess.check_output([bench, "--json"], text=True)).items():
            ours[name] = min(ours.get(name, seconds), seconds)
        for key, (run, count) in works.items():
            start = time.perf_counter()
            run()
            seconds = (time.perf_counter() - start) / count
            best[key] = min(best.get(key, seconds), seconds)
    versions = f"NumPy {np.__version__}, scikit-learn {sklearn.__version__}"
    versions += f", PyTorch {torch.__version__.split('+')[0]}" if torch else ""
    lines = [f"{platform.machine()}, {os.environ['OMP_NUM_THREADS']} fil(s) ; {versions}.", ""]
    lines += ["| travail | nous (µs) | voisin | son temps (µs) | rapport |", "|---|---|---|---|---|"]
    for name, own in ours.items():
        reference = {"tutorial NeuralNetwork": "tutorial", "tutorial Mlp": "tutorial"}.get(name, name)
        for (work, peer), seconds in best.items():
            if work == reference:
                lines.append(f"| {name} | {own * 1e6:.1f} | {peer} | {seconds * 1e6:.1f} | {seconds / own:.2f} |")
    ratio = ours["tutorial Mlp"] / ours["tutorial exponentials"]
    lines.append(f"\nLe tutoriel par `Mlp` : {ratio:.2f} fois le temps de ses 30 000 exponentielles.")
    operations = 2 * 1024**3 / best["peak", "NumPy"]
    sizes = [784, 512, 256, 10]
    # Deux opérations par poids et par exemple : propager, gradient, et δ sauf pour la première couche.
    products = 2 * 128 * (3 * sum(n * h for n, h in zip(sizes, sizes[1:])) - 784 * 512)
    rate = products / ours["784-512-256-10 128 f32"]
    lines.append(f"Pic du produit de matrices : {operations / 1e9:.1f} Gflop/s ; un pas entier : {rate / 1e9:.1f}, soit {100 * rate / operations:.0f} %.")
    text = "\n".join(lines) + "\n"
    print(text)
    if len(sys.argv) > 2:
        open(sys.argv[2], "w", encoding="utf-8").write(text)


main()
