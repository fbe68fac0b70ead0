// Ce que partagent les essais des démonstrations.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chrome, demonstrations, enFichier, ouvrir, racine, serveur } from "./commun.mjs";

// La page de chaque démonstration : en ajouter une, c'est ajouter une ligne.
export const PAGES = {
  deux_droites: "03_feedforward.html",
  feedforward: "03_feedforward.html",
  neurone: "01_activation.html",
  xor: "accueil.html",
  chiffre: "13_weights.html",
  chaine: "05_chain_rule.html",
  entrainement: "07_training.html",
  perte: "04_loss.html",
};

// Ce que répond nn_core, compilé pour cette machine : book/demos/examples/natif.rs.
export const natif = (...mots) => JSON.parse(execFileSync(
  "cargo",
  ["run", "--quiet", "--locked", "--package", "demos", "--profile", "demos", "--example", "natif", "--", ...mots.map(String)],
  { cwd: racine, encoding: "utf8" },
));

export const lu = (texte) => Number(texte.replace(",", ".").replace("−", "-"));

// La page d'une démonstration, celle-ci chargée et sous les yeux.
export async function montrer(nom, { adresse = enFichier(PAGES[nom]), ...options } = {}) {
  const ouverte = await ouvrir(chrome, adresse, options);
  const { page } = ouverte;
  await demonstrations(page);
  const demo = page.locator(`#demo-${nom} .demo-vive`);
  await demo.evaluate((element) => element.scrollIntoView({ block: "center" }));
  return { ...ouverte, demo };
}

// Attend que la démonstration ait dit cela.
export const dite = (page, nom, motif) => page.waitForFunction(
  ([ou, texte, sortes]) => new RegExp(texte, sortes).test(document.querySelector(ou).textContent),
  [`#demo-${nom} [role=status]`, motif.source, motif.flags],
);

// Ce qui ne convient pas s'entend dire pourquoi : pour chaque champ, des textes, et la phrase qu'ils font dire.
export async function refuse(page, demo, essais) {
  for (const [champ, textes, motif] of essais) {
    for (const texte of textes) {
      await demo.getByLabel(champ).fill(texte);
      await page.keyboard.press("Enter");
      assert.match(await demo.getByRole("status").innerText(), motif, `${champ} : ${texte}`);
      assert.equal(await demo.getByLabel(champ).getAttribute("aria-invalid"), "true");
    }
  }
}

// Où est un élément, une fois que la page ne bouge plus : une image ou une police peut encore arriver.
export async function place(element) {
  await element.evaluate((cible) => cible.scrollIntoView({ block: "center" }));
  let avant;
  for (let boite = await element.boundingBox(); boite.y !== avant?.y || boite.x !== avant?.x; boite = await element.boundingBox()) {
    avant = boite;
    await element.page().waitForTimeout(150);
  }
  return avant;
}
// Le centre de ce qui se tire, et un glissement : à la souris, ou du doigt.
export async function centre(demo, classe) {
  const { x, y, width, height } = await place(demo.locator(classe));
  return [x + width / 2, y + height / 2];
}
export async function tirer(page, [x, y], [dx, dy], doigt) {
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

// La place d'une démonstration garde sa hauteur : avant son script, quand elle arrive, quand elle joue.
export async function immobile(nom, largeur) {
  const contexte = await chrome.newContext({ viewport: { width: largeur, height: 900 } });
  const page = await contexte.newPage();
  let laisser;
  const permis = new Promise((rendre) => { laisser = rendre; });
  await page.route("**/demos.js", (route) => permis.then(() => route.continue()));
  await page.goto(enFichier(PAGES[nom]));
  const place = page.locator(`#demo-${nom}`);
  await place.scrollIntoViewIfNeeded();
  const hauteur = () => place.evaluate((element) => Math.round(element.getBoundingClientRect().height));
  const hauteurs = [await hauteur()];
  laisser();
  await place.and(page.locator(".vivante")).waitFor();
  hauteurs.push(await hauteur());
  await place.locator(".demo-principal").click();
  await page.waitForTimeout(1000);
  hauteurs.push(await hauteur());
  assert.deepEqual(hauteurs, Array(3).fill(hauteurs[0]), `${largeur} pixels de large`);
  await contexte.close();
}

// Ouverte comme un fichier et servie, à la souris et du doigt.
export const FACONS = ["fichier", "serveur"].flatMap((ou) => ["souris", "doigt"].map((comment) => {
  const doigt = comment === "doigt";
  const maison = () => (ou === "fichier" ? "file:" : serveur.adresse);
  return {
    nom: `${comment}, ${ou}`,
    doigt,
    maison,
    options: (demo) => ({
      adresse: ou === "fichier" ? enFichier(PAGES[demo]) : serveur.adresse + PAGES[demo],
      ...(doigt ? { largeur: 390, hauteur: 844, hasTouch: true, deviceScaleFactor: 2 } : {}),
    }),
  };
}));
