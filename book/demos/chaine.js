// La règle de la chaîne : le retour, un nœud à la fois, et la réponse que l'on prédit d'abord.
demos.chaine = ({ racine, calculer, sur }) => {
    // Les valeurs du début, le nom de chaque nœud, sa place, et les nœuds dont il vient.
    const GRAPHES = [
        {
            titre: 'Le neurone', entrees: { w: 0.5, x: 2, b: Math.log(3) - 1, y: 1 },
            noms: ['w', 'x', 'w·x', 'b', 'z', 'a = σ(z)', 'y', 'u = y − a', 'L = u²'],
            places: [[0, 0], [1, 0], [0.5, 1], [1.9, 1], [1, 2], [1, 3], [2, 3], [1.5, 4], [1.5, 5]],
            venus: [[], [], [0, 1], [], [2, 3], [4], [], [6, 5], [7]],
        },
        {
            titre: 'Deux chemins', entrees: { x: 2, c: 3 },
            noms: ['x', 'x²', 'c', 'c·x', 'L'],
            places: [[0.5, 0], [0, 1], [2, 0], [1.5, 1], [0.75, 2]],
            venus: [[], [0], [], [2, 0], [1, 3]],
        },
    ];
    const ECARTS = [
        '', '',
        'C\'est l\'opposé : cherchez un signe.',
        'C\'est ce qu\'apporte un seul chemin : il faut additionner ce que donnent les deux.',
        'C\'est le gradient du nœud suivant : il reste à le multiplier par la pente locale.',
        'C\'est la pente locale : il reste à la multiplier par le gradient du nœud suivant.',
        'Il y a un facteur 2 en trop, ou qui manque.',
        'Ce n\'est pas cela. Pour chaque flèche qui part de ce nœud, multipliez le gradient du nœud où elle arrive par la pente locale, puis additionnez.',
    ];
    let choix = 0;
    let valeurs = Object.values(GRAPHES[0].entrees);
    let montres = 1;

    const graphe = () => GRAPHES[choix];
    const nombres = () => [0, 1, 2, 3].map((rang) => valeurs[rang] ?? 0);
    const attendu = () => graphe().noms.length - 1 - montres;
    const nomme = (rang) => graphe().noms[rang].split(' ')[0];
    const cinq = (valeur) => francais(Number(valeur.toFixed(5)) + 0);
    const facteur = (valeur) => (valeur < 0 ? `(${cinq(valeur)})` : cinq(valeur));

    const dit = creer('p', { class: 'demo-dit', role: 'status' });
    const dire = (texte) => { dit.textContent = texte; };
    const dessin = creer('svg', { class: 'demo-graphe', role: 'img' });
    const choisir = creer('select', { 'aria-label': 'Le calcul' }, ...GRAPHES.map(({ titre }, rang) => creer('option', { value: rang }, titre)));
    const entrees = creer('p', { class: 'demo-boutons' });
    const question = creer('span');
    const champ = creer('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off' });
    const juger = creer('button', { type: 'button', class: 'demo-principal' }, 'Vérifier');
    const avancer = creer('button', { type: 'button' }, 'Montrer');
    const reculer = creer('button', { type: 'button' }, 'Reculer');
    const encore = creer('button', { type: 'button' }, 'Recommencer');

    function montrer() {
        const { noms, places, venus } = graphe();
        const noeuds = calculer('chain', choix, ...nombres());
        const centre = (rang) => [50 + 100 * places[rang][0], 28 + 70 * places[rang][1]];
        const fleches = venus.flatMap((de, vers) => de.map((rang) => {
            const [[x1, y1], [x2, y2]] = [centre(rang), centre(vers)];
            return creer('line', { class: 'demo-axe', x1, y1: y1 + 27, x2, y2: y2 - 25 });
        }));
        const cases = noms.flatMap((nom, rang) => {
            const [x, y] = centre(rang);
            const su = rang > attendu();
            const ecrit = (decalage, texte, classe = '') => creer('text', { x, y: y + decalage, class: classe }, texte);
            return [
                creer('path', { class: `demo-noeud${rang === attendu() ? ' demo-ici' : ''}`, d: `M${x - 44} ${y - 25}h88v52h-88z` }),
                ecrit(-10, nom), ecrit(5, cinq(noeuds[2 * rang])),
                ecrit(21, su ? cinq(noeuds[2 * rang + 1]) : rang === attendu() ? '?' : '', 'demo-pente'),
            ];
        });
        regler(dessin, {
            viewBox: `0 0 300 ${choix === 0 ? 410 : 200}`,
            'aria-label': noms.map((nom, rang) => `${nom} vaut ${cinq(noeuds[2 * rang])}${rang > attendu() ? `, gradient ${cinq(noeuds[2 * rang + 1])}` : ''}`).join(' ; '),
        });
        dessin.replaceChildren(...fleches, ...cases);
        const fini = attendu() < 0;
        question.textContent = fini ? 'Tous les gradients sont là. ' : `∂L/∂${nomme(attendu())} = `;
        champ.setAttribute('aria-label', fini ? 'Prédiction' : `Prédiction de ∂L/∂${nomme(attendu())}`);
        champ.setAttribute('aria-invalid', false);
    }
    // D'où vient le gradient d'un nœud : ses produits, puis leur somme.
    function calcul(rang) {
        const produits = calculer('chain_products', choix, ...nombres(), rang);
        const termes = [];
        for (let i = 0; i < produits.length; i += 3) termes.push(`${cinq(produits[i + 1])} × ${facteur(produits[i + 2])}`);
        return `∂L/∂${nomme(rang)} = ${termes.join(' + ')} = ${cinq(calculer('chain', choix, ...nombres())[2 * rang + 1])}`;
    }
    function inviter() {
        dire(attendu() < 0 ? 'Le retour est fini : chaque nœud a son gradient.' : `Prédisez d'abord ∂L/∂${nomme(attendu())}, puis vérifiez.`);
    }
    function pas(sens, debut = '') {
        const voulu = borner(montres + sens, [1, graphe().noms.length]);
        const change = voulu !== montres;
        montres = voulu;
        champ.value = '';
        montrer();
        if (sens > 0 && change) dire(`${debut}${calcul(attendu() + 1)}.`); else inviter();
    }
    function verifier() {
        if (attendu() < 0) { inviter(); return; }
        const lue = nombre(champ.value);
        champ.setAttribute('aria-invalid', !Number.isFinite(lue));
        if (!Number.isFinite(lue)) { dire(`« ${champ.value} » ne convient pas : écrivez un nombre, comme −0,5.`); return; }
        const [sorte] = calculer('chain_judge', choix, ...nombres(), attendu(), lue);
        if (sorte <= 1) pas(1, sorte === 0 ? 'Juste : ' : 'Juste, à l\'arrondi près : ');
        else dire(ECARTS[sorte]);
    }
    function preparer() {
        entrees.replaceChildren(...Object.keys(graphe().entrees).map((nom, rang) => {
            const entree = creer('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', value: cinq(valeurs[rang]) });
            sur(entree, 'change', () => {
                const lue = nombre(entree.value);
                const juste = lue >= -10 && lue <= 10;
                entree.setAttribute('aria-invalid', !juste);
                if (!juste) { dire(`« ${entree.value} » ne convient pas : pour ${nom}, écrivez un nombre de −10 à 10.`); return; }
                valeurs[rang] = lue;
                montres = 1;
                pas(0);
            });
            return creer('label', {}, `${nom} = `, entree);
        }));
        montres = 1;
        pas(0);
    }

    sur(choisir, 'change', () => {
        choix = Number(choisir.value);
        valeurs = Object.values(graphe().entrees);
        preparer();
    });
    sur(juger, 'click', verifier);
    sur(champ, 'keydown', (e) => { if (e.key === 'Enter') verifier(); });
    sur(avancer, 'click', () => pas(1));
    sur(reculer, 'click', () => pas(-1));
    sur(encore, 'click', () => { valeurs = Object.values(graphe().entrees); preparer(); });
    const boutons = creer('p', { class: 'demo-boutons', role: 'group', 'aria-label': 'Les pas du retour ; les flèches en font aussi' }, reculer, avancer, encore);
    sur(boutons, 'keydown', (e) => {
        const sens = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
        if (!sens) return;
        e.preventDefault();
        e.stopPropagation();
        pas(sens);
    });
    racine.append(
        creer('div', {}, dessin, creer('p', { class: 'demo-legende' }, 'Dans chaque case : le nom, la valeur de l\'aller, puis le gradient du retour.')),
        creer('div', { class: 'demo-cote' }, creer('p', {}, choisir), entrees, creer('p', {}, question, champ, ' ', juger), boutons, dit),
    );
    preparer();
};
