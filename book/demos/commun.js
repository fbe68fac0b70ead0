// Ce que partagent les démonstrations : le calcul de nn_core, le plan, les réglages, l'adresse.
// Chacune est une fonction de `demos`, sous le nom que le chapitre lui donne.
const demos = {};
const code = WebAssembly.compile(Uint8Array.from(atob(WASM), (signe) => signe.charCodeAt(0)));

// Les fonctions de book/demos/src, dans une mémoire neuve.
async function calculs() {
    const { exports } = await WebAssembly.instantiate(await code);
    return (nom, ...nombres) => {
        const rendu = exports[nom](...nombres);
        const { buffer } = exports.memory;
        if (rendu >= 0) return new Float64Array(buffer, exports.results(), rendu).slice();
        throw new Error(new TextDecoder().decode(new Uint8Array(buffer, exports.refusal(), -rendu)));
    };
}

const SVG = /^(?:svg|g|path|line|circle|text)$/;
function creer(nom, attributs = {}, ...enfants) {
    const element = SVG.test(nom) ? document.createElementNS('http://www.w3.org/2000/svg', nom) : document.createElement(nom);
    regler(element, attributs);
    element.append(...enfants);
    return element;
}
function regler(element, attributs) {
    for (const [nom, valeur] of Object.entries(attributs)) element.setAttribute(nom, valeur);
}

// Un nombre comme on l'écrit en français.
const francais = (texte) => String(texte).replace('.', ',').replace('-', '−');
const lisible = (valeur) => francais(Number(valeur.toFixed(4)) + 0);
const precis = (valeur) => francais((Number(valeur.toFixed(4)) + 0).toFixed(4));
const borner = (valeur, [bas, haut]) => Math.min(Math.max(valeur, bas), haut);

