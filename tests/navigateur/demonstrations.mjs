// Les démonstrations, à la souris, au doigt, au clavier et au hasard, ouvertes comme un fichier et
// servies : leurs nombres sont ceux de nn_core hors de la page. `npm run demonstrations`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ailleurs, capturer, chrome, demonstrations, enFichier, livre, ouvrir, preparer, racine, serveur } from "./commun.mjs";

const LIMITE = 400 * 1024;
const PAGES = { neurone: "01_activation.html", xor: "accueil.html" };
preparer({ servi: true });

// Ce que répond nn_core, compilé pour cette machine : book/demos/examples/natif.rs.
const natif = (...mots) => JSON.parse(execFileSync(
  "cargo",
  ["run", "--quiet", "--locked", "--package", "demos", "--profile", "demos", "--example", "natif", "--", ...mots.map(String)],
  { cwd: racine, encoding: "utf8" },
));

const lu = (texte) => Number(texte.replace(",", ".").replace("−", "-"));

// La page d'une démonstration, celle-ci chargée et sous les yeux.
async function montrer(nom, { adresse = enFichier(PAGES[nom]), ...options } = {}) {
  const ouverte = await ouvrir(chrome, adresse, options);
  const { page } = ouverte;
  await demonstrations(page);
  const demo = page.locator(`#demo-${nom} .demo-vive`);
  await demo.evaluate((element) => element.scrollIntoView({ block: "center" }));
  return { ...ouverte, demo };
}

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

// Le centre de ce qui se tire, et un glissement : à la souris, ou du doigt.
async function centre(demo, classe) {
  const { x, y, width, height } = await demo.locator(classe).boundingBox();
  return [x + width / 2, y + height / 2];
}
async function tirer(page, [x, y], [dx, dy], doigt) {
  const pas = 5;
  if (!doigt) {
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + dx, y + dy, { steps: pas });
    await page.mouse.up();
    return;
  }
  const cdp = await page.context().newCDPSession(page);
  const toucher = (type, points) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await toucher("touchStart", [{ x, y }]);
  for (let i = 1; i <= pas; i += 1) await toucher("touchMove", [{ x: x + dx * i / pas, y: y + dy * i / pas }]);
  await toucher("touchEnd", []);
}

const FACONS = [["fichier", "souris"], ["fichier", "doigt"], ["serveur", "souris"], ["serveur", "doigt"]];
for (const [ou, comment] of FACONS) {
  const doigt = comment === "doigt";
  const adresse = (nom) => (ou === "fichier" ? enFichier(PAGES[nom]) : serveur.adresse + PAGES[nom]);
  const options = doigt ? { largeur: 390, hauteur: 844, hasTouch: true, deviceScaleFactor: 2 } : {};

  test(`le neurone se tire : ${comment}, ${ou}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("neurone", { adresse: adresse("neurone"), ...options });
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
    await capturer(demo, `neurone-${comment}-${ou}`);
    // La même page, à cette adresse, montre les mêmes nombres.
    await page.reload();
    await page.waitForSelector("#demo-neurone.vivante");
    assert.deepEqual(await lireNeurone(demo), vus.at(-1));
    assert.deepEqual(ailleurs(demandes, ou === "fichier" ? "file:" : serveur.adresse), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });

  test(`le réseau apprend, se met en pause et finit : ${comment}, ${ou}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("xor", { adresse: adresse("xor"), ...options });
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
    await capturer(demo, `xor-${comment}-${ou}`);
    assert.deepEqual(ailleurs(demandes, ou === "fichier" ? "file:" : serveur.adresse), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

async function lireReseau(demo) {
  const compte = await demo.locator(".demo-reponse").innerText();
  const reponses = await demo.locator("td:last-child").allInnerTexts();
  return { pas: Number(compte.match(/Pas (\d+)/)[1]), nombres: [compte.split(":")[1], ...reponses].map((texte) => lu(texte.trim())) };
}
function memeReseau({ pas, nombres }, graine) {
  const attendus = natif("reseau", graine, pas).slice(-5);
  nombres.forEach((vu, rang) => assert.ok(Math.abs(vu - attendus[rang]) <= 5e-5 + 1e-9, `pas ${pas}, ${nombres} : ${attendus}`));
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

test("sans JavaScript et sur le papier, la figure est à sa place", async () => {
  for (const nom of Object.keys(PAGES)) {
    const figure = `#demo-${nom} .figure-cadre`;
    const sans = await ouvrir(chrome, enFichier(PAGES[nom]), { javaScriptEnabled: false });
    assert.ok(await sans.page.locator(figure).isVisible());
    await sans.fermer();
    const { page, demo, fermer } = await montrer(nom);
    assert.equal(await page.locator(figure).isVisible(), false);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator(figure).isVisible());
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
    const retenir = (e) => { if (!e.target.closest(".demo-vive input")) e.stopImmediatePropagation(); };
    window.addEventListener("keydown", retenir, true);
    window.addEventListener("click", (e) => { if (e.target.closest("a")) e.preventDefault(); }, true);
  });
  await chrome.startTracing(page, { categories: ["toplevel"] });
  const tirage = hasard();
  const cadre = await demo.boundingBox();
  const champs = demo.locator("input");
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
