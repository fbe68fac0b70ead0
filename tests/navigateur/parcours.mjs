// Ce qu'un apprenant voit, dans un vrai navigateur : les pages du livre, servies et ouvertes
// comme des fichiers, et chaque notebook exécuté de bout en bout dans JupyterLab.
//
//   cargo atelier --sans-navigateur > adresses.txt &
//   ADRESSES=adresses.txt npm test
//
// CAPTURES=dossier garde les captures d'écran. CHROMIUM=chemin choisit le navigateur.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { ailleurs, capturer, enFichier, navigateur, ouvrir, racine } from "./commun.mjs";

// Les notebooks exécutés : tous, ou ceux que CHAPITRES nomme, « CHAPITRES=03,06 ».
const choix = process.env.CHAPITRES?.split(",");
const chapitres = readdirSync(path.join(racine, "notebooks"))
  .filter((fichier) => fichier.endsWith(".ipynb"))
  .map((fichier) => fichier.replace(".ipynb", ""))
  .sort();
const notebooks = chapitres.filter((nom) => !choix || choix.includes(nom.slice(0, 2)));
const pages = ["index.html", ...chapitres.map((nom) => `${nom}.html`)];
// Une erreur affichée sous une cellule.
const ERREUR = '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"], [role="alert"]';

async function adresses() {
  const fichier = process.env.ADRESSES;
  assert.ok(fichier, "Donnez dans ADRESSES le fichier où « cargo atelier » a écrit ses adresses.");
  const texte = readFileSync(fichier, "utf8");
  const livre = texte.match(/Livre\s*: (http:\/\/127\.0\.0\.1:\d+\/)/)?.[1];
  const lab = texte.match(/JupyterLab\s*: (http:\/\/127\.0\.0\.1:\d+\/\S+)/)?.[1];
  assert.ok(livre && lab, `Les deux adresses manquent dans « ${fichier} » :\n${texte}`);
  return { livre, lab };
}

let chrome;
let lieux;

before(async () => {
  lieux = await adresses();
  chrome = await navigateur();
});

after(async () => chrome?.close());

// Ouvre une page du livre et rend ce qu'elle a demandé ailleurs et ses erreurs.
async function lire(adresse, nom) {
  const { page, demandes, erreurs, fermer } = await ouvrir(chrome, adresse);
  const maison = adresse.startsWith("file:") ? "file:" : lieux.livre;
  const vu = await page.evaluate(() => {
    const visible = (element) => {
      const boite = element.getBoundingClientRect();
      return boite.width > 0 && boite.height > 0;
    };
    return {
      titre: document.querySelector("main h1")?.textContent.trim(),
      langue: document.documentElement.lang,
      formules: [...document.querySelectorAll("math")].filter(visible).length,
      brutes: document.querySelector("main").innerText.match(/\$[^$\n]+\$/g) ?? [],
      sorties: [...document.querySelectorAll(".sortie")].filter(visible).length,
      figures: [...document.querySelectorAll(".sortie-image svg")].filter(visible).length,
      muettes: [...document.querySelectorAll(".sortie-image svg")].filter((svg) => !svg.getAttribute("aria-label")).length,
      large: document.documentElement.scrollWidth > window.innerWidth,
    };
  });
  await capturer(page, nom, { fullPage: true });
  await fermer();
  return { ...vu, ailleurs: ailleurs(demandes, maison), erreurs };
}

// Ce que le notebook enregistré contient, et que la page doit montrer.
function contenu(nom) {
  const notebook = JSON.parse(readFileSync(path.join(racine, "notebooks", `${nom}.ipynb`), "utf8"));
  const sorties = notebook.cells.map((cellule) => cellule.outputs ?? []);
  return {
    formules: notebook.cells.some((cellule) => cellule.cell_type === "markdown" && /\$[^$]+\$/.test(cellule.source.join(""))),
    sorties: sorties.filter((liste) => liste.length > 0).length,
    figures: sorties.flat().filter((sortie) => sortie.data?.["image/svg+xml"]).length,
  };
}

