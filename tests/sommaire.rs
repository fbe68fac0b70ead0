//! Ce que les pages disent des chapitres est ce que le sommaire et les chapitres disent d'eux-mêmes.

use regex::Regex;

fn page(name: &str) -> String {
    let file = format!("{}/book/src/{name}", env!("CARGO_MANIFEST_DIR"));
    let text =
        std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file} : {error}"));
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// Le titre, le fichier et les minutes de chaque chapitre, dans l'ordre du sommaire.
fn chapters() -> Vec<(String, String, String)> {
    let line = Regex::new(r"(?m)^- \[((\d+)\. (.+))\]\((\d\d_\w+\.md)\)$").unwrap();
    let minutes = Regex::new(r"(?m)^\*\*Durée\s: (\d+)\sminutes[.,]").unwrap();
    let read = |found: regex::Captures| {
        let text = page(&found[4]);
        assert_eq!(
            text.lines().next(),
            Some(format!("# {}", &found[3]).as_str()),
            "{}",
            &found[4]
        );
        assert_eq!(found[2].parse::<u32>().unwrap(), found[4][..2].parse::<u32>().unwrap());
        let minutes =
            minutes.captures(&text).unwrap_or_else(|| panic!("{} : sa durée", &found[4]));
        (found[1].to_string(), found[4].to_string(), minutes[1].to_string())
    };
    line.captures_iter(&page("SUMMARY.md")).map(read).collect()
}

#[test]
fn l_accueil_et_la_page_de_l_enseignant_ont_chaque_chapitre_et_sa_duree() {
    // Le titre lié, une question ou rien, les minutes.
    let row = r"(?m)^\| \[(\d+\. .+?)\]\((\w+\.md)\) \|(?:[^|\n]+\|)? (\d+)\smin";
    let row = Regex::new(row).unwrap();
    assert!(chapters().len() >= 12);
    for name in ["accueil.md", "enseignant.md"] {
        let rows: Vec<_> = row
            .captures_iter(&page(name))
            .map(|found| (found[1].to_string(), found[2].to_string(), found[3].to_string()))
            .collect();
        let chapters = chapters();
        for (found, (title, file, minutes)) in rows.iter().zip(&chapters) {
            let wanted = format!("[{title}]({file}), {minutes} minutes");
            let (title, file, minutes) = found;
            assert_eq!(
                format!("[{title}]({file}), {minutes} minutes"),
                wanted,
                "{name} (à gauche) ne dit pas ce que disent SUMMARY.md et le chapitre (à droite)"
            );
        }
        assert_eq!(
            rows.len(),
            chapters.len(),
            "{name} : un chapitre manque, ou est en trop"
        );
    }
}
