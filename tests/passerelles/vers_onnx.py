"""Notre réseau en ONNX : un graphe d'opérations que d'autres programmes exécutent.

    python tests/passerelles/vers_onnx.py               # écrit chiffres.onnx et ses résultats
    python tests/passerelles/vers_onnx.py --verifier    # compare, sans écrire

PyTorch n'y sert pas : les poids viennent du fichier safetensors, et onnxruntime exécute le graphe.
"""

import sys

import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from commun import EXPECTED, FOLDER, SHOWN, WEIGHTS, constant, deviation, require, save

FILE = FOLDER / "chiffres.onnx"


def numbers(name, columns):
    """Des `f32`, une ligne par image : autant d'images que l'on veut."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["images", columns])


# ANCHOR: graph
def graph():
    """Quatre opérations ; avec transB=1, Gemm est x·Wᵀ + b, comme dans PyTorch."""
    weights = load_file(WEIGHTS)
    return helper.make_graph(
        nodes=[
            helper.make_node("Gemm", ["x", "0.weight", "0.bias"], ["z1"], transB=1),
            helper.make_node("Relu", ["z1"], ["a1"]),
            helper.make_node("Gemm", ["a1", "2.weight", "2.bias"], ["z2"], transB=1),
            helper.make_node("Softmax", ["z2"], ["y"], axis=1),
        ],
        name="chiffres",
        inputs=[numbers("x", 64)],
        outputs=[numbers("y", 10)],
        initializer=[
            numpy_helper.from_array(weights[name], name) for name in sorted(weights)
        ],
    )
# ANCHOR_END: graph


# ANCHOR: run
model = helper.make_model(graph(), opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(
    model.SerializeToString(), providers=["CPUExecutionProvider"]
)
(output,) = session.run(["y"], {"x": EXPECTED["x"]})
# ANCHOR_END: run

largest = deviation(output, EXPECTED["output"])
require("les réponses d'onnxruntime", largest)
if "--verifier" in sys.argv[1:]:
    if onnx.load(FILE) != model:
        sys.exit("chiffres.onnx a changé. Refaites-le : vers_onnx.py, sans --verifier.")
else:
    onnx.save(model, FILE)
save(
    "vers_onnx",
    {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
    {
        "output": constant(
            "ONNX",
            f"Les réponses d'onnxruntime {onnxruntime.__version__} aux {SHOWN} premières images",
            output[:SHOWN],
        ),
        "deviation": constant(
            "ONNX_DEVIATION", f"Le plus grand écart sur {len(output)} images", largest
        ),
    },
)
