// Un nombre tel qu'on l'écrit en français ou en code ; NaN pour tout autre texte.
function nombre(texte) {
    const propre = texte.replace(/[\s\u00a0\u202f]/g, '').replace('−', '-').replace(',', '.');
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(propre) ? Number(propre) : NaN;
}

// Les questions de fin de chapitre : vérifier une réponse, dire ce qu'elle fait comprendre.
// Rien n'est gardé, sauf si le lecteur le demande.
(function questions() {
    const formulaires = [...document.querySelectorAll('form.question')];
    if (formulaires.length === 0) return;
    const cle = 'questions-reussies';
    const reussies = new Set();
    let garder = false;

    // Une page ouverte comme un fichier n'a pas toujours le droit de garder quelque chose.
    function memoire(geste) {
        try { return geste(window.localStorage); } catch { return null; }
    }

    const suivi = document.createElement('div');
    suivi.className = 'questions-suivi';
    suivi.innerHTML = '<p></p><label><input type="checkbox"> Retenir mes réussites dans ce navigateur</label>';
    const retenir = suivi.querySelector('input');
    formulaires[0].before(suivi);

    function ecrire() {
        const ici = formulaires.filter((f) => reussies.has(f.id)).length;
        suivi.querySelector('p').textContent = `Questions réussies : ${ici} sur ${formulaires.length}.`;
        if (garder) memoire((m) => m.setItem(cle, JSON.stringify([...reussies])));
    }

    const gardees = memoire((m) => m.getItem(cle));
    if (gardees !== null) {
        garder = retenir.checked = true;
        try { for (const id of JSON.parse(gardees)) reussies.add(id); } catch { /* abîmé : on repart de rien */ }
    }
    retenir.addEventListener('change', () => {
        garder = retenir.checked;
        if (!garder) memoire((m) => m.removeItem(cle));
        ecrire();
    });

    // Ce qu'il faut comprendre des réponses de ces rangs.
    function juger(formulaire) {
        const explications = [...formulaire.querySelectorAll('[data-choix]')];
        const juste = (i) => explications[i].dataset.juste !== undefined;
        switch (formulaire.dataset.sorte) {
        case 'nombre': {
            const valeur = nombre(formulaire.querySelector('input').value);
            if (Number.isNaN(valeur)) return { demande: 'Écrivez un nombre, comme 12 ou 0,25.' };
            const trouve = explications.find((e) => e.dataset.nombre !== undefined
                && Math.abs(valeur - Number(e.dataset.nombre)) <= Number(e.dataset.pres) + 1e-9);
            const rang = trouve ? explications.indexOf(trouve) : explications.length - 1;
            return { bon: juste(rang), montrer: [rang] };
        }
        case 'ordre': {
            const places = [...formulaire.querySelectorAll('[data-place]')].map((e) => Number(e.dataset.place));
            const faux = places.findIndex((place, rang) => place !== rang);
            if (faux < 0) return { bon: true, montrer: places };
            const avant = faux === 0 ? 'La première étape n\'est pas la bonne.' : `Le début est juste (${faux} sur ${places.length}), puis il faut changer.`;
            return { bon: false, montrer: [places[faux]], avant };
        }
        default: {
            const coches = [...formulaire.querySelectorAll('input:checked')].map((e) => Number(e.value));
            if (coches.length === 0) return { demande: 'Choisissez d\'abord une réponse.' };
            const faux = coches.filter((i) => !juste(i));
            const manque = explications.some((e, i) => juste(i) && !coches.includes(i));
            if (faux.length > 0) return { bon: false, montrer: faux };
            return manque
                ? { bon: false, montrer: [], avant: 'Ce que vous avez coché est juste, mais il manque au moins une réponse.' }
                : { bon: true, montrer: coches };
        }
        }
    }

    function montrer(formulaire, { demande, bon, montrer: rangs = [], avant = '' }) {
        const verdict = formulaire.querySelector('.question-verdict');
        verdict.replaceChildren();
        const phrase = document.createElement('p');
        verdict.append(phrase);
        const fort = document.createElement('strong');
        fort.textContent = demande ?? (bon ? '✔ Juste.' : '✘ Pas encore.');
        phrase.append(fort, avant && ` ${avant}`);
        if (demande !== undefined) return;
        for (const rang of rangs) {
            for (const enfant of formulaire.querySelector(`[data-choix="${rang}"]`).children) verdict.append(enfant.cloneNode(true));
        }
        if (bon) reussies.add(formulaire.id); else reussies.delete(formulaire.id);
        ecrire();
    }

    // Les étapes se déplacent par des boutons : au clavier comme à la souris.
    function ordonner(formulaire) {
        const liste = formulaire.querySelector('ul');
        const verdict = formulaire.querySelector('.question-verdict');
        for (const etape of liste.children) {
            const texte = etape.textContent.trim();
            const boutons = document.createElement('span');
            boutons.className = 'question-deplacer';
            etape.append(' ', boutons);
            for (const [signe, mot, pas] of [['↑', 'Monter', -1], ['↓', 'Descendre', 1]]) {
                const bouton = document.createElement('button');
                bouton.type = 'button';
                bouton.textContent = signe;
                bouton.setAttribute('aria-label', `${mot} : ${texte}`);
                bouton.addEventListener('click', () => {
                    const autre = pas < 0 ? etape.previousElementSibling : etape.nextElementSibling;
                    if (autre === null) return;
                    if (pas < 0) autre.before(etape); else autre.after(etape);
                    bouton.focus();
                    verdict.textContent = `Place ${[...liste.children].indexOf(etape) + 1} sur ${liste.children.length}.`;
                });
                boutons.append(bouton, ' ');
            }
        }
    }

    for (const formulaire of formulaires) {
        if (formulaire.dataset.sorte === 'ordre') ordonner(formulaire);
        formulaire.addEventListener('submit', (evenement) => {
            evenement.preventDefault();
            montrer(formulaire, juger(formulaire));
        });
    }
    ecrire();
}());
