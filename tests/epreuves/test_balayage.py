"""Ce que laissent des noyaux tués s'efface, et rien d'autre ; rien, tant qu'un noyau vit.

    .atelier/venv/bin/python -m unittest discover -s tests/epreuves -p test_balayage.py
"""

import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "notebooks" / "environment"))
import balayer


class Balayage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cells = Path(folder.name)
        for file in (".tmpAbCdEf/src/lib.rs", "rustcXyZ/symbols.o", ".cargo/config.toml", "poids.bin"):
            (self.cells / file).parent.mkdir(parents=True, exist_ok=True)
            (self.cells / file).write_text("", encoding="utf-8")

    def left(self):
        return {entry.name for entry in self.cells.iterdir()}

    def test_sans_noyau_ses_restes_s_effacent(self):
        with mock.patch.object(balayer, "living_kernels", return_value=[]):
            balayer.sweep(self.cells)
        self.assertEqual(self.left(), {".cargo", "poids.bin"})

    @unittest.skipUnless(shutil.which("sleep"), "demande sleep")
    def test_tant_qu_un_noyau_vit_tout_reste(self):
        program = self.cells / "evcxr_jupyter"
        shutil.copy(shutil.which("sleep"), program)
        before = self.left()
        kernel = subprocess.Popen([program, "600"])
        try:
            self.assertIn(kernel.pid, [process.pid for process in balayer.living_kernels()])
            balayer.sweep(self.cells)
            self.assertEqual(self.left(), before)
        finally:
            kernel.kill()
            self.addCleanup(kernel.wait)
        # Mort, même si celui qui l'a lancé ne l'a pas encore su.
        end = time.monotonic() + 5
        while kernel.pid in (process.pid for process in balayer.living_kernels()):
            self.assertLess(time.monotonic(), end)


if __name__ == "__main__":
    unittest.main()