async function installer(place) {
    const fin = new AbortController();
    const racine = creer('div', { class: 'demo-vive' });
    // Une figure d'ici garde son numéro et sa légende ; la copie d'une autre page cède la place entière.
    const figure = place.querySelector('.sortie-image:not([id^="copie-"])');
    place.querySelector('.demo-vive')?.remove();
    if (figure) figure.prepend(racine); else place.append(racine);

    // Un calcul qui s'arrête en rend la figure, et le dit.
    function panne(erreur) {
        console.error(erreur);
        fin.abort();
        place.classList.replace('vivante', 'fixe') || place.classList.add('fixe');
        const encore = creer('button', { type: 'button' }, 'Recommencer');
        encore.addEventListener('click', () => installer(place));
        racine.replaceChildren(
            creer('p', { role: 'alert' }, 'Le calcul s\'est arrêté : c\'est une faute de cette démonstration, et non la vôtre.'),
            encore,
        );
    }
    const garder = (geste) => (...donnees) => {
        if (fin.signal.aborted) return;
        try { geste(...donnees); } catch (erreur) { panne(erreur); }
    };
    const sur = (cible, nom, geste, options = {}) => cible.addEventListener(nom, garder(geste), { signal: fin.signal, ...options });
    const image = (geste) => requestAnimationFrame(garder(geste));
    function bouton(mot, geste, attributs = {}) {
        const element = creer('button', { type: 'button', ...attributs }, mot);
        sur(element, 'click', geste);
        return element;
    }
    const plusTard = (geste) => {
        let attente;
        return () => { clearTimeout(attente); attente = setTimeout(garder(geste), 400); };
    };

    // L'état, dans l'adresse de la page : « #demo-neurone?w1=4&b=-2 ».
    const tete = `#${place.id}?`;
    const adresse = {
        lire: () => new URLSearchParams(location.hash.startsWith(tete) ? location.hash.slice(tete.length) : ''),
        ecrire(valeurs) {
            const texte = new URLSearchParams(valeurs).toString();
            if (!texte && !location.hash.startsWith(tete)) return;
            try { history.replaceState(null, '', texte ? tete + texte : `#${place.id}`); } catch { /* le navigateur refuse */ }
        },
    };

    // Les nombres de l'adresse, à la place de ceux du début, et les noms de ceux qui ne conviennent pas.
    function reprendre(depart, bornes, lire = (texte) => Math.round(nombre(texte) * 100) / 100) {
        const lus = [...adresse.lire()].filter(([nom]) => nom in depart);
        const convient = ([nom, texte]) => nombre(texte) >= bornes(nom)[0] && nombre(texte) <= bornes(nom)[1];
        const bons = lus.filter(convient).map(([nom, texte]) => [nom, lire(texte)]);
        return [{ ...depart, ...Object.fromEntries(bons) }, lus.filter((lu) => !convient(lu)).map(([nom]) => nom)];
    }

    // Un nombre du réglage `nom` : son curseur, sa case, et ce qu'on dit de ce qui ne convient pas. Le
    // curseur d'un réglage `large` multiplie, au lieu d'ajouter.
    function reglage({ nom, mot, bornes, pas, changer, dire, entier = false, large = false }) {
        const [place, valeurEn] = large ? [Math.log10, (x) => Number((10 ** x).toPrecision(2))] : [Number, Number];
        const curseur = creer('input', { type: 'range', min: place(bornes[0]), max: place(bornes[1]), step: pas, 'aria-label': `${mot}, curseur` });
        const champ = creer('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', 'aria-label': `${mot}, nombre` });
        sur(curseur, 'input', () => changer(valeurEn(Number(curseur.value))));
        sur(champ, 'change', () => {
            const valeur = nombre(champ.value);
            const juste = valeur >= bornes[0] && valeur <= bornes[1] && (!entier || Number.isInteger(valeur));
            champ.setAttribute('aria-invalid', !juste);
            if (juste) changer(valeur);
            else dire(`« ${champ.value} » ne convient pas : pour ${nom}, écrivez un nombre ${entier ? 'entier ' : ''}de ${lisible(bornes[0])} à ${lisible(bornes[1])}.`);
        });
        return {
            ligne: creer('div', { class: 'demo-reglage' }, creer('span', { 'aria-hidden': true }, nom), curseur, champ),
            montrer(valeur) {
                curseur.value = place(valeur);
                curseur.setAttribute('aria-valuetext', lisible(valeur));
                champ.value = lisible(valeur);
                champ.setAttribute('aria-invalid', false);
            },
        };
    }

    // Le plan des deux entrées, de −0,5 à 1,5 : les couleurs dessous, les traits et les points dessus. Un
    // autre carré donne, au lieu d'un mot, ses bords, ses graduations, et les noms de ses deux axes.
    function plan(quoi, peindre, dessiner, ...aide) {
        const { mot, bas, haut, graduations, noms } = { bas: BAS, haut: HAUT, graduations: [0, 1], noms: ['x₁', 'x₂'], ...(quoi.mot ? quoi : { mot: quoi }) };
        const toile = creer('canvas', { width: COTE, height: COTE });
        const dessin = creer('svg', { role: 'img', 'aria-label': mot });
        const boite = creer('div', { class: 'demo-plan' }, toile, dessin);
        const marque = (d, sorte) => creer('svg', { class: 'demo-marque', viewBox: '0 0 20 20', 'aria-hidden': true }, creer('path', { d, class: `demo-coin demo-${sorte}` }));
        const sens = quoi.mot ? [] : [marque(disque(10, 10), 'non'), ' non ', marque(losange(10, 10), 'oui'), ' oui '];
        const legende = creer('p', { class: 'demo-legende' }, ...sens, ...aide);
        const cadre = creer('div', {}, boite, legende);
        const axes = creer('g', { class: 'demo-axes' });
        dessin.append(axes);
        const vers = ([x1, x2]) => {
            const cote = boite.clientWidth;
            return [(x1 - bas) / (haut - bas) * cote, (haut - x2) / (haut - bas) * cote];
        };
        const depuis = (evenement) => {
            const { left, top, width } = boite.getBoundingClientRect();
            return [
                bas + (evenement.clientX - left) / width * (haut - bas),
                haut - (evenement.clientY - top) / width * (haut - bas),
            ];
        };
        // Tirer `cible` : `prendre`, là où on la saisit, rend ce qui fait de chaque place un changement.
        function tirer(cible, prendre, changer) {
            let suivre = null;
            sur(cible, 'pointerdown', (e) => {
                e.preventDefault();
                cible.setPointerCapture(e.pointerId);
                suivre = prendre(depuis(e));
            });
            sur(cible, 'pointermove', (e) => { if (suivre && cible.hasPointerCapture(e.pointerId)) changer(suivre(depuis(e))); });
            sur(cible, 'lostpointercapture', () => { suivre = null; });
        }
        // La droite où w₁x₁ + w₂x₂ + b vaut 0, d'après `lire` : tirée, elle glisse ; le bout de sa flèche la tourne.
        function droite(lire, changer, nom = '') {
            const trait = creer('line', { class: 'demo-droite' });
            const prise = creer('line', { class: 'demo-prise demo-tirer' });
            const fleche = creer('line', { class: 'demo-droite' });
            const bout = creer('circle', { class: 'demo-poignee', r: nom ? 11 : 8 });
            const tourne = creer('circle', { class: 'demo-prise demo-tourner', r: 20 });
            const texte = creer('text', {}, nom);
            // Les poignées au-dessus de tout : une autre droite peut passer dessous.
            const [traits, poignees] = [[trait, prise, fleche], [bout, tourne, texte]];
            // Là où la droite entre dans le carré, et là où elle en sort.
            function segment() {
                const { w1, w2, b } = lire();
                const bords = [bas, haut].flatMap((bord) => [[bord, -(w1 * bord + b) / w2], [-(w2 * bord + b) / w1, bord]]);
                const dedans = bords.filter((x) => x.every((valeur) => valeur >= bas - 1e-9 && valeur <= haut + 1e-9));
                if (dedans.length < 2) return null;
                const loin = (x) => Math.hypot(x[0] - dedans[0][0], x[1] - dedans[0][1]);
                const autre = dedans.reduce((a, x) => (loin(x) > loin(a) ? x : a));
                return loin(autre) > 0.02 ? [dedans[0], autre] : null;
            }
            const milieu = ([de, a]) => [(de[0] + a[0]) / 2, (de[1] + a[1]) / 2];
            tirer(prise, ([p1, p2]) => {
                const { w1, w2, b } = lire();
                return ([x1, x2]) => ({ b: b - w1 * (x1 - p1) - w2 * (x2 - p2) });
            }, changer);
            tirer(tourne, () => {
                const { w1, w2 } = lire();
                const centre = milieu(segment());
                const norme = Math.hypot(w1, w2);
                const sens = bout.classList.contains('demo-oui') ? norme : -norme;
                return ([x1, x2]) => {
                    const loin = Math.hypot(x1 - centre[0], x2 - centre[1]) || 1;
                    const [t1, t2] = [sens * (x1 - centre[0]) / loin, sens * (x2 - centre[1]) / loin];
                    return { w1: t1, w2: t2, b: -t1 * centre[0] - t2 * centre[1] };
                };
            }, changer);
            return {
                traits,
                poignees,
                segment,
                dessiner() {
                    const bouts = segment();
                    for (const element of [...traits, ...poignees]) element.style.display = bouts ? '' : 'none';
                    if (!bouts) return;
                    const { w1, w2 } = lire();
                    const [[ax, ay], [bx, by]] = bouts.map(vers);
                    for (const element of [trait, prise]) regler(element, { x1: ax, y1: ay, x2: bx, y2: by });
                    // La flèche va du côté des « oui », ou de l'autre si elle sortirait du plan.
                    const [mx, my] = vers(milieu(bouts));
                    const norme = Math.hypot(w1, w2);
                    const cote = boite.clientWidth;
                    const ou = [46, -46].map((long) => [mx + long * w1 / norme, my - long * w2 / norme]);
                    const sens = ou[0].every((valeur) => valeur > 8 && valeur < cote - 8) ? 0 : 1;
                    regler(fleche, { x1: mx, y1: my, x2: ou[sens][0], y2: ou[sens][1] });
                    for (const rond of [bout, tourne]) regler(rond, { cx: ou[sens][0], cy: ou[sens][1] });
                    regler(texte, { x: ou[sens][0], y: ou[sens][1] + 5 });
                    bout.classList.toggle('demo-oui', sens === 0);
                },
            };
        }
        function reperes() {
            const cote = boite.clientWidth;
            const places = graduations.map((x) => [x, ...vers([x, x])]);
            const bout = creer('text', { x: cote - 6, y: cote - (quoi.mot ? 24 : 6), class: 'demo-fin' }, noms[0]);
            const cime = creer('text', { x: 6, y: 18, class: 'demo-debut' }, noms[1]);
            axes.replaceChildren(
                creer('path', { d: places.map(([, x, y]) => `M${x} 0V${cote}M0 ${y}H${cote}`).join('') }),
                ...places.flatMap(([nombre, x, y]) => [[x, cote - 6], [12, y + 5]].map(([tx, ty]) => creer('text', { x: tx, y: ty }, lisible(nombre)))),
                bout, cime,
            );
            dessiner();
        }
        let teintes = null;
        let prevu = false;
        // Une fois par image, quel que soit le nombre de gestes.
        function colorer() {
            if (prevu) return;
            prevu = true;
            image(peindreTout);
        }
        function peindreTout() {
            prevu = false;
            teintes ??= degrade(boite);
            teindre(toile, peindre(teindre));
        }
        // Met dans le carré `ou` les couleurs de ces réponses, ligne par ligne.
        function teindre(ou, reponses) {
            const contexte = ou.getContext('2d');
            const pixels = contexte.createImageData(ou.width, ou.height);
            const couleurs = new Uint32Array(pixels.data.buffer);
            reponses.forEach((reponse, rang) => { couleurs[rang] = teintes[Math.round(reponse * 255)]; });
            contexte.putImageData(pixels, 0, 0);
        }
        const themes = new MutationObserver(garder(() => { teintes = null; colorer(); }));
        themes.observe(document.documentElement, { attributeFilter: ['class'] });
        const tailles = new ResizeObserver(garder(reperes));
        tailles.observe(boite);
        fin.signal.addEventListener('abort', () => { themes.disconnect(); tailles.disconnect(); });
        return { cadre, boite, dessin, vers, depuis, tirer, droite, colorer };
    }

    // Des pas que l'on joue, `cadence` par seconde, de `fait()` jusqu'à `but()`, où `finir` est appelé.
    // Par image, `faire` en calcule par tranches, et jamais plus longtemps que BUDGET.
    function lecteur({ cadence, fait, but, faire, montrer, finir }) {
        // Ce qui joue : rien, ou un objet neuf à chaque départ. L'image demandée avant une pause ne joue plus.
        let jeu = null;
        function avancer(voulu) {
            const limite = performance.now() + BUDGET;
            while (fait() < voulu && performance.now() < limite) faire(Math.min(TRANCHE, voulu - fait()));
        }
        function jouer(suite, vu) {
            const ce = {};
            jeu = ce;
            image(function tour(maintenant) {
                if (jeu !== ce) return;
                const avant = fait();
                avancer(suite(maintenant));
                const fini = fait() === but();
                if (fini) { jeu = null; finir(); } else image(tour);
                if (fini || (vu && fait() > avant)) montrer();
            });
        }
        return {
            joue: () => jeu !== null,
            arreter() { jeu = null; },
            demarrer() {
                let avant = null;
                let du = 0;
                jouer((maintenant) => {
                    du = du % 1 + Math.min(maintenant - (avant ?? maintenant), 50) / 1000 * cadence;
                    avant = maintenant;
                    return Math.min(but(), fait() + Math.floor(du));
                }, true);
            },
            // Sans mouvement : tout de suite la fin, encore par tranches.
            aboutir() { jouer(but, false); },
        };
    }

    try {
        demos[place.dataset.demo]({ racine, calculer: await calculs(), sur, bouton, image, plusTard, adresse, reprendre, reglage, plan, lecteur });
        place.classList.remove('fixe');
        place.classList.add('vivante');
    } catch (erreur) {
        panne(erreur);
    }
}

