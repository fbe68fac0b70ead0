"""Exécute la copie d'un étudiant sans s'arrêter à la première erreur, et dit ce qu'a donné
chaque cellule, ligne par ligne en JSON.

    python noter.py COPIE.ipynb --dossier DOSSIER --temps SECONDES --memoire MO

Appelé par « cargo atelier noter », qui prépare la copie : chaque cellule y dit son rôle et son
temps limite dans ses métadonnées. Le réseau est coupé et la mémoire limitée, là où le système
sait le faire ; la première ligne dit ce qu'il en est.
"""

import argparse
import os
import socket
import struct
import sys
import threading
import time

# Ce qu'une cellule peut écrire, en signes : au-delà, le reste est perdu.
MOST_TEXT = 200_000
# Le temps, en secondes, laissé au noyau pour revenir après une interruption.
RECOVERY = 30


def cut_network():
    """Ne laisse à ce programme et à ceux qu'il lance que la boucle locale. Vrai si c'est fait."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes
    import fcntl

    new_user, new_network = 0x10000000, 0x40000000
    up_and_running, set_flags = 0x1 | 0x40, 0x8914
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None).unshare(new_user | new_network) != 0:
        return False
    for name, text in [
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ]:
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sH14s", b"lo", up_and_running, b"")
        fcntl.ioctl(probe, set_flags, request)
    return True


def limit_memory(megabytes):
    """Limite la mémoire de chaque programme lancé d'ici. Vrai si le système sait le faire."""
    if not sys.platform.startswith("linux"):
        return False  # macOS accepte la limite et l'oublie ; Windows ne la connaît pas
    import resource

    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    return True


def run(arguments):
    # Le réseau se coupe avant que ces bibliothèques ne lancent des fils d'exécution.
    network, memory = cut_network(), limit_memory(arguments.memoire)

    import nbformat
    from execute import GRACE, PATIENCE, complaint, kill_kernel, late_outputs, merge_streams, say
    from execute import started_kernel
    from jupyter_core.utils import run_sync
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    class Client(NotebookClient):
        """Un client qui n'écoute pas une cellule trop bavarde jusqu'au bout."""

        heard = 0

        def process_message(self, message, cell, index):
            if message["msg_type"] == "stream":
                self.heard += len(message["content"]["text"])
                if self.heard > MOST_TEXT:
                    return None
            return super().process_message(message, cell, index)

    say(etape="isolement", reseau=network, memoire=memory)
    notebook = nbformat.read(arguments.copie, as_version=4)
    client = Client(
        notebook,
        kernel_name=notebook.metadata.kernelspec.name,
        allow_errors=True,
        record_timing=False,
        interrupt_on_timeout=False,
        startup_timeout=180,
        resources={"metadata": {"path": arguments.dossier}},
    )

    def attempt(cell, index, limit):
        """Exécute la cellule ; rend la nature et le message de son échec, s'il y en a un."""
        cell.outputs, client.heard = [], 0
        client.timeout = max(1, int(limit))
        try:
            client.execute_cell(cell, index, store_history=True)
        except CellTimeoutError:
            recover()
            return "temps", f"elle n'a pas fini en {limit:.0f} s"
        late_outputs(client, cell, index, GRACE)
        if cell.metadata["role"] == "appel" and not texts(cell):
            late_outputs(client, cell, index, PATIENCE)  # l'annonce d'un arrêt se fait attendre
        cell.outputs = merge_streams(cell.outputs)
        # Ce qu'une cellule écrit sur la sortie d'erreur n'est pas un échec ici.
        problem = complaint(cell)
        return None if problem is None or problem[0] == "erreur" else problem

    def recover():
        """Interrompt ce qui tourne : les fonctions restent, les variables sont perdues."""
        run_sync(client.km.interrupt_kernel)()
        for _ in range(2):  # la première peut recevoir l'annonce de l'interruption
            blank = nbformat.v4.new_code_cell("()")
            client.timeout = RECOVERY
            try:
                client.execute_cell(blank, 0, store_history=False)
            except CellTimeoutError:
                raise DeadKernelError("le noyau n'est pas revenu") from None

    def give_up():
        """Dernier recours : plus rien ne répond depuis longtemps."""
        kill_kernel(kernel)
        print('{"etape": "echec"}', flush=True)
        os._exit(1)

    with started_kernel(client) as kernel:
        reply = client.wait_for_reply(client.kc.kernel_info())
        notebook.metadata["language_info"] = reply["content"]["language_info"]
        deadline, dead = None, None
        for index, cell in enumerate(notebook.cells):
            role, limit = cell.metadata["role"], cell.metadata["limite"]
            start = time.monotonic()
            if role != "preparation" and deadline is None:
                deadline = start + arguments.temps
                threading.Timer(arguments.temps + 4 * RECOVERY, give_up).start()
            left = limit if deadline is None else min(limit, deadline - start)
            if dead:
                problem = ("noyau", dead)
            elif left <= 0:
                problem = ("temps", f"la copie a dépassé {arguments.temps} s en tout")
            else:
                try:
                    problem = attempt(cell, index, left)
                    if problem and problem[0] == "noyau" and role == "appel":
                        # Ce qu'une autre cellule a laissé tourner a pu arrêter celle-ci.
                        problem = attempt(cell, index, left)
                    if role == "appel" and '"too_slow"' in texts(cell):
                        recover()  # la fonction sans fin tourne encore
                except (DeadKernelError, RuntimeError) as error:
                    dead = str(error).strip() or "le noyau s'est arrêté"
                    problem = ("noyau", dead)
            nature, message = problem or (None, None)
            say(
                etape="faite",
                id=cell.id,
                secondes=round(time.monotonic() - start, 3),
                texte=texts(cell),
                types=sorted({mime for o in cell.outputs for mime in o.get("data", {})}),
                nature=nature,
                message=message and message[:4000],
            )
    say(etape="fini")
    # Un minuteur est encore en route ; tout est dit.
    sys.stdout.flush()
    os._exit(0)


def texts(cell):
    """Ce que la cellule a écrit sur la sortie ordinaire."""
    return "".join(
        o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("copie")
    parser.add_argument("--dossier", required=True)
    parser.add_argument("--temps", type=int, required=True)
    parser.add_argument("--memoire", type=int, required=True)
    run(parser.parse_args())
