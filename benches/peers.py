"""Mesure nn_core et ses voisins dans la même exécution, en alternant, et écrit le tableau du livre.

    python -m pip install --require-hashes -r benches/requirements.txt   # et tests/oracles/requirements-torch.txt
    python benches/peers.py

NumPy et scikit-learn toujours ; PyTorch et JAX s'ils sont installés. Chaque temps est le plus court
de ses essais : le bruit ne fait qu'ajouter. Le tableau va dans benches/resultats.md, que le livre montre.
"""

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 10
PRODUCTS = "produits 784-512-256-10 128 f32"
PEAK = "pic f32"


def network(sizes, batch, dtype):
    return f"{'-'.join(map(str, sizes))} {batch} {dtype}"


SMALL = [([64, 32, 10], batch, dtype, 200) for batch in (32, 128) for dtype in ("f32", "f64")]
LARGE = [*(([784, 128, 10], batch, "f32", 20) for batch in (32, 128)), ([784, 512, 256, 10], 128, "f32", 3)]

# (ce que l'on montre, notre travail, celui du voisin, fils, les rapports demandés)
ROWS = [
    ("tutoriel, `NeuralNetwork`", "tutorial NeuralNetwork", "tutorial", 1, {"NumPy": 15}),
    ("tutoriel, `Mlp`", "tutorial Mlp", "tutorial", 1, {"NumPy": 60}),
    *((name, name, name, 1, {"NumPy": 1.5, "PyTorch": 8}) for name in (network(*work[:3]) for work in SMALL)),
    *(
        (name, name, name, threads, {"NumPy": asked, "PyTorch": asked})
        for threads in (1, 2)
        for name, asked in zip((network(*work[:3]) for work in LARGE), (1.2, 1.2, 1))
        if threads == 1 or asked > 1
    ),
    ("optdigits, 30 époques", "optdigits 30", "optdigits 30", 1, {"scikit-learn": 10}),
]


