// La propagation avant du réseau du tutoriel, un pas à la fois : la ligne de code, le dessin, la phrase.
demos.feedforward = ({ racine, calculer, sur, bouton, plusTard, adresse, reprendre }) => {
    // Les lignes de src/feedforward.rs que le chapitre montre ; un test du module les y cherche.
    const CODE = [
        'pub fn feedforward(&mut self) {',
        'self.layer1 = activate(&self.input, &self.weights1, &self.biases1); // (m, h)',
        'self.output = activate(&self.layer1, &self.weights2, &self.biases2); // (m, k)',
        '}',
        'fn activate(x: &Array2<f64>, weights: &Array2<f64>, biases: &Array1<f64>) -> Array2<f64> {',
        '(x.dot(weights) + biases).mapv(sigmoid) // (m, n) · (n, h) + (h) → (m, h)',
        '}',
    ];
    const [APPEL, CALCUL] = [{ 1: 1, 2: 1, 3: 2, 4: 2 }, 5];
    // Dans la ligne qui calcule, la somme, puis la courbe.
    const MORCEAUX = ['(x.dot(weights) + biases)', '.mapv(sigmoid)'];
    const [LIGNES, ENTREES, CACHES, ETAPES] = [4, 3, 4, 4];
    const POIDS = (ENTREES + 1) * CACHES;
    const DEPART = { ligne: 1, etape: 0, poids: 9 };
    const bornes = (nom) => [DEPART[nom] && 1, { ligne: LIGNES, etape: ETAPES, poids: POIDS }[nom]];
    const indice = (rang) => '₁₂₃₄'[rang];

    const tout = [...calculer('forward')];
    const prendre = (combien) => tout.splice(0, combien);
    // Une liste, coupée en listes de cette longueur.
    const couper = (liste, long) => Array.from({ length: liste.length / long }, (_, rang) => liste.slice(rang * long, (rang + 1) * long));
    const [x, y, W1, b1] = [couper(prendre(12), ENTREES), prendre(4), prendre(12), prendre(4)];
    const [W2, b2, z1, layer1] = [prendre(4), prendre(1), couper(prendre(16), CACHES), couper(prendre(16), CACHES)];
    const [z2, output, produits1, produits2] = [prendre(4), prendre(4), couper(prendre(48), 12), couper(prendre(16), CACHES)];
    let etat = { ...DEPART };

    // Les poids, dans l'ordre de W1 puis de W2 : d'où chacun part, où il arrive, ce qu'il vaut.
    const poids = Array.from({ length: POIDS }, (_, rang) => (rang < W1.length
        ? { couche: 1, de: Math.floor(rang / CACHES), a: rang % CACHES, vaut: W1[rang], nom: `de x${indice(Math.floor(rang / CACHES))} au neurone ${rang % CACHES + 1}` }
        : { couche: 2, de: rang - W1.length, a: 0, vaut: W2[rang - W1.length], nom: `du neurone ${rang - W1.length + 1} à la sortie` }));
    const ordre = (rang) => `weights${poids[rang].couche}[[${poids[rang].de}, ${poids[rang].a}]]`;

    // Le dessin.
    const ou = {
        x: (rang) => [26, 82 + 84 * rang],
        cache: (rang) => [168, 40 + 84 * rang],
        sortie: () => [308, 166],
    };
    const dessin = creer('svg', { class: 'demo-avant', viewBox: '0 -12 342 342', role: 'img', 'aria-label': 'Le réseau : trois entrées, quatre neurones cachés, une sortie. Ses nombres sont écrits à côté ; le menu montre chaque poids.' });
    const aretes = poids.map(({ couche, de, a }, rang) => {
        const [[x1, y1], [x2, y2]] = couche === 1 ? [ou.x(de), ou.cache(a)] : [ou.cache(de), ou.sortie()];
        const trait = creer('line', { x1, y1, x2, y2, class: 'demo-lien' });
        const prise = creer('line', { x1, y1, x2, y2, class: 'demo-arete' });
        // Un poids sous la souris, ou touché, est celui que l'on regarde.
        for (const nom of ['pointerenter', 'click']) sur(prise, nom, () => regarder(rang, false));
        // Le nombre, un peu avant le milieu : au milieu, les traits se croisent.
        const nombre = creer('text', { x: x1 + 0.4 * (x2 - x1), y: y1 + 0.4 * (y2 - y1) + 5, class: 'demo-poids' }, francais(poids[rang].vaut.toFixed(2)));
        return { trait, prise, nombre };
    });
    const noeud = ([cx, cy], nom, r) => {
        const rond = creer('circle', { cx, cy, r, class: 'demo-rond' });
        const [haut, bas] = [creer('text', { x: cx, y: cy - 3 }), creer('text', { x: cx, y: cy + 15, class: 'demo-fort' })];
        dessin.append(rond, creer('text', { x: cx, y: cy - r - 4, class: 'demo-nom' }, nom), haut, bas);
        return { rond, haut, bas };
    };
    dessin.append(...aretes.map(({ trait }) => trait), ...aretes.map(({ prise }) => prise));
    const entrees = Array.from({ length: ENTREES }, (_, rang) => noeud(ou.x(rang), `x${indice(rang)}`, 20));
    const caches = Array.from({ length: CACHES }, (_, rang) => noeud(ou.cache(rang), `neurone ${rang + 1}`, 32));
    const sortie = noeud(ou.sortie(), 'sortie', 32);
    dessin.append(...aretes.map(({ nombre }) => nombre));

    // Le code.
    const code = CODE.map((ligne, rang) => {
        const retrait = /^(pub )?fn|^}/.test(ligne) ? '' : ' demo-retrait';
        const parts = rang === CALCUL ? [...MORCEAUX, ligne.slice(MORCEAUX.join('').length)].map((part) => creer('span', {}, part)) : [ligne];
        return creer('span', { class: `demo-ligne${retrait}` }, ...parts);
    });
    const extrait = creer('code', { class: 'demo-code' }, ...code);

    // Les réglages, et ce que l'on lit.
    const dit = creer('p', { class: 'demo-dit', role: 'status' });
    const dire = (texte) => { dit.textContent = texte; };
    const reculer = bouton('Reculer', () => aller(-1));
    const avancer = bouton('Avancer', () => aller(1), { class: 'demo-principal' });
    const retour = bouton('Revenir au début', () => changer({ ligne: 1, etape: 0 }));
    const choix = creer('select', { autocomplete: 'off' }, ...poids.map(({ nom }, rang) => creer('option', { value: rang + 1 }, nom)));
    const formule = creer('p', { class: 'demo-somme' });
    const cases = x.map(() => creer('td'));
    const rangees = x.map((ligne, rang) => creer('tr', {}, creer('th', { scope: 'row' }, `ligne ${rang + 1}`), ...ligne.map((valeur) => creer('td', {}, lisible(valeur))), creer('td', {}, lisible(y[rang])), cases[rang]));
    const tableau = creer('table', {}, creer('thead', {}, creer('tr', {}, creer('td'), ...['x₁', 'x₂', 'x₃', 'y', 'ŷ'].map((mot) => creer('th', { scope: 'col' }, mot)))), creer('tbody', {}, ...rangees));

    const liste = (valeurs, faire) => valeurs.map(faire).join(' ; ');
    function constat() {
        const rang = etat.ligne - 1;
        const tete = `Ligne ${etat.ligne}, étape ${etat.etape} sur ${ETAPES}. `;
        const cote = (output[rang] > 0.5) === (y[rang] > 0.5);
        const fin = etat.ligne === LIGNES ? ` Les quatre réponses dépassent 0,5, quoi que la ligne demande : le réseau n'a rien appris.` : ' Avancez : la ligne suivante fait le même trajet, avec les mêmes poids.';
        return tete + [
            `L'exemple (${x[rang].map(lisible).join(', ')}) entre dans le réseau ; la réponse attendue est ${lisible(y[rang])}. Avant d'avancer : quels poids compteront dans les sommes ?`,
            `Chaque neurone caché fait sa somme : chaque entrée fois son poids, plus le biais, qui est nul ici. z = ${liste(z1[rang], precis)}. En pointillé, les poids qu'une entrée nulle efface.`,
            `La sigmoïde ramène chaque somme entre 0 et 1. σ(z) = ${liste(layer1[rang], precis)} : c'est la ligne ${etat.ligne} de layer1.`,
            `La sortie fait sa somme à son tour. Elle ne lit pas les entrées : elle lit les quatre réponses cachées, chacune fois son poids. z = ${precis(z2[rang])}.`,
            `La sigmoïde donne la réponse : ŷ = ${precis(output[rang])}, pour ${lisible(y[rang])} attendu. C'est ${cote ? 'le bon côté' : 'le mauvais côté'} de 0,5.${fin}`,
        ][etat.etape];
    }
    // La somme où ce poids entre, avec ses nombres : ceux que l'on connaît à cette étape.
    function montrerFormule() {
        const { couche, de, a, vaut, nom } = poids[etat.poids - 1];
        const rang = etat.ligne - 1;
        const premiere = couche === 1;
        const lus = premiere ? x[rang].map(lisible) : layer1[rang].map((valeur) => (etat.etape >= 2 ? precis(valeur) : '?'));
        const ses = premiere ? lus.map((_, i) => W1[CACHES * i + a]) : W2;
        const produit = premiere ? produits1[rang][CACHES * de + a] : produits2[rang][de];
        const [z, biais, reponse] = premiere ? [z1[rang][a], b1[a], layer1[rang][a]] : [z2[rang], b2[0], output[rang]];
        const [sue, courbee] = premiere ? [etat.etape >= 1, etat.etape >= 2] : [etat.etape >= 3, etat.etape >= 4];
        const somme = ses.flatMap((w, i) => [i > 0 ? ' + ' : '', creer(i === de ? 'strong' : 'span', {}, `${lus[i]} × ${precis(w)}`)]);
        formule.replaceChildren(
            creer('code', {}, ordre(etat.poids - 1)), ` = ${precis(vaut)} : le poids ${nom}.`, creer('br'),
            'z = ', ...somme, ` + ${lisible(biais)}`, sue ? ` ≈ ${precis(z)}` : ' = ?', creer('br'),
            sue ? `Ce poids y apporte ${precis(produit)}.` : 'Ce poids y apportera ?', courbee ? ` Puis σ(z) ≈ ${precis(reponse)}.` : '',
        );
    }
    function montrer() {
        const { etape } = etat;
        const rang = etat.ligne - 1;
        code.forEach((ligne, numero) => {
            const vive = numero === APPEL[etape] || (etape > 0 && numero === CALCUL);
            ligne.classList.toggle('demo-suivie', vive);
            if (vive) ligne.setAttribute('aria-current', 'step'); else ligne.removeAttribute('aria-current');
        });
        [...code[CALCUL].children].forEach((part, numero) => part.classList.toggle('demo-part', etape > 0 && numero === (etape + 1) % 2));
        // Ce qu'un nœud sait, et s'il l'apprend à cette étape.
        const remplir = ({ rond, haut, bas }, z, a, lettre, depuis) => {
            haut.textContent = etape >= depuis ? `z ${francais(z.toFixed(2))}` : '?';
            bas.textContent = etape > depuis ? `${lettre} ${francais(a.toFixed(2))}` : '';
            rond.classList.toggle('demo-vif', etape === depuis || etape === depuis + 1);
        };
        entrees.forEach(({ rond, haut }, i) => {
            haut.textContent = lisible(x[rang][i]);
            haut.setAttribute('y', ou.x(i)[1] + 5);
            rond.classList.toggle('demo-vif', etape === 0);
        });
        caches.forEach((rond, j) => remplir(rond, z1[rang][j], layer1[rang][j], 'σ', 1));
        remplir(sortie, z2[rang], output[rang], 'ŷ', 3);
        poids.forEach(({ couche, de, a }, numero) => {
            const { trait, nombre } = aretes[numero];
            const produit = couche === 1 ? produits1[rang][CACHES * de + a] : produits2[rang][de];
            const choisi = numero === etat.poids - 1;
            trait.classList.toggle('demo-vif', etape === 2 * couche - 1);
            trait.classList.toggle('demo-nul', produit === 0 && etape >= 2 * couche - 1);
            trait.classList.toggle('demo-choisi', choisi);
            nombre.style.display = choisi ? '' : 'none';
        });
        cases.forEach((case_, ligne) => { case_.textContent = ligne < rang || (ligne === rang && etape === ETAPES) ? precis(output[ligne]) : '?'; });
        rangees.forEach((rangee, ligne) => {
            rangee.classList.toggle('demo-suivie', ligne === rang);
            if (ligne === rang) rangee.setAttribute('aria-current', 'true'); else rangee.removeAttribute('aria-current');
        });
        // Un bouton désactivé perdrait le focus.
        reculer.setAttribute('aria-disabled', etat.ligne === 1 && etape === 0);
        avancer.setAttribute('aria-disabled', etat.ligne === LIGNES && etape === ETAPES);
        choix.value = etat.poids;
        montrerFormule();
    }

    const noter = plusTard(() => adresse.ecrire(Object.entries(etat).filter(([nom, valeur]) => valeur !== DEPART[nom])));
    // Quand les pas changent de couche, le poids regardé en change aussi, avec le même neurone caché.
    const coucheDe = (etape) => (etape < 3 ? 1 : 2);
    function changer(nouveau) {
        const { de, a } = poids[etat.poids - 1];
        const couche = coucheDe(nouveau.etape);
        if (couche !== coucheDe(etat.etape) && couche !== poids[etat.poids - 1].couche) etat.poids = couche === 1 ? W1.length - CACHES + de + 1 : W1.length + a + 1;
        etat = { ...etat, ...nouveau };
        montrer();
        dire(constat());
        noter();
    }
    // La même étape d'une autre ligne, puis la première : les pas se suivent d'une ligne à l'autre.
    function aller(sens) {
        const pas = borner((etat.ligne - 1) * (ETAPES + 1) + etat.etape + sens, [0, LIGNES * (ETAPES + 1) - 1]);
        changer({ ligne: Math.floor(pas / (ETAPES + 1)) + 1, etape: pas % (ETAPES + 1) });
    }
    // Au clavier, la formule du poids choisi se dit ; sous la souris, ce serait trop.
    function regarder(rang, clavier) {
        formule.setAttribute('aria-live', clavier ? 'polite' : 'off');
        etat.poids = rang + 1;
        montrer();
        noter();
    }
    sur(choix, 'change', () => regarder(Number(choix.value) - 1, true));
    // Les flèches, sauf dans le menu, qui les emploie ; le livre n'y change pas de chapitre.
    sur(racine, 'keydown', (e) => {
        const sens = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
        if (!sens || e.ctrlKey || e.altKey || e.metaKey || e.shiftKey) return;
        e.stopPropagation();
        if (e.target === choix) return;
        e.preventDefault();
        formule.setAttribute('aria-live', 'off');
        aller(sens);
    });

    function relire() {
        const [lu, faux] = reprendre(DEPART, bornes);
        const rompus = Object.keys(DEPART).filter((nom) => !Number.isInteger(lu[nom]));
        etat = { ...lu, ...Object.fromEntries(rompus.map((nom) => [nom, DEPART[nom]])) };
        montrer();
        const mauvais = [...faux, ...rompus].map((nom) => `« ${nom} »`);
        dire(mauvais.length > 0 ? malEcrits(mauvais) : constat());
    }
    sur(window, 'hashchange', () => { if (location.hash.startsWith('#demo-feedforward?')) relire(); });

    racine.append(
        creer('div', {}, dessin, creer('p', { class: 'demo-legende' }, 'Le code calcule les quatre lignes à la fois ; ici, on en suit une. Montrez un trait pour lire son poids.')),
        creer('div', { class: 'demo-cote' },
            creer('p', { class: 'demo-boutons' }, reculer, avancer, retour),
            dit,
            creer('p', { class: 'demo-choix' }, creer('label', {}, 'Un poids ', choix)),
            formule,
            tableau),
        creer('div', { class: 'demo-entier' }, extrait),
    );
    relire();
};
