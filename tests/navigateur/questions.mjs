// Les questions de fin de chapitre, au clavier, ouvertes comme un fichier : `npm run questions`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { capturer, chrome, enFichier, ouvrir, pagesALire, preparer } from "./commun.mjs";

preparer();

const chapitres = () => pagesALire().filter((nom) => /^[01]\d_/.test(nom));
const verdict = (formulaire) => formulaire.locator(".question-verdict").innerText();

// Ce que la page sait des bonnes réponses : elle les contient, repliées.
const lire = (formulaire) => formulaire.evaluate((f) => ({
  sorte: f.dataset.sorte,
  choix: [...f.querySelectorAll("[data-choix]")].map((e) => ({
    juste: e.dataset.juste !== undefined,
    nombre: e.dataset.nombre,
    texte: e.textContent.trim(),
  })),
}));

// Répond au clavier seul : espace coche, flèches, entrée envoie.
async function repondre(page, formulaire, { sorte, choix }, juste) {
  const rangs = choix.map((_, i) => i).filter((i) => choix[i].juste === juste);
  if (sorte === "nombre") {
    const champ = formulaire.locator("input");
    await champ.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(juste ? choix[rangs[0]].nombre.replace(".", ",") : "-987654");
    await page.keyboard.press("Enter");
    return juste ? rangs : [choix.length - 1];
  }
  if (sorte === "ordre") {
    if (juste) {
      for (let place = 0; place < choix.length; place += 1) {
        for (;;) {
          const ou = await formulaire.locator("[data-place]").evaluateAll((e, p) => e.findIndex((x) => Number(x.dataset.place) === p), place);
          if (ou === place) break;
          await formulaire.locator("li").nth(ou).getByRole("button", { name: /^Monter/ }).focus();
          await page.keyboard.press("Enter");
          assert.match(await verdict(formulaire), /^Place \d+ sur \d+\.$/);
        }
      }
    }
    await formulaire.getByRole("button", { name: "Vérifier" }).focus();
    await page.keyboard.press("Enter");
    return juste ? choix.map((_, i) => i) : [];
  }
  for (const rang of choix.keys()) {
    const champ = formulaire.locator(`input[value="${rang}"]`);
    const voulu = sorte === "multiple" ? rangs.includes(rang) : rang === rangs[0];
    if (voulu !== await champ.isChecked() && (voulu || sorte === "multiple")) {
      await champ.focus();
      await page.keyboard.press("Space");
    }
  }
  await formulaire.getByRole("button", { name: "Vérifier" }).focus();
  await page.keyboard.press("Enter");
  return sorte === "multiple" ? rangs : rangs.slice(0, 1);
}

test("chaque chapitre pose de trois à six questions", async (essai) => {
  for (const nom of chapitres()) {
    await essai.test(nom, async () => {
      const { page, erreurs, fermer } = await ouvrir(chrome, enFichier(nom));
      const formulaires = page.locator("form.question");
      const combien = await formulaires.count();
      assert.ok(combien >= 3 && combien <= 6, `${combien} questions`);
      const rappels = await page.locator('form.question [id$="-texte"]').evaluateAll((textes) =>
        textes.filter((t) => t.textContent.includes("Elle revient sur le chapitre")).length);
      assert.equal(rappels, nom.startsWith("00") ? 0 : 2, "deux questions viennent de plus tôt");
      for (let rang = 0; rang < combien; rang += 1) {
        const formulaire = formulaires.nth(rang);
        const question = await lire(formulaire);
        // Sans réponse, une demande et non un verdict.
        if (question.sorte !== "ordre") {
          await formulaire.getByRole("button", { name: "Vérifier" }).focus();
          await page.keyboard.press("Enter");
          assert.match(await verdict(formulaire), /Choisissez|Écrivez un nombre/);
        }
        const fausse = await repondre(page, formulaire, question, false);
        const refus = await verdict(formulaire);
        assert.match(refus, /✘ Pas encore/, `question ${rang + 1}`);
        const lisse = (texte) => texte.replace(/[\s\u00a0]+/g, "");
        for (const i of fausse) {
          const attendu = lisse(await formulaire.locator(`[data-choix="${i}"]`).evaluate((e) => e.textContent));
          const montre = lisse(await formulaire.locator(".question-verdict").evaluate((e) => e.textContent));
          assert.ok(montre.includes(attendu), `question ${rang + 1} : l'explication de la réponse donnée`);
        }
        if (rang === 0) await capturer(page, `questions-faux-${nom}`);
        await repondre(page, formulaire, question, true);
        assert.match(await verdict(formulaire), /✔ Juste/, `question ${rang + 1}`);
      }
      assert.match(await page.locator(".questions-suivi").innerText(), new RegExp(`${combien} sur ${combien}`));
      assert.deepEqual(erreurs, []);
      await fermer();
    });
  }
});

