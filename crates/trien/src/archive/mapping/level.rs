//! Levels of schools: which of a record's workflows apply. Named by the mapping, else by the words
//! that names of schools and folders carry.

use super::folded;

/// A level of schooling (Education Law 2019, art. 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SchoolLevel {
    /// Tiểu học.
    Primary,
    /// Trung học cơ sở.
    LowerSecondary,
    /// Trung học phổ thông.
    UpperSecondary,
}

impl SchoolLevel {
    /// The level that a mapping names: `tieu-hoc`, `thcs` or `thpt`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "tieu-hoc" => Some(Self::Primary),
            "thcs" => Some(Self::LowerSecondary),
            "thpt" => Some(Self::UpperSecondary),
            _ => None,
        }
    }
}

/// The levels that the words of a name tell, such as `Trường THCS&THPT Lê Lợi`: none, one, or those
/// of a school with several.
pub(super) fn levels_in(name: &str) -> Vec<SchoolLevel> {
    const WORDS: [(&[&str], SchoolLevel); 6] = [
        (&["tieu", "hoc"], SchoolLevel::Primary),
        (&["th"], SchoolLevel::Primary),
        (&["trung", "hoc", "co", "so"], SchoolLevel::LowerSecondary),
        (&["thcs"], SchoolLevel::LowerSecondary),
        (
            &["trung", "hoc", "pho", "thong"],
            SchoolLevel::UpperSecondary,
        ),
        (&["thpt"], SchoolLevel::UpperSecondary),
    ];
    // Marks that combine with letters part no words.
    let words: Vec<String> = name
        .split(|letter: char| !(letter.is_alphanumeric() || super::is_combining_mark(letter)))
        .map(folded)
        .filter(|word| !word.is_empty())
        .collect();
    let mut levels: Vec<SchoolLevel> = WORDS
        .into_iter()
        .filter(|(wanted, _)| {
            words
                .windows(wanted.len())
                .any(|some| some.iter().zip(*wanted).all(|(own, word)| own == word))
        })
        .map(|(_, level)| level)
        .collect();
    levels.sort();
    levels.dedup();
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_schools_tell_their_levels() {
        let (primary, lower, upper) = (
            SchoolLevel::Primary,
            SchoolLevel::LowerSecondary,
            SchoolLevel::UpperSecondary,
        );
        for (name, levels) in [
            ("Trường Tiểu học Kim Đồng", vec![primary]),
            ("TH Nguyễn Trãi", vec![primary]),
            ("Trường TH&THCS Hòa Bình", vec![primary, lower]),
            ("truong-thcs-le-loi", vec![lower]),
            ("Trường THCS-THPT Marie Curie", vec![lower, upper]),
            ("Trường Trung học cơ sở An Bình", vec![lower]),
            ("Trường Trung học phổ thông X", vec![upper]),
            ("Tie\u{302}\u{309}u ho\u{323}c A", vec![primary]),
            ("Trường thực hành", vec![]),
            ("2026", vec![]),
        ] {
            assert_eq!(levels_in(name), levels, "{name}");
        }
    }
}
