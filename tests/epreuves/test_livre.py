"""Ce que les vérifications du livre construit doivent refuser : chaque défaut, mis à la main dans
une copie du livre, fait échouer la vérification qui le cherche, et elle seule est lancée.

    cargo atelier livre && .atelier/venv/bin/python -m unittest discover -s tests/epreuves -p test_livre.py
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
LIVRE = RACINE / "book" / "html"
NAVIGATEUR = RACINE / "tests" / "navigateur"
# Les deux essais d'accessibilite.mjs que des défauts mettent à l'épreuve.
AXE, CLAVIER = "chaque page parle", "s'atteint au clavier"
NPM = "npm.cmd" if os.name == "nt" else "npm"


class Livre(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not (NAVIGATEUR / "node_modules").is_dir():
            subprocess.run([NPM, "ci", "--silent", "--no-audit", "--no-fund"], cwd=NAVIGATEUR, check=True)

    def setUp(self):
        dossier = tempfile.TemporaryDirectory()
        self.addCleanup(dossier.cleanup)
        self.copie = Path(dossier.name) / "livre"
        shutil.copytree(LIVRE, self.copie)

    def abimer(self, fichier, avant, apres):
        chemin = self.copie / fichier
        texte = chemin.read_text(encoding="utf-8")
        self.assertIn(avant, texte, f"le défaut ne trouve pas sa place dans {fichier}")
        chemin.write_text(texte.replace(avant, apres, 1), encoding="utf-8")

    def essai(self, nom, page, seulement=None):
        """Lance l'essai `nom` sur les pages dont le nom contient `page`, ou une seule de ses parties."""
        partie = [f"--test-name-pattern={seulement}"] if seulement else []
        lance = subprocess.run(
            ["node", "--test", "--test-reporter=spec", *partie, f"{nom}.mjs"],
            cwd=NAVIGATEUR, capture_output=True, text=True, encoding="utf-8",
            env={**os.environ, "LIVRE": str(self.copie), "PAGES": page},
        )
        return lance.returncode, lance.stdout + lance.stderr

    def refuse(self, nom, page, *mots, seulement=None):
        code, dit = self.essai(nom, page, seulement)
        self.assertNotEqual(code, 0, f"« {nom} » devait échouer")
        for mot in mots:
            self.assertIn(mot, dit)

    def test_html_une_balise_mal_fermee(self):
        self.abimer("04_loss.html", '<main id="contenu"', '<p><div></p></div><main id="contenu"')
        self.refuse("html", "04_loss", "04_loss.html")

    def test_html_deux_fois_la_meme_ancre(self):
        self.abimer("04_loss.html", '<main id="contenu" tabindex="-1">', '<main id="contenu" tabindex="-1"><p id="contenu">x</p>')
        self.refuse("html", "04_loss", "no-dup-id")

    def test_axe_une_image_sans_texte(self):
        self.abimer("04_loss.html", '<main id="contenu" tabindex="-1">', '<main id="contenu" tabindex="-1"><img src="favicon.svg">')
        self.refuse("accessibilite", "04_loss", "image-alt", seulement=AXE)

    def test_axe_un_texte_trop_pale(self):
        self.abimer("04_loss.html", '<main id="contenu" tabindex="-1">', '<main id="contenu" tabindex="-1"><p style="color: #999; background: #fff">pâle</p>')
        self.refuse("accessibilite", "04_loss", "color-contrast", seulement=AXE)

    def test_axe_un_texte_trop_pale_dans_un_seul_theme(self):
        self.abimer("04_loss.html", '<main id="contenu" tabindex="-1">', '<main id="contenu" tabindex="-1"><style>.navy .pale { color: #333; }</style><p class="pale">sombre</p>')
        self.refuse("accessibilite", "04_loss", "thème navy", "color-contrast", seulement=AXE)

    def test_axe_un_mot_de_code_trop_pale(self):
        self.abimer("04_loss.html", '<main id="contenu" tabindex="-1">', '<main id="contenu" tabindex="-1"><style>pre code span { color: #ddd !important; background: #fff; }</style>')
        self.refuse("accessibilite", "04_loss", "color-contrast", seulement=AXE)

    def test_interface_un_bouton_anglais(self):
        self.abimer("04_loss.html", 'title="Couleurs"', 'title="Change theme"')
        self.refuse("accessibilite", "04_loss", "Change theme", seulement=AXE)

    def test_clavier_un_lien_hors_d_atteinte(self):
        self.abimer("livre.css", ":focus-visible{outline:", ":focus-visible{outline:none;x:")
        self.refuse("accessibilite", "04_loss", "le focus ne se voit pas", seulement=CLAVIER)

    def test_recherche_une_question_sans_reponse(self):
        self.abimer("recherche-index.js", "rétropropagation", "rétrogradation")
        texte = (self.copie / "recherche-index.js").read_text(encoding="utf-8")
        (self.copie / "recherche-index.js").write_text(
            texte.replace("étropropagation", "étrogradation"), encoding="utf-8")
        self.refuse("recherche", "accueil", "rétropropagation")

    def test_reseau_une_police_venue_d_ailleurs(self):
        self.abimer("livre.css", "@font-face", "@import url(https://example.org/police.css);@font-face")
        self.refuse("reseau", "04_loss", "livre.css")

    def test_reseau_une_image_venue_d_ailleurs(self):
        self.abimer("04_loss.html", '<main id="contenu" tabindex="-1">', '<main id="contenu" tabindex="-1"><img alt="" src="https://example.org/x.png">')
        self.refuse("reseau", "04_loss", "example.org")

    def test_reseau_une_page_trop_lourde(self):
        self.abimer("04_loss.html", "</main>", "<!--" + "x" * 200_000 + "--></main>")
        self.refuse("reseau", "04_loss", "04_loss.html")

    def test_reseau_un_tableau_plus_large_que_l_ecran(self):
        self.abimer("04_loss.html", '<main id="contenu" tabindex="-1">', '<main id="contenu" tabindex="-1"><div style="width: 2000px">large</div>')
        self.refuse("reseau", "04_loss", "dépasse de la page")

    def test_la_copie_intacte_passe(self):
        for nom in ["html", "reseau"]:
            code, dit = self.essai(nom, "04_loss")
            self.assertEqual(code, 0, dit[-3000:])


if __name__ == "__main__":
    unittest.main()
