// Chaque page, dans chaque thème, sans un reproche d'axe ; et tout s'atteint au clavier :
// `npm run accessibilite`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { capturer, chrome, demonstrations, enFichier, ouvrir, pages, pagesALire, preparer, themes } from "./commun.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
preparer();

// Les mots que l'interface de mdBook dit en anglais, et tout bouton ou titre qui y ressemble.
const ANGLAIS = /\b(search|toggle|sidebar|table of contents|theme|themes|light|previous|next|chapter|page navigation|print this|copy|copied|clipboard|keyboard|press|show|hide|hidden lines|undo|run this|warning|tip|caution|close|open)\b/i;

// Les mots de l'interface : ce qu'un lecteur d'écran en dit, et ce qui s'en lit hors du texte.
function motsDeLInterface() {
  const dits = [document.title];
  for (const element of document.querySelectorAll("[title], [aria-label], [placeholder], [alt]")) {
    if (element.closest('[lang="en"]')) continue;
    for (const nom of ["title", "aria-label", "placeholder", "alt"]) dits.push(element.getAttribute(nom) ?? "");
  }
  for (const element of document.querySelectorAll("button, label, summary, nav, dialog")) {
    if (!element.closest("main, .chapter")) dits.push(element.textContent);
  }
  for (const element of document.querySelectorAll("main button, main summary")) dits.push(element.textContent);
  return dits.map((mot) => mot.trim().replace(/\s+/g, " ")).filter(Boolean);
}

// Un autre thème ne change que les couleurs.
const COULEURS = ["color-contrast", "link-in-text-block"];

async function violations(page, regles) {
  return page.evaluate(async (choix) => {
    const resultat = await window.axe.run(document, { resultTypes: ["violations"], ...choix });
    return resultat.violations.flatMap((violation) => violation.nodes.slice(0, 4)
      .map((noeud) => `${violation.id} : ${noeud.target.join(" ")} : ${noeud.failureSummary.split("\n").slice(1, 3).join(" ")}`));
  }, regles);
}

// Dans le code, deux mots de même style ont la même couleur : un seul de chaque reste à mesurer.
function unMotParStyle() {
  const vus = new Set();
  for (const mot of document.querySelectorAll("pre code span")) {
    if ([...mot.attributes].some(({ name }) => name !== "class")) continue;
    let style = "";
    for (let element = mot; element; element = element.parentElement) style += `${element.tagName}.${element.className}>`;
    if (vus.has(style)) mot.replaceWith(...mot.childNodes);
    else vus.add(style);
  }
}

// Choisit un thème dans le menu de la page, et attend que ses couleurs y soient.
async function choisirTheme(page, theme) {
  await page.evaluate((nom) => document.querySelector(`button.theme[data-theme="${nom}"]`).click(), theme);
  await page.waitForFunction((nom) => document.documentElement.classList.contains(nom)
    && document.getAnimations().every((animation) => animation.playState !== "running"), theme);
}

test("chaque page parle français, et axe ne lui reproche rien, dans chaque thème", { timeout: 900_000, concurrency: 2 }, async (essai) => {
  await Promise.all(pages().map((nom) => essai.test(nom, async (essai) => {
    const { page, fermer } = await ouvrir(chrome, enFichier(nom), { theme: themes[0], reducedMotion: "reduce" });
    await demonstrations(page);
    await essai.test("l'interface parle français", async () => {
      const mots = await page.evaluate(motsDeLInterface);
      assert.ok(mots.length > 3);
      assert.deepEqual(mots.filter((mot) => ANGLAIS.test(mot)), []);
    });
    // Le contraste se mesure une fois tout déplié.
    await page.evaluate(() => document.querySelectorAll("details").forEach((detail) => { detail.open = true; }));
    // Avant axe : après lui, chaque élément retiré coûte une milliseconde.
    await page.evaluate(unMotParStyle);
    await page.evaluate(AXE);
    await essai.test(`thème ${themes[0]}, toutes les règles`, async () => assert.deepEqual(await violations(page, {}), []));
    // La page à imprimer s'imprime en clair.
    const autres = nom === "print.html" ? [] : themes.slice(1);
    for (const theme of autres) {
      await essai.test(`thème ${theme}, les couleurs`, async () => {
        await choisirTheme(page, theme);
        assert.deepEqual(await violations(page, { runOnly: COULEURS }), []);
      });
    }
    await fermer();
  })));
});

test("tout s'atteint au clavier, et le focus se voit", { timeout: 300_000, concurrency: 2 }, async (essai) => {
  await Promise.all(pagesALire().map((nom) => essai.test(nom, async () => {
    const { page, fermer } = await ouvrir(chrome, enFichier(nom));
    await demonstrations(page);
    const attendus = await page.evaluate(() => {
      const visibles = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")]
        .filter((element) => element.checkVisibility() && element.tabIndex >= 0 && !element.closest("dialog, .theme-popup"))
        // Tab ne s'arrête qu'une fois dans un groupe de boutons radio ; les flèches en parcourent le reste.
        .filter((element, _, tous) => {
          if (element.type !== "radio") return true;
          const groupe = tous.filter((autre) => autre.type === "radio" && autre.name === element.name && autre.form === element.form);
          return element === (groupe.find((autre) => autre.checked) ?? groupe[0]);
        });
      visibles.forEach((element, rang) => element.setAttribute("data-essai", rang));
      return visibles.length;
    });
    const vus = new Set();
    const caches = [];
    for (let pas = 0; pas < attendus + 5; pas += 1) {
      await page.keyboard.press("Tab");
      const ici = await page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        return {
          rang: element.getAttribute("data-essai"),
          marque: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
          nom: element.outerHTML.slice(0, 90),
        };
      });
      if (ici.rang === null) continue;
      vus.add(ici.rang);
      if (!ici.marque) caches.push(ici.nom);
    }
    await fermer();
    assert.deepEqual(caches, [], "le focus ne se voit pas");
    assert.equal(vus.size, attendus, "des éléments ne s'atteignent pas au clavier");
  })));
});

