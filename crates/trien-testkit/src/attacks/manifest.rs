//! The list of attacks as JSON, for the repository and for other programs.
//! Makes no file.

use super::Attack;

/// One object per file: what it is, what was done, and what is to be said of it. Nothing of its
/// octets: signatures and certificates follow the keys of the machine that makes them.
///
/// # Panics
/// What is to be said of a signature is not in four words.
#[must_use]
pub fn manifest(attacks: &[Attack]) -> String {
    let mut text = "[\n".to_owned();
    for (index, attack) in attacks.iter().enumerate() {
        let separator = if index == 0 { "" } else { ",\n" };
        let signatures: Vec<String> = attack
            .signatures
            .iter()
            .map(|line| {
                let mut words: Vec<&str> = line.rsplitn(4, ' ').collect();
                words.reverse();
                let [field, integrity, coverage, changes] = words.as_slice() else {
                    panic!("{line}: field, integrity, coverage, changes");
                };
                format!(
                    "\n      {{\"field\": \"{field}\", \"integrity\": \"{integrity}\", \
                     \"coverage\": \"{coverage}\", \"changes\": \"{changes}\"}}"
                )
            })
            .collect();
        let because = attack.because.map_or_else(String::new, |because| {
            format!("    \"because\": \"{because}\",\n")
        });
        let timestamps = match attack.timestamps {
            [] => String::new(),
            words => format!("    \"timestamps\": [\"{}\"],\n", words.join("\", \"")),
        };
        text.push_str(&format!(
            "{separator}  {{\n    \"id\": \"{}\",\n    \"row\": \"{}\",\n    \"kind\": \"{}\",\n    \
             \"what\": \"{}\",\n    \
             \"document\": \"{}\",\n{}{}    \"signatures\": [{}]\n  }}",
            attack.id,
            attack.row,
            attack.kind.name(),
            attack.what,
            attack.document,
            because,
            timestamps,
            signatures.join(",")
        ));
    }
    text.push_str("\n]\n");
    text
}
