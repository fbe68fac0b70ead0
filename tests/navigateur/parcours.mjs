// Ce qu'un apprenant voit, dans un vrai navigateur : les pages du livre, servies et ouvertes
// comme des fichiers, et le chapitre 06 exécuté de bout en bout dans JupyterLab.
//
//   cargo atelier --sans-navigateur > adresses.txt &
//   ADRESSES=adresses.txt npm test
//
// CAPTURES=dossier garde les captures d'écran. CHROMIUM=chemin choisit le navigateur.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const racine = fileURLToPath(new URL("../..", import.meta.url));
const captures = process.env.CAPTURES;
const pages = ["index.html", "03_feedforward.html", "06_training.html"];

function navigateur() {
  const candidats = [
    process.env.CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ];
  const trouve = candidats.find((chemin) => chemin && existsSync(chemin));
  assert.ok(trouve, "Aucun Chromium trouvé : donnez son chemin dans la variable CHROMIUM.");
  return trouve;
}

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
  if (captures) mkdirSync(captures, { recursive: true });
  lieux = await adresses();
  chrome = await chromium.launch({
    executablePath: navigateur(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
});

after(async () => chrome?.close());

async function capture(page, nom, options = {}) {
  if (captures) await page.screenshot({ path: path.join(captures, `${nom}.png`), ...options });
}

// Ouvre une page du livre et rend ce qu'elle a demandé ailleurs et ses erreurs.
async function lire(adresse, nom) {
  const page = await chrome.newPage({ viewport: { width: 1280, height: 900 } });
  const ailleurs = [];
  const erreurs = [];
  const maison = adresse.startsWith("file:") ? "file:" : lieux.livre;
  page.on("request", (requete) => {
    const cible = requete.url();
    if (!cible.startsWith(maison) && !cible.startsWith("data:")) ailleurs.push(cible);
  });
  page.on("pageerror", (erreur) => erreurs.push(String(erreur)));
  page.on("requestfailed", (requete) => erreurs.push(`échec : ${requete.url()}`));
  await page.goto(adresse, { waitUntil: "load" });
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
  await capture(page, nom, { fullPage: true });
  await page.close();
  return { ...vu, ailleurs, erreurs };
}

for (const page of pages) {
  for (const mode of ["http", "file"]) {
    test(`la page ${page} se lit (${mode})`, async () => {
      const adresse = mode === "http"
        ? lieux.livre + page
        : pathToFileURL(path.join(racine, "book", "html", page)).href;
      const vu = await lire(adresse, `livre-${mode}-${page.replace(".html", "")}`);
      assert.ok(vu.titre, "la page a un titre");
      assert.equal(vu.langue, "fr");
      assert.deepEqual(vu.ailleurs, [], "la page ne demande rien ailleurs");
      assert.deepEqual(vu.erreurs, []);
      assert.deepEqual(vu.brutes, [], "aucune formule ne reste en TeX");
      assert.equal(vu.large, false, "la page ne déborde pas en largeur");
      if (page.match(/^\d\d_/)) {
        assert.ok(vu.formules >= 10, `${vu.formules} formules`);
        assert.ok(vu.sorties >= 8, `${vu.sorties} sorties`);
        assert.ok(vu.figures >= 3, `${vu.figures} figures`);
        assert.equal(vu.muettes, 0, "chaque figure a un texte de remplacement");
      }
    });
  }
}

test("le chapitre 06 s'exécute en entier dans JupyterLab et montre ses figures", { timeout: 300_000 }, async () => {
  // Une copie sans sorties : ce qui s'affichera viendra de cette exécution.
  const notebook = JSON.parse(readFileSync(path.join(racine, "notebooks", "06_training.ipynb"), "utf8"));
  const attendues = { code: 0, figures: 0 };
  for (const cellule of notebook.cells) {
    if (cellule.cell_type !== "code") continue;
    attendues.code += 1;
    attendues.figures += cellule.outputs.filter((sortie) => sortie.data?.["image/png"]).length;
    cellule.outputs = [];
    cellule.execution_count = null;
  }
  const copie = path.join(racine, "travail", "parcours_06.ipynb");
  writeFileSync(copie, JSON.stringify(notebook));
  const page = await chrome.newPage({ viewport: { width: 1400, height: 1000 } });
  try {
    const adresse = new URL(lieux.lab);
    // Un espace à part, vidé : celui de l’apprenant reste comme il l’a laissé.
    adresse.pathname = "/lab/workspaces/parcours/tree/travail/parcours_06.ipynb";
    adresse.searchParams.set("reset", "");
    await page.goto(adresse.href);
    await page.locator(".jp-RenderedMarkdown h1").first().waitFor({ timeout: 60_000 });
    // Le noyau est prêt quand son état le dit, en français comme tout le reste.
    await page.locator('.jp-NotebookPanel-toolbar [data-status="idle"]').first().waitFor({ timeout: 60_000 });
    await page.locator(".jp-Notebook").click();
    await page.getByRole("menuitem", { name: "Exécution", exact: true }).click();
    await page.getByRole("menuitem", { name: "Exécuter toutes les cellules", exact: true }).click();
    const faites = () =>
      page.locator(".jp-CodeCell .jp-InputPrompt").evaluateAll((invites) => invites.map((i) => i.textContent));
    const debut = Date.now();
    for (;;) {
      const invites = await faites();
      if (invites.length === attendues.code && invites.every((i) => /\[\d+\]/.test(i))) break;
      assert.ok(Date.now() - debut < 240_000, `cellules en attente : ${JSON.stringify(invites)}`);
      await page.waitForTimeout(300);
    }
    await page.waitForTimeout(1500);
    const vu = await page.evaluate(() => ({
      figures: [...document.querySelectorAll(".jp-OutputArea-output img, .jp-OutputArea-output svg")].length,
      erreurs: [...document.querySelectorAll('[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type="application/vnd.jupyter.error"]')].map((e) => e.textContent),
      texte: document.querySelector(".jp-Notebook").innerText,
    }));
    assert.deepEqual(vu.erreurs, []);
    assert.equal(vu.figures, attendues.figures, "chaque figure attendue est affichée");
    assert.match(vu.texte, /mêmes 1500 pertes : true/);
    await capture(page, "lab-06-fin");
    const courbe = page.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").nth(1);
    await courbe.scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await capture(page, "lab-06-courbe");
  } finally {
    await page.close();
    rmSync(copie, { force: true });
  }
});
