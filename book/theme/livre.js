
// Le livre dans la page : copier, déplier, choisir une langue. Sans JavaScript, tout reste lisible.
(function livre() {
    // Une boîte qui défile se parcourt aussi au clavier.
    function boitesQuiDefilent() {
        document.querySelectorAll('pre, math[display="block"], .table-wrapper, .figure-cadre').forEach((boite) => {
            if (boite.scrollWidth > boite.clientWidth + 1) {
                boite.tabIndex = 0;
            } else if (!boite.hasAttribute('data-focus')) {
                boite.removeAttribute('tabindex');
            }
        });
    }
    boitesQuiDefilent();
    window.addEventListener('resize', boitesQuiDefilent);
    document.fonts?.ready.then(boitesQuiDefilent);

    const annonce = document.createElement('p');
    annonce.className = 'annonce';
    annonce.setAttribute('role', 'status');
    document.querySelector('main').append(annonce);

    async function copier(texte) {
        try {
            await navigator.clipboard.writeText(texte);
            return true;
        } catch {
            // Une page ouverte comme un fichier n'a pas toujours ce droit : l'ancienne façon.
            const zone = document.createElement('textarea');
            zone.value = texte;
            zone.className = 'hors-ecran';
            document.body.append(zone);
            zone.select();
            const fait = document.execCommand('copy');
            zone.remove();
            return fait;
        }
    }

    document.querySelectorAll('figure.code').forEach((figure) => {
        const code = figure.querySelector('pre > code');
        const outils = document.createElement('div');
        outils.className = 'code-outils';
        const nom = figure.getAttribute('aria-label') ?? 'ce code';

        const cachees = code.querySelectorAll('.cachee').length;
        if (cachees > 0) {
            const bouton = document.createElement('button');
            bouton.type = 'button';
            const dire = (montre) => {
                bouton.textContent = montre
                    ? 'Cacher'
                    : `+ ${cachees} ligne${cachees > 1 ? 's' : ''}`;
                bouton.setAttribute('aria-label', montre ? `Cacher les lignes annexes : ${nom}` : `${bouton.textContent} à montrer : ${nom}`);
                bouton.setAttribute('aria-expanded', montre);
                figure.classList.toggle('montre-tout', montre);
            };
            dire(false);
            bouton.addEventListener('click', () => {
                dire(bouton.getAttribute('aria-expanded') !== 'true');
                boitesQuiDefilent();
            });
            outils.append(bouton);
        }

        const bouton = document.createElement('button');
        bouton.type = 'button';
        bouton.textContent = 'Copier';
        bouton.setAttribute('aria-label', `Copier : ${nom}`);
        bouton.addEventListener('click', async () => {
            const copie = code.cloneNode(true);
            copie.querySelectorAll('.note-appel, .note-bulle').forEach((note) => note.remove());
            const fait = await copier(copie.textContent);
            bouton.textContent = fait ? 'Copié' : 'Échec';
            annonce.textContent = fait ? 'Code copié.' : 'Le navigateur refuse la copie.';
            setTimeout(() => {
                bouton.textContent = 'Copier';
                annonce.textContent = '';
            }, 2000);
        });
        outils.append(bouton);
        figure.prepend(outils);
    });

    // Python ou Rust : des onglets, et le choix vaut pour toute la page.
    const choisir = [];
    document.querySelectorAll('.onglets').forEach((groupe, rang) => {
        const panneaux = [...groupe.querySelectorAll(':scope > .onglet')];
        const liste = document.createElement('div');
        liste.className = 'onglets-liste';
        liste.setAttribute('role', 'tablist');
        liste.setAttribute('aria-label', 'Langage');
        const boutons = panneaux.map((panneau, n) => {
            const bouton = document.createElement('button');
            bouton.type = 'button';
            bouton.id = `onglet-${rang}-${n}`;
            bouton.textContent = panneau.dataset.titre;
            bouton.setAttribute('role', 'tab');
            panneau.id = `panneau-${rang}-${n}`;
            bouton.setAttribute('aria-controls', panneau.id);
            panneau.setAttribute('role', 'tabpanel');
            panneau.setAttribute('aria-labelledby', bouton.id);
            bouton.addEventListener('click', () => choisir.forEach((f) => f(n, groupe)));
            bouton.addEventListener('keydown', (e) => {
                const pas = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
                if (!pas) return;
                e.preventDefault();
                e.stopPropagation();
                const autre = (n + pas + panneaux.length) % panneaux.length;
                choisir.forEach((f) => f(autre, groupe));
                boutons[autre].focus();
            });
            liste.append(bouton);
            return bouton;
        });
        const montrer = (choix) => panneaux.forEach((panneau, n) => {
            panneau.classList.toggle('inactif', n !== choix);
            boutons[n].setAttribute('aria-selected', n === choix);
            boutons[n].tabIndex = n === choix ? 0 : -1;
        });
        choisir.push((choix, source) => {
            const avant = source.getBoundingClientRect().top;
            montrer(choix);
            if (source === groupe) window.scrollBy(0, groupe.getBoundingClientRect().top - avant);
        });
        montrer(panneaux.length - 1);
        groupe.prepend(liste);
    });

    // L'imprimante voit tout ce qui est plié.
    let fermes = [];
    window.addEventListener('beforeprint', () => {
        fermes = [...document.querySelectorAll('main details:not([open])')];
        fermes.forEach((detail) => { detail.open = true; });
    });
    window.addEventListener('afterprint', () => fermes.forEach((detail) => { detail.open = false; }));
    if (/\/print\.html$/.test(location.pathname) && !navigator.webdriver) {
        window.addEventListener('load', () => setTimeout(() => window.print(), 100));
    }

    // Un lien vers une chose pliée la déplie.
    function deplier() {
        const cible = document.getElementById(decodeURIComponent(location.hash.slice(1)));
        for (let boite = cible?.closest('details'); boite; boite = boite.parentElement.closest('details')) {
            boite.open = true;
        }
        if (cible?.closest('details')) cible.scrollIntoView();
    }
    deplier();
    window.addEventListener('hashchange', deplier);
})();
