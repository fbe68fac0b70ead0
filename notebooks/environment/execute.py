"""Exécute un notebook par le vrai noyau Rust et dit, ligne par ligne en JSON, où il en est.

    python execute.py ENTREE.ipynb SORTIE.ipynb --dossier DOSSIER_DU_NOYAU

Appelé par « cargo atelier notebooks ». Un échec porte l'identifiant de la cellule :
l'atelier le rapporte au chapitre et à sa ligne. Une panique répond « ok » au protocole
de Jupyter, et le noyau peut envoyer une sortie après avoir dit qu'il avait fini :
les deux sont pris en compte ici, faute de quoi un échec passerait pour un succès.
"""

import argparse
import contextlib
import json
import os
import queue
import re
import signal
import sys
import threading
import time

import nbformat
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError

# Le crochet de panique (correcteur/src/panique.rs) signe ses sorties de ce type.
PANIC_MIME = "application/vnd.nn-core.panique+json"
# Ce qu'une figure impossible (nn_plot) montre à sa place.
REFUSAL_MIME = "application/vnd.nn-core.refus"
# Le temps, en secondes, où une sortie en retard est encore attendue après une cellule.
GRACE = 0.04
# Le temps, en secondes, où l'erreur d'une cellule qui doit échouer est attendue : le noyau l'attribue
# à la dernière cellule demandée, donc à la bonne tant que la suivante ne l'est pas.
PATIENCE = 5
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Failure(Exception):
    """Une cellule qui n'a pas fait ce que le chapitre attendait d'elle."""

    def __init__(self, nature, message):
        super().__init__(message)
        self.nature = nature
        self.message = message


def say(**event):
    print(json.dumps(event, ensure_ascii=False), flush=True)


def late_outputs(client, cell, index, seconds):
    """Ajoute à la cellule les sorties arrivées après que le noyau a dit « terminé »."""
    end = time.monotonic() + seconds
    receive = run_sync(client.kc.get_iopub_msg)
    while (left := end - time.monotonic()) > 0:
        try:
            message = receive(timeout=left)
        except queue.Empty:
            return
        if message["msg_type"] in ("stream", "execute_result", "display_data", "error"):
            try:
                client.process_message(message, cell, index)
            except CellExecutionComplete:
                pass


def merge_streams(outputs):
    """Une seule sortie par suite de lignes du même flux : le découpage dépend du hasard."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else None
        if (
            last
            and output.output_type == last.output_type == "stream"
            and output.name == last.name
        ):
            last.text += output.text
        else:
            merged.append(output)
    # Le texte imprimé précède le résultat : c'est l'ordre du code, pas toujours celui de l'arrivée.
    streams = [o for o in merged if o.output_type == "stream"]
    others = [o for o in merged if o.output_type != "stream"]
    if len(streams) > 1 and len({o.name for o in streams}) == 1:
        streams[0].text = "".join(o.text for o in streams)
        streams = streams[:1]
    return streams + others


def complaint(cell):
    """Ce qui, dans les sorties d'une cellule, est un échec ; None s'il n'y en a pas."""
    for output in cell.outputs:
        if output.output_type == "error":
            shown = ANSI.sub("", "\n".join(output.traceback)) or output.evalue
            nature = "noyau" if "Subprocess terminated" in output.evalue else "compilation"
            return nature, shown
        data = output.get("data", {})
        if PANIC_MIME in data:
            return "panique", data[PANIC_MIME]["message"]
        if REFUSAL_MIME in data:
            return "figure", data[REFUSAL_MIME]
        if output.output_type == "stream" and output.name == "stderr":
            return "erreur", output.text
    return None


def run_cell(client, cell, index):
    options = cell.metadata.get("atelier", {})
    limit = options.get("limite", 60)
    client.timeout = limit
    try:
        client.execute_cell(cell, index, store_history=True)
    except CellTimeoutError:
        raise Failure("temps", f"elle n'a pas fini en {limit} s") from None
    except DeadKernelError:
        raise Failure("noyau", "le noyau s'est arrêté") from None
    late_outputs(client, cell, index, GRACE)
    if options.get("echec"):
        end = time.monotonic() + PATIENCE
        while complaint(cell) is None and time.monotonic() < end:
            late_outputs(client, cell, index, GRACE)
        late_outputs(client, cell, index, GRACE)
    cell.outputs = merge_streams(cell.outputs)
    problem = complaint(cell)
    if options.get("echec"):
        if problem is None:
            raise Failure("attendu", "elle devait échouer, et elle a réussi")
    elif problem is not None:
        raise Failure(*problem)


