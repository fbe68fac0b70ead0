"""Un noyau Rust, tel que les notebooks l'emploient, et ce que répondent ses cellules."""

import contextlib
import json
import os
import queue
import sys
import time
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]
PANIC = "application/vnd.nn-core.panique+json"


def descendants(pid, word):
    """Les programmes lancés par `pid`, et par eux, dont la commande contient `word`."""
    found = []
    for child in psutil.Process(pid).children(recursive=True):
        # Un programme peut finir pendant qu'on le lit ; il ne dit plus rien s'il vient de finir.
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if word in " ".join(child.cmdline()):
                found.append(child)
    return found


def cells_of(notebook):
    """Les cellules de code d'un notebook : ce qui est écrit, et les types de ce qui s'affiche."""
    cells = json.loads((ROOT / "notebooks" / notebook).read_text(encoding="utf-8"))["cells"]
    return [
        ("".join(cell["source"]), {mime for out in cell["outputs"] for mime in out.get("data", {})})
        for cell in cells
        if cell["cell_type"] == "code"
    ]


class Kernel:
    """Un noyau démarré dans notebooks/ ; sans nos réglages, si `stock` est le dossier de ses cellules."""

    def __init__(self, stock=None):
        here = KernelSpecManager(kernel_dirs=[str(Path(sys.prefix) / "share" / "jupyter" / "kernels")])
        self.manager = KernelManager(kernel_name="rust", kernel_spec_manager=here)
        environment = {k: v for k, v in os.environ.items() if k != "LD_LIBRARY_PATH"}
        if stock is not None:
            self.manager.kernel_spec.env = {}
            environment |= {"TMPDIR": stock, "TMP": stock}
        self.manager.start_kernel(cwd=ROOT / "notebooks", env=environment)
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=180)

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def run(self, code, limit=180, when_it_says=None, then=None):
        """Exécute une cellule et rend ce qu'elle affiche : {type: valeur}, et ses erreurs sous « erreur ».

        `then` est appelé dès que la cellule imprime `when_it_says`."""
        asked = self.client.execute(code)
        end = time.monotonic() + limit
        found = {}
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=max(0.1, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"la cellule n'a pas répondu en {limit} s : {code}") from None
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return found
            if kind == "error":
                found["erreur"] = "\n".join(filter(None, [found.get("erreur"), content["evalue"]]))
            elif kind == "stream":
                found[content["name"]] = found.get(content["name"], "") + content["text"]
                if when_it_says and when_it_says in content["text"]:
                    then()
            found |= content.get("data", {})
