
// La porte de la recherche. Ce qui cherche est avec l'index, et ne se charge qu'au premier emploi.
(function porte() {
    const boite = document.getElementById('recherche');
    const champ = document.getElementById('recherche-texte');
    const etat = document.getElementById('recherche-etat');
    const liste = document.getElementById('recherche-resultats');
    let moteur = null;

    function charger() {
        moteur ??= new Promise((reussir, echouer) => {
            const script = document.createElement('script');
            script.src = `${path_to_root}recherche-index.js`;
            script.onload = () => reussir(window.recherche);
            script.onerror = () => { moteur = null; echouer(new Error('index')); };
            document.head.append(script);
        });
        return moteur;
    }

    async function montrer() {
        try {
            (await charger()).montrer();
        } catch {
            etat.textContent = 'L’index de la recherche ne se charge pas : reconstruisez le livre avec « cargo atelier livre ».';
        }
    }

    function ouvrir() {
        if (boite.open) return;
        boite.showModal();
        champ.select();
        charger().catch(() => {});
    }

    document.getElementById('recherche-ouvrir').addEventListener('click', ouvrir);
    document.getElementById('recherche-fermer').addEventListener('click', () => boite.close());
    boite.addEventListener('click', (e) => { if (e.target === boite) boite.close(); });
    champ.addEventListener('input', montrer);
    champ.addEventListener('keydown', (e) => {
        if (e.key !== 'Enter') return;
        e.preventDefault();
        liste.querySelector('a')?.click();
    });
    liste.addEventListener('click', (e) => { if (e.target.closest('a')) boite.close(); });
    boite.addEventListener('keydown', (e) => {
        e.stopPropagation();
        const pas = { ArrowDown: 1, ArrowUp: -1 }[e.key];
        if (!pas) return;
        const arrets = [champ, ...liste.querySelectorAll('a')];
        const ici = arrets.indexOf(document.activeElement);
        if (ici < 0) return;
        e.preventDefault();
        arrets[Math.min(Math.max(ici + pas, 0), arrets.length - 1)].focus();
    });
    document.addEventListener('keydown', (e) => {
        if (!isShortcut(e)) return;
        if (e.key === '/' || e.key === 's' || e.key === 'S') {
            e.preventDefault();
            ouvrir();
        }
    });

    // On arrive d'une recherche : ses mots se surlignent dans la page.
    if (new URLSearchParams(location.search).has('cherche')) {
        charger().then((recherche) => recherche.surligner()).catch(() => {});
    }
})();
