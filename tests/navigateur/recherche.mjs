// Soixante questions et plus, posées à la recherche dans un vrai navigateur : `npm run recherche`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chrome, enFichier, navigateur, ouvrir, preparer, serveur } from "./commun.mjs";

const questions = JSON.parse(readFileSync(new URL("questions.json", import.meta.url), "utf8"));
preparer({ servi: true });

test("il y a au moins soixante questions", () => assert.ok(questions.length >= 60, String(questions.length)));

for (const mode of ["file", "http"]) {
  test(`chaque question trouve sa page (${mode})`, { timeout: 120_000 }, async (essai) => {
    const adresse = mode === "file" ? enFichier("accueil.html") : `${serveur.adresse}accueil.html`;
    const { page, fermer } = await ouvrir(chrome, adresse);
    await page.keyboard.press("s");
    for (const { question, pages: attendues, rang = 3 } of questions) {
      await essai.test(question, async () => {
        await page.fill("#recherche-texte", question);
        await page.waitForFunction(
          (attendu) => document.getElementById("recherche-texte").value === attendu && document.getElementById("recherche-etat").textContent !== "",
          question,
        );
        await page.waitForTimeout(30);
        const liens = await page.locator("#recherche-resultats a").evaluateAll((elements) =>
          elements.map((element) => decodeURIComponent(new URL(element.href).pathname.split("/").pop() + new URL(element.href).hash)));
        if (attendues.length === 0) {
          assert.deepEqual(liens, []);
          assert.match(await page.textContent("#recherche-etat"), /^Rien sur/);
          return;
        }
        const premiers = liens.slice(0, rang);
        assert.ok(
          premiers.some((lien) => attendues.some((attendue) => lien === attendue || lien.startsWith(`${attendue}#`))),
          `attendu ${attendues.join(" ou ")} dans les ${rang} premiers, obtenu ${liens.slice(0, 6).join(", ") || "rien"}`,
        );
        assert.ok(await page.locator("#recherche-resultats mark").count() > 0, "les mots cherchés sont marqués");
      });
    }
    await fermer();
  });
}

test("un résultat mène à la section, ses mots surlignés", async () => {
  const { page, erreurs, fermer } = await ouvrir(chrome, enFichier("accueil.html"));
  await page.click("#recherche-ouvrir");
  await page.fill("#recherche-texte", "règle de la chaîne");
  await page.waitForSelector("#recherche-resultats a");
  const cible = new URL(await page.locator("#recherche-resultats a").first().evaluate((lien) => lien.href));
  await Promise.all([page.waitForURL(/cherche=/), page.keyboard.press("Enter")]);
  assert.equal(page.url(), cible.href);
  assert.ok(await page.evaluate(() => CSS.highlights.get("cherche").size) > 0);
  assert.deepEqual(erreurs, []);
  await fermer();
});
