// Les pages ne demandent rien ailleurs, pèsent peu et se replient : `npm run reseau`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ailleurs, capturer, chrome, demonstrations, enFichier, livre, ouvrir, pages, pagesALire, preparer, serveur } from "./commun.mjs";

const LIMITE = 250 * 1024;
preparer({ servi: true });

async function chercher(page) {
  await page.click("#recherche-ouvrir");
  await page.fill("#recherche-texte", "gradient");
  await page.waitForSelector("#recherche-resultats a");
}

test(`rien n'est demandé hors du livre, et la première visite d'une page pèse au plus ${LIMITE / 1024} Kio`, { timeout: 300_000, concurrency: 2 }, async (essai) => {
  const lignes = [];
  const aPeser = new Set(pagesALire());
  await Promise.all(pages().map((nom) => essai.test(nom, async () => {
    const visite = serveur.visiter();
    const { page, demandes, erreurs, fermer } = await ouvrir(chrome, visite.adresse + nom);
    await page.evaluate(() => document.fonts.ready);
    const donnes = [...visite.donnes];
    // Le code du projet cherche avec le même script, essayé plus bas depuis un dossier.
    if (aPeser.has(nom)) await chercher(page);
    await fermer();
    assert.deepEqual(ailleurs(demandes, visite.adresse), []);
    assert.deepEqual(erreurs, []);
    if (!aPeser.has(nom)) return;
    // Le script des démonstrations vient à part, et a sa propre limite (demonstrations.mjs).
    const octets = donnes.filter((fichier) => fichier.nom !== "demos.js").reduce((somme, fichier) => somme + fichier.octets, 0);
    lignes.push(`${nom} : ${octets} octets, ${donnes.length} demandes`);
    assert.ok(octets <= LIMITE, `${nom} : ${octets} octets pour ${JSON.stringify(donnes)}`);
  })));
  console.log(lignes.sort().join("\n"));
});

test("rien n'est demandé hors du livre ouvert d'un dossier, sans serveur", { timeout: 300_000, concurrency: 2 }, async (essai) => {
  await Promise.all(pages().map((nom) => essai.test(nom, async () => {
    const { page, demandes, erreurs, fermer } = await ouvrir(chrome, enFichier(nom));
    await chercher(page);
    await fermer();
    assert.deepEqual(ailleurs(demandes, "file:"), []);
    assert.deepEqual(erreurs, []);
  })));
});

test("aucune adresse étrangère n'est chargée, même plus tard", () => {
  for (const nom of pages()) {
    const html = readFileSync(path.join(livre, nom), "utf8");
    const etrangers = [...html.matchAll(/<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)="(https?:)?\/\/[^"]*"/g)];
    assert.deepEqual(etrangers.map((trouve) => trouve[0]), [], nom);
  }
  for (const nom of ["livre.css", "livre.js", "recherche-index.js", "demos.js"]) {
    assert.doesNotMatch(readFileSync(path.join(livre, nom), "utf8"), /(?:url\(|@import|fetch\(|src=)["']?\s*(?:https?:)?\/\//, nom);
  }
});

test("aucun script ni police ne retarde l'affichage", () => {
  for (const nom of pages()) {
    const html = readFileSync(path.join(livre, nom), "utf8");
    const bloquants = [...html.matchAll(/<script\b[^>]*\bsrc=[^>]*>/g)].map((trouve) => trouve[0]).filter((balise) => !/\b(defer|async)\b/.test(balise));
    assert.deepEqual(bloquants, [], nom);
  }
});

// Ce qui sort de la page à droite, et combien d'éléments bougent.
function regarder() {
  const largeur = document.documentElement.clientWidth;
  const defile = (element) => {
    for (let boite = element.parentElement; boite; boite = boite.parentElement) {
      if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(boite).overflowX) && boite !== document.body && boite.id !== "mdbook-body-container") return true;
    }
    return false;
  };
  const sortis = [...document.querySelectorAll("main *")]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > largeur + 1 && !element.closest("svg, math, .annonce, .hors-ecran") && !defile(element))
    .map((element) => element.outerHTML.slice(0, 100));
  const mouvements = [...document.querySelectorAll("*")].filter((element) => {
    const style = getComputedStyle(element);
    return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
  }).length;
  return { sortis: sortis.slice(0, 5), mouvements };
}

test("la page se replie", { timeout: 300_000, concurrency: 2 }, async (essai) => {
  await Promise.all(pagesALire().map((nom) => essai.test(nom, async (sousEssai) => {
    const { page, fermer } = await ouvrir(chrome, enFichier(nom), { largeur: 320, hauteur: 640 });
    await demonstrations(page);
    for (const [reglage, regler, immobile] of [
      ["320 px de large", () => {}],
      ["couleurs imposées", async () => {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.emulateMedia({ forcedColors: "active" });
      }],
      ["sans mouvement", () => page.emulateMedia({ forcedColors: "none", reducedMotion: "reduce" }), true],
      ["un texte deux fois plus grand", async () => {
        await page.emulateMedia({ reducedMotion: "no-preference" });
        await page.evaluate(() => { document.documentElement.style.fontSize = "125%"; });
      }],
    ]) {
      await sousEssai.test(reglage, async () => {
        await regler();
        const vu = await page.evaluate(regarder);
        await capturer(page, `${reglage.replace(/\W+/g, "-")}-${nom.replace(".html", "")}`, { fullPage: true });
        assert.deepEqual(vu.sortis, [], "dépasse de la page");
        if (immobile) assert.equal(vu.mouvements, 0, "des éléments bougent encore");
      });
    }
    await fermer();
  })));
});
