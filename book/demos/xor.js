// Le réseau du tutoriel apprend le ou exclusif : le plan, la perte, les quatre réponses.
demos.xor = ({ racine, calculer, sur, plusTard, adresse, plan, lecteur }) => {
    const ATTENDUES = [0, 1, 1, 0];
    const calme = matchMedia('(prefers-reduced-motion: reduce)');
    let graine = 0;
    let pas = 0;
    let pertes = [];
    let reponses = [];

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
    const { cadre, tracer } = courbe();

    function dessiner() {
        COINS.forEach((x, rang) => {
            const [cx, cy] = dessus.vers(x);
            regler(coins[rang], { d: ATTENDUES[rang] ? losange(cx, cy) : disque(cx, cy) });
        });
    }
    function montrer() {
        dessus.colorer();
        tracer(pertes, PAS);
        compte.replaceChildren(`Pas ${pas} sur ${PAS}. Perte : `, creer('strong', {}, precis(pertes.at(-1))));
        cases.forEach((case_, rang) => { case_.textContent = precis(reponses[rang]); });
        jouer.textContent = apprend.joue() ? 'Pause' : pas > 0 && pas < PAS ? 'Continuer' : 'Commencer';
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
    function bilan() {
        const justes = reponses.filter((valeur, rang) => Math.abs(valeur - ATTENDUES[rang]) < 0.5).length;
        return justes === 4
            ? `Après ${pas} pas, les quatre réponses sont justes, à ${precis(Math.max(...reponses.map((valeur, rang) => Math.abs(valeur - ATTENDUES[rang]))))} près au plus.`
            : `Après ${pas} pas, ${justes} réponse${justes > 1 ? 's' : ''} sur 4 ${justes > 1 ? 'sont justes' : 'est juste'} : avec ce départ, il en faudrait davantage. Essayez une autre graine.`;
    }
    const apprend = lecteur({
        cadence: PAS / DUREE,
        fait: () => pas,
        but: () => PAS,
        faire: (combien) => recevoir(calculer('train', combien)),
        montrer,
        finir: () => dire(bilan()),
    });
    function demarrer() {
        if (pas === PAS) preparer();
        dire(`Le réseau apprend, à partir du pas ${pas}.`);
        apprend.demarrer();
        montrer();
    }
    function arreter(phrase) {
        apprend.arreter();
        dire(phrase);
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
        if (calme.matches) apprend.aboutir(); else demarrer();
    }

    sur(jouer, 'click', () => {
        if (!apprend.joue()) { demarrer(); return; }
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
