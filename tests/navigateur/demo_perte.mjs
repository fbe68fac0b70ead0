// La perte selon deux poids : la bille que l'on place, ses pas, et ce que fait chaque taux.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ailleurs, capturer, enFichier, preparer } from "./commun.mjs";
import { centre, dite, FACONS, immobile, lu, montrer, natif, PAGES, refuse, tirer } from "./demo_commun.mjs";

preparer({ servi: true });

const auPas = (page, pas) => page.waitForFunction((voulu) => Number(document.querySelector("#demo-perte .demo-reponse").textContent.match(/\d+/)[0]) >= voulu, pas);

// Le pas, la perte, la place et les pentes que la page montre.
async function lire(demo) {
  const [, pas, perte] = (await demo.locator(".demo-reponse").innerText()).match(/Pas (\d+)\. Perte\s: (\S+)/);
  const [, a, b, penteA, penteB] = (await demo.locator(".demo-somme").innerText()).match(/En \((\S+)\s; (\S+)\), les pentes sont (\S+) et (\S+)\. Un pas/);
  const taux = lu(await demo.getByLabel("taux d'apprentissage, nombre").inputValue());
  return { pas: Number(pas), taux, vus: [a, b, perte, penteA, penteB].map(lu) };
}
// Les mêmes, hors de la page ; `place` est celle d'où la bille est partie, si ce n'est pas celle du chapitre.
async function comparer(demo, place = []) {
  const { pas, taux, vus } = await lire(demo);
  const attendus = natif("perte", taux, pas, ...place);
  vus.forEach((vu, rang) => assert.ok(Math.abs(vu - attendus[rang]) <= 5.1e-5, `pas ${pas}, taux ${taux}, ${vus} : ${attendus}`));
  return { pas, vus };
}

