// Un neurone à deux entrées, réglé par des curseurs, des nombres, ou la droite z = 0 que l'on tire.
demos.neurone = ({ racine, calculer, sur, plusTard, adresse, reglage, plan }) => {
    const DEPART = { w1: 4, w2: 4, b: -2, x1: 1, x2: 0 };
    const SIGNES = { w1: 'w₁', w2: 'w₂', b: 'b', x1: 'x₁', x2: 'x₂' };
    const MOTS = { w1: 'poids w₁', w2: 'poids w₂', b: 'biais b', x1: 'entrée x₁', x2: 'entrée x₂' };
    const effet = (noms) => {
        const droite = noms.includes('w1') || noms.includes('w2') ? 'la droite tourne' : noms.includes('b') ? 'la droite glisse sans tourner' : '';
        const point = noms.includes('x1') || noms.includes('x2') ? `le point bouge${droite ? '' : ', la droite non'}` : '';
        return [droite, point].filter(Boolean).join(', ');
    };
    const bornes = (nom) => (nom.startsWith('x') ? [BAS, HAUT] : nom === 'b' ? [-15, 15] : [-10, 10]);
    let etat = { ...DEPART };
    let annonce = { ...DEPART };

    const reponse = ([x1, x2]) => calculer('neuron', etat.w1, etat.w2, etat.b, x1, x2);
    const dit = creer('p', { class: 'demo-dit', role: 'status' });
    const dire = (texte) => { dit.textContent = texte; };
    const reglages = Object.fromEntries(Object.keys(DEPART).map((nom) => [nom, reglage({
        nom: SIGNES[nom], mot: MOTS[nom], bornes: bornes(nom), pas: nom.startsWith('x') ? 0.05 : 0.1, dire,
        changer: (valeur) => changer({ [nom]: valeur }),
    })]));
    const somme = creer('p', { class: 'demo-somme' });
    const sortie = creer('p', { class: 'demo-reponse' });
    const retour = creer('button', { type: 'button' }, 'Revenir au début');

    const dessus = plan(
        'Le plan des deux entrées, coloré par la réponse du neurone, et la droite où z vaut 0. Les curseurs et les cases font tout ce que font la souris et le doigt.',
        () => calculer('neuron_plane', etat.w1, etat.w2, etat.b, BAS, HAUT, COTE),
        () => dessiner(),
        '· Tirez la droite pour changer b, le rond relié à elle pour la tourner, le cercle pour changer x₁ et x₂.',
    );
    const coins = COINS.map(() => [creer('path', { class: 'demo-coin' }), creer('text')]);
    const droite = creer('line', { class: 'demo-droite' });
    const prise = creer('line', { class: 'demo-prise demo-tirer' });
    const fleche = creer('line', { class: 'demo-droite' });
    const bout = creer('circle', { class: 'demo-poignee', r: 8 });
    const tourne = creer('circle', { class: 'demo-prise demo-tourner', r: 20 });
    const point = creer('circle', { class: 'demo-point', r: 12 });
    const saisie = creer('circle', { class: 'demo-prise demo-bouger', r: 22 });
    dessus.dessin.append(...coins.flat(), droite, prise, fleche, bout, tourne, point, saisie);

    // Là où la droite w₁x₁ + w₂x₂ + b = 0 entre dans le carré, et là où elle en sort.
    function segment({ w1, w2, b }) {
        const bords = [BAS, HAUT].flatMap((bord) => [[bord, -(w1 * bord + b) / w2], [-(w2 * bord + b) / w1, bord]]);
        const dedans = bords.filter((x) => x.every((valeur) => valeur >= BAS - 1e-9 && valeur <= HAUT + 1e-9));
        if (dedans.length < 2) return null;
        const loin = (x) => Math.hypot(x[0] - dedans[0][0], x[1] - dedans[0][1]);
        const autre = dedans.reduce((a, x) => (loin(x) > loin(a) ? x : a));
        return loin(autre) > 0.02 ? [dedans[0], autre] : null;
    }
    const milieu = ([de, a]) => [(de[0] + a[0]) / 2, (de[1] + a[1]) / 2];

    function dessiner() {
        const bouts = segment(etat);
        for (const trait of [droite, prise, fleche, bout, tourne]) trait.style.display = bouts ? '' : 'none';
        if (bouts) {
            const [[ax, ay], [bx, by]] = bouts.map(dessus.vers);
            for (const trait of [droite, prise]) regler(trait, { x1: ax, y1: ay, x2: bx, y2: by });
            // La flèche va du côté des « oui », ou de l'autre si elle sortirait du plan.
            const [mx, my] = dessus.vers(milieu(bouts));
            const norme = Math.hypot(etat.w1, etat.w2);
            const cote = dessus.boite.clientWidth;
            const ou = [46, -46].map((long) => [mx + long * etat.w1 / norme, my - long * etat.w2 / norme]);
            const sens = ou[0].every((valeur) => valeur > 8 && valeur < cote - 8) ? 0 : 1;
            regler(fleche, { x1: mx, y1: my, x2: ou[sens][0], y2: ou[sens][1] });
            for (const rond of [bout, tourne]) regler(rond, { cx: ou[sens][0], cy: ou[sens][1] });
            bout.classList.toggle('demo-oui', sens === 0);
        }
        COINS.forEach((x, rang) => {
            const [a, texte] = coins[rang];
            const [cx, cy] = dessus.vers(x);
            const valeur = reponse(x)[1];
            const oui = valeur > 0.5;
            regler(a, { d: oui ? losange(cx, cy) : disque(cx, cy), class: `demo-coin ${oui ? 'demo-oui' : 'demo-non'}` });
            regler(texte, { x: cx + 28, y: cy - 14 });
            texte.textContent = francais(valeur.toFixed(2));
        });
        const [x, y] = dessus.vers([etat.x1, etat.x2]);
        for (const rond of [point, saisie]) regler(rond, { cx: x, cy: y });
    }

    function montrer() {
        const { w1, w2, b, x1, x2 } = etat;
        const facteur = (valeur) => (valeur < 0 ? `(${lisible(valeur)})` : lisible(valeur));
        const [z, a] = reponse([x1, x2]);
        somme.textContent = `z = w₁x₁ + w₂x₂ + b = ${lisible(w1)} × ${facteur(x1)} + ${facteur(w2)} × ${facteur(x2)} + ${facteur(b)} = ${lisible(z)}`;
        sortie.replaceChildren('a = σ(z) = ', creer('strong', {}, precis(a)), ` : ${a > 0.5 ? 'oui' : 'non'}`);
        for (const nom of Object.keys(etat)) reglages[nom].montrer(etat[nom]);
        dessus.colorer();
        dessiner();
    }

    const finir = plusTard(() => {
        const noms = Object.keys(etat).filter((nom) => etat[nom] !== annonce[nom]);
        if (noms.length > 0) dire(`${phrase(noms)} ${constat()}`);
        annonce = { ...etat };
        adresse.ecrire(Object.entries(etat).filter(([nom, valeur]) => valeur !== DEPART[nom]));
    });
    function phrase(noms) {
        if (noms.length === 1) return `${SIGNES[noms[0]]} passe de ${lisible(annonce[noms[0]])} à ${lisible(etat[noms[0]])} : ${effet(noms)}.`;
        const deux = noms.map((nom) => `${SIGNES[nom]} = ${lisible(etat[nom])}`);
        return `${deux.slice(0, -1).join(', ')} et ${deux.at(-1)} : ${effet(noms)}.`;
    }
    function constat() {
        const [z, a] = reponse([etat.x1, etat.x2]);
        const coin = COINS.map((x) => (reponse(x)[1] > 0.5 ? 'o' : 'n')).join('');
        const table = { nooo: 'ou', nnno: 'et' }[coin];
        const droit = segment(etat) ? '' : ' La droite est hors du plan.';
        return `z vaut ${lisible(z)}, le neurone répond ${francais(a.toFixed(2))} : ${a > 0.5 ? 'oui' : 'non'}.${table ? ` Aux quatre coins, il répond « ${table} ».` : ''}${droit}`;
    }

    function changer(nouveau) {
        for (const [nom, valeur] of Object.entries(nouveau)) etat[nom] = borner(Math.round(valeur * 100) / 100, bornes(nom));
        montrer();
        finir();
    }

    // Tirer la droite change b, tirer le bout de la flèche la fait tourner, tirer le point change x.
    const tirer = (cible, prendre) => dessus.tirer(cible, prendre, changer);
    tirer(prise, ([p1, p2]) => {
        const { w1, w2, b } = etat;
        return ([x1, x2]) => ({ b: b - w1 * (x1 - p1) - w2 * (x2 - p2) });
    });
    tirer(tourne, () => {
        const centre = milieu(segment(etat));
        const norme = Math.hypot(etat.w1, etat.w2);
        const sens = bout.classList.contains('demo-oui') ? norme : -norme;
        return ([x1, x2]) => {
            const loin = Math.hypot(x1 - centre[0], x2 - centre[1]) || 1;
            const [w1, w2] = [sens * (x1 - centre[0]) / loin, sens * (x2 - centre[1]) / loin];
            return { w1, w2, b: -w1 * centre[0] - w2 * centre[1] };
        };
    });
    tirer(saisie, () => ([x1, x2]) => ({ x1, x2 }));

    function relire() {
        const lus = [...adresse.lire()].filter(([nom]) => nom in DEPART);
        const faux = lus.filter(([nom, texte]) => !(nombre(texte) >= bornes(nom)[0] && nombre(texte) <= bornes(nom)[1]));
        etat = { ...DEPART };
        for (const [nom, texte] of lus) if (!faux.some(([autre]) => autre === nom)) etat[nom] = Math.round(nombre(texte) * 100) / 100;
        annonce = { ...etat };
        montrer();
        dire(faux.length > 0
            ? `L'adresse de cette page donne à ${faux.map(([nom]) => SIGNES[nom]).join(', ')} ce qui ne convient pas : c'est la valeur du début qui sert.`
            : constat());
    }
    sur(retour, 'click', () => changer(DEPART));
    sur(window, 'hashchange', () => { if (location.hash.startsWith('#demo-neurone?')) relire(); });
    racine.append(
        dessus.cadre,
        creer('div', { class: 'demo-cote' }, creer('div', { class: 'demo-reglages', role: 'group', 'aria-label': 'Les réglages du neurone' }, ...Object.values(reglages).map(({ ligne }) => ligne)), somme, sortie, dit, creer('p', { class: 'demo-boutons' }, retour)),
    );
    relire();
};
