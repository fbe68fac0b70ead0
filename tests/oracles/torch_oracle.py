"""Refait tests/oracles/torch.json : les gradients de la perte, par la dérivation
automatique de PyTorch, qui ne connaît pas nos formules.

Depuis la racine du projet, avec Python 3.11 ou plus récent :

    python -m pip install --require-hashes -r tests/oracles/requirements-torch.txt
    python tests/oracles/torch_oracle.py

Le réseau est celui du tutoriel, avec biais, et la perte L = Σ (y − ŷ)². Tout est
tiré au hasard, poids négatifs compris, en `float64` ; une seule graine, 20260101.
"""

import torch

from oracle_file import save

SEED = 20260101
SHAPES = [  # (m, n, h, k) : exemples, entrées, neurones cachés, sorties
    (1, 1, 1, 1),
    (4, 3, 4, 1),
    (1, 4, 2, 3),
    (5, 2, 1, 2),
    (7, 6, 5, 4),
    (12, 1, 9, 1),
    (3, 10, 3, 10),
]


def case(m, n, h, k):
    x = torch.randn(m, n)
    y = torch.rand(m, k)
    parameters = {
        "weights1": torch.randn(n, h, requires_grad=True),
        "biases1": torch.randn(h, requires_grad=True),
        "weights2": torch.randn(h, k, requires_grad=True),
        "biases2": torch.randn(k, requires_grad=True),
    }
    layer1 = torch.sigmoid(x @ parameters["weights1"] + parameters["biases1"])
    output = torch.sigmoid(layer1 @ parameters["weights2"] + parameters["biases2"])
    loss = ((y - output) ** 2).sum()
    loss.backward()
    return {
        "shape": [m, n, h, k],
        "x": x.tolist(),
        "y": y.tolist(),
        "parameters": {name: value.tolist() for name, value in parameters.items()},
        "output": output.tolist(),
        "loss": loss.item(),
        "gradients": {name: value.grad.tolist() for name, value in parameters.items()},
    }


torch.set_default_dtype(torch.float64)
torch.manual_seed(SEED)
save(
    "torch.json",
    "python tests/oracles/torch_oracle.py",
    # « 2.15.0+cu132 » nomme aussi une carte graphique, qui ne sert pas ici.
    {"PyTorch": torch.__version__.split("+")[0]},
    {"cases": [case(*shape) for shape in SHAPES]},
)
