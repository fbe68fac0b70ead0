//! Servir le livre, à cette machine seulement.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use anyhow::{Context, Result};
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
    let service = axum::Router::new().fallback_service(ServeDir::new(folder));
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

/// Un port libre en ce moment, pour un programme qui l'ouvrira lui-même.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .context("aucun port n'est libre sur cette machine")?;
    Ok(listener.local_addr()?.port())
}

/// Le serveur local du port `port` répond-il « 200 » à `path` ?
pub fn answers(port: u16, path: &str) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        return false;
    };
    let wait = Some(std::time::Duration::from_secs(5));
    if stream.set_read_timeout(wait).is_err() {
        return false;
    }
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n");
    let mut status = [0u8; 12];
    stream.write_all(request.as_bytes()).is_ok()
        && stream.read_exact(&mut status).is_ok()
        && status.ends_with(b" 200")
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
    }
}
