// La perte selon deux poids : une bille que l'on place, et qui descend au taux que l'on choisit.
demos.perte = ({ racine, calculer, sur, bouton, plusTard, adresse, reprendre, reglage, plan, lecteur }) => {
    const BORNES = { a: [-8, 8], b: [-8, 8], taux: [0.01, 1000] };
    const MOTS = { a: 'premier poids', b: 'deuxième poids', taux: 'taux d\'apprentissage' };
    const NOMS = { a: '1ᵉʳ poids', b: '2ᵉ poids', taux: 'taux η' };
    // On joue autant de pas, à cette cadence ; et l'on juge la descente sur les derniers.
    const [PAS_JOUES, CADENCE, RECENTS] = [40, 8, 10];
    const calme = matchMedia('(prefers-reduced-motion: reduce)');
    const DEPART = { taux: 1 };
    [DEPART.a, DEPART.b] = calculer('landscape_start');
    let etat = { ...DEPART };
    // Les places de la bille : a, b, la perte, ses deux pentes, et le cosinus entre ces pentes et celles d'avant.
    let chemin = [];
    let but = 0;
    let faute = '';

    const dit = creer('p', { class: 'demo-dit', role: 'status' });
    const dire = (texte) => { if (dit.textContent !== texte) dit.textContent = texte; };
    const compte = creer('p', { class: 'demo-reponse' });
    const pentes = creer('p', { class: 'demo-somme' });
    const reglages = Object.fromEntries(Object.keys(BORNES).map((nom) => [nom, reglage({
        nom: NOMS[nom], mot: MOTS[nom], bornes: BORNES[nom], pas: 0.1, large: nom === 'taux', dire,
        changer: (valeur) => changer({ [nom]: valeur }),
    })]));

    // La perte, en bandes d'un dixième, du plus clair au plus foncé.
    const [bas, haut] = BORNES.a;
    const pertes = calculer('landscape', bas, haut, COTE);
    const bande = (perte) => Math.floor(perte * 10);
    const [creux, sommet] = [pertes.reduce((x, y) => Math.min(x, y)), pertes.reduce((x, y) => Math.max(x, y))];
    const couleurs = pertes.map((perte) => 0.5 + 0.5 * (bande(perte) - bande(creux)) / (bande(sommet) - bande(creux)));
    const dessus = plan(
        { mot: 'La perte selon deux poids, la bille et son chemin. Les curseurs et les cases la placent aussi.', bas, haut, graduations: [-4, 0, 4], noms: ['premier poids de W₂', 'deuxième poids de W₂'] },
        () => couleurs,
        () => dessiner(),
        `La perte va de ${francais(creux.toFixed(2))} (le plus clair) à ${francais(sommet.toFixed(2))} (le plus foncé). Tirez la bille, ou cliquez là où elle doit partir ; son trait court montre le sens de la descente.`,
    );
    const trace = creer('path', { class: 'demo-trace' });
    const points = creer('path', { class: 'demo-pas' });
    const fleche = creer('line', { class: 'demo-droite' });
    const bille = creer('circle', { class: 'demo-bille', r: 9 });
    const prise = creer('circle', { class: 'demo-prise demo-bouger', r: 22 });
    dessus.boite.classList.add('demo-cliquable');
    dessus.dessin.append(trace, points, fleche, bille, prise);
    const jouer = bouton('Descendre', () => lancer(), { class: 'demo-principal' });

    const dehors = ([a, b]) => [a, b].some((x) => x < bas || x > haut);
    function dessiner() {
        if (chemin.length === 0) return;
        const places = chemin.map(dessus.vers);
        trace.setAttribute('d', `M${places.map(([x, y]) => `${x} ${y}`).join('L')}`);
        points.setAttribute('d', places.map(([x, y]) => disque(x, y, 3)).join(''));
        const derniere = chemin.at(-1);
        const [x, y] = dessus.vers(derniere.slice(0, 2).map((valeur) => borner(valeur, BORNES.a)));
        for (const rond of [bille, prise]) regler(rond, { cx: x, cy: y });
        bille.classList.toggle('demo-dehors', dehors(derniere));
        const [, , , penteA, penteB] = derniere;
        const norme = Math.hypot(penteA, penteB);
        fleche.style.display = norme > 1e-3 && !dehors(derniere) ? '' : 'none';
        regler(fleche, { x1: x, y1: y, x2: x - 34 * penteA / norme, y2: y + 34 * penteB / norme });
    }
    const pas = () => chemin.length - 1;
    function montrer() {
        const [a, b, perte, penteA, penteB] = chemin.at(-1);
        compte.replaceChildren(`Pas ${pas()}. Perte : `, creer('strong', {}, precis(perte)));
        pentes.textContent = `En (${precis(a)} ; ${precis(b)}), les pentes sont ${precis(penteA)} et ${precis(penteB)}. Un pas retranche ${lisible(etat.taux)} fois la première au premier poids, et ${lisible(etat.taux)} fois la seconde au deuxième.`;
        reglages.a.montrer(a);
        reglages.b.montrer(b);
        reglages.taux.montrer(etat.taux);
        jouer.textContent = descend.joue() ? 'Pause' : 'Descendre';
        dessiner();
    }

    const descend = lecteur({
        cadence: CADENCE,
        fait: pas,
        but: () => but,
        faire(combien) {
            for (let i = 0; i < combien; i += 1) chemin.push([...calculer('landscape_step', chemin.at(-1)[0], chemin.at(-1)[1], etat.taux)]);
        },
        montrer,
        finir: () => dire(bilan()),
    });
    // Ce que la descente a de particulier, sur ses derniers pas.
    function bilan() {
        const recents = chemin.slice(1).slice(-RECENTS);
        if (recents.length === 0) return attente();
        const [a, b, perte, penteA, penteB] = chemin.at(-1);
        const pente = Math.hypot(penteA, penteB);
        const avant = chemin.at(-1 - recents.length)[2];
        const retournes = recents.filter((place) => place[5] < 0).length;
        const montees = chemin.slice(-1 - recents.length).filter((place, rang, places) => rang > 0 && place[2] > places[rang - 1][2] + 1e-9).length;
        const pire = Math.max(...chemin.map((place, rang) => (rang === 0 ? 0 : place[2] - chemin[rang - 1][2])));
        const debut = `En ${pas()} pas, au taux ${lisible(etat.taux)}, la perte passe de ${precis(chemin[0][2])} à ${precis(perte)}. `;
        const ou = dehors([a, b]) ? ` La bille est hors du dessin, en (${francais(a.toFixed(1))} ; ${francais(b.toFixed(1))}).` : '';
        if (pente < 0.02 && perte > 1.9) {
            return debut + (pire > 0.1
                ? `Le taux est trop grand : un pas a enjambé la vallée, et emporté la bille là où la pente est presque nulle (${petit(pente)}). Elle n'en revient pas, ou très lentement : c'est ce qu'on appelle diverger.`
                : `La bille est partie d'un plateau : la pente y est presque nulle (${petit(pente)}), donc chaque pas est minuscule. Placez-la plus près de la vallée.`) + ou;
        }
        if (montees >= 3) return `${debut}Le taux est trop grand : la perte a monté à ${montees} des ${recents.length} derniers pas. La bille saute d'un versant à l'autre sans atteindre le fond.${ou}`;
        if (retournes >= 3) return `${debut}La bille oscille : elle a enjambé le creux à ${retournes} des ${recents.length} derniers pas. Ses écarts rapetissent pourtant, et elle descend ; le taux est à la limite.${ou}`;
        const sauts = chemin.filter((place) => place[5] < 0).length;
        if (pente < 0.02) return `${debut}La bille est au fond de la vallée : la pente y est presque nulle (${petit(pente)}). ${sauts >= 3 ? `Mais elle a oscillé : elle a enjambé le creux à ${sauts} de ses pas. Ce taux est à la limite.` : 'Ce taux convient.'}${ou}`;
        return `${debut}La pente est encore de ${petit(pente)} : la bille descend, de ${precis(avant - perte)} en ${recents.length} pas. Continuez ; s'il en faut trop, le taux est trop petit.${ou}`;
    }
    const petit = (valeur) => (valeur < 5e-5 ? 'moins de 0,0001' : precis(valeur));
    const attente = () => `La bille est en (${francais(chemin[0][0].toFixed(2))} ; ${francais(chemin[0][1].toFixed(2))}), la perte y vaut ${precis(chemin[0][2])}. Au taux ${lisible(etat.taux)}, jusqu'où ira-t-elle en un pas ? Et en quarante ?`;

    function lancer() {
        if (descend.joue()) {
            descend.arreter();
            dire(`Pause. ${bilan()}`);
        } else {
            but = pas() + PAS_JOUES;
            dire(`La bille descend, à partir du pas ${pas()}.`);
            if (calme.matches) descend.aboutir(); else descend.demarrer();
        }
        montrer();
    }
    function unPas() {
        descend.arreter();
        const avant = chemin.at(-1);
        chemin.push([...calculer('landscape_step', avant[0], avant[1], etat.taux)]);
        const apres = chemin.at(-1);
        const sens = apres[2] > avant[2] ? 'monte' : 'descend';
        const saut = apres[5] < 0 ? ' Les pentes ont changé de sens : la bille a enjambé le creux.' : '';
        dire(`Pas ${pas()} : la perte ${sens} de ${precis(avant[2])} à ${precis(apres[2])}.${saut}${dehors(apres) ? ' La bille est hors du dessin.' : ''}`);
        montrer();
    }

    const finir = plusTard(() => {
        if (pas() === 0) dire(faute + attente());
        faute = '';
        adresse.ecrire(Object.entries(etat).filter(([nom, valeur]) => valeur !== DEPART[nom]));
    });
    // La bille repart de là où elle a été placée.
    function replacer() {
        descend.arreter();
        const { a, b } = etat;
        chemin = [[a, b, ...calculer('landscape_at', a, b), 1]];
        montrer();
        finir();
    }
    function changer(nouveau) {
        for (const [nom, valeur] of Object.entries(nouveau)) etat[nom] = nom === 'taux' ? valeur : borner(Math.round(valeur * 100) / 100, BORNES[nom]);
        replacer();
    }
    dessus.tirer(prise, () => ([a, b]) => ({ a, b }), changer);
    sur(dessus.boite, 'click', (e) => {
        if (e.target === prise) return;
        const [a, b] = dessus.depuis(e);
        changer({ a, b });
    });

    function relire() {
        const [lu, faux] = reprendre(DEPART, (nom) => BORNES[nom], nombre);
        etat = lu;
        faute = faux.length > 0 ? `L'adresse de cette page donne, pour ${faux.map((nom) => MOTS[nom]).join(', ')}, ce qui ne convient pas : c'est la valeur du début qui sert. ` : '';
        replacer();
        dire(faute + attente());
    }
    sur(window, 'hashchange', () => { if (location.hash.startsWith('#demo-perte?')) relire(); });
    racine.append(
        dessus.cadre,
        creer('div', { class: 'demo-cote' },
            creer('div', { class: 'demo-reglages demo-larges', role: 'group', 'aria-label': 'La place de la bille et le taux' }, ...Object.values(reglages).map(({ ligne }) => ligne)),
            creer('p', { class: 'demo-boutons' }, jouer, bouton('1 pas', unPas), bouton('Reprendre du même point', replacer), bouton('Revenir au début', () => { etat = { ...DEPART }; replacer(); })),
            compte, pentes, dit),
    );
    dessus.colorer();
    relire();
};
