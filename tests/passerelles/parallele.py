"""Le même pas d'apprentissage, partagé entre deux programmes : le gradient du lot entier.

    bash tests/passerelles/verifier.sh

`torchrun` lance ce fichier deux fois. Chaque programme a les mêmes poids et sa part des images ;
ils ne se parlent que par la boucle locale de la machine (127.0.0.1), avec gloo. Tout est en
`float64`, pour comparer au dernier chiffre.
"""

import os
import sys

# gloo choisit une interface : que ce soit celle qui ne sort pas de la machine.
os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")

import numpy as np
import torch
import torch.distributed as dist
from safetensors.torch import load_file
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from commun import EXPECTED, WEIGHTS, constant, deviation, require, save

NAMES = ["0.weight", "0.bias", "2.weight", "2.bias"]
OURS = np.concatenate([EXPECTED[f"gradient.{name}"].ravel() for name in NAMES])
# En `float64`, deux bons calculs ne diffèrent que par l'ordre des additions.
LIMIT = 1e-12


def fresh():
    """Le réseau, sans son softmax : `CrossEntropyLoss` le contient, comme notre perte."""
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)).double()
    model.load_state_dict({name: t.double() for name, t in load_file(WEIGHTS).items()})
    return model


def loss_of(model, rows):
    """La perte moyenne sur ces images."""
    x = torch.from_numpy(EXPECTED["x"][rows]).double()
    labels = torch.from_numpy(EXPECTED["labels"][rows]).long()
    return nn.functional.cross_entropy(model(x), labels)


def flat(model):
    """Tous les gradients, bout à bout."""
    return np.concatenate([p.grad.numpy().ravel() for p in model.parameters()])


# ANCHOR: step
def shared_gradient(rows, m):
    """Le gradient des `m` images, quand ce programme n'a que celles de `rows`."""
    model = fresh()
    loss_of(model, rows).backward()
    for parameter in model.parameters():
        parameter.grad *= len(rows) / m  # ma part pèse ce que pèsent mes images
        dist.all_reduce(parameter.grad, op=dist.ReduceOp.SUM)  # la somme des parts
    return flat(model)
# ANCHOR_END: step


def ddp_gradient(rows):
    """Le même, par la classe que l'on emploie en pratique : elle fait la moyenne des gradients."""
    model = DistributedDataParallel(fresh())
    loss_of(model, rows).backward()
    return flat(model.module)


# ANCHOR: parts
dist.init_process_group("gloo")
rank, m = dist.get_rank(), len(EXPECTED["x"])
halves = [range(0, m // 2), range(m // 2, m)]
unequal = [range(0, m // 4), range(m // 4, m)]
weighted_halves = shared_gradient(halves[rank], m)
weighted_unequal = shared_gradient(unequal[rank], m)
# ANCHOR_END: parts
mean_halves, mean_unequal = ddp_gradient(halves[rank]), ddp_gradient(unequal[rank])
world = dist.get_world_size()
dist.destroy_process_group()

if rank == 0:
    if world != 2:
        sys.exit(f"{world} programme(s) au lieu de deux : lancez-le par verifier.sh.")
    require("parts égales, sommes pondérées", deviation(weighted_halves, OURS), LIMIT)
    right, mean = deviation(weighted_unequal, OURS), deviation(mean_halves, OURS)
    wrong = deviation(mean_unequal, OURS)
    require("parts inégales, sommes pondérées", right, LIMIT)
    require("parts égales, DistributedDataParallel", mean, LIMIT)
    print(f"parts inégales, DistributedDataParallel : écart de {wrong:.1e}, comme prévu")
    if wrong < 1e-4:
        sys.exit("la moyenne de moyennes devrait être fausse quand les parts sont inégales.")
    version = torch.__version__.split("+")[0]
    save(
        "parallele",
        {"PyTorch": version},
        {
            "gradient": constant(
                "TORCHRUN",
                f"∂L/∂b2, calculé par deux programmes (torchrun, gloo, PyTorch {version}) :\n"
                "// 12 images pour l'un, 36 pour l'autre",
                weighted_unequal[-10:],
            ),
            "deviations": "".join(
                [
                    constant("WEIGHTED_UNEQUAL", "Parts inégales, sommes pondérées", right),
                    constant("MEAN_HALVES", "Parts égales, moyenne de moyennes", mean),
                    constant("MEAN_UNEQUAL", "Parts inégales, moyenne de moyennes", wrong),
                ]
            ),
        },
    )
