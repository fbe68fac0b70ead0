// Le réseau du tutoriel apprend le ou exclusif : le plan, la perte, les quatre réponses.
demos.xor = ({ racine, calculer, sur, image, plusTard, adresse, plan }) => {
    const [PAS, DUREE] = [1500, 4000];
    // Par image, on calcule par tranches, et jamais plus longtemps que cela, en millisecondes.
    const [TRANCHE, BUDGET] = [25, 8];
    const GRAINE_MAX = 4294967295;
    const ATTENDUES = [0, 1, 1, 0];
    const calme = matchMedia('(prefers-reduced-motion: reduce)');
    let graine = 0;
    let pas = 0;
    let pertes = [];
    let reponses = [];
    let marche = false;

    const dit = creer('p', { class: 'demo-dit', role: 'status' });
    const dire = (texte) => { dit.textContent = texte; };
    const compte = creer('p', { class: 'demo-reponse' });
    const jouer = creer('button', { type: 'button', class: 'demo-principal' }, 'Commencer');
    const encore = creer('button', { type: 'button' }, 'Recommencer');
    const champ = creer('input', { type: 'text', inputmode: 'numeric', autocomplete: 'off', value: '0' });
    const cases = COINS.map(() => creer('td'));
    const tableau = creer('table', {}, creer('thead', {}, creer('tr', {}, ...['x₁', 'x₂', 'attendu', 'réponse'].map((mot) => creer('th', { scope: 'col' }, mot)))), creer('tbody', {}, ...COINS.map((x, rang) => creer('tr', {}, creer('td', {}, x[0]), creer('td', {}, x[1]), creer('td', {}, ATTENDUES[rang]), cases[rang]))));
    const dessus = plan(
        'Le plan des deux entrées, coloré par la réponse du réseau ; les quatre exemples sont dans le tableau.',
        () => calculer('network_plane', BAS, HAUT, COTE),
        () => dessiner(),
    );
    const coins = COINS.map((_, rang) => creer('path', { class: `demo-coin ${ATTENDUES[rang] ? 'demo-oui' : 'demo-non'}` }));
    dessus.dessin.append(...coins);
    const trait = creer('path', { class: 'demo-courbe' });
    const haut = creer('text', { x: 4, y: 14 });
    const cadre = creer('svg', { class: 'demo-perte', viewBox: '0 0 300 124', role: 'img', 'aria-label': 'La perte, pas après pas ; son dernier nombre est écrit dessous.' }, creer('path', { class: 'demo-axe', d: 'M1 0V109H300' }), trait, haut, creer('text', { x: 299, y: 122, class: 'demo-fin' }, `pas ${PAS}`));

    function dessiner() {
        COINS.forEach((x, rang) => {
            const [cx, cy] = dessus.vers(x);
            regler(coins[rang], { d: ATTENDUES[rang] ? losange(cx, cy) : disque(cx, cy) });
        });
    }
    function montrer() {
        dessus.colorer();
        const sommet = Math.max(...pertes);
        const points = pertes.flatMap((perte, rang) => (rang % 5 === 0 || rang === pertes.length - 1 ? [`${1 + 299 * rang / PAS} ${108 - 104 * perte / sommet}`] : []));
        trait.setAttribute('d', `M${points.join('L')}`);
        haut.textContent = `perte ${francais(sommet.toFixed(2))}`;
        compte.replaceChildren(`Pas ${pas} sur ${PAS}. Perte : `, creer('strong', {}, precis(pertes.at(-1))));
        cases.forEach((case_, rang) => { case_.textContent = precis(reponses[rang]); });
        jouer.textContent = marche ? 'Pause' : pas > 0 && pas < PAS ? 'Continuer' : 'Commencer';
    }
    function recevoir(rendu) {
        pertes.pop();
        pertes.push(...rendu.subarray(0, -4));
        reponses = rendu.slice(-4);
        pas = pertes.length - 1;
    }
    function preparer() {
        pertes = [];
        recevoir(calculer('network', graine));
    }
    function avancer(voulu) {
        const limite = performance.now() + BUDGET;
        while (pas < voulu && performance.now() < limite) recevoir(calculer('train', Math.min(TRANCHE, voulu - pas)));
    }

    function bilan() {
        const justes = reponses.filter((valeur, rang) => Math.abs(valeur - ATTENDUES[rang]) < 0.5).length;
        return justes === 4
            ? `Après ${pas} pas, les quatre réponses sont justes, à ${precis(Math.max(...reponses.map((valeur, rang) => Math.abs(valeur - ATTENDUES[rang]))))} près au plus.`
            : `Après ${pas} pas, ${justes} réponse${justes > 1 ? 's' : ''} sur 4 ${justes > 1 ? 'sont justes' : 'est juste'} : avec ce départ, il en faudrait davantage. Essayez une autre graine.`;
    }
    let avant = null;
    function animer(maintenant) {
        if (!marche) return;
        const ecoule = Math.min(maintenant - (avant ?? maintenant), 50);
        avant = maintenant;
        avancer(Math.min(PAS, pas + Math.max(1, Math.round(ecoule / DUREE * PAS))));
        if (pas === PAS) arreter(bilan()); else image(animer);
        montrer();
    }
    function demarrer() {
        if (pas === PAS) preparer();
        marche = true;
        avant = null;
        dire(`Le réseau apprend, à partir du pas ${pas}.`);
        image(animer);
        montrer();
    }
    function arreter(phrase) {
        marche = false;
        dire(phrase);
    }
    // Sans mouvement, ou si la page n'est pas regardée : tout de suite la fin, encore par tranches.
    function aboutir() {
        avancer(PAS);
        if (pas < PAS) { image(aboutir); return; }
        dire(bilan());
        montrer();
    }

    const noter = plusTard(() => adresse.ecrire(graine === 0 ? [] : [['graine', graine]]));
    function semer(texte) {
        const lue = nombre(texte);
        const juste = Number.isInteger(lue) && lue >= 0 && lue <= GRAINE_MAX;
        champ.setAttribute('aria-invalid', !juste);
        if (!juste) {
            arreter(`« ${texte} » ne convient pas : la graine est un nombre entier, de 0 à 4 294 967 295.`);
            montrer();
            return;
        }
        graine = lue;
        champ.value = String(graine);
        preparer();
        noter();
        if (calme.matches) { marche = false; aboutir(); } else demarrer();
    }

    sur(jouer, 'click', () => {
        if (!marche) { demarrer(); return; }
        arreter(`Pause au pas ${pas} : la perte est de ${precis(pertes.at(-1))}.`);
        montrer();
    });
    sur(encore, 'click', () => { preparer(); demarrer(); });
    sur(champ, 'change', () => semer(champ.value));
    sur(window, 'hashchange', () => { if (location.hash.startsWith('#demo-xor?')) semer(adresse.lire().get('graine') ?? '0'); });

    racine.append(
        dessus.cadre,
        creer('div', { class: 'demo-cote' }, cadre, compte, tableau, creer('p', { class: 'demo-boutons' }, jouer, ' ', encore, ' ', creer('label', {}, 'Graine ', champ)), dit),
    );
    preparer();
    montrer();
    semer(adresse.lire().get('graine') ?? '0');
};
