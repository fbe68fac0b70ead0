"""« cargo atelier preparer » sous les pannes : arrêté de force, privé de disque, de réseau ou d'outils,
il finit prêt, ou dit en français ce qui manque, et rien d'à moitié fait ne passe ensuite pour prêt.

Depuis la racine, une fois l'atelier préparé et compilé (Linux seulement) :

    .atelier/venv/bin/python -m unittest discover -s tests/epreuves -p test_preparer.py
    EPREUVE=entiere .atelier/venv/bin/python -m unittest discover -s tests/epreuves -p test_preparer.py

La seconde forme arrête l'installation à trente moments, refait l'environnement Python et la première
compilation pour chaque panne qui les atteint, et finit par le tableau des pannes : comptez une demi-heure.
GRAINE=… redonne les mêmes moments. Tout se passe dans une copie du projet ; ni le projet, ni ce que pip
et cargo gardent sur la machine ne sont touchés. Le noyau Rust, dix minutes de compilation, n'est pas
refait : la forme entière arrête deux fois son début, et vérifie que ce qui est compilé est repris.
"""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".atelier"
PROGRAM = ROOT / "target" / "debug" / "atelier"
WHOLE = os.environ.get("EPREUVE") == "entiere"
SEED = os.environ.get("GRAINE", str(time.time_ns() % 1_000_000))
CHANCE = random.Random(SEED)
# Chaque panne : combien d'essais, et combien ont fini prêts ou bien expliqués.
TALLY = {}

SAFE = "Rien n'est perdu"
PYTHON, VERSION = "Environnement Python", "Version de"
FIRST, MOVED, KERNEL = "Première compilation", "Le projet a changé de place", "Noyau Rust de Jupyter"
# Sans réseau, une machine se parle encore : le noyau et Jupyter en ont besoin.
LOOPBACK = (
    "import fcntl, os, socket, struct, sys; "
    "fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh14x', b'lo', 1)); os.execvp(sys.argv[1], sys.argv[1:])"
)
NO_NETWORK = ["unshare", "--net", sys.executable, "-c", LOOPBACK]


def tearDownModule():
    print(f"\nGraine : {SEED}\n| panne | essais | survécus | perdus |\n|---|---|---|---|")
    for fault, (tries, survived) in TALLY.items():
        print(f"| {fault} | {tries} | {survived} | {tries - survived} |")


@contextlib.contextmanager
def trial(fault, count=1):
    row = TALLY.setdefault(fault, [0, 0])
    row[0] += count
    yield
    row[1] += count


def works(*command):
    return shutil.which(command[0]) and subprocess.run([*command, "true"], capture_output=True).returncode == 0


def whole(test):
    return unittest.skipUnless(WHOLE, "forme entière seulement (EPREUVE=entiere)")(test)


