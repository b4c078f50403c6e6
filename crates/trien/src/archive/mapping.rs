//! Which kind of record a file is and which school it belongs to, by names of folders. Kinds that
//! Vietnamese schools keep are known; a TOML file says otherwise.
//!
//! Knows names alone, and opens no record.

mod read;
mod staff;

use trien_policy::{Language, Workflow};
use trien_types::UnixTime;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{CategoryRecord, Source};

pub use read::MappingError;
pub use staff::StaffMember;

/// The kinds of record that are known without a mapping: a TOML text to start an own one from.
pub const DEFAULT_MAPPING: &str = include_str!("mapping/default.toml");

/// What an archive's folders mean.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Mapping {
    /// How the school of a file is told.
    pub school: School,
    /// The kinds of record; of several that fit, the longest name decides.
    pub categories: Vec<Category>,
    /// The school's people, where it gave a list.
    pub staff: Option<Vec<StaffMember>>,
}

/// How the school of a file is told.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum School {
    /// It is not.
    Unknown,
    /// The archive is one school's.
    Named(String),
    /// The first folder below the path named is the school's.
    FirstFolder,
}

/// A kind of record.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Category {
    /// Its stable name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// Folded names of folders that hold it.
    folders: Vec<String>,
    /// The workflows it may have gone through.
    pub workflows: Vec<Workflow>,
    /// The last moment for signing.
    pub deadline: Option<UnixTime>,
    /// Whether scans of papers may stand in for signed records.
    pub scans: Scans,
    /// Whether it must be signed.
    pub signature: SignatureNeed,
}

/// Whether scans of papers may stand in for signed records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scans {
    /// They may, and are counted apart.
    #[default]
    Allowed,
    /// They are records without a signature.
    Refused,
}

/// Whether a kind of record must be signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureNeed {
    /// It must.
    #[default]
    Needed,
    /// It need not.
    NotNeeded,
}

impl Category {
    /// What stands in a record's line.
    #[must_use]
    pub fn named(&self, language: Language) -> CategoryRecord {
        let title = match language {
            Language::En => &self.title_en,
            Language::Vi | _ => &self.title,
        };
        CategoryRecord::new(&self.id, title)
    }

    /// How many letters of its name stand in a folded name; 0 for none.
    fn fits(&self, folded: &str) -> usize {
        let fitting = self.folders.iter().filter(|name| folded.contains(*name));
        fitting.map(String::len).max().unwrap_or(0)
    }
}

impl Mapping {
    /// The kind of record of a file: by the deepest folder that says one, else by its own name.
    #[must_use]
    pub fn category(&self, source: &Source) -> Option<&Category> {
        self.category_of(source.name())
    }

    fn category_of(&self, name: &str) -> Option<&Category> {
        let mut parts: Vec<&str> = name.split(['/', '\\']).collect();
        let file = parts.pop()?;
        let own = std::iter::once(file);
        parts.into_iter().rev().chain(own).find_map(|part| {
            let folded = folded(part);
            let fitting = self
                .categories
                .iter()
                .map(|category| (category.fits(&folded), category));
            let best = fitting.rev().max_by_key(|(letters, _)| *letters)?;
            (best.0 > 0).then_some(best.1)
        })
    }

    /// The school a file belongs to.
    #[must_use]
    pub fn school(&self, source: &Source) -> Option<String> {
        match &self.school {
            School::Unknown => None,
            School::Named(name) => Some(name.clone()),
            School::FirstFolder => {
                let (first, _) = source.inside().split_once('/')?;
                Some(first.nfc().collect())
            }
        }
    }
}

/// A name without case, accents and what parts words: `Học-bạ_5A` and `hoc ba 5a` are one.
pub(super) fn folded(name: &str) -> String {
    name.nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == 'đ' { 'd' } else { letter })
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> Option<String> {
        let mapping = Mapping::default();
        mapping.category_of(name).map(|found| found.id.clone())
    }

    #[test]
    fn folders_are_known_by_many_spellings() {
        for name in [
            "2026/Học bạ/5A/an.pdf",
            "2026/02_HOC-BA so/an.pdf",
            "Ho\u{323}c ba\u{323}.zip/an.pdf",
            "x/hocba lop 5a.pdf",
        ] {
            assert_eq!(kind(name).as_deref(), Some("hoc_ba"), "{name}");
        }
        assert_eq!(
            kind("2026/KHBD/toan.pdf").as_deref(),
            Some("ke_hoach_bai_day")
        );
        assert_eq!(
            kind("a/Công văn đến/1.pdf").as_deref(),
            Some("cong_van_den")
        );
        assert_eq!(kind("a/Công văn đi/1.pdf").as_deref(), Some("cong_van"));
        assert_eq!(kind("a/b/c.pdf"), None);
    }

    #[test]
    fn the_deepest_folder_decides() {
        let name = "Kế hoạch giáo dục/Học bạ/ke hoach bai day.pdf";
        assert_eq!(kind(name).as_deref(), Some("hoc_ba"));
    }
}