def kill_kernel(manager):
    """Tue le noyau et tout ce qu'il a lancé, sans rien attendre de lui."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(manager.provisioner.pgid, signal.SIGKILL)
    else:
        manager.provisioner.process.kill()


@contextlib.contextmanager
def started_kernel(client):
    """Le noyau du client, démarré pour le temps du bloc.

    Ctrl-C dans l'atelier nous envoie SIGTERM. Le noyau a sa propre session, et ne le reçoit pas :
    le tuer nous revient. `setup_kernel`, de nbclient, le laisse en vie si le signal vient pendant
    qu'il démarre ou qu'il compile.
    """
    manager = client.create_kernel_manager()
    started, stopped = False, False

    def stop(*_):
        nonlocal stopped
        stopped = True
        if started:
            kill_kernel(manager)
            os._exit(143)

    signal.signal(signal.SIGTERM, stop)
    client.start_new_kernel()
    started = True
    if stopped:
        stop()
    try:
        client.start_new_kernel_client()
        yield manager
    finally:
        if run_sync(manager.is_alive)():
            run_sync(manager.shutdown_kernel)()
        run_sync(manager.cleanup_resources)()
        if client.kc is not None:
            client.kc.stop_channels()


def stop_with_parent():
    """S'arrête avec l'atelier, même tué : il n'a pas pu le demander, et le suivant nous attendrait."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def run(source, target, folder):
    notebook = nbformat.read(source, as_version=4)
    # allow_errors : les erreurs sont jugées ici, et non par nbclient.
    client = NotebookClient(
        notebook,
        kernel_name=notebook.metadata.kernelspec.name,
        allow_errors=True,
        record_timing=False,
        interrupt_on_timeout=False,
        startup_timeout=180,
        resources={"metadata": {"path": folder}},
    )
    cells = [(i, c) for i, c in enumerate(notebook.cells) if c.cell_type == "code"]
    current = None
    try:
        start = time.monotonic()
        with started_kernel(client):
            say(etape="noyau", secondes=round(time.monotonic() - start, 2))
            reply = client.wait_for_reply(client.kc.kernel_info())
            notebook.metadata["language_info"] = reply["content"]["language_info"]
            for rank, (index, cell) in enumerate(cells):
                current = cell
                say(etape="cellule", id=cell.id, rang=rank, total=len(cells))
                start = time.monotonic()
                run_cell(client, cell, index)
                say(etape="faite", id=cell.id, secondes=round(time.monotonic() - start, 3))
            if cells:
                index, cell = cells[-1]
                late_outputs(client, cell, index, 12 * GRACE)
                cell.outputs = merge_streams(cell.outputs)
                if (problem := complaint(cell)) and not cell.metadata.get("atelier", {}).get("echec"):
                    raise Failure(*problem)
    except Failure as failure:
        say(etape="echec", id=current.id, nature=failure.nature, message=failure.message)
        return 1
    except (DeadKernelError, RuntimeError, TimeoutError) as error:
        place = current.id if current is not None else None
        say(etape="echec", id=place, nature="noyau", message=str(error).strip())
        return 1
    for rank, (_, cell) in enumerate(cells, start=1):
        cell.execution_count = rank
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = rank
    nbformat.validate(notebook)
    nbformat.write(notebook, target)
    say(etape="fini")
    return 0


if __name__ == "__main__":
    # Ctrl-C dans l'atelier nous envoie SIGTERM : sortir par une exception arrête aussi le noyau.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    threading.Thread(target=stop_with_parent, daemon=True).start()
    parser = argparse.ArgumentParser()
    parser.add_argument("entree")
    parser.add_argument("sortie")
    parser.add_argument("--dossier", required=True)
    arguments = parser.parse_args()
    sys.exit(run(arguments.entree, arguments.sortie, arguments.dossier))