@unittest.skipUnless(sys.platform == "linux", "les pannes se font avec les outils de Linux")
class Preparer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        spec = json.loads((STATE / "venv/share/jupyter/kernels/rust/kernel.json").read_text(encoding="utf-8"))
        cls.kernel = Path(spec["argv"][0])
        cls.environment = {**os.environ, "PATH": f"{cls.kernel.parent}:{os.environ['PATH']}"}
        cls.environment.pop("CARGO_MANIFEST_DIR", None)
        cls.program = shutil.copy2(PROGRAM, cls.folder)
        cls.project = cls.folder / "projet"
        listed = ["git", "ls-files", "-z"]  # sans les pages que d'autres épreuves y écrivent un moment
        for name in subprocess.check_output(listed, cwd=ROOT, text=True).split("\0"):
            if name and (ROOT / name).is_file():
                target = cls.project / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, target)
        cls.state = cls.project / ".atelier"
        cls.state.mkdir()
        for part in ["bibliotheque-standard", "compilation-notebooks", "noyau", "temoins", "venv"]:
            subprocess.run(["cp", "-a", "--reflink=auto", STATE / part, cls.state], check=True)
        cls.place()

    @classmethod
    def place(cls):
        """La copie est un projet qui a changé de place : seul ce qui en dépend se refait, et c'est dit."""
        with trial("dossier déplacé"):
            start = time.monotonic()
            code, said = cls.run_atelier()
            print(f"dossier déplacé : prêt en {time.monotonic() - start:.0f} s")
            assert code == 0 and MOVED in said, said
            for word in (PYTHON, FIRST, KERNEL, "minutes"):
                assert word not in said, said

    @classmethod
    def run_atelier(cls, *arguments, before=(), environment=(), limit=1500):
        """Lance l'atelier dans la copie : son code de sortie, et tout ce qu'il a dit."""
        done = subprocess.run(
            [*before, cls.program, *(arguments or ["preparer"])], cwd=cls.project, timeout=limit,
            env={**cls.environment, **dict(environment)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        )
        return done.returncode, done.stdout

    def assert_ready(self, environment=()):
        code, said = self.run_atelier(environment=environment)
        self.assertEqual(code, 0, said)
        again = self.run_atelier(before=NO_NETWORK if works(*NO_NETWORK) else (), environment=environment)
        self.assertEqual(again, (0, ""), "prêt, il n'a plus rien à faire, même sans réseau")
        return said

    def assert_told(self, *words, **how):
        """Il refuse : en français, avec ce qu'il faut, et en disant que rien n'est perdu."""
        code, said = self.run_atelier(**how)
        self.assertEqual(code, 1, said)
        for word in (SAFE, *words):
            self.assertIn(word, said)
        self.assertNotIn("panicked", said)
        return said

    def remove(self, *names):
        for name in names:
            path = self.state / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    @contextlib.contextmanager
    def aside(self, *names):
        """Met une partie de `.atelier/` de côté le temps du bloc, et la remet à sa place."""
        for name in names:
            os.rename(self.state / name, self.folder / name)
        try:
            yield
        finally:
            for name in names:
                shutil.rmtree(self.state / name, ignore_errors=True)
                os.rename(self.folder / name, self.state / name)

    def started(self, title, environment=()):
        """L'atelier, lancé, et arrivé à l'étape `title` ; rien s'il a fini avant."""
        process = subprocess.Popen(
            [self.program, "preparer"], cwd=self.project, start_new_session=True, stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, encoding="utf-8", env={**self.environment, **dict(environment)},
        )
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        if title and not any(title in line for line in process.stderr):
            process.wait()
            return None
        return process

    def kill(self, title, least, most, environment=()):
        """Tue l'atelier et son groupe à un moment de l'étape `title`, entre `least` et `most` secondes."""
        process = self.started(title, environment)
        self.assertIsNotNone(process, f"l'étape « {title} » n'a pas eu lieu")
        moment = CHANCE.uniform(least, most)
        time.sleep(moment)
        alive = process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        print(f"arrêt de force, {title or 'au début'} : {moment:.2f} s{'' if alive else ' (il avait fini)'}")
        return alive

    def assert_unfinished(self, title):
        """L'étape, à moitié faite, n'est pas prise pour prête : elle recommence."""
        process = self.started(title)
        self.assertIsNotNone(process, title)
        process.terminate()
        self.assertIn(SAFE, process.stderr.read())
        self.assertEqual(process.wait(), 130)

    def move(self):
        """Déplace le projet, comme on déplace un dossier."""
        new = self.project.with_name("déplacé" if self.project.name == "projet" else "projet")
        os.rename(self.project, new)
        type(self).project, type(self).state = new, new / ".atelier"

    # Les arrêts de force

    def test_tue_pendant_la_copie_de_la_bibliotheque_standard(self):
        for _ in range(5 if WHOLE else 1):
            with trial("arrêt de force"):
                self.remove("bibliotheque-standard")
                self.kill(None, 0.02, 0.5)
                self.assert_ready()
                copied = sum(len(files) for _, _, files in os.walk(self.state / "bibliotheque-standard"))
                self.assertEqual(copied, sum(len(f) for _, _, f in os.walk(STATE / "bibliotheque-standard")))

    def test_tue_pendant_l_environnement_python(self):
        moments = [(0, 2), (2, 8), (5, 20), (10, 30), (20, 40)] if WHOLE else [(0, 15)]
        for least, most in moments:
            with trial("arrêt de force"):
                self.remove("venv")
                self.kill(PYTHON, least, most)
                self.assert_ready()

    def test_tue_pendant_la_version_du_noyau(self):
        for _ in range(5 if WHOLE else 1):
            with trial("arrêt de force"):
                self.remove("temoins/noyau")
                self.kill(VERSION, 0, 2)
                self.assert_ready()

    @whole
    def test_tue_apres_un_deplacement(self):
        for _ in range(2):
            with trial("arrêt de force"):
                self.move()
                self.kill(MOVED, 0, 8)
                self.assert_ready()

    @whole
    def test_tue_pendant_les_telechargements_de_cargo(self):
        empty = {"CARGO_HOME": str(self.folder / "cargo-vide")}
        Path(empty["CARGO_HOME"]).mkdir()
        with trial("arrêt de force", 3):
            for _ in range(3):
                with contextlib.suppress(FileNotFoundError):
                    self.remove("temoins/bibliotheques")
                self.kill("Bibliothèques Rust", 0, 4, empty)
            self.assert_ready(empty)

    @whole
    def test_tue_pendant_la_premiere_compilation(self):
        with trial("arrêt de force", 10):
            self.remove("compilation-notebooks")
            for _ in range(10):
                self.kill(FIRST, 0, 12)
            self.assert_ready()

    @whole
    def test_tue_au_debut_de_la_compilation_du_noyau(self):
        build = self.state / "evcxr-compilation"
        self.remove("temoins/noyau")
        alone = {"PATH": os.environ["PATH"].replace(str(self.kernel.parent), "/vide")}
        kept = -1
        for _ in range(2):
            with trial("arrêt de force, noyau Rust (début)"):
                self.assertTrue(self.kill(KERNEL, 20, 40, alone))
                compiled = len(list(build.rglob("*.rlib")))
                self.assertGreater(compiled, kept, "ce qui est compilé est repris")
                kept = compiled
        self.assert_ready()
        self.assertFalse(build.exists(), "un autre noyau est là : cette compilation ne sert plus")

    # Ce qui est abîmé ou perdu

    def test_les_temoins_perdus_ne_font_rien_reinstaller(self):
        with trial("témoins perdus"):
            self.remove("temoins")
            said = self.assert_ready()
            self.assertNotIn(PYTHON, said)
            self.assertNotIn(KERNEL, said)

    def test_un_venv_d_un_autre_python_se_refait(self):
        library = next((self.state / "venv/lib").glob("python3.*"))
        python = self.state / "venv/bin/python"
        faults = {
            "venv d'un autre Python": lambda: library.rename(library.with_name("python3.5")),
            "Python du venv disparu": lambda: (python.unlink(), python.symlink_to("/nulle/part/python3")),
            "paquet à moitié installé": lambda: next(library.glob("site-packages/nbclient/client.py")).unlink(),
        }
        for name, damage in faults.items():
            with trial(name):
                if WHOLE:
                    damage()
                    self.assertIn(PYTHON, self.assert_ready())
                else:  # la forme courte voit qu'il se refait, et le remet
                    with self.aside("venv"):
                        shutil.copytree(self.folder / "venv", self.state / "venv", symlinks=True)
                        damage()
                        self.assert_unfinished(PYTHON)

    def test_un_noyau_tronque_n_est_pas_pris(self):
        own = self.state / "evcxr/bin/evcxr_jupyter"
        own.parent.mkdir(parents=True)
        for part in (0.5, 0.999):
            with trial("noyau tronqué"):
                shutil.copy2(self.kernel, own)
                self.remove("temoins/noyau")
                self.assert_ready()
                spec = self.state / "venv/share/jupyter/kernels/rust/kernel.json"
                self.assertIn(str(own), spec.read_text(encoding="utf-8"), "le noyau de l'atelier est gardé")
                os.truncate(own, int(own.stat().st_size * part))
                code, said = self.run_atelier()
                self.assertEqual(code, 0, said)
                self.assertIn(VERSION, said, "sa version se redemande")
                if part < 0.9:
                    self.assertIn(str(self.kernel), spec.read_text(encoding="utf-8"), "celui de la machine sert")
        self.remove("evcxr")
        self.assert_ready()

    def test_une_archive_de_cargo_tronquee_se_dit(self):
        cargo = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
        copy = self.folder / "cargo-abime"
        with trial("archive de cargo tronquée"):
            copy.mkdir()
            for name in ["config.toml", "config", "credentials.toml"]:
                if (cargo / name).exists():
                    shutil.copy2(cargo / name, copy)
            # Des liens : rien de ce que la machine garde n'est copié, ni écrit.
            subprocess.run(["cp", "-al", cargo / "registry", copy], check=True)
            crate = next((copy / "registry/cache").glob("*/rand_mt-*.crate"))
            half = crate.read_bytes()[: crate.stat().st_size // 2]
            crate.unlink()
            crate.write_bytes(half)
            shutil.rmtree(next((copy / "registry/src").glob(f"*/{crate.stem}")))
            self.remove("temoins/bibliotheques")
            broken = {"CARGO_HOME": str(copy)}
            self.assert_told("Une archive déjà téléchargée est abîmée", "registry/cache", environment=broken)
            crate.unlink()
            self.assert_ready(broken)

    def test_un_paquet_de_python_tronque_se_dit(self):
        wheels = self.folder / "paquets"
        with trial("paquet Python tronqué"), self.aside("venv"):
            pins = (ROOT / "notebooks/environment/requirements.txt").read_text(encoding="utf-8")
            name, version = re.search(r"^([\w-]+)==(\S+)", pins, re.M).groups()
            wheels.mkdir()
            (wheels / f"{name}-{version}-py3-none-any.whl").write_bytes(b"PK\x03\x04" + bytes(999))
            self.assert_told(
                "Un paquet de Python est arrivé abîmé", "pip cache purge",
                environment={"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)},
            )
            self.assert_unfinished(PYTHON)

    # Ce qui manque à la machine

    def folder_of(self, name, scripts):
        folder = self.folder / name
        folder.mkdir()
        for program, text in scripts.items():
            (folder / program).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
            (folder / program).chmod(0o755)
        return {"PATH": f"{folder}:{self.environment['PATH']}"}

    def test_un_python_qui_ne_convient_pas_se_dit(self):
        names = ["python3", "python", "py", "python3.13", "python3.12", "python3.11"]
        real = shutil.which("python3")
        probe = f'if [ "$1" = -c ]; then exec {real} "$@"; fi'
        faults = {
            "Python trop ancien": ("echo 3 8", ["il faut Python 3.10 ou plus récent", "3.8"]),
            "Python absent": ("exit 127", ["Python est introuvable", "python.org"]),
            "Python sans venv": (f"{probe}; echo No module named venv >&2; exit 1", ["python3-venv"]),
            "Python sans pip": (
                f'{probe}; {real} "$1" "$2" --without-pip "$3"; echo ensurepip is not available; exit 1',
                ["python3-venv"],
            ),
        }
        with self.aside("venv"):
            for name, (script, words) in faults.items():
                with trial(name):
                    fake = self.folder_of(name, dict.fromkeys(names, script))
                    self.assert_told(*words, environment=fake)
        self.assert_ready()

    def test_sans_compilateur_c_il_le_dit(self):
        with trial("sans éditeur de liens"), self.aside("compilation-notebooks"):
            tools = self.folder / "sans-cc"
            tools.mkdir()
            for folder in self.environment["PATH"].split(":"):
                for file in Path(folder).glob("*") if Path(folder).is_dir() else ():
                    if not re.search(r"(^|-)(cc|gcc|c99|c89|clang)(-\d+)?$", file.name):
                        with contextlib.suppress(FileExistsError):
                            (tools / file.name).symlink_to(file)
            self.assert_told("Il manque un compilateur C", environment={"PATH": str(tools)})
        self.assert_ready()

    @unittest.skipUnless(works(*NO_NETWORK), "unshare ne coupe pas le réseau ici")
    def test_sans_reseau(self):
        empty = {"CARGO_HOME": str(self.folder / "cargo-sans-reseau")}
        with trial("sans réseau, avant"):
            self.remove("temoins/bibliotheques")
            self.assert_told("Vérifiez la connexion", before=NO_NETWORK, environment=empty)
            self.assert_ready()
        if WHOLE:
            with trial("sans réseau, avant"), self.aside("venv"):
                self.assert_told("Vérifiez la connexion", before=NO_NETWORK)
        for arguments in [["notebooks", "00", "--verifier"], ["livre"]]:
            with trial("sans réseau, après"):
                code, said = self.run_atelier(*arguments, before=NO_NETWORK)
                self.assertEqual(code, 0, said)

    def test_sans_dossier_personnel_en_langue_c_et_pour_soi_seul(self):
        with trial("sans HOME, LC_ALL=C, umask 077"):
            self.remove("temoins/noyau", "bibliotheque-standard", "noyau")
            bare = ["env", "-u", "HOME", "LC_ALL=C", "sh", "-c", 'umask 077; exec "$@"', "sh"]
            code, said = self.run_atelier(before=bare)
            self.assertEqual(code, 0, said)
            self.assertIn("✓", said)
            self.assert_ready()

    # Le disque

    @contextlib.contextmanager
    def small_disk(self, *parts):
        """`.atelier/` sur un disque à part, le temps du bloc, avec ces parties de ce qui est prêt."""
        home = self.folder / "état"
        os.rename(self.state, home)
        self.state.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4G", "tmpfs", self.state], capture_output=True)
        try:
            if mounted.returncode:
                self.skipTest("un petit disque ne se monte que par root")
            for part in parts:
                (self.state / part).parent.mkdir(exist_ok=True)
                subprocess.run(["cp", "-a", home / part, self.state / part], check=True)
            yield
        finally:
            while not mounted.returncode and subprocess.run(["umount", self.state], capture_output=True).returncode:
                time.sleep(1)
            self.state.rmdir()
            os.rename(home, self.state)

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.state], check=True)

    def leave(self, room):
        """Ne laisse que `room` octets sur le petit disque."""
        disk = os.statvfs(self.state)
        self.resize((disk.f_blocks - disk.f_bfree) * disk.f_frsize + room)

    def assert_full(self, title, after, room):
        """Le disque se remplit pendant l'étape : c'est dit en français, et elle reste à faire."""
        process = self.started(title)
        self.assertIsNotNone(process)
        time.sleep(after)
        self.leave(room)
        said = process.stderr.read()
        self.assertEqual(process.wait(), 1, said)
        self.assertIn("Le disque est plein", said)
        self.assertIn(SAFE, said)
        self.resize("4G")

    def test_un_disque_trop_petit_se_dit_avant(self):
        with trial("disque plein, avant"), self.small_disk("bibliotheque-standard", "temoins"):
            self.leave(150_000_000)
            self.assert_told("il reste 0,1", "Go sur le disque du projet")

    def test_un_disque_plein_pendant_la_copie(self):
        with trial("disque plein, copie"), self.small_disk():
            self.leave(3_000_000)
            self.assert_told("Le disque est plein")

    def test_un_disque_plein_pendant_pip(self):
        with trial("disque plein, environnement Python"), self.small_disk("bibliotheque-standard", "temoins"):
            self.assert_full(PYTHON, 1, 15_000_000)
            self.assert_unfinished(PYTHON)

    @whole
    def test_un_disque_plein_pendant_la_premiere_compilation(self):
        for room in (20_000_000, 100_000):
            with trial("disque plein, première compilation"):
                with self.small_disk("bibliotheque-standard", "temoins", "venv"):
                    self.assert_full(FIRST, CHANCE.uniform(5, 20), room)
                    self.assert_unfinished(FIRST)

    def test_un_dossier_en_lecture_seule_se_voit_avant(self):
        frozen = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        before = ["unshare", "--mount", "sh", "-c", frozen]
        if not works(*before, self.project):
            self.skipTest("un dossier ne se monte en lecture seule que par root")
        self.remove("temoins/noyau", "temoins/bibliotheques")
        for folder in (self.project, self.state):
            with trial("lecture seule"):
                said = self.assert_told("permettre l'écriture", before=[*before, folder])
                self.assertNotIn("…", said, "aucune étape n'a commencé")
        self.assert_ready()

    # Ce qui se passe à côté

    def test_deux_a_la_fois_finissent_prets(self):
        with trial("deux à la fois"):
            self.remove("temoins/noyau", "bibliotheque-standard", "noyau")
            ends = []
            both = [threading.Thread(target=lambda: ends.append(self.run_atelier())) for _ in range(2)]
            [one.start() for one in both]
            [one.join() for one in both]
            self.assertEqual([code for code, _ in ends], [0, 0], ends)
            self.assertEqual(sum("Un autre atelier" in said for _, said in ends), 1, ends)
            self.assert_ready()

    def test_une_horloge_fausse(self):
        """Elle a daté ce qui est installé d'avant ou d'après son temps."""
        for year in (1990, 2090):
            with trial("horloge fausse"):
                for folder, _, files in [*os.walk(self.state / "temoins"), *os.walk(self.state / "noyau")]:
                    for file in files:
                        os.utime(Path(folder) / file, (86400 * 365.25 * (year - 1970),) * 2)
                self.assertNotIn(PYTHON, self.assert_ready())

    def test_les_ports_pris(self):
        taken = [socket.socket() for _ in range(2)]
        for one, port in zip(taken, (3000, 8888)):
            self.addCleanup(one.close)
            with contextlib.suppress(OSError):  # déjà pris par un autre : c'est ce que l'on veut
                one.bind(("127.0.0.1", port))
                one.listen()
        with trial("ports pris"):
            process = subprocess.Popen(
                [self.program, "--sans-navigateur", "--sans-avance"], cwd=self.project, env=self.environment,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
            )
            self.addCleanup(process.stdout.close)
            said = ""
            for line in process.stdout:
                said += line
                if "Ctrl-C" in line:
                    break
            self.assertNotIn(":3000", said)
            self.assertNotIn(":8888", said)
            self.assertNotIn("minutes", said, "rien n'est à installer")
            process.send_signal(signal.SIGINT)
            self.assertIn(SAFE, process.stdout.read())
            self.assertEqual(process.wait(), 130)


if __name__ == "__main__":
    unittest.main()