for (const page of pages) {
  for (const mode of ["http", "file"]) {
    test(`la page ${page} se lit (${mode})`, async () => {
      const adresse = mode === "http"
        ? lieux.livre + page
        : enFichier(page);
      const vu = await lire(adresse, `livre-${mode}-${page.replace(".html", "")}`);
      assert.ok(vu.titre, "la page a un titre");
      assert.equal(vu.langue, "fr");
      assert.deepEqual(vu.ailleurs, [], "la page ne demande rien ailleurs");
      assert.deepEqual(vu.erreurs, []);
      assert.deepEqual(vu.brutes, [], "aucune formule ne reste en TeX");
      assert.equal(vu.large, false, "la page ne déborde pas en largeur");
      assert.equal(vu.muettes, 0, "chaque figure a un texte de remplacement");
      if (page.match(/^\d\d_/)) {
        const attendu = contenu(page.replace(".html", ""));
        if (attendu.formules) assert.ok(vu.formules >= 1, `${vu.formules} formules`);
        assert.equal(vu.sorties, attendu.sorties, "une sortie derrière chaque cellule qui en a");
        assert.equal(vu.figures, attendu.figures, "chaque figure du notebook est dans la page");
      }
    });
  }
}

// Attend que le noyau du notebook soit prêt, comme le dit la barre du bas. Une cellule demandée plus
// tôt ouvre la question « Sélectionnez le noyau ».
async function noyauPret(page) {
  const barre = page.locator(".jp-StatusBar-Widget");
  try {
    await barre.getByText(/^Rust \| Inactif$/).waitFor({ timeout: 180_000 });
  } catch {
    assert.fail(`le noyau n'est pas prêt : ${await barre.allInnerTexts()}`);
  }
}

// Ouvre dans JupyterLab une copie sans sorties du notebook, l'exécute en entier par le menu,
// et rend ce qui s'affiche : tout vient de cette exécution.
async function executer(nom) {
  const notebook = JSON.parse(readFileSync(path.join(racine, "notebooks", `${nom}.ipynb`), "utf8"));
  const cellules = notebook.cells.filter((cellule) => cellule.cell_type === "code");
  const attendues = cellules.map((cellule) => ({
    figure: cellule.outputs.some((sortie) => sortie.data?.["image/png"]),
    echec: Boolean(cellule.metadata.atelier?.echec),
  }));
  for (const cellule of cellules) {
    cellule.outputs = [];
    cellule.execution_count = null;
  }
  const copie = path.join(racine, "travail", `parcours_${nom}.ipynb`);
  writeFileSync(copie, JSON.stringify(notebook));
  const page = await chrome.newPage({ viewport: { width: 1400, height: 1000 } });
  try {
    const adresse = new URL(lieux.lab);
    // Un espace à part, vidé : celui de l'apprenant reste comme il l'a laissé.
    adresse.pathname = `/lab/workspaces/parcours-${nom}/tree/travail/parcours_${nom}.ipynb`;
    adresse.searchParams.set("reset", "");
    await page.goto(adresse.href);
    await page.locator(".jp-RenderedMarkdown h1").first().waitFor({ timeout: 60_000 });
    await noyauPret(page);
    await page.locator(".jp-Notebook").click();
    await page.getByRole("menuitem", { name: "Exécution", exact: true }).click();
    await page.getByRole("menuitem", { name: "Exécuter toutes les cellules", exact: true }).click();
    const debut = Date.now();
    for (;;) {
      const invites = await page
        .locator(".jp-CodeCell .jp-InputPrompt")
        .evaluateAll((elements) => elements.map((element) => element.textContent));
      if (invites.length === attendues.length && invites.every((texte) => /\[\d+\]/.test(texte))) break;
      assert.ok(Date.now() - debut < 240_000, `cellules en attente : ${JSON.stringify(invites)}`);
      await page.waitForTimeout(300);
    }
    await page.waitForTimeout(1000);
    const vues = await page.locator(".jp-CodeCell").evaluateAll((elements, erreur) =>
      elements.map((element) => ({
        figure: element.querySelector(".jp-OutputArea-output img, .jp-OutputArea-output svg") !== null,
        erreur: element.querySelector(erreur)?.textContent ?? "",
        texte: element.querySelector(".jp-OutputArea")?.innerText ?? "",
      })),
      ERREUR,
    );
    await capturer(page, `lab-${nom}-fin`);
    const figure = page.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").first();
    if (await figure.count()) {
      await figure.scrollIntoViewIfNeeded();
      await page.waitForTimeout(400);
      await capturer(page, `lab-${nom}-figure`);
    }
    return { attendues, vues };
  } finally {
    await page.close();
    rmSync(copie, { force: true });
  }
}

