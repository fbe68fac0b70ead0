"""Refait tests/oracles/torch_mlp.json : ce que PyTorch répond, perd et corrige, avec les mêmes
couches, les mêmes pertes et les mêmes optimiseurs que `Mlp`.

Depuis la racine du projet, avec Python 3.11 ou plus récent :

    python -m pip install --require-hashes -r tests/oracles/requirements-torch.txt
    python tests/oracles/torch_mlp_oracle.py

Chaque activation cachée passe avec chaque couple (perte, activation de sortie), en moyenne
et en somme, avec et sans L2 ; puis trois pas de chaque optimiseur. Tout est tiré au hasard, en
`float64` ; une seule graine, 20261124. Les poids sont rangés comme ici : (n, h).
"""

import torch
from torch import nn

from oracle_file import save

SEED = 20261124
ACTIVATIONS = {
    "identity": nn.Identity(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "relu": nn.ReLU(),
    "softmax": nn.Softmax(dim=1),
}
OUTPUTS = [  # (perte, activation de sortie)
    *(("SquaredError", name) for name in ACTIVATIONS),
    ("BinaryCrossEntropy", "sigmoid"),
    ("CrossEntropy", "softmax"),
]
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.1),
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.1),
}


def answers(loss, m, k):
    """Des réponses que la perte comprend, (m, k)."""
    if loss == "CrossEntropy":
        return nn.functional.one_hot(torch.randint(k, (m,)), k).double()
    return torch.rand(m, k)


def measured(loss, z, activation, y):
    """La perte, additionnée ; les entropies croisées à partir de z, par PyTorch."""
    if loss == "SquaredError":
        return nn.functional.mse_loss(ACTIVATIONS[activation](z), y, reduction="sum")
    if loss == "BinaryCrossEntropy":
        return nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum")
    return nn.functional.cross_entropy(z, y, reduction="sum")


def case(sizes, hidden, loss, last, reduction, l2, optimizer=None):
    m = int(torch.randint(1, 7, ()))
    x, y = torch.randn(m, sizes[0]), answers(loss, m, sizes[-1])
    pairs = list(zip(sizes, sizes[1:]))
    parameters = [
        (torch.randn(n, h, requires_grad=True), torch.randn(h, requires_grad=True)) for n, h in pairs
    ]
    start = [[w.tolist(), b.tolist()] for w, b in parameters]

    def propagate():
        a = x
        for weights, biases in parameters[:-1]:
            a = ACTIVATIONS[hidden](a @ weights + biases)
        weights, biases = parameters[-1]
        z = a @ weights + biases
        value = measured(loss, z, last, y) / (m if reduction == "mean" else 1)
        penalty = l2 / 2 * sum((weights**2).sum() for weights, _ in parameters)
        return ACTIVATIONS[last](z), value, value + penalty

    output, value, objective = propagate()
    objective.backward()
    result = {
        "sizes": sizes,
        "hidden": hidden,
        "loss": loss,
        "last": last,
        "reduction": reduction,
        "l2": l2,
        "x": x.tolist(),
        "y": y.tolist(),
        "parameters": start,
        "output": output.tolist(),
        "value": value.item(),
        "gradients": [[w.grad.tolist(), b.grad.tolist()] for w, b in parameters],
    }
    if optimizer:
        flat = [tensor for pair in parameters for tensor in pair]
        steps = OPTIMIZERS[optimizer](flat)
        for _ in range(3):
            steps.zero_grad()
            propagate()[2].backward()
            steps.step()
        result |= {
            "optimizer": optimizer,
            "after": [[w.tolist(), b.tolist()] for w, b in parameters],
        }
    return result


torch.set_default_dtype(torch.float64)
torch.manual_seed(SEED)
cases = [
    case([3, 4, 2], hidden, loss, last, reduction, l2)
    for hidden in ACTIVATIONS
    for loss, last in OUTPUTS
    for reduction, l2 in (("mean", 0.0), ("sum", 0.1))
]
cases += [
    case([2, 5, 3, 2], hidden, loss, last, "mean", l2, optimizer)
    for optimizer in OPTIMIZERS
    for hidden, (loss, last) in zip(ACTIVATIONS, OUTPUTS[-3:] + OUTPUTS[:2])
    for l2 in (0.0, 0.01)
]
save(
    "torch_mlp.json",
    "python tests/oracles/torch_mlp_oracle.py",
    {"PyTorch": torch.__version__.split("+")[0]},
    {"cases": cases},
)
