// La propagation avant, un pas à la fois : chaque nombre, chaque ligne de code, chaque poids.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ailleurs, capturer, enFichier, preparer, racine } from "./commun.mjs";
import { FACONS, lu, montrer, natif, PAGES, place } from "./demo_commun.mjs";

preparer({ servi: true });

// De chaque ligne, hors de la page : quatre sommes, quatre réponses cachées, une somme, une réponse ; puis les poids.
const attendus = natif("avant");
const [LIGNES, ETAPES] = [4, 4];
const deLaLigne = (ligne) => attendus.slice(10 * (ligne - 1), 10 * ligne);
const poids = attendus.slice(40);
const proches = (vus, voulus, ecart, ou) => {
  assert.equal(vus.length, voulus.length, ou);
  vus.forEach((vu, rang) => assert.ok(Math.abs(vu - voulus[rang]) <= ecart + 1e-9, `${ou} : ${vus}, et non ${voulus}`));
};
const nombresDe = (texte) => (texte.match(/[−-]?\d+(?:,\d+)?/g) ?? []).map(lu);
const phrase = (demo) => demo.getByRole("status").innerText();

// Ce que montre la page à cette ligne et à cette étape : le dessin, le tableau, la phrase, les lignes de code.
async function verifier(demo, ligne, etape) {
  const ou = `ligne ${ligne}, étape ${etape}`;
  const [z1, a1, z2, y] = [deLaLigne(ligne).slice(0, 4), deLaLigne(ligne).slice(4, 8), deLaLigne(ligne)[8], deLaLigne(ligne)[9]];
  const dit = await phrase(demo);
  assert.ok(dit.startsWith(`Ligne ${ligne}, étape ${etape} sur 4. `), `${ou} : ${dit}`);
  const textes = await demo.locator(".demo-avant").evaluate((dessin) => [...dessin.querySelectorAll("text:not(.demo-nom, .demo-poids)")].map((texte) => texte.textContent).filter(Boolean));
  const caches = { z: etape >= 1 ? z1 : [], σ: etape >= 2 ? a1 : [], ŷ: etape >= 4 ? [y] : [] };
  if (etape >= 3) caches.z = [...z1, z2];
  for (const [lettre, voulus] of Object.entries(caches)) {
    proches(textes.filter((texte) => texte.startsWith(lettre)).map((texte) => lu(texte.slice(2))), voulus, 0.005, `${ou}, ${lettre} du dessin`);
  }
  assert.equal(textes.filter((texte) => texte === "?").length, etape === 0 ? 5 : etape < 3 ? 1 : 0, ou);
  const dits = { 1: [/ z = ([^.]*)\./, z1], 2: [/σ\(z\) = (.*?)\s: c'est/, a1], 3: [/ z = ([^.]*)\./, [z2]], 4: [/ŷ = ([^ ]*), pour/, [y]] }[etape];
  if (dits) proches(nombresDe(dit.match(dits[0])[1]), dits[1], 5e-5, `${ou}, la phrase`);
  const cases = await demo.locator("td:last-child").allInnerTexts();
  cases.forEach((texte, rang) => {
    if (rang + 1 < ligne || (rang + 1 === ligne && etape === ETAPES)) proches([lu(texte)], [deLaLigne(rang + 1)[9]], 5e-5, `${ou}, ŷ`);
    else assert.equal(texte, "?", ou);
  });
  assert.equal(await demo.locator("tr[aria-current]").innerText().then((texte) => texte.slice(0, 7)), `ligne ${ligne}`);
  // Les lignes allumées : l'appel, et le calcul, dont une moitié est soulignée.
  const vives = await demo.locator(".demo-code [aria-current=step]").allInnerTexts();
  const appel = etape <= 2 ? "self.layer1 = activate(" : "self.output = activate(";
  assert.equal(vives.length, etape === 0 ? 0 : 2, ou);
  if (etape > 0) {
    assert.ok(vives[0].startsWith(appel) && vives[1].startsWith("(x.dot(weights) + biases).mapv(sigmoid)"), `${ou} : ${vives}`);
    assert.equal(await demo.locator(".demo-part").innerText(), etape % 2 === 1 ? "(x.dot(weights) + biases)" : ".mapv(sigmoid)", ou);
  } else assert.equal(await demo.locator(".demo-part").count(), 0);
}

for (const { nom, doigt, maison, options } of FACONS) {
  test(`la propagation avance, recule, et chaque nombre est celui de nn_core : ${nom}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("feedforward", options("feedforward"));
    const presser = async (quoi, force = false) => {
      const bouton = demo.getByRole("button", { name: quoi, exact: true });
      if (doigt) await bouton.tap({ force }); else await bouton.click({ force });
    };
    const haut = await demo.evaluate((element) => element.clientHeight);
    for (let pas = 0; pas < LIGNES * (ETAPES + 1); pas += 1) {
      await verifier(demo, Math.floor(pas / 5) + 1, pas % 5);
      assert.equal(await demo.evaluate((element) => element.clientHeight), haut, `rien ne bouge au pas ${pas}`);
      if (pas < 19) await presser("Avancer");
    }
    assert.match(await phrase(demo), /Les quatre réponses dépassent 0,5/);
    assert.equal(await demo.locator("select").inputValue(), "13", "le poids regardé suit la couche : du neurone 1 à la sortie");
    assert.equal(await demo.getByRole("button", { name: "Avancer" }).getAttribute("aria-disabled"), "true");
    await presser("Avancer", true);
    await verifier(demo, 4, 4);
    await presser("Reculer");
    await verifier(demo, 4, 3);
    // Un poids sous la souris, ou touché.
    await place(demo.locator(".demo-avant"));
    const trait = demo.locator(".demo-arete").nth(13);
    const point = await trait.evaluate((element) => {
      const [x, y] = ["x", "y"].map((axe) => 0.6 * element.getAttribute(`${axe}1`) + 0.4 * element.getAttribute(`${axe}2`));
      const { a, b, c, d, e, f } = element.getScreenCTM();
      return [a * x + c * y + e, b * x + d * y + f];
    });
    if (doigt) await page.touchscreen.tap(...point); else await page.mouse.move(...point);
    assert.equal(await demo.locator("select").inputValue(), "14");
    assert.match(await demo.locator(".demo-somme").innerText(), /weights2\[\[1, 0\]\] = 0,9256\s: le poids du neurone 2 à la sortie\./);
    await capturer(demo, `feedforward-${nom}`);
    await page.waitForFunction(() => location.hash === "#demo-feedforward?ligne=4&etape=3&poids=14");
    await page.reload();
    await page.waitForSelector("#demo-feedforward.vivante");
    await verifier(demo, 4, 3);
    assert.equal(await demo.locator("select").inputValue(), "14");
    await presser("Revenir au début");
    await verifier(demo, 1, 0);
    assert.deepEqual(ailleurs(demandes, maison()), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

test("au clavier : les flèches avancent et reculent sans quitter la page, le menu montre chaque poids et sa formule", async () => {
  const { page, demo, erreurs, fermer } = await montrer("feedforward");
  const adresse = page.url();
  await demo.getByRole("button", { name: "Avancer" }).focus();
  await page.keyboard.press("ArrowLeft");
  await verifier(demo, 1, 0);
  for (let pas = 0; pas < 7; pas += 1) await page.keyboard.press("ArrowRight");
  await verifier(demo, 2, 2);
  await page.keyboard.press("ArrowLeft");
  await verifier(demo, 2, 1);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await verifier(demo, 2, 3);
  const menu = demo.getByLabel("Un poids");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.ok(await menu.evaluate((element) => element === document.activeElement && element.matches(":focus-visible")));
  await menu.selectOption("1");
  // La ligne 2 est 0 1 1 ; sa sortie est connue à l'étape 3. De chaque poids : lui, sa somme, ce qu'il y apporte.
  const x = [0, 1, 1];
  const [z1, a1, z2] = [deLaLigne(2).slice(0, 4), deLaLigne(2).slice(4, 8), deLaLigne(2)[8]];
  for (let rang = 0; rang < 16; rang += 1) {
    const premiere = rang < 12;
    const [de, a] = premiere ? [Math.floor(rang / 4), rang % 4] : [rang - 12, 0];
    const [lignePoids, ligneSomme, ligneEffet] = (await demo.locator(".demo-somme").innerText()).split("\n");
    assert.ok(lignePoids.startsWith(`weights${premiere ? 1 : 2}[[${de}, ${a}]]`), lignePoids);
    proches([lu(lignePoids.match(/= (\S+)/)[1])], [poids[rang]], 5e-5, lignePoids);
    const [entrees, leurs] = premiere ? [x, [0, 1, 2].map((i) => poids[4 * i + a])] : [a1, poids.slice(12)];
    const termes = ligneSomme.match(/\S+\s×\s\S+/g);
    assert.equal(termes.length, entrees.length, ligneSomme);
    termes.forEach((terme, i) => proches(nombresDe(terme), [entrees[i], leurs[i]], 5e-5, ligneSomme));
    proches([lu(ligneSomme.split("≈")[1].trim())], [premiere ? z1[a] : z2], 5e-5, ligneSomme);
    proches([lu(ligneEffet.match(/apporte (\d+,\d+|\d+)/)[1])], [entrees[de] * poids[rang]], 5e-5, ligneEffet);
    if (premiere) proches([lu(ligneEffet.match(/≈ (\d,\d+)/)[1])], [a1[a]], 5e-5, ligneEffet);
    else assert.doesNotMatch(ligneEffet, /σ/, "la réponse n'est pas encore connue");
    assert.equal(await demo.locator(".demo-choisi").count(), 1);
    assert.match(await demo.locator(".demo-somme strong").innerText(), /×/);
    if (rang < 15) await page.keyboard.press("ArrowDown");
  }
  assert.equal(await demo.locator(".demo-somme").getAttribute("aria-live"), "polite");
  await verifier(demo, 2, 3);
  // Avant que la couche cachée ait répondu, ce qui n'est pas connu n'est pas écrit.
  await demo.getByRole("button", { name: "Revenir au début" }).press("Enter");
  assert.equal(await menu.inputValue(), "12", "le poids regardé suit la couche : celui de x₃ au même neurone");
  await menu.selectOption("13");
  assert.match(await demo.locator(".demo-somme").innerText(), /z = \?\s×.*= *\s\?/s);
  assert.equal(page.url().split("#")[0], adresse.split("#")[0], "le livre n'a pas changé de page");
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("les lignes de code sont celles de src/feedforward.rs, et la page les montre aussi", async () => {
  const { page, demo, fermer } = await montrer("feedforward");
  const lignes = await demo.locator(".demo-ligne").allInnerTexts();
  const source = readFileSync(path.join(racine, "src/feedforward.rs"), "utf8").split("\n").map((ligne) => ligne.trim());
  const page_ = await page.locator("pre code").allTextContents();
  assert.equal(lignes.length, 7);
  for (const ligne of lignes) {
    assert.ok(source.includes(ligne), ligne);
    assert.ok(page_.some((texte) => texte.includes(ligne)), `le chapitre montre : ${ligne}`);
  }
  await fermer();
});

test("une adresse illisible se dit, et le reste est pris ; d'une étape à l'autre, rien ne bouge", async () => {
  const adresse = (fin) => `${enFichier(PAGES.feedforward)}#demo-feedforward?${fin}`;
  for (const [fin, mauvais, ligne] of [["ligne=abc&etape=2", /à «\sligne\s» ce qui ne convient pas/, 1], ["ligne=3&etape=1.5", /à «\setape\s»/, 3], ["ligne=2&etape=9&poids=17", /à «\setape\s», «\spoids\s»/, 2]]) {
    const { demo, erreurs, fermer } = await montrer("feedforward", { adresse: adresse(fin) });
    assert.match(await phrase(demo), mauvais, fin);
    assert.match(await demo.locator("tr[aria-current]").innerText(), new RegExp(`^ligne ${ligne}`), fin);
    assert.deepEqual(erreurs, []);
    await fermer();
  }
  for (const largeur of [320, 390, 1280]) {
    const { page, demo, fermer } = await montrer("feedforward", { largeur });
    const hauteurs = new Set();
    for (let pas = 0; pas < 20; pas += 1) {
      for (const choisi of ["1", "14"]) {
        await demo.locator("select").selectOption(choisi);
        hauteurs.add(await demo.evaluate((element) => element.clientHeight));
      }
      if (pas < 19) await demo.getByRole("button", { name: "Avancer" }).click();
    }
    assert.equal(hauteurs.size, 1, `${largeur} : ${[...hauteurs]}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${largeur}`);
    await fermer();
  }
});