// À qui va trop vite, JupyterLab demande quel noyau il veut : il n'y en a qu'un bon.
test("JupyterLab ne propose que le noyau Rust", async () => {
  const adresse = new URL("/api/kernelspecs", lieux.lab);
  adresse.search = new URL(lieux.lab).search;
  const { default: premier, kernelspecs } = await (await fetch(adresse)).json();
  assert.equal(premier, "rust");
  assert.deepEqual(Object.keys(kernelspecs), ["rust"]);
});

// Deux notebooks à la fois, comme un apprenant qui en ouvre un second pendant que le premier tourne.
test("chaque notebook s'exécute en entier dans JupyterLab", { timeout: 3_600_000, concurrency: 2 }, async (essai) => {
  await Promise.all(notebooks.map((nom) => essai.test(nom, { timeout: 300_000 }, async () => {
    const { attendues, vues } = await executer(nom);
    for (const [rang, vue] of vues.entries()) {
      const place = `cellule de code n° ${rang + 1}`;
      assert.equal(vue.figure, attendues[rang].figure, `${place} : figure affichée`);
      // Le noyau attribue une erreur en retard à la cellule suivante, quand tout s'enchaîne.
      const voulue = attendues[rang].echec || attendues[rang - 1]?.echec;
      if (!voulue) assert.equal(vue.erreur, "", `${place} : aucune erreur`);
    }
    // Le noyau peut perdre une sortie d'erreur en retard ; il n'en invente pas.
    const echecs = attendues.filter((cellule) => cellule.echec).length;
    const montres = vues.filter((vue) => vue.erreur !== "").length;
    assert.ok(montres <= echecs && (echecs === 0 || montres > 0), `${montres} erreurs montrées sur ${echecs} voulues`);
    if (nom.startsWith("07_")) {
      assert.match(vues.map((vue) => vue.texte).join("\n"), /mêmes 1500 pertes : true/);
    }
  })));
});

// Remplace le code d'une cellule.
async function ecrire(page, cellule, code) {
  await cellule.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(code);
}

// Ouvre ce notebook dans JupyterLab et laisse `usage` s'en servir : `cellule(rang)` est une cellule de
// code, `faire(rang, code)` l'exécute, et refuse une erreur.
async function dansJupyterLab(nom, notebook, usage) {
  const copie = path.join(racine, "travail", `${nom}.ipynb`);
  writeFileSync(copie, JSON.stringify(notebook));
  const page = await chrome.newPage({ viewport: { width: 1200, height: 1100 } });
  const cellule = (rang) => page.locator(".jp-CodeCell").nth(rang);
  const faire = async (rang, code) => {
    if (code === undefined) await cellule(rang).locator(".cm-content").click();
    else await ecrire(page, cellule(rang), code);
    const invite = cellule(rang).locator(".jp-InputPrompt");
    const avant = await invite.textContent();
    await page.keyboard.press("Control+Enter");
    const debut = Date.now();
    for (let texte = avant; texte === avant || !/\[\d+\]/.test(texte); texte = await invite.textContent()) {
      assert.ok(Date.now() - debut < 120_000, `cellule ${rang} : toujours « ${texte} »`);
      await page.waitForTimeout(100);
    }
    await page.waitForTimeout(600);
    const erreurs = await cellule(rang).locator(ERREUR).allInnerTexts();
    assert.deepEqual(erreurs, [], `cellule ${rang} : aucune erreur`);
  };
  try {
    const adresse = new URL(lieux.lab);
    adresse.pathname = `/lab/workspaces/${nom}/tree/travail/${nom}.ipynb`;
    adresse.searchParams.set("reset", "");
    await page.goto(adresse.href);
    await page.locator(".jp-CodeCell").first().waitFor({ timeout: 60_000 });
    await noyauPret(page);
    await usage(page, cellule, faire);
  } finally {
    await page.close();
    rmSync(copie, { force: true });
  }
}