test("chaque mauvais choix montre sa propre explication", async () => {
  const { page, fermer } = await ouvrir(chrome, enFichier("06_backprop.html"));
  const formulaire = page.locator('form.question[data-sorte="unique"]').first();
  const { choix } = await lire(formulaire);
  for (const [rang, { texte, juste }] of choix.entries()) {
    await formulaire.locator(`input[value="${rang}"]`).check();
    await formulaire.getByRole("button", { name: "Vérifier" }).click();
    const dit = await formulaire.locator(".question-verdict").evaluate((e) => e.textContent);
    assert.ok(dit.includes(texte), texte);
    for (const autre of choix) if (autre.texte !== texte) assert.ok(!dit.includes(autre.texte));
    assert.equal(dit.includes("Juste."), juste);
  }
  await fermer();
});

test("un nombre s'écrit à la virgule ou au point, et rien d'autre", async () => {
  const { page, fermer } = await ouvrir(chrome, enFichier("01_activation.html"));
  const formulaire = page.locator('form.question[data-sorte="nombre"]').first();
  for (const [ecrit, attendu] of [["0,25", /Juste/], ["0.25", /Juste/], [" 0,250 ", /Juste/], ["0,5", /Pas encore[\s\S]*C'est la réponse/], ["un quart", /Écrivez un nombre/], ["", /Écrivez un nombre/], ["0,2,5", /Écrivez un nombre/]]) {
    await formulaire.locator("input").fill(ecrit);
    await formulaire.getByRole("button", { name: "Vérifier" }).click();
    assert.match(await verdict(formulaire), attendu, `« ${ecrit} »`);
  }
  await fermer();
});

test("rien n'est retenu, sauf si le lecteur le demande", async () => {
  const { page, fermer } = await ouvrir(chrome, enFichier("00_rust.html"), { theme: null });
  const garde = () => page.evaluate(() => localStorage.getItem("questions-reussies"));
  const reussir = async () => repondre(page, page.locator("form.question").first(), await lire(page.locator("form.question").first()), true);
  await reussir();
  assert.equal(await garde(), null);
  await page.getByLabel("Retenir mes réussites").check();
  assert.equal(await garde(), '["question-00-1"]');
  await page.reload();
  assert.match(await page.locator(".questions-suivi").innerText(), /réussies\s: 1 sur/);
  await page.getByLabel("Retenir mes réussites").uncheck();
  assert.equal(await garde(), null);
  await fermer();
});

test("sans script, la question et sa réponse repliée se lisent encore", async () => {
  const { page, fermer } = await ouvrir(chrome, enFichier("06_backprop.html"), { javaScriptEnabled: false });
  const formulaire = page.locator("form.question").first();
  await formulaire.locator("summary").click();
  assert.match(await formulaire.locator("details").innerText(), /juste\.[\s\S]*non\./i);
  await fermer();
});

test("un lecteur d'écran entend le verdict, et chaque champ a un nom", async () => {
  const { page, fermer } = await ouvrir(chrome, enFichier("03_feedforward.html"));
  for (const formulaire of await page.locator("form.question").all()) {
    assert.equal(await formulaire.locator('.question-verdict[role="status"]').count(), 1);
    const groupe = formulaire.locator(".question-choix");
    const nom = await groupe.getAttribute("aria-labelledby");
    assert.equal(await page.locator(`[id="${nom}"]`).count(), 1);
    for (const champ of await formulaire.locator("input").all()) {
      assert.ok(await champ.evaluate((c) => c.labels.length === 1 && c.labels[0].textContent.trim() !== ""));
    }
  }
  await fermer();
});
