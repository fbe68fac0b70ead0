"""Après un arrêt, une panique ou une erreur, la cellule suivante marche, et les paniques restent en français.

Depuis la racine, une fois l'atelier préparé :

    .atelier/venv/bin/python -m unittest discover -s tests/epreuves -p test_survie.py
"""

import tempfile
import unittest

from noyau import PANIC, Kernel, cells_of

CELLS = cells_of("01_activation.ipynb")
SETUP = [source for source, _ in CELLS[:2]]
FIGURE = next(source for source, shown in CELLS if "image/png" in shown)


class Vie:
    """Un noyau prêt à dessiner, le même d'un essai à l'autre, et ce qu'on en attend toujours."""

    stock = None

    @classmethod
    def setUpClass(cls):
        cls.kernel = Kernel(cls.stock)
        cls.addClassCleanup(cls.kernel.close)

    def setUp(self):
        self.prepare()

    def prepare(self):
        for cell in SETUP:  # sans nos réglages, la première fois compile tout
            self.assertNotIn("erreur", self.kernel.run(cell, limit=600))

    def goes_on(self, forgotten=False):
        """Une panique se dit en français sans rien refaire ; les quatre sortes de cellules répondent."""
        run = self.kernel.run
        if not forgotten:
            self.assertIn(PANIC, run('panic!("avant toute préparation")'))
        self.assertEqual(run("1 + 1").get("text/plain"), "2")
        self.assertEqual(run("let apres = 2.5;"), {})
        self.assertEqual(run("apres + 1.0").get("text/plain"), "3.5")
        self.prepare()
        self.assertEqual(run(":dep rand_mt").get("erreur"), None)
        self.assertIn("image/png", run(FIGURE))
        self.assertEqual(run('panic!("le plafond tombe");')[PANIC], {"message": "le plafond tombe"})
        self.assertEqual(run("apres + 1.0").get("text/plain"), "3.5")

    def ends(self, cell):
        self.assertIn("Subprocess terminated", self.kernel.run(cell)["erreur"])
        self.goes_on()

    def test_une_sortie(self):
        self.ends("std::process::exit(3)")

    def test_une_panique(self):
        self.assertIn(PANIC, self.kernel.run("let v: Vec<u8> = vec![]; v[3]"))
        self.goes_on()


class Survie(Vie, unittest.TestCase):
    def test_exercice_pas_fait_rien_de_plus_dans_l_erreur_suivante(self):
        self.assertEqual(self.kernel.run("fn a_faire(a: f64, b: f64) -> f64 { todo!() }"), {})
        said = self.kernel.run("let v = vec![1.0]; let w = v; v.len()")
        self.assertEqual(said["erreur"], "borrow of moved value: `v`")

    def test_une_interruption(self):
        said = self.kernel.run(
            'println!("je tourne"); loop { std::hint::black_box(0); }',
            when_it_says="je tourne",
            then=self.kernel.manager.interrupt_kernel,
        )
        self.assertIn("Subprocess terminated", said["erreur"])
        self.goes_on()

    def test_une_pile_trop_haute(self):
        self.ends("fn fond(n: u64) -> u64 { std::hint::black_box([n; 64])[0] + fond(n + 1) }\nfond(1)")

    def test_une_memoire_demandee_en_vain(self):
        self.ends("std::hint::black_box(vec![0u8; 400_000_000_000_000]).len()")

    def test_tout_oublier(self):
        self.assertEqual(self.kernel.run(":clear"), {})
        self.goes_on(forgotten=True)

    def test_un_nom_inacheve(self):
        self.assertIn("erreur", self.kernel.run("let a = std::"))
        self.goes_on()


class SansReglages(Vie, unittest.TestCase):
    """Le même noyau sans rien de ce que l'atelier y ajoute : celui d'un autre Jupyter, ou de VS Code."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.stock = folder.name
        super().setUpClass()


if __name__ == "__main__":
    unittest.main()
