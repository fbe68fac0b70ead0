// Le réseau de l'accueil, qui apprend le ou exclusif.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ailleurs, capturer, chrome, enFichier, ouvrir, preparer } from "./commun.mjs";
import { FACONS, lu, montrer, natif, PAGES } from "./demo_commun.mjs";

preparer({ servi: true });

async function lireReseau(demo) {
  const compte = await demo.locator(".demo-reponse").innerText();
  const reponses = await demo.locator("td:last-child").allInnerTexts();
  return { pas: Number(compte.match(/Pas (\d+)/)[1]), nombres: [compte.split(":")[1], ...reponses].map((texte) => lu(texte.trim())) };
}
function memeReseau({ pas, nombres }, graine) {
  const attendus = natif("reseau", graine, pas).slice(-5);
  nombres.forEach((vu, rang) => assert.ok(Math.abs(vu - attendus[rang]) <= 5e-5 + 1e-9, `pas ${pas}, ${nombres} : ${attendus}`));
}

for (const { nom, doigt, maison, options } of FACONS) {
  test(`le réseau apprend, se met en pause et finit : ${nom}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("xor", options("xor"));
    const presser = async (nom) => {
      const bouton = demo.getByRole("button", { name: nom, exact: true });
      if (doigt) await bouton.tap(); else await bouton.click();
    };
    await page.waitForFunction(() => Number(document.querySelector("#demo-xor .demo-reponse").textContent.match(/\d+/)[0]) > 100);
    await presser("Pause");
    const vu = await lireReseau(demo);
    assert.ok(vu.pas > 100 && vu.pas < 1500, `en pause au pas ${vu.pas}`);
    memeReseau(vu, 0);
    assert.match(await demo.getByRole("status").innerText(), /Pause au pas \d+/);
    await presser("Continuer");
    await page.waitForFunction(() => document.querySelector("#demo-xor .demo-reponse").textContent.startsWith("Pas 1500"));
    memeReseau(await lireReseau(demo), 0);
    assert.match(await demo.getByRole("status").innerText(), /quatre réponses sont justes/);
    await capturer(demo, `xor-${nom}`);
    assert.deepEqual(ailleurs(demandes, maison()), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

test("le réseau se conduit au clavier, et une autre graine donne ses propres nombres", async () => {
  const { page, demo, erreurs, fermer } = await montrer("xor");
  await demo.getByRole("button", { name: "Pause" }).focus();
  await page.keyboard.press("Space");
  assert.match(await demo.getByRole("status").innerText(), /Pause/);
  const champ = demo.getByLabel("Graine");
  for (const texte of ["x", "-1", "1,5", "4294967296", ""]) {
    await champ.fill(texte);
    await page.keyboard.press("Enter");
    assert.match(await demo.getByRole("status").innerText(), /la graine est un nombre entier/, texte);
  }
  await champ.fill("42");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#demo-xor .demo-reponse").textContent.startsWith("Pas 1500"));
  memeReseau(await lireReseau(demo), 42);
  assert.equal(new URL(page.url()).hash, "#demo-xor?graine=42");
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("le réseau commence en moins d'une seconde, et sans mouvement il montre la fin", async () => {
  const depart = await ouvrir(chrome, enFichier(PAGES.xor));
  await depart.page.waitForFunction(() => /Pas [1-9]/.test(document.querySelector("#demo-xor .demo-reponse")?.textContent));
  const duree = await depart.page.evaluate(() => performance.now());
  console.log(`le premier pas : ${Math.round(duree)} ms après la demande de la page`);
  assert.ok(duree < 1000, `${duree} ms`);
  await depart.fermer();
  const { page, demo, fermer } = await montrer("xor", { reducedMotion: "reduce" });
  await page.waitForFunction(() => document.querySelector("#demo-xor .demo-reponse").textContent.startsWith("Pas 1500"));
  memeReseau(await lireReseau(demo), 0);
  const [une, autre] = [await demo.screenshot(), await page.waitForTimeout(500).then(() => demo.screenshot())];
  assert.ok(une.equals(autre), "rien ne bouge");
  await fermer();
});
