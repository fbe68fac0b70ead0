//! Servir le livre, à cette machine seulement.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use tower_http::services::ServeDir;

/// Le port essayé d'abord : une adresse qui ne change pas d'un jour à l'autre.
const PREFERRED_PORT: u16 = 3000;

/// Sert le dossier `folder` sur 127.0.0.1, dans un fil à part, et rend l'adresse.
pub fn serve(folder: &Path) -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, PREFERRED_PORT))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .context("aucun port n'est libre pour servir le livre sur cette machine")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let folder = folder
        .canonicalize()
        .with_context(|| format!("« {} » ne se lit pas", folder.display()))?;
    let service = axum::Router::new().fallback_service(ServeDir::new(&folder)).layer(
        middleware::from_fn(move |request, next| guard(folder.clone(), request, next)),
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
async fn guard(folder: PathBuf, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    // Une page d'ailleurs peut faire mener son propre nom à cette machine.
    if !matches!(name, Some("127.0.0.1" | "localhost")) {
        return (StatusCode::FORBIDDEN, "Ce serveur ne répond qu'à 127.0.0.1.")
            .into_response();
    }
    let mut response = next.run(with_plain_path(&folder, request)).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
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
        let address = serve(&site).unwrap();
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
}
