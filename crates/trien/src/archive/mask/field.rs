//! Names of fields that name nobody: those that roles, workflows and tools give.
//!
//! Any other may be a pupil's name, with diacritics or without: it is not told apart from a word.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use trien_types::Signatory;

/// Digits that belong together in a field's name: `Signature12`.
const DIGITS: usize = 3;

/// What tools and schools call fields besides roles, in small letters.
const WORDS: [&str; 27] = [
    "acroform",
    "button",
    "check",
    "checkbox",
    "chuky",
    "condau",
    "daugiaplai",
    "date",
    "dropdown",
    "ds",
    "field",
    "form",
    "giaovien",
    "gvbm",
    "gvcn",
    "ht",
    "nguoilap",
    "page",
    "sig",
    "signature",
    "signaturefield",
    "subform",
    "text",
    "textfield",
    "timestamp",
    "topmostsubform",
    "xacnhan",
];

/// The words that roles make: `KtPhoHieuTruong`, with the ids of steps that are called so.
static ROLES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    Signatory::all()
        .map(|one| one.code().replace('-', ""))
        .collect()
});

/// Whether a name consists of such words, short numbers and what parts them.
pub(super) fn is_structural(field: &str) -> bool {
    let is_plain = field
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || "._-[] ".contains(one));
    let mut digits = field.split(|one: char| !one.is_ascii_digit());
    let mut words = field.split(|one: char| !one.is_ascii_alphabetic());
    is_plain
        && digits.all(|number| number.len() <= DIGITS)
        && words.all(|word| word.is_empty() || is_known(&word.to_ascii_lowercase()))
}

fn is_known(word: &str) -> bool {
    WORDS.contains(&word) || ROLES.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_tools_name_nobody_and_anything_else_may() {
        for field in [
            "HieuTruong",
            "KtPhoHieuTruong",
            "GiaoVienBoMon-12",
            "NguoiLap-ToTruong",
            "ConDau",
            "Signature1",
            "topmostSubform[0].Page1[0].SignatureField1[0]",
            "GVCN_2",
        ] {
            assert!(is_structural(field), "{field}");
        }
        for field in [
            "NguyenVanA",
            "nguyen_van_a",
            "Signature_TranThiB",
            "HieuTruongNguyenVanA",
            "Signature20121",
            "Hiệu trưởng",
            "031123456782",
        ] {
            assert!(!is_structural(field), "{field}");
        }
    }
}
