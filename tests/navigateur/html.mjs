// Chaque page construite est du HTML valide : `npm run html`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import { livre, pages } from "./commun.mjs";

// Chaque règle éteinte dit pourquoi.
const REGLES = {
  // Le style du source, que la page ne voit pas : mdBook et ses gabarits ont le leur.
  "doctype-style": "off",
  "void-style": "off",
  "no-trailing-whitespace": "off",
  "no-inline-style": "off",
  "attribute-boolean-style": "off",
  "attr-quotes": "off",
  "no-implicit-button-type": "error",
  // Les ancres viennent des titres français : lettres accentuées permises en HTML.
  "valid-id": ["error", { relaxed: true }],
  // Les titres longs sont ceux des chapitres.
  "long-title": "off",
  // « 1500 pas » : le texte porte déjà ses espaces insécables.
  "tel-non-breaking": "off",
  // aria-label sur <figure> et sur <math> est permis par ARIA.
  "aria-label-misuse": ["error", { allowAnyNamable: true }],
};

const validateur = new HtmlValidate({ root: true, extends: ["html-validate:recommended"], rules: REGLES });

test("chaque page est du HTML valide", async (essai) => {
  for (const page of pages()) {
    await essai.test(page, async () => {
      const texte = readFileSync(path.join(livre, page), "utf8");
      const rapport = await validateur.validateString(texte, page);
      const fautes = rapport.results.flatMap((resultat) => resultat.messages)
        .filter((faute) => faute.severity === 2)
        .map((faute) => `${page}:${faute.line}:${faute.column} ${faute.ruleId} : ${faute.message}`);
      assert.deepEqual(fautes.slice(0, 20), [], `${fautes.length} fautes`);
    });
  }
});
