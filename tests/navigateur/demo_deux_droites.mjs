// Le ou exclusif à la main : deux droites que l'on tire, ou que l'on règle.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ailleurs, capturer, enFichier, preparer } from "./commun.mjs";
import { centre, dite, FACONS, lu, montrer, natif, PAGES, place, tirer } from "./demo_commun.mjs";

preparer({ servi: true });

const NOMS = ["A", "B"].flatMap((neurone) => ["poids w₁", "poids w₂", "biais b"].map((nom) => `${nom} du neurone ${neurone}`));
// Les six réglages, et les douze réponses du tableau : celles de A, de B, puis de la sortie.
async function lire(demo) {
  const reglages = [];
  for (const nom of NOMS) reglages.push(lu(await demo.getByLabel(`${nom}, nombre`).inputValue()));
  const reponses = [];
  for (const colonne of [3, 4, 5]) reponses.push(...(await demo.locator(`td:nth-child(${colonne})`).allInnerTexts()).map(lu));
  return { reglages, reponses };
}
function memesNombres({ reglages, reponses }) {
  const attendus = natif("droites", ...reglages);
  reponses.forEach((vu, rang) => assert.ok(Math.abs(vu - attendus[rang]) <= 0.005 + 1e-9, `${reglages} : ${reponses}, et non ${attendus}`));
}

for (const { nom, doigt, maison, options } of FACONS) {
  test(`les droites se tirent : ${nom}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("deux_droites", options("deux_droites"));
    let avant = await lire(demo);
    assert.deepEqual(avant.reglages, [20, 0, -5, 0, 20, -15], "le départ");
    memesNombres(avant);
    assert.match(await demo.getByRole("status").innerText(), /3 points sur 4 sont justes\. \(0, 1\) attend oui/);
    // De chaque neurone : la droite glisse, puis tourne ; l'autre ne bouge pas.
    for (const [neurone, autre] of [[0, 1], [1, 0]]) {
      const plan = await place(demo.locator(".demo-plan"));
      // La prise d'une droite est longue ; on la saisit loin de l'autre.
      const prise = neurone === 0 ? [plan.x + 0.375 * plan.width, plan.y + 0.9 * plan.height] : [plan.x + 0.92 * plan.width, plan.y + 0.375 * plan.height];
      await tirer(page, prise, neurone === 0 ? [30, 0] : [0, 30], doigt);
      let vu = await lire(demo);
      assert.notEqual(vu.reglages[3 * neurone + 2], avant.reglages[3 * neurone + 2], "le biais change");
      assert.deepEqual(vu.reglages.slice(3 * autre, 3 * autre + 3), avant.reglages.slice(3 * autre, 3 * autre + 3));
      memesNombres(vu);
      avant = vu;
      await tirer(page, await centre(demo, `:nth-match(.demo-tourner, ${neurone + 1})`), [18, 18], doigt);
      vu = await lire(demo);
      assert.notDeepEqual(vu.reglages.slice(3 * neurone, 3 * neurone + 2), avant.reglages.slice(3 * neurone, 3 * neurone + 2), "les poids changent");
      assert.deepEqual(vu.reglages.slice(3 * autre, 3 * autre + 3), avant.reglages.slice(3 * autre, 3 * autre + 3));
      memesNombres(vu);
      avant = vu;
    }
    await page.waitForFunction((vb) => location.hash.startsWith("#demo-deux_droites?u1=") && location.hash.endsWith(`&vb=${vb}`), avant.reglages[5]);
    await capturer(demo, `deux_droites-${nom}`);
    await page.reload();
    await page.waitForSelector("#demo-deux_droites.vivante");
    assert.deepEqual(await lire(demo), avant);
    assert.deepEqual(ailleurs(demandes, maison()), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

test("les droites se règlent au clavier jusqu'à « OU et pas ET », et une autre réponse est juste aussi", async () => {
  const { page, demo, erreurs, fermer } = await montrer("deux_droites");
  const regler = async (valeurs) => {
    for (const [rang, valeur] of valeurs.entries()) {
      await demo.getByLabel(`${NOMS[rang]}, nombre`).focus();
      await page.keyboard.press("Control+a");
      await page.keyboard.type(String(valeur));
      await page.keyboard.press("Enter");
    }
  };
  await demo.getByLabel("poids w₂ du neurone A, curseur").focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowRight");
  assert.equal((await lire(demo)).reglages[1], 3);
  await regler([20, 20, -10, 20, 20, -30]);
  await dite(page, "deux_droites", /Les quatre points sont justes.*A répond «.ou.», B répond «.et.»/);
  memesNombres(await lire(demo));
  assert.equal(await demo.locator("td", { hasText: "✓ juste" }).count(), 4);
  await capturer(demo, "deux_droites-resolu");
  await regler([-20, -20, 30, -20, -20, 10]);
  await dite(page, "deux_droites", /Les quatre points sont justes.*A répond «.pas les deux.», B répond «.ni l’un ni l’autre.»/);
  for (const texte of ["abc", "", "99", "NaN"]) {
    await demo.getByLabel(`${NOMS[5]}, nombre`).fill(texte);
    await page.keyboard.press("Enter");
    assert.match(await demo.getByRole("status").innerText(), /ne convient pas : pour b, écrivez un nombre de −45 à 45/, texte);
  }
  await regler([0, 0, 0, 0, 0, 0]);
  await dite(page, "deux_droites", /Hors du plan : la droite de A et celle de B/);
  await demo.getByRole("button", { name: "Revenir au début" }).press("Enter");
  assert.deepEqual((await lire(demo)).reglages, [20, 0, -5, 0, 20, -15]);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("une adresse illisible se dit, et le reste est pris", async () => {
  const { demo, erreurs, fermer } = await montrer("deux_droites", { adresse: `${enFichier(PAGES.deux_droites)}#demo-deux_droites?u1=abc&vb=-30` });
  assert.deepEqual((await lire(demo)).reglages, [20, 0, -5, 0, 20, -30]);
  assert.match(await demo.getByRole("status").innerText(), /L'adresse de cette page donne à w₁ de A/);
  assert.deepEqual(erreurs, []);
  await fermer();
});
