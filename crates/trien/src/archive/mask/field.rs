//! Names of fields that name nobody: those that roles, workflows and tools give.
//!
//! Any other may be a pupil's name, with diacritics or without: it is not told apart from a word.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use trien_types::Signatory;

use crate::archive::mapping::folded;

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

/// What stands before a role in a signature block.
const PREFIXES: [&str; 3] = ["kt", "tl", "tm"];

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

/// Letters of a role that is looked at: two in full, with what stands before them.
const LETTERS_OF_A_ROLE: usize = 64;

/// Whether what a signer claims to be says nothing but roles, however it is written: `KT. HIỆU
/// TRƯỞNG PHÓ HIỆU TRƯỞNG`, `Giáo viên bộ môn 2`.
pub(super) fn is_role(claimed: &str) -> bool {
    let letters = folded(claimed);
    let digits = letters.chars().filter(char::is_ascii_digit).count();
    let words: String = letters.chars().filter(|one| !one.is_numeric()).collect();
    if digits > DIGITS || words.len() > LETTERS_OF_A_ROLE || !words.is_ascii() {
        return false;
    }
    // Up to which letter it consists of such words.
    let mut reached = BTreeSet::from([0]);
    while let Some(from) = reached.pop_first() {
        let Some(rest) = words.get(from..).filter(|rest| !rest.is_empty()) else {
            return true;
        };
        let known = WORDS.iter().chain(&PREFIXES).copied();
        let known = known.chain(ROLES.iter().map(String::as_str));
        let ends = known.filter(|word| rest.starts_with(word));
        reached.extend(ends.map(|word| from.saturating_add(word.len())));
    }
    false
}

fn is_known(word: &str) -> bool {
    WORDS.contains(&word) || ROLES.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fe7_12_a_claimed_role_that_says_more_than_roles_may_name_somebody() {
        for role in [
            "Hiệu trưởng",
            "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG",
            "kt-pho-hieu-truong",
            "Giáo viên bộ môn 2",
            "GVCN",
            "",
        ] {
            assert!(is_role(role), "{role}");
        }
        for role in [
            "Trần Thị Bí Mật",
            "tran thi bi mat",
            "Hiệu trưởng Trần Thị Bí Mật",
            "Phụ huynh em Lê Văn B",
            "Hiệu trưởng 031123456782",
            "校長",
        ] {
            assert!(!is_role(role), "{role}");
        }
        assert!(!is_role(&"ht".repeat(100)));
    }

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
