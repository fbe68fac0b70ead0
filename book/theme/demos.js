// Une démonstration se charge quand elle approche ; d'ici là, et sans JavaScript, la page montre
// ce qu'elle remplace.
(function demonstrations() {
    const places = [...document.querySelectorAll('.demo')];
    const garder = () => places.forEach((place) => place.classList.add('fixe'));
    if (/\/print\.html$/.test(location.pathname)) garder();
    else if (places.length > 0) guetter();

    function guetter() {
        const visee = places.find((place) => location.hash.startsWith(`#${place.id}?`));
        if (visee) window.addEventListener('load', () => visee.scrollIntoView());
        const vue = new IntersectionObserver((vues) => {
            if (!vues.some((place) => place.isIntersecting)) return;
            vue.disconnect();
            const script = document.createElement('script');
            script.src = `${path_to_root}demos.js`;
            script.onerror = garder;
            document.head.append(script);
        }, { rootMargin: '800px' });
        places.forEach((place) => vue.observe(place));
    }
})();