for (const { nom, doigt, maison, options } of FACONS) {
  test(`la bille se place, fait un pas, et descend : ${nom}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("perte", options("perte"));
    const presser = async (quoi) => {
      const bouton = demo.getByRole("button", { name: quoi, exact: true });
      if (doigt) await bouton.tap(); else await bouton.click();
    };
    const phrase = demo.getByRole("status");
    assert.match(await phrase.innerText(), /jusqu'où ira-t-elle en un pas\s\? Et en quarante/);
    const depart = await comparer(demo);
    assert.equal(depart.pas, 0);
    assert.equal(depart.vus[2], 1.2981, "la perte du chapitre");
    await presser("1 pas");
    assert.equal((await comparer(demo)).pas, 1);
    assert.match(await phrase.innerText(), /Pas 1\s: la perte descend de 1,2981 à 1,14/);
    await presser("Reprendre du même point");
    assert.deepEqual((await lire(demo)).vus, depart.vus);

    // Tirée, puis placée d'un clic.
    await demo.locator(".demo-plan").evaluate((element) => element.scrollIntoView({ block: "center" }));
    await tirer(page, await centre(demo, ".demo-bouger"), [-40, -50], doigt);
    const tiree = await lire(demo);
    assert.ok(tiree.vus[0] < depart.vus[0] - 0.5 && tiree.vus[1] > depart.vus[1] + 0.5, `${tiree.vus}`);
    await comparer(demo, tiree.vus.slice(0, 2));
    const { x, y, width } = await demo.locator(".demo-plan").boundingBox();
    const [cx, cy] = [x + width * 14 / 16, y + width * 14 / 16];
    if (doigt) await page.touchscreen.tap(cx, cy); else await page.mouse.click(cx, cy);
    const posee = (await lire(demo)).vus.slice(0, 2);
    assert.ok(Math.abs(posee[0] - 6) < 0.1 && Math.abs(posee[1] + 6) < 0.1, `${posee}`);
    await comparer(demo, posee);
    await presser("Descendre");
    await auPas(page, 5);
    await presser("Pause");
    const pause = await comparer(demo, posee);
    assert.ok(pause.pas >= 5 && pause.pas < 40, `${pause.pas}`);
    assert.match(await phrase.innerText(), /^Pause\. En \d+ pas, au taux 1, la perte passe de/);
    await presser("Descendre");
    await auPas(page, pause.pas + 40);
    await comparer(demo, posee);
    assert.match(await phrase.innerText(), /au fond de la vallée/);
    await capturer(demo, `perte-${nom}`);
    await page.waitForFunction(() => location.hash.startsWith("#demo-perte?"));
    await page.reload();
    await page.waitForSelector("#demo-perte.vivante");
    assert.deepEqual((await lire(demo)).vus.slice(0, 2), posee);
    assert.deepEqual(ailleurs(demandes, maison()), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

test("chaque taux du chapitre fait ce que le chapitre en dit", async () => {
  const { page, demo, fermer } = await montrer("perte", { reducedMotion: "reduce" });
  for (const [taux, motif] of [
    ["0,1", /La pente est encore de .* Continuez/],
    ["1", /au fond de la vallée.*Ce taux convient/],
    ["3", /au fond de la vallée.*elle a oscillé.*à la limite/],
    ["5", /trop grand\s: la perte a monté à \d+ des 10 derniers pas/],
    ["100", /trop grand\s: un pas a enjambé la vallée.*diverger.*hors du dessin, en \(−29,9\s; −26,3\)/],
    ["1000", /diverger/],
  ]) {
    await demo.getByLabel("taux d'apprentissage, nombre").fill(taux);
    await page.keyboard.press("Enter");
    await demo.locator(".demo-principal").click();
    await auPas(page, 40);
    assert.match(await demo.getByRole("status").innerText(), motif, `taux ${taux}`);
    assert.equal((await comparer(demo)).pas, 40);
  }
  const [une, autre] = [await demo.screenshot(), await page.waitForTimeout(500).then(() => demo.screenshot())];
  assert.ok(une.equals(autre), "rien ne bouge");
  await fermer();
});

test("la bille se règle au clavier, et ce qui ne convient pas s'entend dire pourquoi", async () => {
  const { page, demo, erreurs, fermer } = await montrer("perte");
  await refuse(page, demo, [
    ["premier poids, nombre", ["abc", "", "9", "NaN"], /ne convient pas\s: pour 1ᵉʳ poids, écrivez un nombre de −8 à 8/],
    ["deuxième poids, nombre", ["-8,1", "Infinity"], /ne convient pas\s: pour 2ᵉ poids, écrivez un nombre de −8 à 8/],
    ["taux d'apprentissage, nombre", ["0", "-1", "1001"], /ne convient pas\s: pour taux η, écrivez un nombre de 0,01 à 1000/],
  ]);
  await demo.getByLabel("premier poids, nombre").fill("-6");
  await page.keyboard.press("Enter");
  await demo.getByLabel("deuxième poids, nombre").fill("-6");
  await page.keyboard.press("Enter");
  await demo.getByLabel("deuxième poids, curseur").focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowLeft");
  await demo.getByLabel("taux d'apprentissage, curseur").focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowRight");
  await dite(page, "perte", /La bille est en \(−6,00\s; −6,50\).*Au taux 2\b/s);
  await page.waitForFunction(() => location.hash === "#demo-perte?taux=2&a=-6&b=-6.5");
  await demo.getByRole("button", { name: "1 pas" }).focus();
  await page.keyboard.press("Enter");
  assert.equal((await comparer(demo, [-6, -6.5])).pas, 1);
  await demo.getByRole("button", { name: "Descendre" }).focus();
  await page.keyboard.press("Space");
  await auPas(page, 41);
  await dite(page, "perte", /partie d'un plateau/s);
  await comparer(demo, [-6, -6.5]);
  await demo.getByRole("button", { name: "Revenir au début" }).focus();
  await page.keyboard.press("Enter");
  assert.equal((await comparer(demo)).pas, 0);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("une adresse illisible se dit, et le reste est pris ; en descendant, la page reste fluide", async () => {
  const { page, demo, erreurs, fermer } = await montrer("perte", { adresse: `${enFichier(PAGES.perte)}#demo-perte?taux=abc&a=3&b=99&z=1` });
  assert.match(await demo.getByRole("status").innerText(), /donne, pour taux d'apprentissage, deuxième poids, ce qui ne convient pas/);
  const { taux, vus } = await lire(demo);
  assert.deepEqual([taux, vus[0]], [1, 3]);
  await demo.getByRole("button", { name: "Descendre" }).click();
  const images = await page.evaluate(() => new Promise((rendre) => {
    const debut = performance.now();
    let combien = 0;
    requestAnimationFrame(function image(maintenant) {
      combien += 1;
      if (maintenant - debut < 2000) requestAnimationFrame(image); else rendre(combien / (maintenant - debut) * 1000);
    });
  }));
  const { pas } = await lire(demo);
  assert.ok(pas >= 8 && pas <= 24, `en deux secondes, ${pas} pas`);
  console.log(`perte : ${images.toFixed(1)} images par seconde`);
  assert.ok(images > 20, `${images} images par seconde`);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("rien ne bouge dans la page quand elle arrive, ni quand elle joue", async () => {
  for (const largeur of [1280, 390, 320]) await immobile("perte", largeur);
});
