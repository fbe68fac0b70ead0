// Le neurone : ses réglages, la droite et le point que l'on tire.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ailleurs, capturer, chrome, demonstrations, enFichier, preparer } from "./commun.mjs";
import { centre, FACONS, lu, montrer, natif, PAGES, tirer } from "./demo_commun.mjs";

preparer({ servi: true });

const SIGNES = ["poids w₁", "poids w₂", "biais b", "entrée x₁", "entrée x₂"];
// Ce que montre le neurone : ses cinq nombres, puis z et a.
async function lireNeurone(demo) {
  const nombres = [];
  for (const signe of SIGNES) nombres.push(lu(await demo.getByLabel(`${signe}, nombre`).inputValue()));
  const somme = await demo.locator(".demo-somme").innerText();
  return [...nombres, lu(somme.split("=").at(-1).trim()), lu(await demo.locator(".demo-reponse strong").innerText())];
}

function memeNeurone(vus) {
  const attendus = natif("neurone", ...vus.flatMap((vu) => vu.slice(0, 5)));
  vus.forEach((vu, rang) => {
    assert.ok(Math.abs(vu[5] - attendus[2 * rang]) <= 5e-5 + 1e-12, `z de ${vu} : ${attendus[2 * rang]}`);
    assert.ok(Math.abs(vu[6] - attendus[2 * rang + 1]) <= 5e-5 + 1e-12, `a de ${vu} : ${attendus[2 * rang + 1]}`);
  });
}

for (const { nom, doigt, maison, options } of FACONS) {
  test(`le neurone se tire : ${nom}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("neurone", options("neurone"));
    const vus = [await lireNeurone(demo)];
    assert.deepEqual(vus[0].slice(0, 5), [4, 4, -2, 1, 0], "les réglages du chapitre");
    for (const [classe, glissement, change] of [
      [".demo-tirer", [30, -30], [2]],
      [".demo-tourner", [25, 20], [0, 1, 2]],
      [".demo-bouger", [-40, -50], [3, 4]],
    ]) {
      await tirer(page, await centre(demo, classe), glissement, doigt);
      const vu = await lireNeurone(demo);
      const bouges = [0, 1, 2, 3, 4].filter((rang) => vu[rang] !== vus.at(-1)[rang]);
      assert.deepEqual(bouges, change, `${classe} : ${vus.at(-1)} devient ${vu}`);
      vus.push(vu);
    }
    memeNeurone(vus);
    await page.waitForFunction(() => location.hash.startsWith("#demo-neurone?w1="));
    await page.waitForFunction(() => /x₁ = .* et x₂ = .*le neurone répond/.test(document.querySelector("#demo-neurone [role=status]").textContent));
    await capturer(demo, `neurone-${nom}`);
    // La même page, à cette adresse, montre les mêmes nombres.
    await page.reload();
    await page.waitForSelector("#demo-neurone.vivante");
    assert.deepEqual(await lireNeurone(demo), vus.at(-1));
    assert.deepEqual(ailleurs(demandes, maison()), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

test("le neurone se règle au clavier, et un mauvais nombre s'entend dire pourquoi", async () => {
  const { page, demo, erreurs, fermer } = await montrer("neurone");
  await demo.getByLabel("poids w₁, curseur").focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press("ArrowRight");
  const champ = demo.getByLabel("biais b, nombre");
  const ecrire = async (texte) => {
    await champ.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(texte);
    await page.keyboard.press("Tab");
  };
  await ecrire("-6,25");
  const vu = await lireNeurone(demo);
  assert.deepEqual(vu.slice(0, 5), [4.5, 4, -6.25, 1, 0]);
  memeNeurone([vu]);
  const phrase = demo.getByRole("status");
  await page.waitForFunction(() => /b = −6,25/.test(document.querySelector("#demo-neurone [role=status]").textContent));
  assert.match(await phrase.innerText(), /b = −6,25 : la droite tourne\. /);
  for (const texte of ["abc", "", "99", "1e9", "NaN", "Infinity"]) {
    await ecrire(texte);
    assert.match(await phrase.innerText(), /ne convient pas : pour b, écrivez un nombre de −15 à 15/, texte);
    assert.equal(await champ.getAttribute("aria-invalid"), "true");
  }
  await ecrire("-6");
  assert.equal(await champ.getAttribute("aria-invalid"), "false");
  await demo.getByLabel("poids w₁, nombre").fill("4");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /il répond « et »/.test(document.querySelector("#demo-neurone [role=status]").textContent));
  await demo.getByRole("button", { name: "Revenir au début" }).focus();
  await page.keyboard.press("Enter");
  assert.deepEqual((await lireNeurone(demo)).slice(0, 5), [4, 4, -2, 1, 0]);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("une adresse illisible se dit, et le reste est pris", async () => {
  const { demo, erreurs, fermer } = await montrer("neurone", { adresse: `${enFichier(PAGES.neurone)}#demo-neurone?w1=abc&b=-6&x9=1` });
  assert.deepEqual((await lireNeurone(demo)).slice(0, 5), [4, 4, -6, 1, 0]);
  assert.match(await demo.getByRole("status").innerText(), /L'adresse de cette page donne à w₁/);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("un calcul qui s'arrête le dit, rend la figure, et se recommence", async () => {
  const contexte = await chrome.newContext();
  const page = await contexte.newPage();
  await page.addInitScript(() => {
    const vrai = WebAssembly.instantiate;
    let pannes = 1;
    WebAssembly.instantiate = async (code) => {
      const { exports } = await vrai(code);
      const neuron = (...donnees) => {
        if (donnees[0] === 9 && pannes > 0) { pannes -= 1; throw new WebAssembly.RuntimeError("unreachable"); }
        return exports.neuron(...donnees);
      };
      return { exports: { ...exports, neuron } };
    };
  });
  await page.goto(enFichier(PAGES.neurone));
  await demonstrations(page);
  await page.getByLabel("poids w₁, nombre").fill("9");
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#demo-neurone [role=alert]").innerText(), /Le calcul s'est arrêté/);
  assert.ok(await page.locator("#demo-neurone .figure-cadre").isVisible());
  await page.getByRole("button", { name: "Recommencer" }).click();
  await page.waitForSelector("#demo-neurone.vivante");
  assert.deepEqual((await lireNeurone(page.locator("#demo-neurone"))).slice(0, 5), [4, 4, -2, 1, 0]);
  await contexte.close();
});
