// Ce que partagent les essais du livre dans un navigateur : ses pages, un serveur, Chromium.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const racine = fileURLToPath(new URL("../..", import.meta.url));
// LIVRE=dossier essaie une autre copie du livre.
export const livre = process.env.LIVRE ? path.resolve(process.env.LIVRE) : path.join(racine, "book", "html");
export const captures = process.env.CAPTURES;
export const themes = ["light", "rust", "coal", "navy", "ayu"];

// Toutes les pages, ou celles dont le nom contient un des mots de PAGES : « PAGES=05,glossaire ».
export function pages() {
  assert.ok(existsSync(livre), "Le livre n'est pas construit : lancez « cargo atelier livre ».");
  const choix = process.env.PAGES?.split(",");
  return readdirSync(livre)
    .filter((nom) => nom.endsWith(".html") && (!choix || choix.some((mot) => nom.includes(mot))))
    .sort();
}

// Les pages qui se lisent : ni le code du projet, ni la page à imprimer, ni le double de l'accueil.
export const pagesALire = () => pages().filter((nom) => !/^(code_|print|index)/.test(nom));

export const enFichier = (page) => pathToFileURL(path.join(livre, page)).href;

function executable() {
  const candidats = [
    process.env.CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
  ];
  const trouve = candidats.find((chemin) => chemin && existsSync(chemin));
  assert.ok(trouve, "Aucun Chromium trouvé : donnez son chemin dans la variable CHROMIUM.");
  return trouve;
}

export async function navigateur() {
  if (captures) mkdirSync(captures, { recursive: true });
  return chromium.launch({
    executablePath: executable(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
}

// Une page neuve, dans le thème voulu, avec ce qu'elle demande et ses erreurs. Le thème est écrit
// avant chaque chargement : environ une fois sur cinquante, Chromium y perd ce que la page a retenu
// juste avant. Un essai de la mémoire du navigateur demande donc `theme: null`.
export async function ouvrir(chrome, adresse, { theme = "light", largeur = 1280, hauteur = 900, ...options } = {}) {
  const contexte = await chrome.newContext({ viewport: { width: largeur, height: hauteur }, ...options });
  const page = await contexte.newPage();
  const demandes = [];
  const erreurs = [];
  page.on("request", (requete) => demandes.push(requete.url()));
  page.on("pageerror", (erreur) => erreurs.push(String(erreur)));
  page.on("requestfailed", (requete) => erreurs.push(`échec : ${requete.url()}`));
  if (theme !== null && options.javaScriptEnabled !== false) {
    await page.addInitScript((choisi) => localStorage.setItem("mdbook-theme", choisi), theme);
  }
  await page.goto(adresse, { waitUntil: "load" });
  return { page, demandes, erreurs, fermer: () => contexte.close() };
}

// Les démonstrations de la page, chargées et en marche. La page à imprimer n'en a pas.
export async function demonstrations(page) {
  if (page.url().includes("print.html")) return;
  for (const demo of await page.locator(".demo").all()) {
    await demo.scrollIntoViewIfNeeded();
    await demo.and(page.locator(".vivante")).waitFor();
  }
}

// Ce qui a été demandé ailleurs que dans la maison, « file: » ou l'adresse d'un serveur.
export const ailleurs = (demandes, maison) =>
  demandes.filter((demande) => !demande.startsWith(maison) && !demande.startsWith("data:"));

const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

// Un serveur du livre, sur cette machine seulement. Chaque visite a son adresse, et compte ce que
// le serveur lui donne.
export async function servir() {
  const donnes = [];
  const serveur = http.createServer((requete, reponse) => {
    const [, visite, nom] = decodeURIComponent(new URL(requete.url, "http://x").pathname).match(/^\/(?:visite-(\d+)\/)?(.*)$/s);
    const fichier = path.join(livre, nom || "index.html");
    if (!fichier.startsWith(livre) || !existsSync(fichier) || !statSync(fichier).isFile()) {
      reponse.writeHead(404).end();
      return;
    }
    const contenu = readFileSync(fichier);
    donnes[visite]?.push({ nom, octets: contenu.length });
    reponse.writeHead(200, { "content-type": TYPES[path.extname(fichier)] ?? "application/octet-stream" }).end(contenu);
  });
  await new Promise((pret) => serveur.listen(0, "127.0.0.1", pret));
  const adresse = `http://127.0.0.1:${serveur.address().port}/`;
  const visiter = () => {
    const rang = donnes.push([]) - 1;
    return { adresse: `${adresse}visite-${rang}/`, donnes: donnes[rang] };
  };
  return { adresse, visiter, fermer: () => new Promise((fini) => serveur.close(fini)) };
}

export async function capturer(page, nom, options = {}) {
  if (captures) await page.screenshot({ path: path.join(captures, `${nom}.png`), ...options });
}

// Le navigateur d'un fichier d'essais, et son serveur s'il en demande un : fermés quand il finit.
export let chrome;
export let serveur;
export function preparer({ servi = false } = {}) {
  before(async () => {
    chrome = await navigateur();
    if (servi) serveur = await servir();
  });
  after(async () => {
    await chrome?.close();
    await serveur?.fermer();
  });
}
