"""Nos poids dans PyTorch : les mêmes réponses.

    python tests/passerelles/pytorch.py               # écrit resultats/pytorch.rs
    python tests/passerelles/pytorch.py --verifier    # compare, sans écrire
"""

import torch
from safetensors.torch import load_file
from torch import nn

from commun import EXPECTED, SHOWN, WEIGHTS, constant, deviation, require, save


# ANCHOR: network
def digits_network():
    """Le même réseau, avec les modules de PyTorch."""
    return nn.Sequential(
        nn.Linear(64, 32),
        nn.ReLU(),
        nn.Linear(32, 10),
        nn.Softmax(dim=1),
    )
# ANCHOR_END: network


# ANCHOR: load
model = digits_network()
model.load_state_dict(load_file(WEIGHTS), strict=True)
model.eval()
with torch.no_grad():
    output = model(torch.from_numpy(EXPECTED["x"]))  # (48, 64) -> (48, 10)
# ANCHOR_END: load

largest = deviation(output, EXPECTED["output"])
require("les réponses de PyTorch", largest)
version = torch.__version__.split("+")[0]
save(
    "pytorch",
    {"PyTorch": version},
    {
        "output": constant(
            "PYTORCH",
            f"Les réponses de PyTorch {version} aux {SHOWN} premières images",
            output[:SHOWN],
        ),
        "deviation": constant(
            "PYTORCH_DEVIATION", f"Le plus grand écart sur {len(output)} images", largest
        ),
    },
)
