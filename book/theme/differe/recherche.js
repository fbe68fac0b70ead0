
// La recherche : accents, œ, apostrophes, pluriels et débuts de mots, sans rien demander au réseau.
// Elle est dans le même fichier que l'index, et se charge avec lui : voir `book/theme/recherche.js`.
window.recherche = (function recherche() {
    const VIDES = new Set('a au aux avec ce ces c d dans de des du elle en est et il ils j je l la le les leur lui m mais me mes mon n ne nos notre nous on ou par pas pour qu que qui s sa se ses si son sur t ta te tes ton tu un une vos votre vous y quoi quel quelle comment pourquoi faire fait'.split(' '));
    let sections = null;

    // « Rétropropagées » et « retropropagation » commencent alors de même.
    function plier(mot) {
        return mot.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
            .replace(/œ/g, 'oe').replace(/æ/g, 'ae');
    }

    function racine(mot) {
        let r = plier(mot);
        if (r.length > 4) r = r.replace(/eaux$/, 'eau').replace(/aux$/, 'al');
        if (r.length > 3) r = r.replace(/[sx]$/, '');
        if (r.length > 5) r = r.replace(/(ations?|ements?|ement|ateur|atrice|euse|eur|antes?|ants?|iques?|ant|er|ez|ir|re)$/, '');
        if (r.length > 3) r = r.replace(/e{1,2}$/, '');
        return r;
    }

    function mots(texte) {
        return [...texte.matchAll(/[\p{L}\p{N}]+/gu)].map((trouve) => ({
            debut: trouve.index,
            fin: trouve.index + trouve[0].length,
            plie: plier(trouve[0]),
            racine: racine(trouve[0]),
        }));
    }

    // L'index suit ce code dans le fichier : il n'est lu qu'à la première question.
    function lire() {
        sections ??= window.indexRecherche.map(([page, ancre, chapitre, titre, texte]) => {
            const motsTitre = mots(titre);
            return { page, ancre, chapitre, titre, texte, motsTitre, motsTexte: mots(texte), pleins: pleins(motsTitre) };
        });
        return sections;
    }

    // 3 : le même mot ; 2 : la même racine ; 1 : un début de mot.
    function accord(mot, terme) {
        if (mot.plie === terme.plie) return 3;
        if (mot.racine === terme.racine) return 2;
        const debut = terme.racine.length >= 3 ? terme.racine : terme.plie;
        return (debut.length >= 2 || /[^a-z0-9]/.test(debut)) && mot.plie.startsWith(debut) ? 1 : 0;
    }

    function termes(question) {
        const tous = mots(question);
        const utiles = tous.filter((mot) => !VIDES.has(mot.plie));
        return utiles.length > 0 ? utiles : tous;
    }

    // Les mots d'un titre qui disent quelque chose : ni articles, ni numéros.
    function pleins(titre) {
        return titre.filter((mot) => !VIDES.has(mot.plie) && !/^\d+$/.test(mot.plie)).length;
    }

    // Les sections qui contiennent tous les termes, les meilleures d'abord.
    function chercher(question) {
        const voulus = termes(question);
        if (voulus.length === 0) return [];
        const trouvees = [];
        for (const section of lire()) {
            let note = 0;
            const places = [];
            const complet = voulus.every((terme) => {
                let titre = 0;
                for (const mot of section.motsTitre) titre = Math.max(titre, accord(mot, terme));
                let texte = 0;
                let combien = 0;
                for (const mot of section.motsTexte) {
                    const valeur = accord(mot, terme);
                    if (valeur === 0) continue;
                    combien += 1;
                    texte = Math.max(texte, valeur);
                    places.push({ ...mot, valeur });
                }
                // « La classe » répond mieux à « classe » qu'un titre de dix mots.
                note += 12 * titre * (0.5 + 0.5 / Math.max(1, section.pleins - voulus.length + 1)) + 4 * texte + 0.7 * Math.log2(1 + combien);
                return titre + texte > 0;
            });
            if (complet) {
                if (section.ancre === '' && section.motsTitre.some((mot) => voulus.some((terme) => accord(mot, terme) > 1))) note += 6;
                // Une section courte qui en parle vaut mieux qu'une longue qui le cite.
                note -= 0.4 * Math.log2(1 + section.motsTexte.length / 60);
                // Exercices et questions viennent après ce qui les explique, sauf pour qui cherche un exercice.
                if (/^(exercice |questions$)/i.test(section.titre) && !voulus.some((terme) => terme.racine === racine('exercice'))) note *= 0.6;
                trouvees.push({ section, note, places });
            }
        }
        return trouvees.sort((a, b) => b.note - a.note);
    }

    // Le passage qui réunit le plus de termes, ses mots marqués.
    function extrait({ section, places }) {
        const fragment = document.createDocumentFragment();
        const { texte } = section;
        const tries = places.sort((a, b) => a.debut - b.debut);
        let meilleur = tries[0]?.debut ?? 0;
        let record = 0;
        for (const place of tries) {
            const valeur = tries
                .filter((p) => p.debut >= place.debut && p.fin < place.debut + 140)
                .reduce((somme, p) => somme + p.valeur, 0);
            if (valeur > record) [record, meilleur] = [valeur, place.debut];
        }
        let debut = Math.max(0, meilleur - 50);
        if (debut > 0) debut = texte.indexOf(' ', debut) + 1;
        let fin = Math.min(texte.length, meilleur + 150);
        if (fin < texte.length) fin = Math.max(texte.lastIndexOf(' ', fin), meilleur);
        if (debut > 0) fragment.append('… ');
        let ici = debut;
        for (const place of tries) {
            if (place.debut < ici || place.fin > fin) continue;
            fragment.append(texte.slice(ici, place.debut));
            const marque = document.createElement('mark');
            marque.textContent = texte.slice(place.debut, place.fin);
            fragment.append(marque);
            ici = place.fin;
        }
        fragment.append(texte.slice(ici, fin));
        if (fin < texte.length) fragment.append(' …');
        return fragment;
    }

    const champ = document.getElementById('recherche-texte');
    const etat = document.getElementById('recherche-etat');
    const liste = document.getElementById('recherche-resultats');
    const MAXIMUM = 20;

    function montrer() {
        const question = champ.value.trim();
        const trouvees = chercher(question);
        liste.replaceChildren(...trouvees.slice(0, MAXIMUM).map((trouvee) => {
            const { section } = trouvee;
            const ligne = document.createElement('li');
            const lien = document.createElement('a');
            lien.href = `${path_to_root}${section.page}?cherche=${encodeURIComponent(question)}${section.ancre ? `#${section.ancre}` : ''}`;
            lien.textContent = section.titre;
            ligne.append(lien);
            if (section.chapitre !== section.titre) {
                const chapitre = document.createElement('span');
                chapitre.className = 'recherche-chapitre';
                chapitre.textContent = section.chapitre;
                ligne.append(' ', chapitre);
            }
            const passage = document.createElement('p');
            passage.append(extrait(trouvee));
            ligne.append(passage);
            return ligne;
        }));
        const n = trouvees.length;
        if (question === '') etat.textContent = '';
        else if (n === 0) etat.textContent = `Rien sur « ${question} ». Essayez un seul mot, ou son début.`;
        else if (n === 1) etat.textContent = '1 résultat';
        else etat.textContent = n > MAXIMUM ? `${n} résultats, voici les ${MAXIMUM} premiers` : `${n} résultats`;
    }

    // Les mots cherchés, surlignés dans la page où l'on arrive.
    function surligner() {
        const question = new URLSearchParams(location.search).get('cherche');
        if (!question || !window.Highlight) return;
        const voulus = termes(question);
        const plages = [];
        const marche = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
        while (marche.nextNode()) {
            const noeud = marche.currentNode;
            if (noeud.parentElement.closest('annotation, svg, script')) continue;
            for (const mot of mots(noeud.data)) {
                if (!voulus.some((terme) => accord(mot, terme) > 0)) continue;
                const plage = new Range();
                plage.setStart(noeud, mot.debut);
                plage.setEnd(noeud, mot.fin);
                plages.push(plage);
            }
        }
        CSS.highlights.set('cherche', new Highlight(...plages));
    }

    return { chercher, montrer, surligner };
})();
