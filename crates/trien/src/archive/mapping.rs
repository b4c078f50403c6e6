//! Which kind of record a file is and which school it belongs to, by names of folders. Kinds that
//! Vietnamese schools keep are known; a TOML file says otherwise.
//!
//! Knows names alone, and opens no record.

mod error;
mod folder;
mod level;
mod read;
mod staff;

use trien_policy::{Language, Workflow};
use trien_types::UnixTime;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{CategoryRecord, Source};

pub use error::MappingError;
pub use level::SchoolLevel;
pub use staff::{StaffError, StaffMember, StaffNotes};

pub(super) use staff::{Roll, Whose};

use folder::{Part, Spelling};
use level::levels_in;

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
    /// What is to be known about how that list was read.
    pub staff_notes: StaffNotes,
    /// The level of the schools whose own is not named.
    pub level: Option<SchoolLevel>,
    /// The levels of schools by their names, folded.
    levels: Vec<(String, SchoolLevel)>,
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
    /// Names of folders that hold it.
    folders: Vec<Spelling>,
    /// The workflows it may have gone through.
    pub workflows: Vec<CategoryWorkflow>,
    /// The last moment for signing.
    pub deadline: Option<UnixTime>,
    /// Whether scans of papers may stand in for signed records.
    pub scans: Scans,
    /// Whether it must be signed.
    pub signature: SignatureNeed,
}

/// A workflow that a kind of record may have gone through.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CategoryWorkflow {
    /// The workflow.
    pub workflow: Workflow,
    /// The levels of schools whose records go through it; empty for every school.
    pub levels: Vec<SchoolLevel>,
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

    /// How many letters of its name stand in a part of a path; 0 for none.
    fn fits(&self, part: &Part) -> usize {
        let fitting = self.folders.iter().filter(|name| part.holds(name));
        fitting.map(Spelling::letters).max().unwrap_or(0)
    }
}

impl Mapping {
    /// The kind of record of a file: by the deepest folder that says one, else by its own name. Of
    /// the path that the user named the last folder counts: those above it are the machine's.
    #[must_use]
    pub fn category(&self, source: &Source) -> Option<&Category> {
        self.category_of(below(source.name(), source.inside()))
    }

    fn category_of(&self, name: &str) -> Option<&Category> {
        let mut parts: Vec<&str> = name.split(['/', '\\']).collect();
        let file = parts.pop()?;
        let own = std::iter::once(file);
        parts.into_iter().rev().chain(own).find_map(|part| {
            let part = Part::of(part);
            if part.is_a_person() {
                return None;
            }
            let fitting = self
                .categories
                .iter()
                .map(|category| (category.fits(&part), category));
            let best = fitting.rev().max_by_key(|(letters, _)| *letters)?;
            (best.0 > 0).then_some(best.1)
        })
    }

