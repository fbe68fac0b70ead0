//! Le crochet de panique se pose de lui-même dans un noyau evcxr, et nulle part ailleurs.

use std::process::Command;

use correcteur as _; // le lier suffit

const CHILD: &str = "ESSAI_DE_PANIQUE";

#[test]
fn une_panique_ne_se_dit_en_francais_que_dans_un_noyau() {
    if std::env::var_os(CHILD).is_some() {
        panic!("le plafond \"tombe\"");
    }
    // Ce même test, dans un autre programme, avec ou sans la variable qu'evcxr donne aux cellules.
    let said = |variables: &[(&str, &str)]| {
        let program = std::env::current_exe().expect("ce test");
        // Un programme d'un autre processeur a besoin d'un émulateur (tests/epreuves/arm64.sh).
        let mut command = match std::env::var("EMULATEUR") {
            Ok(emulator) => {
                let mut words = emulator.split(' ');
                let mut command = Command::new(words.next().unwrap_or_default());
                command.args(words).arg(program);
                command
            }
            Err(_) => Command::new(program),
        };
        let output = command
            .arg("--nocapture")
            .env(CHILD, "1")
            .env_remove("EVCXR_IS_RUNTIME")
            .envs(variables.iter().copied())
            .output()
            .expect("il se lance");
        assert!(!output.status.success());
        String::from_utf8(output.stdout).expect("du texte")
    };
    let shown = said(&[("EVCXR_IS_RUNTIME", "1")]);
    let json = "EVCXR_BEGIN_CONTENT application/vnd.nn-core.panique+json\n\
                {\"message\":\"le plafond \\\"tombe\\\"\"}\nEVCXR_END_CONTENT\n";
    assert!(shown.contains(json), "{shown}");
    assert!(shown.contains("La cellule s'est arrêtée en chemin"), "{shown}");
    assert!(!said(&[]).contains("EVCXR_BEGIN_CONTENT"));
}
