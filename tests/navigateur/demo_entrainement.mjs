// L'entraînement en direct : les exemples, les réglages, les pas, les points du lecteur.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ailleurs, capturer, enFichier, preparer } from "./commun.mjs";
import { dite, FACONS, immobile, lu, montrer, natif, PAGES, refuse } from "./demo_commun.mjs";

preparer({ servi: true });

// Quand ce pas est fait.
const auPas = (page, pas) => page.waitForFunction((voulu) => Number(document.querySelector("#demo-entrainement .demo-reponse").textContent.match(/\d+/)[0]) >= voulu, pas);

// Les exemples écrits, et les réglages.
async function lireDonnees(demo) {
  const lignes = (await demo.locator("textarea").inputValue()).split("\n");
  return {
    points: lignes.map((ligne) => ligne.split(" ")).map(([x1, x2, y]) => [lu(x1), lu(x2), y === "oui" ? 1 : 0]),
    caches: lu(await demo.getByLabel("neurones cachés, nombre").inputValue()),
    taux: lu(await demo.getByLabel("taux d'apprentissage, nombre").inputValue()),
    graine: lu(await demo.getByLabel("Graine").inputValue()),
  };
}
// La perte, les réponses et les poids montrés sont ceux de nn_core hors de la page.
async function comparer(demo, prevus) {
  const donnees = await lireDonnees(demo);
  if (prevus) assert.deepEqual([donnees.caches, donnees.taux, donnees.graine], prevus);
  const { points, caches, taux, graine } = donnees;
  const [, pas, perte, justes] = (await demo.locator(".demo-reponse").innerText()).match(/Pas (\d+)\. Perte\s: ([\d,]+)\s; réponses justes\s: (\d+) sur/);
  const attendus = natif("entrainement", caches, graine, pas, taux, ...points.flat());
  const pres = (vu, attendu, precision, quoi) => assert.ok(Math.abs(vu - attendu) <= precision, `${quoi}, pas ${pas} : ${vu}, et non ${attendu}`);
  pres(lu(perte), attendus[0], 5.1e-5, "la perte");
  const cases = (titre, colonnes) => demo.locator("details", { hasText: titre }).locator(`tbody td${colonnes}`).allTextContents();
  const reponses = (await cases("Les exemples et les réponses", ":last-child")).map(lu);
  assert.equal(reponses.length, points.length);
  reponses.forEach((vu, rang) => pres(vu, attendus[1 + rang], 5.1e-5, `la réponse ${rang}`));
  assert.equal(Number(justes), points.filter(([, , y], rang) => (attendus[1 + rang] > 0.5) === (y === 1)).length);
  const poids = (await cases("Les poids, en nombres", ":not(:first-child)")).map(lu);
  assert.equal(poids.length, 4 * caches);
  poids.forEach((vu, rang) => pres(vu, attendus[1 + points.length + (rang % 4) * caches + Math.floor(rang / 4)], 5.1e-3, `le poids ${rang}`));
  return Number(pas);
}
async function ouvrirTableaux(demo) {
  for (const titre of ["Les exemples et les réponses", "Les poids, en nombres"]) await demo.locator("summary", { hasText: titre }).click();
}

