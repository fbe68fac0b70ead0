// Les pages ne demandent rien ailleurs, pèsent peu et se replient : `npm run reseau`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { ailleurs, capturer, enFichier, livre, navigateur, ouvrir, pages, pagesALire, servir } from "./commun.mjs";

const LIMITE = 250 * 1024;
let chrome;
let serveur;
before(async () => {
  chrome = await navigateur();
  serveur = await servir();
});
after(async () => {
  await chrome?.close();
  await serveur?.fermer();
});

test("rien n'est demandé hors du livre", { timeout: 300_000, concurrency: 2 }, async (essai) => {
  const visites = pages().flatMap((nom) => [
    [nom, "http", serveur.adresse + nom, serveur.adresse],
    [nom, "file", enFichier(nom), "file:"],
  ]);
  await Promise.all(visites.map(([nom, mode, adresse, maison]) => essai.test(`${nom} (${mode})`, async () => {
    const { page, demandes, erreurs, fermer } = await ouvrir(chrome, adresse);
    await page.click("#recherche-ouvrir");
    await page.fill("#recherche-texte", "gradient");
    await page.waitForSelector("#recherche-resultats a");
    await fermer();
    assert.deepEqual(ailleurs(demandes, maison), []);
    assert.deepEqual(erreurs, []);
  })));
});

test("aucune adresse étrangère n'est chargée, même plus tard", () => {
  for (const nom of pages()) {
    const html = readFileSync(path.join(livre, nom), "utf8");
    const etrangers = [...html.matchAll(/<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)="(https?:)?\/\/[^"]*"/g)];
    assert.deepEqual(etrangers.map((trouve) => trouve[0]), [], nom);
  }
  for (const nom of ["livre.css", "livre.js", "recherche-index.js"]) {
    assert.doesNotMatch(readFileSync(path.join(livre, nom), "utf8"), /(?:url\(|@import|fetch\(|src=)["']?\s*(?:https?:)?\/\//, nom);
  }
});

test(`la première visite d'une page pèse au plus ${LIMITE / 1024} Kio`, async () => {
  const lignes = [];
  for (const nom of pagesALire()) {
    serveur.donnes.length = 0;
    const { page, fermer } = await ouvrir(chrome, serveur.adresse + nom);
    await page.evaluate(() => document.fonts.ready);
    await fermer();
    const octets = serveur.donnes.reduce((somme, fichier) => somme + fichier.octets, 0);
    lignes.push(`${nom} : ${octets} octets, ${serveur.donnes.length} demandes`);
    assert.ok(octets <= LIMITE, `${nom} : ${octets} octets pour ${JSON.stringify(serveur.donnes)}`);
  }
  console.log(lignes.join("\n"));
});

test("aucun script ni police ne retarde l'affichage", () => {
  for (const nom of pages()) {
    const html = readFileSync(path.join(livre, nom), "utf8");
    const bloquants = [...html.matchAll(/<script\b[^>]*\bsrc=[^>]*>/g)].map((trouve) => trouve[0]).filter((balise) => !/\b(defer|async)\b/.test(balise));
    assert.deepEqual(bloquants, [], nom);
  }
});

for (const [reglage, options, prepare] of [
  ["320 px de large", { largeur: 320, hauteur: 640 }, () => {}],
  ["un texte deux fois plus grand", { largeur: 1280 }, () => { document.documentElement.style.fontSize = "125%"; }],
  ["sans mouvement", { largeur: 1280, reducedMotion: "reduce" }, () => {}],
  ["couleurs imposées", { largeur: 1280, forcedColors: "active" }, () => {}],
]) {
  test(`la page se replie : ${reglage}`, { timeout: 300_000, concurrency: 2 }, async (essai) => {
    await Promise.all(pagesALire().map((nom) => essai.test(nom, async () => {
      const { page, fermer } = await ouvrir(chrome, enFichier(nom), options);
      await page.evaluate(prepare);
      const vu = await page.evaluate(() => {
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
      });
      await capturer(page, `${reglage.replace(/\W+/g, "-")}-${nom.replace(".html", "")}`, { fullPage: true });
      await fermer();
      assert.deepEqual(vu.sortis, [], "dépasse de la page");
      if (options.reducedMotion) assert.equal(vu.mouvements, 0, "des éléments bougent encore");
    })));
  });
}