const [BAS, HAUT] = [-0.5, 1.5];
const COTE = 160;
// Ce qu'un lecteur de pas calcule d'une image à l'autre : par tranches, pas plus que ces millisecondes.
const [TRANCHE, BUDGET] = [25, 8];
// La courbe de perte s'étend par autant de pas, qui durent autant de secondes.
const [PAS, DUREE] = [1500, 4];
// Le plus grand nombre qu'une graine peut être.
const GRAINE_MAX = 4294967295;
// La part de sa couleur qu'une réponse sûre met dans le plan : les points s'y voient encore.
const FRANCHISE = 0.6;
// Ce qui n'est pas une réponse : la couleur d'un trait.
const TRAIT = 256 / 255;
const COINS = [[0, 0], [0, 1], [1, 0], [1, 1]];

// Ce que dit la page d'une adresse où ces réglages ne conviennent pas.
const malEcrits = (signes) => `L'adresse de cette page donne à ${signes.join(', ')} ce qui ne convient pas : c'est la valeur du début qui sert.`;

// La marque d'un « oui », et celle d'un « non » : la forme les distingue aussi.
const losange = (x, y, r = 8) => `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`;
const disque = (x, y, r = 6) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;

// La courbe des pertes, de 0 à `etendue` pas.
function courbe() {
    const trait = creer('path', { class: 'demo-courbe' });
    const [haut, bout] = [creer('text', { x: 4, y: 14 }), creer('text', { x: 299, y: 122, class: 'demo-fin' })];
    const cadre = creer('svg', { class: 'demo-perte', viewBox: '0 0 300 124', role: 'img', 'aria-label': 'La perte, pas après pas ; son dernier nombre est écrit dessous.' }, creer('path', { class: 'demo-axe', d: 'M1 0V109H300' }), trait, haut, bout);
    function tracer(pertes, etendue) {
        const sommet = pertes.reduce((a, b) => Math.max(a, b));
        const points = pertes.flatMap((perte, rang) => (rang % (etendue / 300) === 0 || rang === pertes.length - 1 ? [`${1 + 299 * rang / etendue} ${108 - 104 * perte / sommet}`] : []));
        trait.setAttribute('d', `M${points.join('L')}`);
        haut.textContent = `perte ${francais(sommet.toFixed(2))}`;
        bout.textContent = `pas ${etendue}`;
    }
    return { cadre, tracer };
}

