//! La commande `cargo atelier` : tout est dans la bibliothèque, que les essais appellent aussi.

fn main() -> std::process::ExitCode {
    atelier::main()
}
