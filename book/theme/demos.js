// Une démonstration se charge quand elle approche ; d'ici là, et sans JavaScript, la page montre
// ce qu'elle remplace.
(function demonstrations() {
    const places = [...document.querySelectorAll('.demo')];
    if (places.length === 0 || /\/print\.html$/.test(location.pathname)) return;
    const visee = places.find((place) => location.hash.startsWith(`#${place.id}?`));
    if (visee) window.addEventListener('load', () => visee.scrollIntoView());
    const vue = new IntersectionObserver((vues) => {
        if (!vues.some((place) => place.isIntersecting)) return;
        vue.disconnect();
        const script = document.createElement('script');
        script.src = `${path_to_root}demos.js`;
        document.head.append(script);
    }, { rootMargin: '800px' });
    places.forEach((place) => vue.observe(place));
})();
