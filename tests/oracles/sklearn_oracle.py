"""Refait tests/oracles/sklearn.json : les mesures de scikit-learn et les fichiers de safetensors.

Depuis la racine du projet, avec Python 3.11 ou plus récent :

    python -m pip install --require-hashes -r tests/oracles/requirements-sklearn.txt
    python tests/oracles/sklearn_oracle.py

Les chiffres lus sont ceux que nn_core embarque ; leur partie de test est comparée à la
copie de scikit-learn.
"""

import base64
import gzip
import hashlib
import math
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy
import scipy
import sklearn
from scipy.stats import binomtest
from sklearn.datasets import load_digits, make_moons
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from oracle_file import save

DATASETS = Path(__file__).parents[2] / "src" / "data" / "datasets"


def digits(name):
    """Les pixels et les classes d'un des deux fichiers embarqués."""
    with gzip.open(DATASETS / name, "rt", encoding="ascii") as file:
        rows = np.loadtxt(file, delimiter=",")
    return rows[:, :64], rows[:, 64].astype(int)


def described(x, labels):
    """De quoi reconnaître un jeu de données sans le recopier."""
    return {
        "shape": list(x.shape),
        "class_counts": np.bincount(labels).tolist(),
        "column_sums": x.sum(axis=0).tolist(),
        "last_row": x[-1].tolist(),
        "first_labels": labels[:20].tolist(),
    }


def without_nan(values):
    return [None if math.isnan(value) else value for value in values.tolist()]


def classification(expected, predicted, classes):
    labels = list(range(classes))
    precision, recall, f1, support = precision_recall_fscore_support(
        expected, predicted, labels=labels, zero_division=np.nan
    )
    return {
        "expected": [int(label) for label in expected],
        "predicted": [int(label) for label in predicted],
        "classes": classes,
        "confusion": confusion_matrix(expected, predicted, labels=labels).tolist(),
        "accuracy": accuracy_score(expected, predicted),
        "precision": without_nan(precision),
        "recall": without_nan(recall),
        "f1": without_nan(f1),
        "support": support.tolist(),
    }


def drawn_classification(seed, examples, classes):
    """Deux réponses sur trois sont justes, à peu près."""
    np.random.seed(seed)
    expected = np.random.randint(0, classes, examples)
    guessed = np.random.randint(0, classes, examples)
    return classification(expected, np.where(np.random.rand(examples) < 0.6, expected, guessed), classes)


def wilson(hits, total):
    interval = binomtest(hits, total).proportion_ci(0.95, method="wilson")
    return {"hits": hits, "total": total, "low": interval.low, "high": interval.high}


def moons(examples):
    x, labels = make_moons(examples, shuffle=False, noise=None)
    return {"examples": examples, "x": x.tolist(), "labels": labels.tolist()}


def checksum(tensors):
    """L'empreinte que nn_core met dans les métadonnées d'un fichier."""
    content = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        dtype = {"float32": "F32", "float64": "F64"}[str(tensor.dtype)]
        content.update(f"{name}\0{dtype}\0{list(tensor.shape)}\n".encode())
        content.update(tensor.tobytes())
    return content.hexdigest()


def weights(dtype):
    """Un réseau 3-4-2 rangé comme PyTorch le range, où une couche calcule x·Wᵀ + b."""
    np.random.seed(6)
    shapes = {"0.weight": (4, 3), "0.bias": (4,), "2.weight": (2, 4), "2.bias": (2,)}
    tensors = {name: (4 * np.random.rand(*shape) - 2).astype(dtype) for name, shape in shapes.items()}
    x = np.random.rand(5, 3)
    wide = {name: tensor.astype(np.float64) for name, tensor in tensors.items()}
    hidden = 1 / (1 + np.exp(-(x @ wide["0.weight"].T + wide["0.bias"])))
    output = 1 / (1 + np.exp(-(hidden @ wide["2.weight"].T + wide["2.bias"])))
    files = {
        "plain": safetensors.numpy.save(tensors),
        "with_checksum": safetensors.numpy.save(tensors, metadata={"sha256": checksum(tensors)}),
    }
    return {
        "dtype": dtype,
        "x": x.tolist(),
        "weights1": wide["0.weight"].T.tolist(),
        "output": output.tolist(),
        **{name: base64.b64encode(file).decode() for name, file in files.items()},
    }


train, train_labels = digits("optdigits.tra.gz")
test, test_labels = digits("optdigits.tes.gz")
copy = load_digits()
assert np.array_equal(test, copy.data) and np.array_equal(test_labels, copy.target)

nearest = KNeighborsClassifier(n_neighbors=1, algorithm="brute").fit(train, train_labels)
scaler = StandardScaler().fit(train)

save(
    "sklearn.json",
    "python tests/oracles/sklearn_oracle.py",
    {
        "scikit-learn": sklearn.__version__,
        "SciPy": scipy.__version__,
        "NumPy": np.__version__,
        "safetensors": safetensors.__version__,
    },
    {
        "train": described(train, train_labels),
        "test": described(test, test_labels),
        "nearest_neighbour": confusion_matrix(test_labels, nearest.predict(test)).tolist(),
        "classifications": [
            drawn_classification(0, 60, 3),
            drawn_classification(1, 200, 10),
            # La classe 2 n'a pas d'exemple, la classe 3 n'est jamais répondue, la 4 n'existe pas.
            classification([0, 0, 1, 1, 3, 3, 0], [0, 1, 1, 2, 0, 1, 0], 5),
        ],
        "wilson": [
            wilson(*counts)
            for counts in [(0, 1), (1, 1), (0, 10), (10, 10), (3, 10), (81, 263), (1761, 1797), (999999, 1000000)]
        ],
        "scaler": {
            "mean": scaler.mean_.tolist(),
            "scale": scaler.scale_.tolist(),
            "first_of_test": scaler.transform(test[:2]).tolist(),
        },
        "moons": [moons(examples) for examples in (2, 7, 10)],
        "weights": [weights(dtype) for dtype in ("float32", "float64")],
    },
)
