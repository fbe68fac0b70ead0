// Ce qui entoure la page : les couleurs, le sommaire, l'aide, les flèches. Sans JavaScript, tout se lit.
'use strict';

const path_to_root = document.documentElement.dataset.root;
const saved = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
function save(name, value) {
    try {
        if (value) localStorage.setItem(name, value);
        else localStorage.removeItem(name);
    } catch { /* sans mémoire */ }
}

// Une touche est un raccourci si rien d'autre ne l'attend.
function isShortcut(e) {
    return !e.altKey && !e.ctrlKey && !e.metaKey && !/^(?:input|select|textarea)$/i.test(e.target.nodeName);
}

(function colours() {
    const html = document.documentElement;
    const button = document.getElementById('mdbook-theme-toggle');
    const list = document.getElementById('mdbook-theme-list');
    const choices = [...list.querySelectorAll('button')];
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const chosen = () => choices.find((choice) => choice.dataset.theme === saved('mdbook-theme')) ?? choices[0];

    function apply() {
        const theme = chosen().dataset.theme || (dark.matches ? html.dataset.dark : html.dataset.light);
        html.classList.remove(...choices.map((choice) => choice.dataset.theme).filter(Boolean));
        html.classList.add(theme);
        choices.forEach((choice) => choice.classList.toggle('theme-selected', choice === chosen()));
        requestAnimationFrame(() => {
            document.querySelector('meta[name="theme-color"]').content = getComputedStyle(html).backgroundColor;
        });
    }

    const isOpen = () => button.getAttribute('aria-expanded') === 'true';
    function show(open) {
        list.style.display = open ? 'block' : 'none';
        button.setAttribute('aria-expanded', open);
        (open ? chosen() : button).focus();
    }

    apply();
    dark.addEventListener('change', apply);
    button.addEventListener('click', () => show(!isOpen()));
    list.addEventListener('click', (e) => {
        const theme = e.target.closest('button')?.dataset.theme;
        if (theme === undefined) return;
        save('mdbook-theme', theme);
        apply();
    });
    list.addEventListener('keydown', (e) => {
        const last = choices.length - 1;
        const here = choices.indexOf(document.activeElement);
        const to = { ArrowUp: Math.max(here - 1, 0), ArrowDown: Math.min(here + 1, last), Home: 0, End: last }[e.key];
        if (to === undefined && e.key !== 'Escape') return;
        e.preventDefault();
        if (e.key === 'Escape') show(false);
        else choices[to].focus();
    });
    const leave = (place) => {
        if (isOpen() && place && !list.contains(place) && !button.contains(place)) show(false);
    };
    list.addEventListener('focusout', (e) => leave(e.relatedTarget));
    document.addEventListener('click', (e) => leave(e.target));
})();

(function summary() {
    const html = document.documentElement;
    const panel = document.getElementById('mdbook-sidebar');
    const box = document.getElementById('mdbook-sidebar-toggle-anchor');
    const button = document.getElementById('mdbook-sidebar-toggle');
    const handle = document.getElementById('mdbook-sidebar-resize-handle');

    function show(open) {
        if (open) {
            panel.style.display = '';
            panel.getBoundingClientRect(); // affiché d'abord, pour que le glissement se voie
        }
        box.checked = open;
        html.classList.toggle('sidebar-visible', open);
        panel.inert = !open;
        button.setAttribute('aria-expanded', open);
    }
    // Fermé, il disparaît aussi de la recherche du navigateur.
    panel.addEventListener('transitionend', () => { if (!box.checked) panel.style.display = 'none'; });
    show(box.checked);
    if (!box.checked) panel.style.display = 'none';
    panel.querySelector('.active')?.scrollIntoView({ block: 'nearest' });

    const choose = (open) => {
        show(open);
        save('mdbook-sidebar', open ? 'visible' : 'hidden');
    };
    button.addEventListener('click', () => choose(!box.checked));
    handle.addEventListener('pointerdown', (e) => {
        handle.setPointerCapture(e.pointerId);
        html.classList.add('sidebar-resizing');
    });
    handle.addEventListener('pointermove', (e) => {
        if (!handle.hasPointerCapture(e.pointerId)) return;
        const width = Math.min(Math.max(e.clientX - panel.offsetLeft, 150), innerWidth - 100);
        html.style.setProperty('--sidebar-target-width', `${width}px`);
    });
    handle.addEventListener('lostpointercapture', () => html.classList.remove('sidebar-resizing'));

    // Un glissement du doigt depuis le bord l'ouvre, vers le bord le ferme.
    let start = null;
    document.addEventListener('touchstart', (e) => {
        start = { x: e.touches[0].clientX, time: Date.now() };
    }, { passive: true });
    document.addEventListener('touchmove', (e) => {
        const x = e.touches[0].clientX;
        if (!start || Date.now() - start.time > 250 || Math.abs(x - start.x) < 150) return;
        if (x > start.x ? start.x < Math.min(innerWidth / 4, 300) : x < 300) choose(x > start.x);
        start = null;
    }, { passive: true });
})();

(function around() {
    const help = document.getElementById('aide');
    help.addEventListener('click', (e) => { if (e.target === help) help.close(); });
    document.addEventListener('keydown', (e) => {
        if (!isShortcut(e) || document.querySelector('dialog[open]')) return;
        const neighbour = { ArrowRight: 'next', ArrowLeft: 'prev' }[e.key];
        if (e.key === '?') {
            e.preventDefault();
            help.showModal();
            help.focus();
        } else if (neighbour && !e.shiftKey) {
            document.querySelector(`.voisines a[rel="${neighbour}"]`)?.click();
        }
    });

    // La barre revient quand on remonte, sans attendre le haut de la page.
    const bar = document.getElementById('mdbook-menu-bar');
    let before = scrollY;
    const place = () => {
        bar.classList.toggle('bordered', scrollY > 0);
        if (scrollY !== before) bar.classList.toggle('sticky', scrollY < before || scrollY <= 0);
        before = scrollY;
    };
    place();
    document.addEventListener('scroll', place, { passive: true });
    document.querySelector('.menu-title').addEventListener('click', () => {
        const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
        scrollTo({ top: 0, behavior: still ? 'auto' : 'smooth' });
    });
})();
