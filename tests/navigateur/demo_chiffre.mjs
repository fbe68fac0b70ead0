// Le chiffre que l'on dessine : la souris, le doigt, le clavier, et ce que le réseau en lit.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ailleurs, capturer, enFichier, preparer } from "./commun.mjs";
import { FACONS, lu, montrer, natif, PAGES } from "./demo_commun.mjs";

preparer({ servi: true });

// Dix chiffres, tracés comme à la main, sur une feuille de 64 points de côté. Ils ont été choisis
// avant de voir ce que le réseau en dirait ; ils ne se retouchent pas pour le faire réussir.
const TRACES = [
  [[[34, 8], [26, 9], [19, 16], [15, 26], [15, 38], [19, 49], [27, 56], [36, 55], [44, 48], [48, 37], [48, 25], [44, 15], [37, 9], [31, 8]]],
  [[[22, 22], [30, 14], [36, 7], [36, 20], [35, 35], [35, 56]]],
  [[[16, 20], [19, 12], [27, 7], [37, 7], [45, 13], [46, 22], [41, 32], [31, 43], [20, 53], [15, 57], [27, 56], [40, 56], [50, 57]]],
  [[[17, 12], [26, 7], [37, 7], [44, 13], [43, 22], [36, 28], [27, 30], [38, 31], [46, 37], [48, 46], [42, 54], [31, 58], [20, 56], [15, 51]]],
  [[[36, 6], [28, 18], [20, 30], [14, 38], [30, 39], [50, 38]], [[40, 24], [39, 38], [38, 58]]],
  [[[22, 8], [20, 20], [19, 30], [28, 26], [38, 28], [46, 35], [47, 45], [41, 54], [30, 58], [18, 55]], [[22, 8], [34, 8], [46, 7]]],
  [[[42, 8], [32, 12], [23, 22], [18, 34], [18, 46], [24, 55], [33, 58], [42, 54], [46, 45], [42, 37], [33, 34], [24, 37], [19, 44]]],
  [[[14, 9], [28, 8], [48, 8], [42, 20], [36, 32], [31, 45], [28, 58]], [[24, 32], [44, 31]]],
  [[[40, 14], [32, 8], [23, 12], [22, 20], [29, 27], [38, 34], [43, 43], [40, 53], [31, 57], [22, 53], [20, 44], [26, 35], [35, 27], [41, 20], [40, 14]]],
  [[[43, 16], [35, 9], [25, 9], [18, 16], [19, 25], [26, 30], [36, 28], [43, 20], [44, 14], [44, 26], [42, 40], [38, 50], [30, 57]]],
];
const SIGNES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const enAdresse = (traits) => traits.map((trait) => trait.flat().map((rang) => SIGNES[rang]).join("")).join(".");
const depuisAdresse = (texte) => texte.split(".").map((trait) => trait.match(/../g).map((deux) => [...deux].map((signe) => SIGNES.indexOf(signe))));
const natifs = (traits) => natif("chiffre", ...traits.flatMap((trait) => trait.flatMap(([x, y], rang) => [x, y, rang === 0 ? 1 : 0])));

// Ce que montre la démonstration : les pixels, les dix probabilités, la réponse.
async function lire(demo) {
  const image = await demo.getByRole("img").getAttribute("aria-label");
  const opacites = await demo.locator(".demo-vue path").evaluateAll((pixels) => pixels.map((pixel) => 16 * pixel.getAttribute("fill-opacity")));
  const probables = (await demo.locator("td:last-child").allInnerTexts()).map(lu);
  const pixels = image.endsWith("blanche.") ? [] : image.split(/\s: /)[1].match(/\d+/g).map(Number);
  if (pixels.length > 0) assert.deepEqual(opacites, pixels);
  return { pixels, probables, reponse: (await demo.locator(".demo-reponse strong").innerText()).trim() };
}
async function memes(page, demo) {
  await page.waitForTimeout(500);
  const vu = await lire(demo);
  const adresse = new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("traits");
  const attendus = natifs(depuisAdresse(adresse));
  assert.deepEqual(vu.pixels, attendus.slice(0, 64));
  vu.probables.forEach((p, chiffre) => assert.ok(Math.abs(p - attendus[64 + chiffre]) <= 0.005 + 1e-9, `${chiffre} : ${p}, ${attendus[64 + chiffre]}`));
  assert.equal(vu.reponse, attendus[74] < 0 ? "je ne sais pas" : String(attendus[74]));
  const phrase = await demo.getByRole("status").innerText();
  assert.match(phrase, attendus[74] < 0 ? /Je ne sais pas/ : new RegExp(`lit un ${attendus[74]}, avec une probabilité de \\d,\\d\\d`));
  return attendus[74];
}

async function tracer(page, demo, traits, doigt) {
  const feuille = demo.locator(".demo-feuille");
  await feuille.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const { x, y, width } = await feuille.boundingBox();
  const vers = ([a, b]) => ({ x: x + (a + 0.5) / 64 * width, y: y + (b + 0.5) / 64 * width });
  const cdp = doigt && await page.context().newCDPSession(page);
  const toucher = (type, touchPoints) => cdp.send("Input.dispatchTouchEvent", { type, touchPoints });
  for (const [premier, ...suite] of traits) {
    if (doigt) {
      await toucher("touchStart", [vers(premier)]);
      // Un doigt met du temps d'un point à l'autre ; sans cela, le navigateur en saute.
      for (const point of suite) {
        await page.waitForTimeout(20);
        await toucher("touchMove", [vers(point)]);
      }
      await page.waitForTimeout(20);
      await toucher("touchEnd", []);
    } else {
      await page.mouse.move(...Object.values(vers(premier)));
      await page.mouse.down();
      for (const point of suite) await page.mouse.move(...Object.values(vers(point)));
      await page.mouse.up();
    }
  }
}

