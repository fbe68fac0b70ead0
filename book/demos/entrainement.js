// L'entraînement en direct : les exemples, les réglages et les points que le lecteur choisit.
demos.entrainement = ({ racine, calculer, sur, bouton, plusTard, adresse, reglage, plan, lecteur }) => {
    // Dans l'ordre de book/demos/src/training.rs, et ce qui convient à chacun.
    const EXEMPLES = [
        { nom: 'table', mot: 'le tableau du tutoriel', caches: 4, taux: 1 },
        { nom: 'lunes', mot: 'deux lunes', caches: 4, taux: 1 },
        { nom: 'anneau', mot: 'un disque dans un anneau', caches: 4, taux: 0.3 },
        { nom: 'spirales', mot: 'deux spirales', caches: 6, taux: 0.5 },
        { nom: 'courbe', mot: 'de part et d\'autre d\'une courbe', caches: 5, taux: 0.3 },
    ];
    const MIENS = { nom: 'miens', mot: 'vos points', caches: 4, taux: 0.3 };
    const BORNES = { caches: [1, 8], taux: [0.01, 100] };
    const [PAS_MAX, POINTS_MAX, PETIT] = [15000, 200, 32];
    const [LARGE, HAUTE] = [300, 280];
    const calme = matchMedia('(prefers-reduced-motion: reduce)');
    let choix = EXEMPLES[0];
    let reglages = { caches: 4, taux: 1, graine: 0 };
    let points = [];
    let pas = 0;
    let but = PAS;
    let pertes = [];
    let reponses = [];
    let faute = '';

    const dit = creer('p', { class: 'demo-dit', role: 'status' });
    const dire = (texte) => { if (dit.textContent !== texte) dit.textContent = texte; };

    // Les exemples : un choix, le plan, et le texte que l'on peut récrire.
    const liste = creer('select', {}, ...[...EXEMPLES, MIENS].map(({ nom, mot }) => creer('option', { value: nom }, mot)));
    const gestes = [['0', 'un non'], ['1', 'un oui'], ['', 'ôte le point voisin']].map(([value, mot]) => {
        const radio = creer('input', { type: 'radio', name: 'entrainement-geste', value });
        radio.checked = value === '1';
        return [radio, creer('label', {}, radio, ` ${mot}`)];
    });
    const texte = creer('textarea', { rows: 6, spellcheck: false, autocomplete: 'off', 'aria-label': 'Les exemples, un par ligne : x₁, x₂, puis oui ou non' });
    const prendre = bouton('Prendre ces lignes', () => relireLignes());
    const tableau = creer('tbody');
    const lignes = creer('details', {}, creer('summary', {}, 'Les exemples et les réponses, ligne par ligne'), creer('p', {}, 'Un exemple par ligne : x₁, une espace, x₂, une espace, puis oui ou non.'), texte, creer('p', { class: 'demo-boutons' }, prendre), creer('table', {}, creer('thead', {}, entete('x₁', 'x₂', 'attendu', 'réponse')), tableau));
    const dessus = plan(
        'Le plan des deux entrées, coloré par la réponse du réseau, les exemples, et le trait où elle vaut 0,5. Les exemples se lisent et se changent aussi dans le texte, plus bas.',
        (teindre) => {
            const vues = calculer('training_hidden', BAS, HAUT, PETIT);
            carres.forEach((carre, rang) => teindre(carre, vues.subarray(rang * PETIT * PETIT, (rang + 1) * PETIT * PETIT)));
            return cerner(calculer('training_plane', BAS, HAUT, COTE));
        },
        () => placer(),
        '· Le trait passe là où la réponse vaut 0,5.',
    );
    const marques = creer('g');
    dessus.dessin.append(marques);
    dessus.boite.classList.add('demo-cliquable');
    const ajout = creer('fieldset', { class: 'demo-gestes' }, creer('legend', {}, 'Un clic dans le plan ajoute, ou ôte'), ...gestes.map(([, label]) => label));

    // Le réseau : chaque neurone caché est le plan, coloré par sa réponse.
    const traits = creer('svg', { viewBox: `0 0 ${LARGE} ${HAUTE}`, role: 'img', 'aria-label': 'Le réseau, ses poids, et la réponse de chaque neurone caché dans le plan. Les poids sont écrits plus bas.' });
    const dessous = creer('div', { class: 'demo-reseau' }, traits);
    const poids = creer('tbody');
    const nombres = creer('details', {}, creer('summary', {}, 'Les poids, en nombres'), creer('table', {}, creer('thead', {}, entete('nᵒ', 'de x₁', 'de x₂', 'du 1', 'vers ŷ')), poids));
    let carres = [];
    let fils = [];

    const { cadre, tracer } = courbe();
    const compte = creer('p', { class: 'demo-reponse' });
    const jouer = creer('button', { type: 'button', class: 'demo-principal' }, 'Commencer');
    const champ = creer('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off' });
    const caches = reglage({ nom: 'neurones', mot: 'neurones cachés', bornes: BORNES.caches, pas: 1, entier: true, dire, changer: (valeur) => changer({ caches: valeur }) });
    const taux = reglage({ nom: 'taux η', mot: 'taux d\'apprentissage', bornes: BORNES.taux, pas: 0.1, large: true, dire, changer: (valeur) => changer({ taux: valeur }) });

    function entete(...mots) {
        return creer('tr', {}, ...mots.map((mot) => creer('th', { scope: 'col' }, mot)));
    }
    const rangee = (...mots) => creer('tr', {}, ...mots.map((mot) => creer('td', {}, mot)));

    function placer() {
        const rayon = points.length > 12 ? 0.7 : 1;
        marques.replaceChildren(...points.map(([x1, x2, y]) => {
            const [cx, cy] = dessus.vers([x1, x2]);
            return creer('path', { d: y ? losange(cx, cy, 8 * rayon) : disque(cx, cy, 6 * rayon), class: `demo-coin ${y ? 'demo-oui' : 'demo-non'}` });
        }));
    }

    // Les neurones du dessin, quand leur nombre change.
    function relier() {
        const combien = reglages.caches;
        const cote = Math.min(60, HAUTE / combien - 4);
        const hauteur = (rang, parmi) => HAUTE * (rang + 0.5) / parmi;
        const ligne = (x1, y1, x2, y2) => creer('line', { x1, y1, x2, y2 });
        const entrees = ['x₁', 'x₂', '1'].map((mot, rang) => creer('text', { x: 14, y: hauteur(rang, 3) + 5 }, mot));
        const milieu = LARGE / 2;
        const rangs = [...Array(combien).keys()];
        // Dans l'ordre des poids : W1 ligne par ligne, puis W2.
        fils = [
            ...[0, 1, 2].flatMap((entree) => rangs.map((rang) => ligne(28, hauteur(entree, 3), milieu - cote / 2, hauteur(rang, combien)))),
            ...rangs.map((rang) => ligne(milieu + cote / 2, hauteur(rang, combien), LARGE - 28, HAUTE / 2)),
        ];
        traits.replaceChildren(...fils, ...entrees, creer('text', { x: LARGE - 14, y: HAUTE / 2 + 5 }, 'ŷ'));
        carres = rangs.map((rang) => creer('canvas', {
            width: PETIT,
            height: PETIT,
            style: `left: ${100 * (milieu - cote / 2) / LARGE}%; width: ${100 * cote / LARGE}%; top: ${100 * (hauteur(rang, combien) - cote / 2) / HAUTE}%; height: ${100 * cote / HAUTE}%`,
        }));
        dessous.replaceChildren(traits, ...carres);
    }

    function montrer() {
        dessus.colorer();
        const valeurs = calculer('training_weights');
        fils.forEach((fil, rang) => {
            fil.setAttribute('class', valeurs[rang] < 0 ? 'demo-moins' : 'demo-plus');
            fil.setAttribute('stroke-width', borner(Math.abs(valeurs[rang]) * 0.8, [0.4, 9]));
        });
        if (nombres.open) {
            const n = reglages.caches;
            poids.replaceChildren(...[...Array(n).keys()].map((rang) => rangee(rang + 1, ...[0, 1, 2, 3].map((ligne) => francais(valeurs[ligne * n + rang].toFixed(2))))));
        }
        if (lignes.open) tableau.replaceChildren(...points.map(([x1, x2, y], rang) => rangee(lisible(x1), lisible(x2), y ? 'oui' : 'non', precis(reponses[rang]))));
        tracer(pertes, Math.max(PAS, Math.ceil(pas / PAS) * PAS));
        compte.replaceChildren(`Pas ${pas}. Perte : `, creer('strong', {}, precis(pertes.at(-1))), ` ; réponses justes : ${justes()} sur ${points.length}.`);
        jouer.textContent = apprend.joue() ? 'Pause' : pas === 0 ? 'Commencer' : 'Continuer';
    }
    const justes = () => reponses.filter((reponse, rang) => (reponse > 0.5) === (points[rang][2] === 1)).length;

    // Le réseau neuf, devant les points.
    function preparer() {
        apprend.arreter();
        pertes = [...calculer('training', reglages.caches, reglages.graine)];
        reponses = calculer('training_answers');
        pas = 0;
        montrer();
    }
    function faire(combien) {
        pertes.pop();
        pertes.push(...calculer('training_steps', combien, reglages.taux));
        reponses = calculer('training_answers');
        pas = pertes.length - 1;
    }
    const apprend = lecteur({
        cadence: PAS / DUREE,
        fait: () => pas,
        but: () => but,
        faire,
        montrer,
        finir: () => dire(bilan()),
    });

    const depart = () => `Le réseau n'a encore rien appris : sa perte vaut ${precis(pertes[0])}, et il répond juste à ${justes()} des ${points.length} exemples. Prédisez sa perte après ${PAS} pas, puis commencez.`;
    function bilan() {
        const [perte, bonnes] = [pertes.at(-1), justes()];
        const debut = `Après ${pas} pas, la perte vaut ${precis(perte)}`;
        if (bonnes === points.length) {
            const ecart = reponses.reduce((pire, reponse, rang) => Math.max(pire, Math.abs(reponse - points[rang][2])), 0);
            return `${debut} : toutes les réponses sont justes, à ${precis(ecart)} près au plus.`;
        }
        const recentes = pertes.slice(-101);
        const montees = recentes.filter((valeur, rang) => valeur > recentes[rang - 1]).length;
        const franches = reponses.every((reponse) => Math.abs(reponse - 0.5) > 0.45);
        const suite = recentes.length < 2 ? '' : montees > 10
            ? 'Aux derniers pas, elle monte et descend : le taux est trop grand. Recommencez avec un taux plus petit.'
            : recentes[0] - perte < 1e-3 * perte
                ? `Aux ${recentes.length - 1} derniers pas, elle n'a presque pas changé. ${franches ? 'Les réponses sont presque 0 ou 1 : le taux, trop grand, a mené le réseau là où la sigmoïde est plate. Recommencez avec un taux plus petit.' : 'C\'est un plateau : continuez, ou recommencez avec un autre taux, ou une autre graine.'}`
                : 'Elle baisse encore : continuez.';
        return `${debut}, et ${bonnes} réponses sur ${points.length} sont justes. ${suite}`;
    }
    // Il reste des pas à faire, ou c'est dit.
    function permis() {
        if (pas < PAS_MAX) return true;
        dire(`C'est assez : cette démonstration s'arrête à ${PAS_MAX} pas. Recommencez, avec une autre graine ou un autre taux.`);
        return false;
    }
    sur(jouer, 'click', () => {
        if (apprend.joue()) {
            apprend.arreter();
            dire(`Pause. ${bilan()}`);
        } else if (permis()) {
            but = (Math.floor(pas / PAS) + 1) * PAS;
            dire(`Le réseau apprend, à partir du pas ${pas}.`);
            if (calme.matches) apprend.aboutir(); else apprend.demarrer();
        }
        montrer();
    });
    function avancer(combien) {
        apprend.arreter();
        if (permis()) {
            const avant = pertes.at(-1);
            faire(Math.min(combien, PAS_MAX - pas));
            dire(`Pas ${pas} : la perte passe de ${precis(avant)} à ${precis(pertes.at(-1))}.`);
        }
        montrer();
    }

    const finir = plusTard(() => {
        if (pas === 0 && !apprend.joue()) dire(faute + depart());
        faute = '';
        const { caches, taux, graine } = reglages;
        adresse.ecrire([
            ...(choix === EXEMPLES[0] ? [] : [['exemples', choix.nom]]),
            ...(choix === MIENS ? [['points', points.map((point) => point.join('_')).join('*')]] : []),
            ...(caches === choix.caches ? [] : [['caches', caches]]),
            ...(taux === choix.taux ? [] : [['taux', taux]]),
            ...(graine === 0 ? [] : [['graine', graine]]),
        ]);
    });
    // Les réglages, ou les exemples, ont changé : le réseau repart de ses poids de départ.
    function repartir() {
        for (const [nom, curseur] of [['caches', caches], ['taux', taux]]) curseur.montrer(reglages[nom]);
        champ.value = String(reglages.graine);
        champ.setAttribute('aria-invalid', false);
        if (carres.length !== reglages.caches) relier();
        preparer();
        finir();
    }
    function changer(nouveau) {
        reglages = { ...reglages, ...nouveau };
        repartir();
    }

    // Les exemples : tout prêts, ou ceux du lecteur.
    function poser(nouveaux) {
        calculer('training_set', EXEMPLES.length);
        for (const point of nouveaux) calculer('training_point', ...point);
        points = nouveaux;
        ecrireLignes();
    }
    function choisir(voulu) {
        choix = voulu;
        liste.value = choix.nom;
        if (choix !== MIENS) {
            const suite = calculer('training_set', EXEMPLES.indexOf(choix));
            points = [...Array(suite.length / 3).keys()].map((rang) => [...suite.subarray(3 * rang, 3 * rang + 3)]);
            ecrireLignes();
        }
    }
    function ecrireLignes() {
        texte.value = points.map(([x1, x2, y]) => `${lisible(x1)} ${lisible(x2)} ${y ? 'oui' : 'non'}`).join('\n');
        texte.setAttribute('aria-invalid', false);
        placer();
    }
    function prendreMiens(nouveaux) {
        choisir(MIENS);
        poser(nouveaux);
        repartir();
    }
    const BORD = `de ${lisible(BAS)} à ${lisible(HAUT)}`;
    // Ce que le texte écrit : quatre décimales.
    const rond = (x) => Math.round(x * 1e4) / 1e4;
    const dedans = (x) => x >= BAS && x <= HAUT;
    function relireLignes() {
        const lues = texte.value.split('\n').map((ligne, rang) => [rang + 1, ligne.trim()]).filter(([, ligne]) => ligne);
        const nouveaux = lues.map(([, ligne]) => {
            const [x1, x2, y, trop] = ligne.split(/[\s;]+/);
            return [rond(nombre(x1)), rond(nombre(x2 ?? '')), trop === undefined ? { non: 0, 0: 0, oui: 1, 1: 1 }[y?.toLowerCase()] : undefined];
        });
        const faux = nouveaux.findIndex(([x1, x2, y]) => !(dedans(x1) && dedans(x2)) || y === undefined);
        texte.setAttribute('aria-invalid', faux >= 0 || lues.length === 0 || lues.length > POINTS_MAX);
        if (faux >= 0) dire(`La ligne ${lues[faux][0]}, « ${lues[faux][1]} », ne convient pas : il faut deux nombres ${BORD}, puis oui ou non, comme « 0,5 1 oui ».`);
        else if (lues.length === 0) dire('Il faut au moins un exemple. Écrivez une ligne, comme « 0,5 1 oui ».');
        else if (lues.length > POINTS_MAX) dire(`Il y a ${lues.length} lignes : c'est trop, il en faut ${POINTS_MAX} au plus.`);
        else prendreMiens(nouveaux);
    }
    sur(dessus.boite, 'click', (e) => {
        const place = dessus.depuis(e).map((x) => borner(Math.round(x * 100) / 100, [BAS, HAUT]));
        const geste = gestes.find(([radio]) => radio.checked)[0].value;
        if (geste === '') {
            const loin = ([x1, x2]) => Math.hypot(x1 - place[0], x2 - place[1]);
            const voisin = points.reduce((a, point) => (loin(point) < loin(a) ? point : a));
            if (loin(voisin) > 0.15) dire('Aucun exemple n\'est assez près de ce clic.');
            else if (points.length === 1) dire('C\'est le dernier exemple, et il en faut au moins un.');
            else prendreMiens(points.filter((point) => point !== voisin));
        } else if (points.length >= POINTS_MAX) dire(`Il y a déjà ${POINTS_MAX} exemples : ôtez-en avant d'en ajouter.`);
        else prendreMiens([...points, [...place, Number(geste)]]);
    });
    sur(liste, 'change', () => {
        const voulu = [...EXEMPLES, MIENS].find(({ nom }) => nom === liste.value);
        const { caches, taux } = voulu;
        choisir(voulu);
        // « Vos points » commence par ceux qui sont là.
        if (choix === MIENS) poser(points);
        changer(choix === MIENS ? {} : { caches, taux });
    });
    for (const details of [nombres, lignes]) sur(details, 'toggle', montrer);
    sur(champ, 'change', () => {
        const lue = nombre(champ.value);
        const juste = Number.isInteger(lue) && lue >= 0 && lue <= GRAINE_MAX;
        champ.setAttribute('aria-invalid', !juste);
        if (juste) changer({ graine: lue });
        else dire(`« ${champ.value} » ne convient pas : la graine est un nombre entier, de 0 à 4 294 967 295.`);
    });

    function relire() {
        const lus = adresse.lire();
        const faux = [];
        const bon = (nom, mot, juste, sinon) => {
            if (!lus.has(nom)) return sinon;
            const valeur = nombre(lus.get(nom));
            if (juste(valeur)) return valeur;
            faux.push(mot);
            return sinon;
        };
        const entre = ([bas, haut]) => (valeur) => valeur >= bas && valeur <= haut;
        let voulu = [...EXEMPLES, MIENS].find(({ nom }) => nom === (lus.get('exemples') ?? 'table'));
        const donnes = (lus.get('points') ?? '').split('*').slice(0, POINTS_MAX).map((point) => point.split('_').map(nombre));
        const bons = donnes.every(([x1, x2, y, ...trop]) => dedans(x1) && dedans(x2) && (y === 0 || y === 1) && trop.length === 0);
        if (!voulu || (voulu === MIENS && !bons)) {
            faux.push('exemples');
            [voulu] = EXEMPLES;
        }
        choisir(voulu);
        if (choix === MIENS) poser(donnes);
        reglages = {
            caches: bon('caches', 'neurones', (valeur) => Number.isInteger(valeur) && entre(BORNES.caches)(valeur), choix.caches),
            taux: bon('taux', 'taux', entre(BORNES.taux), choix.taux),
            graine: bon('graine', 'graine', (valeur) => Number.isInteger(valeur) && entre([0, GRAINE_MAX])(valeur), 0),
        };
        faute = faux.length > 0 ? `L'adresse de cette page donne, pour ${faux.join(', ')}, ce qui ne convient pas : c'est la valeur du début qui sert. ` : '';
        repartir();
        dire(faute + depart());
    }
    sur(window, 'hashchange', () => { if (location.hash.startsWith('#demo-entrainement?')) relire(); });

    dessus.cadre.append(ajout);
    racine.append(
        dessus.cadre,
        creer('div', { class: 'demo-cote' },
            creer('p', { class: 'demo-choix' }, creer('label', {}, 'Exemples ', liste), ' ', creer('label', {}, 'Graine ', champ)),
            creer('div', { class: 'demo-reglages demo-larges', role: 'group', 'aria-label': 'Les réglages de l\'entraînement' }, caches.ligne, taux.ligne),
            creer('p', { class: 'demo-boutons' }, jouer, bouton('1 pas', () => avancer(1)), bouton('100 pas', () => avancer(100)), bouton('Recommencer', () => repartir())),
            cadre, compte, dit, lignes, nombres),
        creer('div', {}, dessous, creer('p', { class: 'demo-legende' }, 'Chaque carré est le plan, vu par un neurone caché. Un trait plein est un poids positif, des tirets un poids négatif ; plus il est large, plus le poids est loin de 0.')),
    );
    relire();
};