    /// The workflows that a file of this kind may have gone through, as far as the level of its
    /// school is known: as the mapping names it, else by the school's name, else by the deepest
    /// folder whose name tells one.
    #[must_use]
    pub fn workflows<'m>(&self, source: &Source, category: &'m Category) -> Vec<&'m Workflow> {
        let school = self.school(source);
        self.workflows_of(source.name(), school.as_deref(), category)
    }

    fn workflows_of<'m>(
        &self,
        name: &str,
        school: Option<&str>,
        category: &'m Category,
    ) -> Vec<&'m Workflow> {
        let all = &category.workflows;
        let levels = if all.len() > 1 {
            self.levels_of(name, school)
        } else {
            Vec::new()
        };
        let fits = |one: &&CategoryWorkflow| {
            levels.is_empty()
                || one.levels.is_empty()
                || one.levels.iter().any(|level| levels.contains(level))
        };
        let fitting: Vec<&Workflow> = all.iter().filter(fits).map(|one| &one.workflow).collect();
        if fitting.is_empty() {
            // A level that the kind of record knows nothing of decides nothing.
            return all.iter().map(|one| &one.workflow).collect();
        }
        fitting
    }

    fn levels_of(&self, name: &str, school: Option<&str>) -> Vec<SchoolLevel> {
        if let Some(school) = school {
            let own = folded(school);
            if let Some((_, level)) = self.levels.iter().find(|(name, _)| *name == own) {
                return vec![*level];
            }
        }
        if let Some(level) = self.level {
            return vec![level];
        }
        let mut folders: Vec<&str> = name.split(['/', '\\']).collect();
        // The file's own name tells of the record, not of the school.
        folders.pop();
        school
            .into_iter()
            .chain(folders.into_iter().rev())
            .map(levels_in)
            .find(|levels| !levels.is_empty())
            .unwrap_or_default()
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

/// What of a name stands below the folder above the one that the user named.
fn below<'n>(name: &'n str, inside: &str) -> &'n str {
    let separators = ['/', '\\'];
    let Some(above) = name.strip_suffix(inside) else {
        return name;
    };
    let above = above.trim_end_matches(separators);
    let start = above.rfind(separators).map_or(0, |at| at.saturating_add(1));
    name.get(start..).unwrap_or(name)
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
    fn names_of_people_and_folders_above_the_named_path_tell_no_kind() {
        for (name, expected) in [
            ("Học bạ/5A/Nguyễn Công Vân/a.pdf", Some("hoc_ba")),
            ("Học bạ/5A/Huỳnh Kế Toàn/a.pdf", Some("hoc_ba")),
            ("Học bạ/5A/12. Trần Khảo Sát/a.pdf", Some("hoc_ba")),
            ("Học bạ/5A/TRẦN KHẢO SÁT.zip/a.pdf", Some("hoc_ba")),
            ("Học bạ/5A/Tran Khao Sat/a.pdf", Some("hoc_ba")),
            ("Học bạ/5A/Lê Thị Giáo Ân/a.pdf", Some("hoc_ba")),
            ("5A/Trần Khảo Sát.pdf", None),
            ("Khoa học bạn hữu/a.pdf", None),
            ("Hồ Sơ Học Bạ/a.pdf", Some("hoc_ba")),
            ("Dang Bo 2026/a.pdf", Some("so_dang_bo")),
            ("Phiếu khảo sát/a.pdf", Some("phieu_khao_sat")),
            ("HocBa5A/a.pdf", Some("hoc_ba")),
            ("ke-toan_2026/a.pdf", Some("tai_chinh")),
            ("Tài sàn/a.pdf", None),
        ] {
            assert_eq!(kind(name).as_deref(), expected, "{name}");
        }
        assert_eq!(
            below("/home/kế toán/đĩa/5A/a.pdf", "5A/a.pdf"),
            "đĩa/5A/a.pdf"
        );
        assert_eq!(below("2026/Học bạ/a.pdf", "a.pdf"), "Học bạ/a.pdf");
        assert_eq!(below("a.pdf", "a.pdf"), "a.pdf");
        assert_eq!(below("C:\\x\\d\\5A/a.pdf", "5A/a.pdf"), "d\\5A/a.pdf");
    }

    #[test]
    fn the_level_of_the_school_chooses_the_workflow_and_never_the_signatures() {
        let text = |more: &str| format!("{more}\n{DEFAULT_MAPPING}");
        let ids = |more: &str, name: &str, school: Option<&str>| -> Vec<String> {
            let mapping = Mapping::from_toml(&text(more)).unwrap();
            let category = mapping.category_of(name).unwrap();
            let found = mapping.workflows_of(name, school, category);
            found.iter().map(|one| one.id().to_owned()).collect()
        };
        let (primary, secondary) = ("hoc-ba-tieu-hoc", "hoc-ba-thcs-thpt");
        let plain = "2026/Học bạ/a.pdf";
        assert_eq!(ids("", plain, None), [secondary, primary]);
        assert_eq!(ids("level = \"thcs\"", plain, None), [secondary]);
        assert_eq!(ids("level = \"tieu-hoc\"", plain, None), [primary]);
        assert_eq!(ids("", "Trường Tiểu học A/Học bạ/a.pdf", None), [primary]);
        let several = "Trường TH&THCS A/Học bạ/a.pdf";
        assert_eq!(ids("", several, None), [secondary, primary]);
        let deeper = "Trường TH&THCS A/Khối THCS/Học bạ/a.pdf";
        assert_eq!(ids("", deeper, None), [secondary]);
        assert_eq!(
            ids("", "Trường THCS-THPT B/Học bạ/a.pdf", None),
            [secondary]
        );
        assert_eq!(ids("", plain, Some("Trường THPT C")), [secondary]);
        let named = "levels = { \"Trường D\" = \"tieu-hoc\" }";
        assert_eq!(ids(named, plain, Some("trường d")), [primary]);
        assert_eq!(ids(named, plain, Some("Trường E")), [secondary, primary]);
        let wrong = Mapping::from_toml(&text("level = \"mam-non\""));
        assert!(matches!(wrong, Err(MappingError::Level { .. })));
    }

    #[test]
    fn the_deepest_folder_decides() {
        let name = "Kế hoạch giáo dục/Học bạ/ke hoach bai day.pdf";
        assert_eq!(kind(name).as_deref(), Some("hoc_ba"));
    }
}
