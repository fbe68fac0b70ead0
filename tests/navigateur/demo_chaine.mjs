// La règle de la chaîne : le retour pas à pas, et ce que l'on dit d'une prédiction.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ailleurs, capturer, preparer } from "./commun.mjs";
import { FACONS, lu, montrer, natif } from "./demo_commun.mjs";

preparer({ servi: true });

const DEBUT = [0.5, 2, Math.log(3) - 1, 1];
// Les cases : le nom, la valeur, et le gradient s'il est montré.
const lire = (demo) => demo.locator(".demo-graphe text").allTextContents().then((textes) => {
  const cases = [];
  for (let i = 0; i < textes.length; i += 3) cases.push({ nom: textes[i], valeur: lu(textes[i + 1]), gradient: /\d/.test(textes[i + 2]) ? lu(textes[i + 2]) : null });
  return cases;
});
async function memes(demo, entrees, montres) {
  const attendus = natif("chaine", ...entrees);
  const cases = await lire(demo);
  assert.equal(cases.length, attendus.length / 2);
  cases.forEach(({ nom, valeur, gradient }, rang) => {
    assert.ok(Math.abs(valeur - attendus[2 * rang]) <= 5e-6 + 1e-12, `${nom} vaut ${valeur}`);
    if (rang < cases.length - montres) assert.equal(gradient, null, nom);
    else assert.ok(Math.abs(gradient - attendus[2 * rang + 1]) <= 5e-6 + 1e-12, `${nom}, gradient ${gradient}`);
  });
}
const phrase = (demo) => demo.getByRole("status").innerText();

for (const { nom, doigt, maison, options } of FACONS) {
  test(`le retour se fait pas à pas : ${nom}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("chaine", options("chaine"));
    const presser = async (mot) => {
      const bouton = demo.getByRole("button", { name: mot, exact: true });
      if (doigt) await bouton.tap(); else await bouton.click();
    };
    await memes(demo, [0, ...DEBUT], 1);
    for (let montres = 2; montres <= 9; montres += 1) {
      await presser("Montrer");
      await memes(demo, [0, ...DEBUT], montres);
    }
    assert.match(await phrase(demo), /∂L\/∂w = −0,09375 × 2 = −0,1875/);
    await presser("Reculer");
    await memes(demo, [0, ...DEBUT], 8);
    await capturer(demo, `chaine-${nom}`);
    await demo.getByLabel("Le calcul").selectOption("Deux chemins");
    for (let i = 0; i < 4; i += 1) await presser("Montrer");
    await memes(demo, [1, 2, 3, 0, 0], 5);
    assert.match(await phrase(demo), /∂L\/∂x = 1 × 4 \+ 1 × 3 = 7/);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    assert.deepEqual(ailleurs(demandes, maison()), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

test("au clavier, une prédiction est jugée, et une fausse dit de quelle sorte est l'écart", async () => {
  const { page, demo, erreurs, fermer } = await montrer("chaine");
  const chapitre = new URL(page.url()).pathname;
  const champ = demo.getByLabel("Prédiction de");
  const predire = async (texte) => {
    await champ.fill(texte);
    await champ.press("Enter");
    return phrase(demo);
  };
  assert.match(await predire("abc"), /«\sabc\s»\sne convient pas/);
  assert.match(await predire("-0,5"), /cherchez un signe/);
  assert.match(await predire("1"), /multiplier par la pente locale/);
  assert.match(await predire("0,25"), /facteur 2/);
  assert.match(await predire("12"), /Ce n'est pas cela/);
  await memes(demo, [0, ...DEBUT], 1);
  assert.match(await predire("0,5"), /^Juste\s: ∂L\/∂u = 1 × 0,5 = 0,5\.$/);
  await memes(demo, [0, ...DEBUT], 2);
  await demo.getByRole("button", { name: "Montrer" }).focus();
  await page.keyboard.press("ArrowRight");
  await memes(demo, [0, ...DEBUT], 3);
  await page.keyboard.press("ArrowLeft");
  await memes(demo, [0, ...DEBUT], 2);
  assert.equal(new URL(page.url()).pathname, chapitre, "les flèches ne changent pas de chapitre");
  // Deux chemins, avec d'autres nombres.
  await demo.getByLabel("Le calcul").selectOption("Deux chemins");
  const x = demo.getByLabel("x =");
  for (const faux of ["99", "", "x"]) {
    await x.fill(faux);
    await x.press("Tab");
    assert.match(await phrase(demo), /pour x, écrivez un nombre de −10 à 10/);
    assert.equal(await x.getAttribute("aria-invalid"), "true");
  }
  await x.fill("-1,5");
  await x.press("Tab");
  await memes(demo, [1, -1.5, 3, 0, 0], 1);
  for (const juste of ["1", "-1,5", "1"]) assert.match(await predire(juste), /^Juste/, juste);
  assert.match(await predire("-3"), /un seul chemin/);
  assert.match(await predire("0,00001"), /^Juste, à l'arrondi près/);
  await memes(demo, [1, -1.5, 3, 0, 0], 5);
  await demo.getByRole("button", { name: "Recommencer" }).press("Enter");
  await memes(demo, [1, 2, 3, 0, 0], 1);
  assert.deepEqual(erreurs, []);
  await fermer();
});
