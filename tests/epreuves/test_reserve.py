"""Le noyau d'avance du JupyterLab de l'atelier : prêt, invisible, remplacé, et jamais laissé derrière.

Depuis la racine, une fois l'atelier préparé :

    .atelier/venv/bin/python -m unittest discover -s tests/epreuves -p test_reserve.py
"""

import json
import os
import re
import signal
import subprocess
import time
import unittest
import uuid
from urllib.parse import parse_qs, urlsplit

import psutil
import requests
import websocket
from jupyter_client.session import json_packer
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1

from noyau import ROOT, cells_of, descendants

NOTEBOOK = "01_activation.ipynb"
LOG = ROOT / ".atelier" / "jupyterlab.log"
READY = "Le noyau d'avance est prêt."


class Lab:
    """Le JupyterLab de l'atelier, et ce que son interface lui demande."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [ROOT / "target" / "debug" / "atelier", "lab", "--sans-navigateur", *options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                break
        address = urlsplit(found[0])
        self.host, self.token = address.netloc, parse_qs(address.query)["token"][0]

    def ask(self, method, where, **body):
        reply = requests.request(
            method, f"http://{self.host}/api/{where}", params={"token": self.token}, json=body or None, timeout=120
        )
        reply.raise_for_status()
        return reply.json() if reply.content else None

    def wait_for(self, times):
        """Attend que le noyau d'avance ait été prêt `times` fois depuis le début."""
        end = time.monotonic() + 180
        while LOG.read_text(encoding="utf-8").count(READY) < times:
            if time.monotonic() > end:
                raise AssertionError(LOG.read_text(encoding="utf-8"))
            time.sleep(0.2)

    def open(self, path):
        """Ouvre un notebook, comme l'interface : une session, puis ses canaux."""
        session = self.ask(
            "POST", "sessions", path=path, name=path, type="notebook", kernel={"name": "rust"}
        )
        return session["kernel"]["id"]

    def connect(self, kernel):
        return websocket.create_connection(
            f"ws://{self.host}/api/kernels/{kernel}/channels?token={self.token}&session_id={uuid.uuid4().hex}",
            timeout=120,
            subprotocols=["v1.kernel.websocket.jupyter.org"],
        )

    def kernels(self):
        """Les programmes de noyaux que ce JupyterLab a lancés."""
        return descendants(self.process.pid, "evcxr_jupyter")

    def stop(self, how):
        self.process.send_signal(how)
        self.process.wait(60)


def run(channels, code):
    """Exécute une cellule : son numéro, ce qu'elle montre, et le temps jusqu'à ce qu'elle ait fini."""
    asked = uuid.uuid4().hex
    header = {"msg_id": asked, "msg_type": "execute_request", "session": "épreuve", "username": "", "version": "5.3"}
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    start = time.monotonic()
    channels.send_binary(serialize_msg_to_ws_v1(request, "shell", json_packer))
    number, shown, done = None, {}, set()
    while done != {"reply", "idle"}:
        _, parts = deserialize_msg_from_ws_v1(channels.recv())
        header, parent, _, content = [json.loads(part) for part in parts[:4]]
        if parent.get("msg_id") != asked:
            continue
        number = content.get("execution_count", number)
        shown |= content.get("data", {})
        if header["msg_type"] == "error":
            raise AssertionError(content["evalue"])
        if header["msg_type"] == "execute_reply":
            done.add("reply")
        if content.get("execution_state") == "idle":
            done.add("idle")
    return number, shown, time.monotonic() - start


@unittest.skipUnless(os.name == "posix", "les signaux d'Unix")
class Reserve(unittest.TestCase):
    def lab(self, *options):
        lab = Lab(*options)
        self.addCleanup(lambda: lab.process.poll() is None and lab.stop(signal.SIGTERM))
        return lab

    def assert_nothing_left(self, lab, how):
        kernels = lab.kernels()
        self.assertTrue(kernels)
        lab.stop(how)
        _, alive = psutil.wait_procs(kernels, timeout=5)
        self.assertEqual(alive, [])

    def test_le_notebook_ouvert_repond_tout_de_suite(self):
        lab = self.lab()
        lab.wait_for(1)
        self.assertEqual(lab.ask("GET", "kernels"), [], "le noyau d'avance ne se voit pas")
        kernel = lab.open(f"travail/{NOTEBOOK}")
        self.assertEqual([k["id"] for k in lab.ask("GET", "kernels")], [kernel])
        channels = lab.connect(kernel)
        first, second = [source for source, _ in cells_of(NOTEBOOK)[:2]]
        number, _, cell = run(channels, first)
        self.assertEqual(number, 1, "le même numéro que dans le livre")
        self.assertEqual(run(channels, second)[0], 2)
        number, _, variable = run(channels, "let z = 2.0;")
        self.assertEqual(number, 3)
        _, _, usual = run(channels, "1 + 1")
        print(f"première cellule : {cell:.2f} s ; premier « let » : {variable:.2f} s ; « 1 + 1 » : {usual:.2f} s")
        # Sur une machine qui fait autre chose, une cellule ordinaire dit ce que vaut une seconde ; sans
        # noyau d'avance, la première en prendrait six fois autant.
        self.assertLess(cell, max(1.0, 2.5 * usual))
        self.assertLess(variable, max(2.0, 2.5 * usual))

        lab.wait_for(2)
        self.assertNotEqual(lab.open("travail/02_network.ipynb"), kernel, "un autre l'a remplacé")
        self.assertEqual(len(lab.ask("GET", "kernels")), 2)

        for _ in range(3):  # comme le bouton de JupyterLab : il redemande, puis se reconnecte
            lab.ask("POST", f"kernels/{kernel}/restart")
            channels.close()
            channels = lab.connect(kernel)
            self.assertEqual(run(channels, "1 + 1")[:2], (1, {"text/plain": "2"}))
        self.assert_nothing_left(lab, signal.SIGINT)

    def test_ailleurs_le_noyau_est_neuf(self):
        lab = self.lab()
        lab.wait_for(1)
        channels = lab.connect(lab.open(f"notebooks/{NOTEBOOK}"))
        _, shown, _ = run(channels, "std::env::current_dir().unwrap()")
        self.assertIn("notebooks", shown["text/plain"])
        self.assert_nothing_left(lab, signal.SIGTERM)

    def test_arreter_pendant_qu_il_demarre_n_en_laisse_pas(self):
        lab = self.lab()
        while not lab.kernels():
            time.sleep(0.05)
        self.assert_nothing_left(lab, signal.SIGTERM)

    def test_on_peut_s_en_passer(self):
        lab = self.lab("--sans-avance")
        time.sleep(3)
        self.assertEqual(lab.kernels(), [])


if __name__ == "__main__":
    unittest.main()