for (const { nom, doigt, maison, options } of FACONS) {
  test(`le réseau s'entraîne sur le tableau, sur les lunes, sur vos points : ${nom}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("entrainement", options("entrainement"));
    const presser = async (quoi) => {
      const bouton = typeof quoi === "string" ? demo.getByRole("button", { name: quoi, exact: true }) : quoi;
      if (doigt) await bouton.tap(); else await bouton.click();
    };
    await ouvrirTableaux(demo);
    assert.match(await demo.getByRole("status").innerText(), /Prédisez sa perte après 1500 pas/);
    assert.equal(await comparer(demo, [4, 1, 0]), 0);
    await presser("1 pas");
    assert.match(await demo.getByRole("status").innerText(), /Pas 1\s: la perte passe de 1,2981 à /);
    await presser("Continuer");
    await auPas(page, 101);
    await presser("Pause");
    const pause = await comparer(demo);
    assert.ok(pause > 100 && pause < 1500, `en pause au pas ${pause}`);
    assert.match(await demo.getByRole("status").innerText(), new RegExp(`^Pause. Après ${pause} pas`));
    await presser("Continuer");
    await auPas(page, 1500);
    assert.equal(await comparer(demo), 1500);
    assert.equal(await demo.locator(".demo-reponse strong").innerText(), "0,0028", "la perte du chapitre");
    assert.match(await demo.getByRole("status").innerText(), /toutes les réponses sont justes, à 0,0330 près/);
    await capturer(demo, `entrainement-${nom}`);

    await demo.getByRole("combobox").selectOption("deux lunes");
    await presser("100 pas");
    assert.equal(await comparer(demo, [4, 1, 0]), 100);
    await capturer(demo, `entrainement-lunes-${nom}`);

    // Un non, puis un oui, puis un point ôté.
    const { points } = await lireDonnees(demo);
    const plan = await demo.locator(".demo-plan").boundingBox();
    const toucher = async (x1, x2) => {
      const [x, y] = [plan.x + (x1 + 0.5) / 2 * plan.width, plan.y + (1.5 - x2) / 2 * plan.height];
      if (doigt) await page.touchscreen.tap(x, y); else await page.mouse.click(x, y);
    };
    await demo.locator(".demo-plan").evaluate((element) => element.scrollIntoView({ block: "center" }));
    Object.assign(plan, await demo.locator(".demo-plan").boundingBox());
    await presser(demo.getByLabel("un non"));
    await toucher(0.1, 1.3);
    assert.equal(await demo.getByRole("combobox").inputValue(), "miens");
    await presser(demo.getByLabel("un oui"));
    await toucher(1.2, 1.4);
    const ajoutes = (await lireDonnees(demo)).points.slice(points.length);
    assert.equal(ajoutes.length, 2);
    [[0.1, 1.3, 0], [1.2, 1.4, 1]].forEach((voulu, rang) => voulu.forEach((x, i) => assert.ok(Math.abs(ajoutes[rang][i] - x) <= 0.02, `${ajoutes}`)));
    await presser(demo.getByLabel("ôte le point voisin"));
    await toucher(0.13, 1.27);
    assert.equal((await lireDonnees(demo)).points.length, points.length + 1);
    await presser("100 pas");
    assert.equal(await comparer(demo), 100);
    await page.waitForFunction(() => location.hash.includes("exemples=miens&points="));
    const avant = await lireDonnees(demo);
    await page.reload();
    await page.waitForSelector("#demo-entrainement.vivante");
    assert.deepEqual(await lireDonnees(demo), avant);
    assert.deepEqual(ailleurs(demandes, maison()), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

test("tout se fait au clavier, et ce qui ne convient pas s'entend dire pourquoi", async () => {
  const { page, demo, erreurs, fermer } = await montrer("entrainement");
  for (const titre of ["Les exemples et les réponses", "Les poids, en nombres"]) {
    await demo.locator("summary", { hasText: titre }).focus();
    await page.keyboard.press("Enter");
  }
  await demo.getByLabel("neurones cachés, curseur").focus();
  await page.keyboard.press("ArrowLeft");
  await demo.getByLabel("taux d'apprentissage, curseur").focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowLeft");
  await dite(page, "entrainement", /n'a encore rien appris/);
  await demo.getByRole("button", { name: "100 pas" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await comparer(demo, [3, 0.32, 0]), 100);
  await page.waitForFunction(() => location.hash === "#demo-entrainement?caches=3&taux=0.32");
  const phrase = demo.getByRole("status");
  await refuse(page, demo, [
    ["neurones cachés, nombre", ["0", "9", "2,5", "abc", ""], /ne convient pas\s: pour neurones, écrivez un nombre entier de 1 à 8/],
    ["taux d'apprentissage, nombre", ["0", "101", "NaN", "Infinity", ""], /ne convient pas\s: pour taux η, écrivez un nombre de 0,01 à 100/],
    ["Graine", ["x", "-1", "1,5", "4294967296", ""], /la graine est un nombre entier/],
  ]);
  await demo.getByLabel("Graine").fill("42");
  await page.keyboard.press("Enter");
  await demo.getByLabel("taux d'apprentissage, nombre").fill("2");
  await page.keyboard.press("Enter");
  const lignes = demo.getByRole("textbox", { name: "Les exemples, un par ligne" });
  const prendre = demo.getByRole("button", { name: "Prendre ces lignes" });
  for (const [texte, motif] of [
    ["", /au moins un exemple/],
    ["0 0 non\n\n1 abc oui", /La ligne 3, «\s1 abc oui\s», ne convient pas\s: il faut deux nombres de −0,5 à 1,5/],
    ["0 0 peut-être", /La ligne 1/],
    ["0 2 oui", /La ligne 1/],
    ["0 1", /La ligne 1/],
    ["0 1 oui 3", /La ligne 1/],
    [Array(201).fill("0 0 non").join("\n"), /201 lignes\s: c'est trop, il en faut 200 au plus/],
  ]) {
    await lignes.fill(texte);
    await prendre.focus();
    await page.keyboard.press("Enter");
    assert.match(await phrase.innerText(), motif);
    assert.equal(await lignes.getAttribute("aria-invalid"), "true");
  }
  await lignes.fill("0 0 1\n0,25 1 non\n 1;-0,5;OUI\n1 1 0\n");
  await prendre.focus();
  await page.keyboard.press("Enter");
  assert.deepEqual((await lireDonnees(demo)).points, [[0, 0, 1], [0.25, 1, 0], [1, -0.5, 1], [1, 1, 0]]);
  await demo.getByRole("button", { name: "Commencer", exact: true }).focus();
  await page.keyboard.press("Space");
  await auPas(page, 51);
  await page.keyboard.press("Space");
  await comparer(demo, [3, 2, 42]);
  await demo.getByRole("button", { name: "Recommencer" }).focus();
  await page.keyboard.press("Enter");
  assert.equal(await comparer(demo), 0);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("une adresse illisible se dit, et le reste est pris", async () => {
  const { demo, erreurs, fermer } = await montrer("entrainement", { adresse: `${enFichier(PAGES.entrainement)}#demo-entrainement?exemples=miens&points=0_0_1*abc&caches=2.5&taux=3&graine=-1` });
  const { caches, taux, graine, points } = await lireDonnees(demo);
  assert.deepEqual([caches, taux, graine, points.length], [4, 3, 0, 4]);
  assert.match(await demo.getByRole("status").innerText(), /donne, pour exemples, neurones, graine, ce qui ne convient pas/);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("un taux trop grand, un réseau trop petit : la phrase le dit", async () => {
  const { page, demo, fermer } = await montrer("entrainement", { adresse: `${enFichier(PAGES.entrainement)}#demo-entrainement?taux=100`, reducedMotion: "reduce" });
  await ouvrirTableaux(demo);
  const jouer = async (motif) => {
    await demo.locator(".demo-principal").click();
    await dite(page, "entrainement", motif);
    assert.equal(await comparer(demo), 1500);
  };
  await jouer(/n'a presque pas changé.*taux plus petit/);
  await demo.getByLabel("taux d'apprentissage, nombre").fill("1");
  await page.keyboard.press("Enter");
  await demo.getByLabel("neurones cachés, nombre").fill("1");
  await page.keyboard.press("Enter");
  await jouer(/^Après 1500 pas, la perte vaut .*réponses sur 4 sont justes\. Elle baisse encore|n'a presque pas changé/);
  await fermer();
});

test("pendant l'entraînement, la page reste fluide ; sans mouvement, elle montre la fin", async () => {
  const { page, demo, erreurs, fermer } = await montrer("entrainement", { adresse: `${enFichier(PAGES.entrainement)}#demo-entrainement?exemples=spirales&caches=8` });
  await demo.getByRole("button", { name: "Commencer", exact: true }).click();
  const images = await page.evaluate(() => new Promise((rendre) => {
    const debut = performance.now();
    let combien = 0;
    requestAnimationFrame(function image(maintenant) {
      combien += 1;
      if (maintenant - debut < 2000) requestAnimationFrame(image); else rendre(combien / (maintenant - debut) * 1000);
    });
  }));
  assert.match(await demo.locator(".demo-reponse").innerText(), /^Pas \d{3}/, "il s'entraîne");
  console.log(`entrainement : ${images.toFixed(1)} images par seconde, huit neurones cachés et quarante exemples`);
  assert.ok(images > 20, `${images} images par seconde`);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await demo.getByRole("button", { name: "Recommencer" }).click();
  await demo.getByRole("button", { name: "Commencer", exact: true }).click();
  await auPas(page, 1500);
  const [une, autre] = [await demo.screenshot(), await page.waitForTimeout(500).then(() => demo.screenshot())];
  assert.ok(une.equals(autre), "rien ne bouge");
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("rien ne bouge dans la page quand elle arrive, ni quand elle joue", async () => {
  for (const largeur of [1280, 390, 320]) await immobile("entrainement", largeur);
});
