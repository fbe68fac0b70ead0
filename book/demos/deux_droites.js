// Deux neurones que l'on règle, donc deux droites, et un troisième qui les réunit : le ou exclusif à la main.
demos.deux_droites = ({ racine, calculer, sur, plusTard, adresse, reprendre, reglage, plan }) => {
    const DEPART = { u1: 20, u2: 0, ub: -5, v1: 0, v2: 20, vb: -15 };
    const ATTENDUES = [0, 1, 1, 0];
    // Le troisième neurone, celui du chapitre : oui si A répond oui, et B non.
    const SORTIE = [20, -20, -10];
    const NEURONES = { u: 'A', v: 'B' };
    const SIGNES = Object.fromEntries(Object.keys(NEURONES).flatMap((de) => [['1', 'w₁'], ['2', 'w₂'], ['b', 'b']].map(([quoi, signe]) => [de + quoi, signe])));
    const deQui = (nom) => `${SIGNES[nom]} de ${NEURONES[nom[0]]}`;
    const MOTS = { 1: 'poids w₁', 2: 'poids w₂', b: 'biais b' };
    const bornes = (nom) => (nom.endsWith('b') ? [-45, 45] : [-30, 30]);
    // Ce que font d'un coin à l'autre les neurones que l'on cherche, et leur nom.
    const CONNUS = { nooo: 'ou', nnno: 'et', ooon: 'pas les deux', onnn: 'ni l’un ni l’autre' };
    let etat = { ...DEPART };
    let reponses = [];

    const dit = creer('p', { class: 'demo-dit', role: 'status' });
    const dire = (texte) => { dit.textContent = texte; };
    const reglages = Object.fromEntries(Object.keys(DEPART).map((nom) => [nom, reglage({
        nom: SIGNES[nom], mot: `${MOTS[nom[1]]} du neurone ${NEURONES[nom[0]]}`, bornes: bornes(nom), pas: 1, dire,
        changer: (valeur) => changer({ [nom]: valeur }),
    })]));
    const groupe = (de) => creer('div', { class: 'demo-reglages', role: 'group', 'aria-label': `Le neurone ${NEURONES[de]}` }, creer('p', {}, creer('strong', {}, `Neurone ${NEURONES[de]}`)), ...['1', '2', 'b'].map((quoi) => reglages[de + quoi].ligne));
    const retour = creer('button', { type: 'button' }, 'Revenir au début');
    const cases = COINS.map(() => ['td', 'td', 'td', 'td'].map((nom) => creer(nom)));
    const tableau = creer('table', {}, creer('thead', {}, creer('tr', {}, ...['x₁', 'x₂', 'A', 'B', 'réponse', ''].map((mot) => creer('th', { scope: 'col' }, mot || creer('span', { class: 'demo-cache' }, 'jugement'))))), creer('tbody', {}, ...COINS.map((x, rang) => creer('tr', {}, creer('td', {}, x[0]), creer('td', {}, x[1]), ...cases[rang]))));

    const dessus = plan(
        'Le plan des deux entrées, coloré par la réponse du troisième neurone, et les droites des neurones A et B. Les curseurs et les cases font tout ce que font la souris et le doigt.',
        () => calculer('lines_plane', BAS, HAUT, COTE),
        () => dessiner(),
        '· Tirez une droite pour la faire glisser, le rond relié à elle pour la tourner. Un point cerclé reçoit une mauvaise réponse.',
    );
    const droites = Object.keys(NEURONES).map((de) => dessus.droite(
        () => ({ w1: etat[`${de}1`], w2: etat[`${de}2`], b: etat[`${de}b`] }),
        (nouveau) => changer(Object.fromEntries(Object.entries(nouveau).map(([nom, valeur]) => [de + nom.replace('w', ''), valeur]))),
        NEURONES[de],
    ));
    const coins = COINS.map((_, rang) => [creer('circle', { class: 'demo-point', r: 14 }), creer('path', { class: `demo-coin ${ATTENDUES[rang] ? 'demo-oui' : 'demo-non'}` })]);
    dessus.dessin.append(...coins.flat(), ...droites.flatMap(({ traits }) => traits), ...droites.flatMap(({ poignees }) => poignees));

    const juste = (rang) => (reponses[8 + rang] > 0.5) === (ATTENDUES[rang] === 1);
    const motif = (debut) => CONNUS[[0, 1, 2, 3].map((rang) => (reponses[debut + rang] > 0.5 ? 'o' : 'n')).join('')];
    const lieu = (rang) => `(${COINS[rang].join(', ')})`;

    function dessiner() {
        for (const droite of droites) droite.dessiner();
        COINS.forEach((x, rang) => {
            const [cx, cy] = dessus.vers(x);
            regler(coins[rang][0], { cx, cy });
            coins[rang][0].style.display = juste(rang) ? 'none' : '';
            regler(coins[rang][1], { d: ATTENDUES[rang] ? losange(cx, cy) : disque(cx, cy) });
        });
    }
    function montrer() {
        calculer('line', 0, etat.u1, etat.u2, etat.ub);
        calculer('line', 1, etat.v1, etat.v2, etat.vb);
        calculer('line', 2, ...SORTIE);
        reponses = calculer('lines');
        COINS.forEach((_, rang) => {
            [0, 4, 8].forEach((debut, place) => { cases[rang][place].textContent = francais(reponses[debut + rang].toFixed(2)); });
            cases[rang][3].textContent = juste(rang) ? '✓ juste' : '✗ faux';
        });
        for (const nom of Object.keys(etat)) reglages[nom].montrer(etat[nom]);
        dessus.colorer();
        dessiner();
    }

    function constat() {
        const faux = [0, 1, 2, 3].filter((rang) => !juste(rang));
        const nommes = [['A', motif(0)], ['B', motif(4)]].filter(([, mot]) => mot).map(([nom, mot]) => `${nom} répond « ${mot} »`).join(', ');
        const cachees = droites.map(({ segment }, rang) => (segment() ? '' : Object.values(NEURONES)[rang])).filter(Boolean);
        const hors = cachees.length > 0 ? ` Hors du plan : la droite de ${cachees.join(' et celle de ')}.` : '';
        if (faux.length === 0) return `Les quatre points sont justes : ${nommes}. La sortie dit oui quand A dit oui et B non : c'est le ou exclusif.`;
        return `${4 - faux.length} point${faux.length < 3 ? 's' : ''} sur 4 ${faux.length < 3 ? 'sont justes' : faux.length === 4 ? 'n’est juste' : 'est juste'}. ${faux.map((rang) => `${lieu(rang)} attend ${ATTENDUES[rang] ? 'oui' : 'non'}`).join(', ')}.${nommes ? ` ${nommes}.` : ''}${hors}`;
    }
    const finir = plusTard(() => {
        dire(constat());
        adresse.ecrire(Object.entries(etat).filter(([nom, valeur]) => valeur !== DEPART[nom]));
    });
    function changer(nouveau) {
        for (const [nom, valeur] of Object.entries(nouveau)) etat[nom] = borner(Math.round(valeur * 100) / 100, bornes(nom));
        montrer();
        finir();
    }
    function relire() {
        const [lu, faux] = reprendre(DEPART, bornes);
        etat = lu;
        montrer();
        dire(faux.length > 0 ? malEcrits(faux.map(deQui)) : constat());
    }
    sur(retour, 'click', () => changer(DEPART));
    sur(window, 'hashchange', () => { if (location.hash.startsWith('#demo-deux_droites?')) relire(); });
    racine.append(
        dessus.cadre,
        creer('div', { class: 'demo-cote' }, groupe('u'), groupe('v'), tableau, creer('p', { class: 'demo-somme' }, `Sortie : σ(${SORTIE[0]} × A − ${-SORTIE[1]} × B − ${-SORTIE[2]}), donc oui si A dit oui et B non.`), dit, creer('p', { class: 'demo-boutons' }, retour)),
    );
    relire();
};