test("le menu, l'aide et le sommaire s'emploient au clavier", async () => {
  const { page, erreurs, fermer } = await ouvrir(chrome, enFichier("06_backprop.html"));
  const focus = () => page.evaluate(() => document.activeElement.id);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await focus(), "contenu", "le lien d'évitement mène au contenu");
  await page.focus("#mdbook-sidebar-toggle");
  assert.equal(await page.getAttribute("#mdbook-sidebar-toggle", "aria-expanded"), "true");
  await page.keyboard.press("Enter");
  assert.equal(await page.getAttribute("#mdbook-sidebar-toggle", "aria-expanded"), "false");
  await page.keyboard.press("Space");
  assert.equal(await page.getAttribute("#mdbook-sidebar-toggle", "aria-expanded"), "true");
  await page.focus("#mdbook-theme-toggle");
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.documentElement.classList.contains("ayu")), "le thème a changé");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => localStorage.getItem("mdbook-theme")), null, "comme le système : rien n'est retenu");
  await page.keyboard.press("Escape");
  assert.equal(await focus(), "mdbook-theme-toggle", "le focus revient au bouton");
  await page.keyboard.press("?");
  assert.equal(await focus(), "aide");
  await capturer(page, "aide");
  await page.keyboard.press("Escape");
  assert.equal(await focus(), "mdbook-theme-toggle");
  await page.keyboard.press("s");
  assert.equal(await focus(), "recherche-texte");
  await page.keyboard.type("gradient");
  await page.waitForSelector("#recherche-resultats a");
  await capturer(page, "recherche");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.closest("#recherche-resultats") !== null), true);
  await page.keyboard.press("Escape");
  assert.equal(await page.evaluate(() => document.getElementById("recherche").open), false);
  await page.focus("main");
  await Promise.all([page.waitForURL(/07_training/), page.keyboard.press("ArrowRight")]);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("copier donne le code entier, sans ses notes", async () => {
  const { page, fermer } = await ouvrir(chrome, enFichier("06_backprop.html"), { permissions: ["clipboard-read", "clipboard-write"] });
  const figures = page.locator("figure.code:visible");
  const combien = await figures.count();
  assert.ok(combien > 5);
  for (let rang = 0; rang < combien; rang += 1) {
    const figure = figures.nth(rang);
    await figure.locator(".code-outils button", { hasText: "Copier" }).click();
    const [copie, code] = await Promise.all([
      page.evaluate(() => navigator.clipboard.readText()),
      figure.evaluate((element) => {
        const clone = element.querySelector("pre > code").cloneNode(true);
        clone.querySelectorAll(".note-appel, .note-bulle").forEach((note) => note.remove());
        return clone.textContent;
      }),
    ]);
    assert.equal(copie.replaceAll("\r\n", "\n"), code);
    assert.doesNotMatch(copie, /[①-⑳]/);
    assert.doesNotMatch(copie, /^src\//);
  }
  await fermer();
});

test("les lignes cachées se montrent et se cachent, les onglets se choisissent", async () => {
  const { page, erreurs, fermer } = await ouvrir(chrome, enFichier("90_numpy.html"));
  const figure = page.locator("figure.code:has(.cachee):visible").first();
  const cachee = figure.locator(".cachee").first();
  const bouton = figure.locator(".code-outils button").first();
  assert.equal(await cachee.isVisible(), false);
  await bouton.focus();
  await page.keyboard.press("Enter");
  assert.equal(await cachee.isVisible(), true);
  assert.equal(await bouton.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Enter");
  assert.equal(await cachee.isVisible(), false);
  const rust = page.getByRole("tab", { name: "Rust" }).first();
  await rust.focus();
  await page.keyboard.press("ArrowLeft");
  const python = page.getByRole("tab", { name: "Python" });
  for (const onglet of await python.all()) assert.equal(await onglet.getAttribute("aria-selected"), "true", "le choix vaut pour toute la page");
  assert.equal(await page.getByRole("tabpanel", { name: "Rust" }).count(), 0);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("sans JavaScript, tout se lit", async () => {
  for (const nom of pagesALire()) {
    const { page, fermer } = await ouvrir(chrome, enFichier(nom), { javaScriptEnabled: false });
    assert.ok(await page.locator(".chapter a").first().isVisible(), `${nom} : le sommaire`);
    for (const panneau of await page.locator(".onglet").all()) assert.ok(await panneau.isVisible(), `${nom} : les deux langages`);
    for (const ligne of await page.locator("figure.code:not(details figure) .cachee").all()) assert.ok(await ligne.isVisible());
    await fermer();
  }
});
