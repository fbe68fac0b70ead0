// Toutes les démonstrations : sans script, au hasard, leur poids et leur vitesse. Chacune a aussi ses
// essais, `demo_….mjs`. `npm run demonstrations`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { chrome, enFichier, livre, ouvrir, preparer } from "./commun.mjs";
import { montrer, natif, PAGES } from "./demo_commun.mjs";

const LIMITE = 400 * 1024;
preparer();

test("sans JavaScript et sur le papier, ce qu'elle remplace est à sa place", async () => {
  for (const nom of Object.keys(PAGES)) {
    // Une figure, ou du texte.
    const remplace = `:is(#demo-${nom} .figure-cadre, #demo-${nom} > p)`;
    const sans = await ouvrir(chrome, enFichier(PAGES[nom]), { javaScriptEnabled: false });
    assert.ok(await sans.page.locator(remplace).first().isVisible());
    await sans.fermer();
    const { page, demo, fermer } = await montrer(nom);
    assert.equal(await page.locator(remplace).first().isVisible(), false);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(remplace).first().isVisible());
    assert.equal(await demo.isVisible(), false);
    await fermer();
  }
});

// Le hasard, le même à chaque fois ; GRAINE=… en donne un autre.
function hasard() {
  let etat = Number(process.env.GRAINE ?? 1) >>> 0;
  return () => {
    etat = (etat + 0x6d2b79f5) >>> 0;
    let t = Math.imul(etat ^ (etat >>> 15), 1 | etat);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
// La plus longue tâche de la page pendant 2000 gestes, en millisecondes de calcul : le temps que le
// système donne à d'autres programmes n'est pas de la page.
async function bousculer(nom) {
  const { page, demo, erreurs, fermer } = await montrer(nom);
  await page.evaluate(() => {
    // Hors d'une case, une flèche mènerait au chapitre voisin, et un clic hors d'elle à un autre.
    const retenir = (e) => { if (!e.target.closest(".demo-vive :is(input, [tabindex])")) e.stopImmediatePropagation(); };
    window.addEventListener("keydown", retenir, true);
    window.addEventListener("click", (e) => { if (e.target.closest("a")) e.preventDefault(); }, true);
  });
  await chrome.startTracing(page, { categories: ["toplevel"] });
  const tirage = hasard();
  const cadre = await demo.boundingBox();
  const champs = demo.locator(":is(input, select, [tabindex])");
  const combien = await champs.count();
  const touches = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "Tab", "Enter", "Backspace", "0", "7", "-", ",", "a"];
  for (let rang = 0; rang < 2000; rang += 50) {
    const gestes = [];
    for (let i = 0; i < 50; i += 1) {
      const sorte = Math.floor(tirage() * 8);
      const [x, y] = [tirage(), tirage()];
      if (sorte === 0) gestes.push(page.mouse.down());
      else if (sorte === 1) gestes.push(page.mouse.up());
      else if (sorte === 2) gestes.push(page.keyboard.press(touches[Math.floor(x * touches.length)]));
      else if (sorte === 3) gestes.push(champs.nth(Math.floor(x * combien)).focus());
      else gestes.push(page.mouse.move(cadre.x + x * cadre.width, cadre.y + y * cadre.height));
    }
    await Promise.all(gestes);
  }
  await page.mouse.up();
  const { traceEvents } = JSON.parse(await chrome.stopTracing());
  assert.deepEqual(erreurs, []);
  assert.equal(await page.locator(`#demo-${nom}.vivante`).count(), 1, "toujours en marche");
  await fermer();
  const fils = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid}/${tid}`);
  const taches = traceEvents.filter(({ pid, tid, tdur }) => tdur > 0 && fils.includes(`${pid}/${tid}`));
  assert.ok(taches.length > 1000, `${taches.length} tâches`);
  return taches.reduce((pire, { tdur }) => Math.max(pire, tdur / 1000), 0);
}
for (const nom of Object.keys(PAGES)) {
  test(`2000 gestes au hasard, sans faute ni arrêt de plus de 100 ms : ${nom}`, { timeout: 120_000 }, async () => {
    const pire = await bousculer(nom);
    console.log(`${nom} : la plus longue tâche, ${Math.round(pire)} ms`);
    assert.ok(pire <= 100, `${pire} ms`);
  });
}

test(`tout le code tient en ${LIMITE / 1024} Kio, et calcule vite`, async () => {
  const script = readFileSync(path.join(livre, "demos.js"), "utf8");
  const [, base64] = script.match(/WASM='([^']+)'/);
  const code = Buffer.from(base64, "base64");
  assert.ok(script.length <= LIMITE);
  const dossier = code.toString("latin1").match(/\/(?:root|home|Users)\/.{40}/s);
  assert.equal(dossier, null, "le dossier de qui l'a construit");
  const { page, fermer } = await ouvrir(chrome, enFichier(PAGES.neurone));
  const vitesse = await page.evaluate(async (texte) => {
    const { instance: { exports } } = await WebAssembly.instantiate(Uint8Array.from(atob(texte), (signe) => signe.charCodeAt(0)));
    exports.network(0);
    const tour = () => {
      const debut = performance.now();
      for (let i = 0; i < 100; i += 1) exports.train(1500);
      return 150_000 / (performance.now() - debut) * 1000;
    };
    return Math.max(tour(), tour(), tour());
  }, base64);
  const [ici] = natif("vitesse");
  console.log(`demos.js : ${script.length} octets, dont ${code.length} de WebAssembly ; ${Math.round(vitesse)} pas d'entraînement par seconde dans la page, ${Math.round(ici)} hors d'elle (${(ici / vitesse).toFixed(2)} fois plus)`);
  assert.ok(vitesse > 100_000, `${vitesse} pas par seconde`);
  await fermer();
});