class Peers:
    """Les voisins, dans leur processus : le nombre de fils se choisit avant de les importer."""

    def __init__(self, threads):
        import numpy as np
        import sklearn

        self.np, self.threads = np, threads
        self.versions = {"NumPy": np.__version__, "scikit-learn": sklearn.__version__}
        self.works = {(PEAK, "NumPy"): (self.peak(), 1)}
        if threads == 1:
            self.works["tutorial", "NumPy"] = (self.tutorial(), 1)
            self.works["optdigits 30", "scikit-learn"] = (self.digits(), 1)
        makers = {"NumPy": self.numpy_steps}
        try:
            import torch

            torch.set_num_threads(threads)
            self.torch, self.versions["PyTorch"] = torch, torch.__version__.split("+")[0]
            makers["PyTorch"] = self.torch_steps
        except ImportError:
            pass
        try:
            import jax

            jax.config.update("jax_enable_x64", True)
            self.jax, self.versions["JAX"] = jax, jax.__version__
            makers["JAX"] = self.jax_steps
        except ImportError:
            pass
        for sizes, batch, dtype, count in (SMALL if threads == 1 else []) + LARGE:
            for peer, maker in makers.items():
                self.works[network(sizes, batch, dtype), peer] = (maker(sizes, batch, dtype, count), count)

    def serve(self):
        """À chaque ligne reçue, fait chaque travail une fois et rend leurs secondes."""
        print(json.dumps(self.versions), flush=True)
        for run, _ in self.works.values():
            run()  # la première fois prépare : compilation de JAX, caches
        for _ in sys.stdin:
            seconds = []
            for (work, peer), (run, count) in self.works.items():
                start = time.perf_counter()
                run()
                seconds.append([work, peer, (time.perf_counter() - start) / count])
            print(json.dumps(seconds), flush=True)

    def tutorial(self):
        """Les 1500 pas du tutoriel, comme sa classe les écrirait, biais compris."""
        np = self.np
        x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
        y = np.array([[0], [1], [1], [0]], dtype=float)

        def run():
            rng = np.random.RandomState(0)
            w1, b1, w2, b2 = rng.rand(3, 4), np.zeros(4), rng.rand(4, 1), np.zeros(1)
            for _ in range(1500):
                a1 = 1 / (1 + np.exp(-(x @ w1 + b1)))
                a2 = 1 / (1 + np.exp(-(a1 @ w2 + b2)))
                d2 = -2 * (y - a2) * a2 * (1 - a2)
                d1 = d2 @ w2.T * a1 * (1 - a1)
                g2, g1 = a1.T @ d2, x.T @ d1
                w2, b2 = w2 - g2, b2 - d2.sum(axis=0)
                w1, b1 = w1 - g1, b1 - d1.sum(axis=0)

        return run

    def start(self, sizes, batch, dtype):
        """Les poids, les biais et les exemples d'un réseau de classement."""
        np, rng = self.np, self.np.random.RandomState(0)
        kind = {"f32": np.float32, "f64": np.float64}[dtype]
        weights = [(rng.randn(n, h) / n**0.5).astype(kind) for n, h in zip(sizes, sizes[1:])]
        biases = [np.zeros(h, kind) for h in sizes[1:]]
        labels = np.arange(batch) % sizes[-1]
        return weights, biases, rng.rand(batch, sizes[0]).astype(kind), labels, kind

    def numpy_steps(self, sizes, batch, dtype, count):
        """Des pas ReLU, softmax, entropie croisée, SGD, sur place."""
        np = self.np
        weights, biases, x, labels, kind = self.start(sizes, batch, dtype)
        y, rate = np.eye(sizes[-1], dtype=kind)[labels], kind(0.01)

        def run():
            for _ in range(count):
                a = [x]
                for w, b in zip(weights[:-1], biases):
                    a.append(np.maximum(a[-1] @ w + b, 0))
                z = a[-1] @ weights[-1] + biases[-1]
                z -= z.max(axis=1, keepdims=True)
                e = np.exp(z)
                s = e.sum(axis=1, keepdims=True)
                (np.log(s[:, 0]) - (z * y).sum(axis=1)).mean()
                delta = (e / s - y) / kind(batch)
                for layer in range(len(weights) - 1, -1, -1):
                    gradient, bias = a[layer].T @ delta, delta.sum(axis=0)
                    if layer:
                        delta = delta @ weights[layer].T * (a[layer] > 0)
                    weights[layer] -= rate * gradient
                    biases[layer] -= rate * bias

        return run

    def torch_steps(self, sizes, batch, dtype, count):
        torch = self.torch
        kind = {"f32": torch.float32, "f64": torch.float64}[dtype]
        modules = []
        for n, h in zip(sizes, sizes[1:]):
            modules += [torch.nn.Linear(n, h, dtype=kind), torch.nn.ReLU()]
        model = torch.nn.Sequential(*modules[:-1])
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        x, y = torch.rand(batch, sizes[0], dtype=kind), torch.arange(batch) % sizes[-1]

        def run():
            for _ in range(count):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(model(x), y).backward()
                optimizer.step()

        return run

    def jax_steps(self, sizes, batch, dtype, count):
        """Un pas compilé par `jit`, le gradient par `grad`."""
        jax, (weights, biases, x, labels, kind) = self.jax, self.start(sizes, batch, dtype)
        jnp = jax.numpy
        y = jnp.eye(sizes[-1], dtype=kind)[labels]

        def loss(parameters, x, y):
            a = x
            for w, b in parameters[:-1]:
                a = jax.nn.relu(a @ w + b)
            w, b = parameters[-1]
            return -(jax.nn.log_softmax(a @ w + b) * y).sum(axis=1).mean()

        @jax.jit
        def step(parameters, x, y):
            gradients = jax.grad(loss)(parameters, x, y)
            return jax.tree.map(lambda p, g: p - kind(0.01) * g, parameters, gradients)

        state = [[(jnp.array(w), jnp.array(b)) for w, b in zip(weights, biases)]]
        x = jnp.array(x)

        def run():
            for _ in range(count):
                state[0] = step(state[0], x, y)
            jax.block_until_ready(state[0])

        return run

    def digits(self):
        """Trente époques de MLPClassifier, au même travail : Adam, lots de 200, L2 de 1e-4, f32."""
        import gzip
        import warnings

        from sklearn.neural_network import MLPClassifier

        lines = gzip.open(ROOT / "src/data/datasets/optdigits.tra.gz", "rt").read().split()
        table = self.np.array([line.split(",") for line in lines], dtype=float)
        x, y = (table[:, :64] / 16).astype(self.np.float32), table[:, 64].astype(int)

        def run():
            model = MLPClassifier((30,), max_iter=30, batch_size=200, tol=0, n_iter_no_change=100, random_state=0)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # « pas encore convergé » : c'est voulu
                model.fit(x, y)

        return run

    def peak(self):
        """Un grand produit de matrices : le débit du processeur, quand rien ne le gêne."""
        a = self.np.random.rand(1024, 1024).astype(self.np.float32)
        return lambda: a @ a