// Les réponses d'un carré, où un trait sépare celles de plus de 0,5 des autres.
function cerner(reponses) {
    return reponses.map((reponse, rang) => {
        const oui = reponse > 0.5;
        const droite = (rang + 1) % COTE > 0 && (reponses[rang + 1] > 0.5) !== oui;
        const bas = rang + COTE < reponses.length && (reponses[rang + COTE] > 0.5) !== oui;
        return droite || bas ? TRAIT : reponse;
    });
}

// Du « non » au « oui », en 256 couleurs du thème ; puis celle d'un trait.
function degrade(element) {
    const style = getComputedStyle(element);
    const contexte = creer('canvas', { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
    const [non, milieu, oui, trait] = ['--demo-non', '--demo-milieu', '--demo-oui', '--fg'].map((nom) => {
        contexte.fillStyle = style.getPropertyValue(nom).trim();
        contexte.fillRect(0, 0, 1, 1);
        return [...contexte.getImageData(0, 0, 1, 1).data];
    });
    const teintes = new Uint8ClampedArray(4 * 257);
    teintes.set(trait, 4 * 256);
    for (let rang = 0; rang < 256; rang += 1) {
        const [vers, part] = [rang < 128 ? non : oui, FRANCHISE * Math.abs(rang / 127.5 - 1)];
        teintes.set(milieu.map((valeur, canal) => valeur + part * (vers[canal] - valeur)), 4 * rang);
    }
    return new Uint32Array(teintes.buffer);
}

// Une fois le code prêt, ou refusé par ce navigateur : `installer` sait le dire.
code.catch(() => {}).then(() => document.querySelectorAll('.demo').forEach((place) => installer(place)));