// Un exercice tel que l'apprenant le vit : la cellule donnée, une erreur connue, un indice, la
// bonne réponse. Le notebook vient de nous être remis : JupyterLab ne lui fait pas confiance.
test("la carte du correcteur accompagne un exercice dans JupyterLab", { timeout: 300_000 }, async () => {
  const notebook = JSON.parse(readFileSync(path.join(racine, "notebooks", "01_activation.ipynb"), "utf8"));
  const gardees = ["preparer-le-notebook-code-1", "preparer-le-notebook-code-2"];
  notebook.cells = notebook.cells.filter((cellule) => cellule.cell_type === "code"
    && (gardees.includes(cellule.id) || cellule.id.startsWith("exercice-1-2-")));
  assert.equal(notebook.cells.length, 4);
  // Les sorties enregistrées restent, pas les numéros : celui qui paraîtra viendra du noyau, qui n'en
  // donne jamais deux fois le même.
  for (const cellule of notebook.cells) cellule.execution_count = null;
  await dansJupyterLab("parcours_correcteur", notebook, async (page, cellule, faire) => {
    const carte = () => cellule(3).locator(".jp-OutputArea-output").last();
    // Sans confiance, la carte enregistrée se lit déjà, et ses indices s'ouvrent.
    assert.match(await carte().innerText(), /À écrire/);
    assert.ok(await carte().locator("details").count() > 0, "les indices sont repliés");
    await capturer(page, "carte-0-sans-confiance");
    for (const rang of [0, 1, 2, 3]) await faire(rang);
    assert.match(await carte().innerText(), /○ Exercice 1\.2.*À écrire/s);
    await faire(2, "fn my_sigmoid(z: f64) -> f64 {\n1.0 / (1.0 + z.exp())\n}");
    await faire(3);
    const faux = await carte().innerText();
    assert.match(faux, /✘ Exercice 1\.2.*erreur connue/s);
    assert.match(faux, /L'exposant a perdu son signe moins/);
    assert.match(faux, /attendu/);
    await capturer(page, "carte-1-erreur");
    const indice = carte().locator("summary").first();
    await indice.focus();
    await page.keyboard.press("Enter");
    assert.match(await carte().innerText(), /Une grande somme doit donner presque 1/);
    assert.doesNotMatch(await carte().innerText(), /avec ses parenthèses/, "un indice à la fois");
    await capturer(page, "carte-2-indice-deplie");
    await faire(3, "correcteur::chapitre_01::my_sigmoid(my_sigmoid).indice(3)");
    assert.match(await carte().innerText(), /Indice 3 sur 3[\s\S]*avec ses parenthèses/);
    await capturer(page, "carte-3-indice-demande");
    await faire(2, "fn my_sigmoid(z: f64) -> f64 {\n1.0 / (1.0 + (-z).exp())\n}");
    await faire(3, "correcteur::chapitre_01::my_sigmoid(my_sigmoid)");
    assert.match(await carte().innerText(), /✔ Exercice 1\.2.*Juste/s);
    assert.match(await carte().innerText(), /Pour aller plus loin/);
    await capturer(page, "carte-4-juste");
  });
});

// Une boucle sans fin, le bouton ■, puis la suite, sans rien redémarrer : une variable, une figure, une panique.
test("après le bouton ■, la cellule suivante marche dans JupyterLab", { timeout: 300_000 }, async () => {
  const notebook = JSON.parse(readFileSync(path.join(racine, "notebooks", "01_activation.ipynb"), "utf8"));
  notebook.cells = notebook.cells.filter((cellule) => cellule.cell_type === "code").slice(0, 4);
  for (const cellule of notebook.cells) {
    cellule.outputs = [];
    cellule.execution_count = null;
  }
  await dansJupyterLab("parcours_arret", notebook, async (page, cellule, faire) => {
    for (const rang of [0, 1]) await faire(rang);
    const numero = await cellule(1).locator(".jp-InputPrompt").textContent();
    assert.match(numero, /\[2\]/, "les cellules se comptent depuis 1, comme dans le livre");
    await ecrire(page, cellule(2), 'println!("je tourne"); loop { std::hint::black_box(0); }');
    await page.keyboard.press("Control+Enter");
    await cellule(2).getByText("je tourne").waitFor({ timeout: 60_000 });
    await page.locator('[data-jp-item-name="interrupt"] jp-button').click();
    await cellule(2).locator(ERREUR).getByText("Subprocess terminated").waitFor({ timeout: 30_000 });
    await capturer(page, "arret-0-interrompu");
    await faire(2, "let apres = 1 + 1;\napres");
    assert.equal((await cellule(2).locator(".jp-OutputArea-output").innerText()).trim(), "2");
    await faire(3, "plot::sigmoid_curve()");
    await cellule(3).locator("img, svg").first().waitFor({ timeout: 10_000 });
    await capturer(page, "arret-1-figure");
    await ecrire(page, cellule(2), 'panic!("le plafond tombe");');
    await page.keyboard.press("Control+Enter");
    await cellule(2).getByText("La cellule s'est arrêtée en chemin").first().waitFor({ timeout: 10_000 });
    await capturer(page, "arret-2-panique");
  });
});
