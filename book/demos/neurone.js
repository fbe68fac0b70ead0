// Un neurone à deux entrées, réglé par des curseurs, des nombres, ou la droite z = 0 que l'on tire.
demos.neurone = ({ racine, calculer, sur, plusTard, adresse, reprendre, reglage, plan }) => {
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
    const droite = dessus.droite(() => etat, (nouveau) => changer(nouveau));
    const point = creer('circle', { class: 'demo-point', r: 12 });
    const saisie = creer('circle', { class: 'demo-prise demo-bouger', r: 22 });
    dessus.dessin.append(...coins.flat(), ...droite.traits, ...droite.poignees, point, saisie);

    function dessiner() {
        droite.dessiner();
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
        const droit = droite.segment() ? '' : ' La droite est hors du plan.';
        return `z vaut ${lisible(z)}, le neurone répond ${francais(a.toFixed(2))} : ${a > 0.5 ? 'oui' : 'non'}.${table ? ` Aux quatre coins, il répond « ${table} ».` : ''}${droit}`;
    }

    function changer(nouveau) {
        for (const [nom, valeur] of Object.entries(nouveau)) etat[nom] = borner(Math.round(valeur * 100) / 100, bornes(nom));
        montrer();
        finir();
    }

    dessus.tirer(saisie, () => ([x1, x2]) => ({ x1, x2 }), changer);

    function relire() {
        const [lu, faux] = reprendre(DEPART, bornes);
        etat = lu;
        annonce = { ...etat };
        montrer();
        dire(faux.length > 0 ? malEcrits(faux.map((nom) => SIGNES[nom])) : constat());
    }
    sur(retour, 'click', () => changer(DEPART));
    sur(window, 'hashchange', () => { if (location.hash.startsWith('#demo-neurone?')) relire(); });
    racine.append(
        dessus.cadre,
        creer('div', { class: 'demo-cote' }, creer('div', { class: 'demo-reglages', role: 'group', 'aria-label': 'Les réglages du neurone' }, ...Object.values(reglages).map(({ ligne }) => ligne)), somme, sortie, dit, creer('p', { class: 'demo-boutons' }, retour)),
    );
    relire();
};