def child(threads):
    """Un processus de voisins, qui attend ses ordres."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = str(threads)
    # JAX n'a pas de réglage pour cela : il prend les cœurs qu'on lui laisse.
    cores = sorted(os.sched_getaffinity(0))[:threads] if hasattr(os, "sched_getaffinity") else None
    pin = (lambda: os.sched_setaffinity(0, cores)) if cores else None
    return subprocess.Popen(
        [sys.executable, __file__, "--voisins", str(threads)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=pin,
    )


def build():
    """Compile le banc, et rend son chemin."""
    command = ["cargo", "bench", "--locked", "--bench", "mlp", "--no-run", "--message-format=json"]
    lines = subprocess.check_output(command, cwd=ROOT, text=True).splitlines()
    found = [m["executable"] for m in map(json.loads, lines) if m.get("executable") and m["target"]["name"] == "mlp"]
    return found[-1]


def measure():
    """Le plus court temps de chaque travail, le nôtre et celui des voisins, par nombre de fils."""
    bench, peers = build(), {threads: child(threads) for threads in (1, 2)}
    versions = [json.loads(process.stdout.readline()) for process in peers.values()][0]
    best = {}
    for turn in range(ROUNDS):
        for threads, process in peers.items():
            ours = json.loads(subprocess.check_output([bench, "--json", f"--fils={threads}"], text=True))
            found = [[work, "nous", seconds] for work, seconds in ours.items()]
            process.stdin.write("\n")
            process.stdin.flush()
            for work, peer, seconds in found + json.loads(process.stdout.readline()):
                key = threads, work, peer
                best[key] = min(best.get(key, seconds), seconds)
        print(f"essai {turn + 1} sur {ROUNDS}", file=sys.stderr)
    for process in peers.values():
        process.stdin.close()
        process.wait()
    return best, versions


def decimal(value, digits):
    return f"{value:.{digits}f}".replace(".", ",")


def report(best, versions):
    """Le tableau, en français, et ce qui n'est pas atteint."""
    names = [peer for peer in ("NumPy", "PyTorch", "JAX", "scikit-learn") if peer in versions]
    text = [
        f"Processeur {platform.machine()}, {platform.system()} ; "
        + ", ".join(f"{peer} {versions[peer]}" for peer in names)
        + ". Pour chaque voisin, combien de fois son temps est le nôtre ; entre parenthèses, l'objectif "
        "que nous nous étions fixé.",
        "",
        "| travail | fils | nous, en µs | " + " | ".join(names) + " | atteint |",
        "|---|--:|--:|" + "--:|" * len(names) + "---|",
    ]
    for title, work, reference, threads, asked in ROWS:
        own = best[threads, work, "nous"]
        cells = []
        for peer in names:
            seconds = best.get((threads, reference, peer))
            ratio = decimal(seconds / own, 2) if seconds else "—"
            wish = asked.get(peer) if seconds else None
            cells.append(f"{ratio} ({decimal(wish, 1 if wish % 1 else 0)})" if wish else ratio)
        known = {peer: ratio for peer, ratio in asked.items() if (threads, reference, peer) in best}
        reached = all(best[threads, reference, peer] / own >= ratio for peer, ratio in known.items())
        text.append(
            f"| {title} | {threads} | {decimal(own * 1e6, 1)} | {' | '.join(cells)} | {'oui' if reached else 'non'} |"
        )
    exponentials = best[1, "tutorial Mlp", "nous"] / best[1, "tutorial exponentials", "nous"]
    text += ["", f"Le tutoriel par `Mlp` dure {decimal(exponentials, 1)} fois ses 30 000 exponentielles (5 au plus pour objectif)."]
    sizes = [784, 512, 256, 10]
    # Deux opérations par poids et par exemple : propager, gradient, et δ sauf pour la première couche.
    operations = 2 * 128 * (3 * sum(n * h for n, h in zip(sizes, sizes[1:])) - 784 * 512)
    peak = 2 * 1024**3 / min(best[1, PEAK, "nous"], best[1, PEAK, "NumPy"])
    rate = operations / best[1, PRODUCTS, "nous"]
    step = operations / best[1, "784-512-256-10 128 f32", "nous"]
    text.append(
        f"Le plus grand débit mesuré d'un produit de matrices est de {decimal(peak / 1e9, 0)} milliards d'opérations par "
        f"seconde ; les produits d'un pas de 784-512-256-10 en font {decimal(rate / 1e9, 0)}, soit "
        f"{decimal(100 * rate / peak, 0)} % (85 % pour objectif), et le pas entier {decimal(100 * step / peak, 0)} %."
    )
    result = "\n".join(text) + "\n"
    for sign in ";:%×":  # une espace insécable avant
        result = result.replace(f" {sign}", f"\u00a0{sign}")
    return result


if "--voisins" in sys.argv:
    Peers(int(sys.argv[-1])).serve()
else:
    table = report(*measure())
    print(table)
    (ROOT / "benches/resultats.md").write_text(table, encoding="utf-8")
