// Un chiffre que l'on dessine, et ce qu'en lit le réseau du chapitre.
demos.chiffre = ({ racine, calculer, sur, image, plusTard, adresse }) => {
    // La feuille a 64 points de côté ; le clavier y avance de trois en trois.
    const [COTES, ECART, MAXIMUM, PAS] = [64, 2, 400, 3];
    const SIGNES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const TRAITS = /^(?:[\w-]{2})+(?:\.(?:[\w-]{2})+)*$/;
    const CHIFFRES = Array.from({ length: 10 }, (_, chiffre) => chiffre);
    const FLECHES = { ArrowLeft: [-PAS, 0], ArrowRight: [PAS, 0], ArrowUp: [0, -PAS], ArrowDown: [0, PAS] };
    let traits = [];
    let curseur = [31, 31];
    let plume = false;
    let place = '';

    const dit = creer('p', { class: 'demo-dit', role: 'status' });
    const dire = (texte) => { dit.textContent = texte; };
    const lu = creer('p', { class: 'demo-reponse' });
    const encre = creer('path', { class: 'demo-encre' });
    const croix = creer('path', { class: 'demo-croix' });
    const invite = creer('text', { x: 32, y: 33 }, 'Dessinez un chiffre, en grand');
    const feuille = creer('div', {
        class: 'demo-feuille', tabindex: 0, role: 'application', 'aria-roledescription': 'feuille à dessiner',
        'aria-label': 'La feuille. Les flèches déplacent la plume, la barre d\'espace la pose et la lève, Retour arrière ôte le dernier trait, Suppr efface tout.',
    }, creer('svg', { viewBox: '0 0 64 64', 'aria-hidden': true }, invite, encre, croix));
    const oter = creer('button', { type: 'button' }, 'Ôter un trait');
    const effacer = creer('button', { type: 'button' }, 'Tout effacer');
    const pixels = Array.from({ length: 64 }, (_, rang) => creer('path', { d: `M${rang % 8} ${Math.floor(rang / 8)}h1v1h-1z`, 'fill-opacity': 0 }));
    const vue = creer('svg', { class: 'demo-vue', viewBox: '0 0 8 8', role: 'img' }, ...pixels);
    const barres = CHIFFRES.map(() => creer('span', { class: 'demo-barre' }));
    const cases = CHIFFRES.map(() => creer('td'));
    const lignes = CHIFFRES.map((chiffre) => creer('tr', {}, creer('th', { scope: 'row' }, chiffre), creer('td', {}, barres[chiffre]), cases[chiffre]));
    const tableau = creer('table', { class: 'demo-probables' }, creer('caption', {}, 'Ses dix probabilités'), creer('tbody', {}, ...lignes));

    const points = () => traits.reduce((somme, trait) => somme + trait.length, 0);
    // Les nombres de nn_core : 64 pixels, dix probabilités, et le chiffre lu, ou −1. Rien, si rien ne se lit.
    function lire() {
        calculer('digit_clear');
        for (const trait of traits) trait.forEach(([x, y], rang) => calculer('digit_point', x, y, rang === 0 ? 1 : 0));
        return calculer('digit_read');
    }
    const deux = (valeur) => francais(valeur.toFixed(2));
    let nombres = [];
    let prevu = false;
    function montrer() {
        encre.setAttribute('d', traits.map((trait) => `M${trait.join('L')}${trait.length === 1 ? 'h0' : ''}`).join(''));
        invite.style.display = traits.length > 0 ? 'none' : '';
        regler(croix, { d: `M${curseur[0] - 3} ${curseur[1]}h6m-3 -3v6`, class: `demo-croix${plume ? ' demo-posee' : ''}` });
        if (prevu) return;
        prevu = true;
        image(relever);
    }
    function relever() {
        prevu = false;
        nombres = lire();
        const vide = nombres.length === 0;
        const [vus, probables, reponse] = [nombres.slice(0, 64), nombres.slice(64, 74), nombres[74]];
        pixels.forEach((pixel, rang) => pixel.setAttribute('fill-opacity', vide ? 0 : vus[rang] / 16));
        const rangees = CHIFFRES.slice(0, 8).map((rangee) => [...vus.slice(8 * rangee, 8 * rangee + 8)].join(' '));
        vue.setAttribute('aria-label', vide ? 'L\'image que voit le réseau : blanche.' : `L'image que voit le réseau, de 0 à 16, ligne par ligne : ${rangees.join(' ; ')}.`);
        for (const chiffre of CHIFFRES) {
            barres[chiffre].style.inlineSize = vide ? 0 : `${100 * probables[chiffre]}%`;
            cases[chiffre].textContent = vide ? '—' : deux(probables[chiffre]);
            lignes[chiffre].classList.toggle('demo-lue', chiffre === reponse);
        }
        lu.replaceChildren('Il lit : ', creer('strong', {}, vide ? '—' : reponse < 0 ? 'je ne sais pas' : reponse));
    }

    function constat() {
        if (traits.length === 0) return 'La feuille est blanche : le réseau n\'a rien à lire.';
        if (nombres.length === 0) return 'Ce dessin est trop petit pour être un chiffre : dessinez plus grand.';
        const probables = nombres.slice(64, 74);
        const [premier, second] = [...CHIFFRES].sort((a, b) => probables[b] - probables[a]);
        return nombres[74] < 0
            ? `Je ne sais pas : aucun chiffre n'atteint 0,5. Le ${premier} a ${deux(probables[premier])}, le ${second} a ${deux(probables[second])}.`
            : `Le réseau lit un ${premier}, avec une probabilité de ${deux(probables[premier])} ; vient ensuite le ${second}, avec ${deux(probables[second])}.`;
    }
    const noter = plusTard(() => {
        dire(`${place}${constat()}`);
        const texte = traits.map((trait) => trait.flat().map((rang) => SIGNES[rang]).join('')).join('.');
        adresse.ecrire(texte ? [['traits', texte]] : []);
    });
    function changer() {
        montrer();
        noter();
    }
    // Un point de plus, s'il est assez loin du précédent ; vrai s'il a été pris.
    function mener(point, commence) {
        if (points() >= MAXIMUM) {
            plume = false;
            dire(`Ce dessin a déjà ${MAXIMUM} points, et n'en prend plus : effacez-en une partie.`);
            montrer();
            return;
        }
        if (commence) traits.push([point]);
        else {
            const [x, y] = traits.at(-1).at(-1);
            if (Math.hypot(point[0] - x, point[1] - y) < ECART) return;
            traits.at(-1).push(point);
        }
        changer();
    }
    function reprendre(autres) {
        traits = autres;
        plume = false;
        changer();
    }

    // La souris et le doigt.
    let tire = false;
    const sous = (e) => {
        const { left, top, width, height } = feuille.getBoundingClientRect();
        return [(e.clientX - left) / width, (e.clientY - top) / height].map((part) => borner(Math.floor(COTES * part), [0, COTES - 1]));
    };
    sur(feuille, 'pointerdown', (e) => {
        if (e.button !== 0 || tire) return;
        e.preventDefault();
        feuille.focus({ preventScroll: true });
        feuille.setPointerCapture(e.pointerId);
        [tire, plume, place] = [true, false, ''];
        curseur = sous(e);
        mener(curseur, true);
    });
    sur(feuille, 'pointermove', (e) => {
        if (!tire || !feuille.hasPointerCapture(e.pointerId)) return;
        // Un mouvement rapide arrive en un seul événement, qui garde tous ses points.
        const passages = e.getCoalescedEvents?.() ?? [];
        for (const passage of passages.length > 0 ? passages : [e]) {
            curseur = sous(passage);
            mener(curseur, false);
        }
    });
    sur(feuille, 'lostpointercapture', () => { tire = false; });

    // Le clavier. Les flèches ne vont pas jusqu'à la page, où elles changeraient de chapitre.
    sur(feuille, 'keydown', (e) => {
        if (e.ctrlKey || e.altKey || e.metaKey) return;
        const fleche = FLECHES[e.key];
        if (fleche) {
            curseur = curseur.map((rang, axe) => borner(rang + fleche[axe], [1, COTES - 3]));
            place = `Colonne ${(curseur[0] - 1) / PAS + 1}, ligne ${(curseur[1] - 1) / PAS + 1}, plume ${plume ? 'posée' : 'levée'}. `;
            if (plume) mener(curseur, false); else changer();
        } else if (e.key === ' ' || e.key === 'Enter') {
            if (!e.repeat) basculer();
        } else if (e.key === 'Backspace') reprendre(traits.slice(0, -1));
        else if (e.key === 'Delete') reprendre([]);
        else return;
        e.preventDefault();
        e.stopPropagation();
    });
    function basculer() {
        plume = !plume;
        place = `Plume ${plume ? 'posée' : 'levée'}. `;
        if (plume) mener(curseur, true); else changer();
    }
    sur(oter, 'click', () => { place = ''; reprendre(traits.slice(0, -1)); });
    sur(effacer, 'click', () => { place = ''; reprendre([]); feuille.focus({ preventScroll: true }); });

    function relire() {
        const texte = adresse.lire().get('traits') ?? '';
        const lus = TRAITS.test(texte) ? texte.split('.').map((trait) => trait.match(/../g).map((deux) => [...deux].map((signe) => SIGNES.indexOf(signe)))) : [];
        traits = lus.flat().length <= MAXIMUM ? lus : [];
        montrer();
        relever();
        dire(texte && traits.length === 0 ? 'L\'adresse de cette page contient un dessin qui ne se lit pas : la feuille est restée blanche.' : constat());
    }
    sur(window, 'hashchange', () => { if (location.hash.startsWith('#demo-chiffre?')) relire(); });
    racine.append(
        creer('div', {}, feuille, creer('p', { class: 'demo-boutons' }, oter, effacer), creer('p', { class: 'demo-legende' }, 'À la souris, au doigt, ou au clavier : les flèches déplacent la croix, la barre d\'espace pose et lève la plume.')),
        creer('div', { class: 'demo-cote' }, lu, creer('div', { class: 'demo-lecture' }, creer('div', {}, creer('p', { class: 'demo-legende' }, 'Ce que le réseau voit'), vue), tableau), dit),
    );
    relire();
};