for (const { nom, doigt, maison, options } of FACONS) {
  test(`dix chiffres tracés, huit au moins sont lus : ${nom}`, async () => {
    const { page, demo, demandes, erreurs, fermer } = await montrer("chiffre", options("chiffre"));
    const lus = [];
    for (const traits of TRACES) {
      await tracer(page, demo, traits, doigt);
      lus.push(await memes(page, demo));
      if (lus.length === 8) await capturer(demo, `chiffre-${nom}`);
      const bouton = demo.getByRole("button", { name: "Tout effacer" });
      if (doigt) await bouton.tap(); else await bouton.click();
    }
    const justes = lus.filter((chiffre, attendu) => chiffre === attendu).length;
    console.log(`${nom} : ${justes} chiffres lus sur 10 (${lus.join(", ")})`);
    assert.ok(justes >= 8, `${lus}`);
    await page.waitForFunction(() => /La feuille est blanche/.test(document.querySelector("#demo-chiffre [role=status]").textContent));
    assert.deepEqual((await lire(demo)).pixels, []);
    assert.equal(await page.evaluate(() => scrollX), 0);
    assert.deepEqual(ailleurs(demandes, maison()), []);
    assert.deepEqual(erreurs, []);
    await fermer();
  });
}

test("le clavier trace un 1, y ajoute un trait, l'ôte, efface tout", async () => {
  const { page, demo, erreurs, fermer } = await montrer("chiffre");
  const presser = async (touche, fois = 1) => { for (let i = 0; i < fois; i += 1) await page.keyboard.press(touche); };
  const phrase = (texte) => page.waitForFunction((mots) => document.querySelector("#demo-chiffre [role=status]").textContent.includes(mots), texte);
  const chapitre = page.url();
  await page.keyboard.press("Tab");
  await demo.locator(".demo-feuille").focus();
  assert.notEqual(await demo.locator(".demo-feuille").evaluate((feuille) => getComputedStyle(feuille).outlineStyle), "none", "le focus se voit");
  await presser("ArrowLeft", 3);
  await presser("ArrowUp", 8);
  await phrase("Colonne 8, ligne 3, plume levée.");
  await presser("Space");
  await phrase("Plume posée.");
  await presser("ArrowDown", 15);
  await presser("Space");
  assert.equal(await memes(page, demo), 1);
  await presser("ArrowUp", 7);
  await presser("Enter");
  await presser("ArrowRight", 8);
  await presser("Enter");
  await memes(page, demo);
  const traits = depuisAdresse(page.url().split("traits=")[1]);
  assert.equal(traits.length, 2);
  await presser("Backspace");
  assert.equal(await memes(page, demo), 1);
  assert.equal(page.url().split("traits=")[1], enAdresse(traits.slice(0, 1)));
  await presser("Delete");
  await phrase("La feuille est blanche");
  await presser("Space");
  await phrase("trop petit");
  await presser("Space");
  assert.equal(new URL(page.url()).pathname, new URL(chapitre).pathname, "les flèches ne changent pas de chapitre");
  await demo.getByRole("button", { name: "Ôter un trait" }).focus();
  await presser("Enter");
  await phrase("La feuille est blanche");
  // Le clavier sort de la feuille.
  await demo.locator(".demo-feuille").focus();
  await page.keyboard.press("Shift+Tab");
  assert.equal(await demo.locator(".demo-feuille").evaluate((feuille) => feuille === document.activeElement), false);
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("un dessin revient par son adresse ; un dessin illisible ou trop long se dit", async () => {
  const avec = (texte) => `${enFichier(PAGES.chiffre)}#demo-chiffre?traits=${texte}`;
  const { page, demo, erreurs, fermer } = await montrer("chiffre", { adresse: avec(enAdresse(TRACES[3])) });
  assert.equal(await memes(page, demo), 3);
  for (const faux of ["a", "ab.", "a%C3%A9", "AA".repeat(401)]) {
    await page.evaluate((texte) => { location.hash = `#demo-chiffre?traits=${texte}`; }, faux);
    await page.waitForFunction(() => /un dessin qui ne se lit pas/.test(document.querySelector("#demo-chiffre [role=status]").textContent));
    assert.deepEqual((await lire(demo)).pixels, []);
    await page.evaluate((texte) => { location.hash = `#demo-chiffre?traits=${texte}`; }, enAdresse(TRACES[2]));
    await page.waitForFunction(() => /lit un 2/.test(document.querySelector("#demo-chiffre [role=status]").textContent));
  }
  assert.deepEqual(erreurs, []);
  await fermer();
});

test("quatre cents points, et pas un de plus", async () => {
  const { page, demo, erreurs, fermer } = await montrer("chiffre");
  await tracer(page, demo, [Array.from({ length: 450 }, (_, rang) => [rang % 2 === 0 ? 10 : 50, 5 + Math.floor(rang / 10)])]);
  assert.match(await demo.getByRole("status").innerText(), /a déjà 400 points/);
  await page.waitForTimeout(500);
  assert.equal(depuisAdresse(page.url().split("traits=")[1]).flat().length, 400);
  assert.deepEqual(erreurs, []);
  await fermer();
});
