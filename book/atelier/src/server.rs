//! Servir le livre, à cette machine seulement.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tokio::sync::watch::Receiver;
use tower_http::services::ServeDir;

/// Le port essayé d'abord : une adresse qui ne change pas d'un jour à l'autre.
const PREFERRED_PORT: u16 = 3000;

/// Là où une page apprend que le livre est refait.
const RELOAD: &str = "/rechargement.js";

/// Sert le dossier `folder` sur 127.0.0.1, dans un fil à part, et rend l'adresse. Avec `version`, chaque
/// page se recharge quand ce nombre change.
pub fn serve(folder: &Path, version: Option<Receiver<u64>>) -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, PREFERRED_PORT))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .context("aucun port n'est libre pour servir le livre sur cette machine")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let folder = folder
        .canonicalize()
        .with_context(|| format!("« {} » ne se lit pas", folder.display()))?;
    let service = axum::Router::new().fallback_service(ServeDir::new(&folder)).layer(
        middleware::from_fn(move |request, next| {
            guard(folder.clone(), version.clone(), request, next)
        }),
    );
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async move {
            let listener =
                tokio::net::TcpListener::from_std(listener).expect("le port est ouvert");
            let _ = axum::serve(listener, service).await;
        });
    });
    Ok(format!("http://{address}/"))
}

/// Ce que le navigateur s'interdit dans le livre : tout ce qui n'en vient pas.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self' 'unsafe-inline' data:; object-src 'none'; base-uri 'self'; \
         form-action 'self'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Ne répond qu'à qui demande cette machine par son nom, et ne suit aucun lien hors du livre.
async fn guard(
    folder: PathBuf,
    version: Option<Receiver<u64>>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    // Une page d'ailleurs peut faire mener son propre nom à cette machine.
    if !matches!(name, Some("127.0.0.1" | "localhost")) {
        return (StatusCode::FORBIDDEN, "Ce serveur ne répond qu'à 127.0.0.1.")
            .into_response();
    }
    let mut response = match version {
        Some(version) if request.uri().path() == RELOAD => {
            changed(version, request.uri().query()).await
        }
        Some(version) => {
            let now = *version.borrow();
            with_reload(next.run(with_plain_path(&folder, request)).await, now).await
        }
        None => next.run(with_plain_path(&folder, request)).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Attend que le livre ne soit plus celui que la page montre.
async fn changed(mut version: Receiver<u64>, shown: Option<&str>) -> Response {
    let shown = shown.and_then(|query| query.parse::<u64>().ok());
    let _ = version.wait_for(|now| Some(*now) != shown).await;
    let script = HeaderValue::from_static("text/javascript");
    ([(header::CONTENT_TYPE, script)], "location.reload();").into_response()
}

/// La même réponse ; une page y demande, une fois chargée, à savoir quand elle change.
async fn with_reload(response: Response, version: u64) -> Response {
    let (mut head, body) = response.into_parts();
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return Response::from_parts(head, body);
    }
    let Ok(page) = axum::body::to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let script = format!(
        "<script>addEventListener('load', function wait() {{\
         const script = document.createElement('script');\
         script.src = '{RELOAD}?{version}';\
         script.onerror = () => setTimeout(wait, 1000);\
         document.body.append(script); }});</script>"
    );
    head.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(head, [&page[..], script.as_bytes()].concat().into())
}

/// La même demande, ou celle d'un fichier qui n'existe pas si un lien mène hors du dossier.
fn with_plain_path(folder: &Path, mut request: Request) -> Request {
    let asked = request.uri().path().trim_start_matches('/');
    let target =
        folder.join(&*percent_decode_str(asked).decode_utf8_lossy()).canonicalize();
    if target.is_ok_and(|target| !target.starts_with(folder)) {
        *request.uri_mut() = axum::http::Uri::from_static("/absent");
    }
    request
}

/// Le serveur local du port `port` répond-il « 200 » à `path` ?
pub fn answers(port: u16, path: &str) -> bool {
    ask(port, "GET", "127.0.0.1", path).is_some_and(|status| status == "200")
}

/// Envoie une demande sans contenu au serveur local du port `port`.
pub fn post(port: u16, path: &str) {
    ask(port, "POST", "127.0.0.1", path);
}

/// Ce que répond le serveur local du port `port` à qui le nomme `host`.
fn ask(port: u16, method: &str, host: &str, path: &str) -> Option<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).ok()?;
    let request =
        format!("{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n");
    let mut status = [0u8; 12];
    stream.write_all(request.as_bytes()).ok()?;
    stream.read_exact(&mut status).ok()?;
    Some(String::from_utf8_lossy(&status[9..]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_livre_se_lit_sur_la_boucle_locale_et_rien_d_autre() {
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("html");
        std::fs::create_dir(&site).unwrap();
        std::fs::write(site.join("index.html"), "Bonjour").unwrap();
        std::fs::write(dir.path().join("secret"), "non").unwrap();
        let address = serve(&site, None).unwrap();
        assert!(address.starts_with("http://127.0.0.1:"));
        let port: u16 =
            address.rsplit(':').next().unwrap().trim_end_matches('/').parse().unwrap();
        assert!(answers(port, "/") && answers(port, "/index.html"));
        assert!(!answers(port, "/absent.html"));
        assert!(!answers(port, "/../secret") && !answers(port, "/%2e%2e/secret"));
        let named = |host: &str| ask(port, "GET", host, "/").unwrap();
        assert_eq!(named(&format!("localhost:{port}")), "200");
        assert_eq!(named("ailleurs.example"), "403");
        assert_eq!(named(&format!("127.0.0.1.ailleurs.example:{port}")), "403");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path().join("secret"), site.join("lien été"))
                .unwrap();
            std::os::unix::fs::symlink(site.join("index.html"), site.join("dedans"))
                .unwrap();
            assert!(!answers(port, "/lien%20%C3%A9t%C3%A9") && answers(port, "/dedans"));
        }
    }

    #[test]
    fn une_page_apprend_que_le_livre_est_refait_et_pas_avant() {
        use std::io::{Read, Write};
        let site = tempfile::tempdir().unwrap();
        std::fs::write(site.path().join("index.html"), "<p>Bonjour</p>").unwrap();
        std::fs::write(site.path().join("livre.css"), "p {}").unwrap();
        let (version, shown) = tokio::sync::watch::channel(0u64);
        let address = serve(site.path(), Some(shown)).unwrap();
        let host = address.trim_start_matches("http://").trim_end_matches('/').to_string();
        let get = |path: &str| {
            let mut stream = std::net::TcpStream::connect(&host).unwrap();
            write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
            let mut said = String::new();
            stream.read_to_string(&mut said).unwrap();
            said
        };
        let asked = format!("{RELOAD}?0");
        assert!(get("/").contains(&asked) && !get("/livre.css").contains(RELOAD));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| get(&asked));
            std::thread::sleep(std::time::Duration::from_millis(200));
            assert!(!waiting.is_finished());
            version.send_modify(|number| *number += 1);
            assert!(waiting.join().unwrap().ends_with("location.reload();"));
        });
        // Une page d'avant l'apprend aussitôt ; la nouvelle attend la suite.
        assert!(get(&asked).ends_with("location.reload();"));
        assert!(get("/").contains(&format!("{RELOAD}?1")));
    }
}
