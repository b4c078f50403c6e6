//! Mappings in TOML.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;
use trien_policy::Workflow;
use trien_types::UnixTime;

use super::staff::{self, StaffMember, StaffNotes};
use super::{
    Category, CategoryWorkflow, DEFAULT_MAPPING, Mapping, MappingError, Scans, School, SchoolLevel,
    SignatureNeed, Spelling, folded,
};
use crate::archive::last_moment;
use crate::{read_settings, read_settings_octets};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    /// `first-folder`, or left out.
    school: Option<SchoolText>,
    school_name: Option<String>,
    staff: Option<PathBuf>,
    level: Option<String>,
    #[serde(default)]
    levels: BTreeMap<String, String>,
    #[serde(default)]
    category: Vec<CategoryText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SchoolText {
    FirstFolder,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryText {
    id: Spanned<String>,
    title: String,
    title_en: Option<String>,
    folders: Vec<String>,
    #[serde(default)]
    workflow: Names,
    deadline: Option<String>,
    #[serde(default)]
    scans: ScansText,
    #[serde(default)]
    signature: NeedText,
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Names {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
    ByLevel(BTreeMap<String, String>),
}

impl Names {
    fn names(self) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::One(name) => vec![name],
            Self::Several(names) => names,
            Self::ByLevel(by_level) => by_level.into_values().collect(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum ScansText {
    #[default]
    Allowed,
    Refused,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum NeedText {
    #[default]
    Needed,
    NotNeeded,
}

impl Default for Mapping {
    /// The kinds that schools keep.
    fn default() -> Self {
        Self::from_toml(DEFAULT_MAPPING).unwrap_or(Self {
            school: School::Unknown,
            categories: Vec::new(),
            staff: None,
            staff_notes: StaffNotes::default(),
            level: None,
            levels: Vec::new(),
        })
    }
}

impl Mapping {
    /// Reads a mapping whose workflows are ready ones.
    ///
    /// # Errors
    /// The text is no mapping, or names what is not there.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        Self::of(text, Path::new(""))
    }

    /// Reads a mapping from a file; files that it names stand beside it.
    ///
    /// # Errors
    /// As [`Mapping::from_toml`]; a file cannot be read.
    pub fn read(path: &Path) -> Result<Self, MappingError> {
        let text = text_of(path)?;
        Self::of(&text, path.parent().unwrap_or(Path::new("")))
    }

    fn of(text: &str, folder: &Path) -> Result<Self, MappingError> {
        let read: Text =
            toml::from_str(text).map_err(|error| MappingError::Form(Box::new(error)))?;
        check_ids(text, &read.category)?;
        let (staff, staff_notes) = match read.staff {
            None => (None, StaffNotes::default()),
            Some(path) => {
                let path = folder.join(path);
                let octets = read_settings_octets(&path).map_err(MappingError::File)?;
                let (staff, notes) =
                    staff::read(&octets).map_err(|error| MappingError::Staff { path, error })?;
                (Some(staff), notes)
            }
        };
        Ok(Self {
            school: match (read.school_name, read.school) {
                (Some(name), _) => School::Named(name),
                (None, Some(SchoolText::FirstFolder)) => School::FirstFolder,
                (None, None) => School::Unknown,
            },
            // Whoever tells the school alone means the kinds that schools keep.
            categories: match read.category {
                none if none.is_empty() && text != DEFAULT_MAPPING => Self::default().categories,
                own => own
                    .into_iter()
                    .map(|category| category.read(folder))
                    .collect::<Result<_, _>>()?,
            },
            staff,
            staff_notes,
            level: read.level.map(|name| level(&name)).transpose()?,
            levels: read
                .levels
                .iter()
                .map(|(school, name)| Ok((folded(school), level(name)?)))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The files that a mapping names, as they stand beside it: whoever reads it reads these too, and
    /// writes to none of them. Whether they are there is not asked.
    ///
    /// # Errors
    /// The text is no mapping, or cannot be read.
    pub fn files_named(path: &Path) -> Result<Vec<PathBuf>, MappingError> {
        let text = text_of(path)?;
        let read: Text = toml::from_str(&text).map_err(|error| MappingError::Form(error.into()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let workflows = read.category.into_iter();
        let workflows = workflows.flat_map(|category| category.workflow.names());
        // A ready workflow is no file, and a file of its name is not read.
        let workflows = workflows.filter(|name| !matches!(Workflow::ready(name), Ok(Some(_))));
        let named = read.staff.into_iter().chain(workflows.map(PathBuf::from));
        Ok(named.map(|name| folder.join(name)).collect())
    }

    /// The same with a list of staff.
    #[must_use]
    pub fn with_staff(mut self, staff: Vec<StaffMember>) -> Self {
        self.staff = Some(staff);
        self
    }
}

/// Ids are what records are counted by.
fn check_ids(text: &str, categories: &[CategoryText]) -> Result<(), MappingError> {
    let mut lines = HashMap::new();
    // They stand in the order of the text: each line is counted once.
    let (mut counted, mut line) = (0, 1_usize);
    for category in categories {
        let start = category.id.span().start;
        let between = text.get(counted..start).unwrap_or_default();
        line = line.saturating_add(between.matches('\n').count());
        counted = start;
        let id = category.id.get_ref();
        if let Some(first_line) = lines.insert(id, line) {
            return Err(MappingError::CategoryTwice {
                id: id.clone(),
                first_line,
                line,
            });
        }
    }
    Ok(())
}

impl CategoryText {
    fn read(self, folder: &Path) -> Result<Category, MappingError> {
        let id = self.id.into_inner();
        let folders: Vec<Spelling> = self.folders.iter().map(|name| Spelling::of(name)).collect();
        if folders.is_empty() || folders.iter().any(Spelling::is_empty) {
            return Err(MappingError::Folders { category: id });
        }
        let mut names: Vec<(String, Vec<SchoolLevel>)> = Vec::new();
        match self.workflow {
            Names::None => {}
            Names::One(name) => names.push((name, Vec::new())),
            Names::Several(several) => {
                names.extend(several.into_iter().map(|name| (name, Vec::new())));
            }
            Names::ByLevel(by_level) => {
                for (of, name) in by_level {
                    let level = level(&of)?;
                    // Levels share workflows.
                    match names.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, levels)) => levels.push(level),
                        None => names.push((name, vec![level])),
                    }
                }
            }
        }
        Ok(Category {
            title_en: self.title_en.unwrap_or_else(|| self.title.clone()),
            id,
            title: self.title,
            folders,
            workflows: names
                .into_iter()
                .map(|(name, levels)| {
                    let workflow = workflow(name, folder)?;
                    Ok(CategoryWorkflow { workflow, levels })
                })
                .collect::<Result<_, _>>()?,
            deadline: self.deadline.map(moment).transpose()?,
            scans: match self.scans {
                ScansText::Allowed => Scans::Allowed,
                ScansText::Refused => Scans::Refused,
            },
            signature: match self.signature {
                NeedText::Needed => SignatureNeed::Needed,
                NeedText::NotNeeded => SignatureNeed::NotNeeded,
            },
        })
    }
}

fn level(name: &str) -> Result<SchoolLevel, MappingError> {
    SchoolLevel::named(name).ok_or_else(|| MappingError::Level {
        name: name.to_owned(),
    })
}

fn workflow(name: String, folder: &Path) -> Result<Workflow, MappingError> {
    let wrong = |name: String, error| MappingError::Workflow { name, error };
    match Workflow::ready(&name) {
        Ok(Some(workflow)) => return Ok(workflow),
        Ok(None) => {}
        Err(error) => return Err(wrong(name, error)),
    }
    let path = folder.join(&name);
    if !path.is_file() {
        return Err(MappingError::WorkflowUnknown { name });
    }
    Workflow::from_toml(&text_of(&path)?).map_err(|error| wrong(name, error))
}

/// A time, or the last second of a day in Vietnam.
fn moment(text: String) -> Result<UnixTime, MappingError> {
    last_moment(&text).map_err(|_| MappingError::Deadline { text })
}

fn text_of(path: &Path) -> Result<String, MappingError> {
    read_settings(path).map_err(MappingError::File)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_that_schools_keep_are_read() {
        let mapping = Mapping::from_toml(DEFAULT_MAPPING).unwrap();
        assert_eq!(mapping, Mapping::default());
        let kind = |id: &str| {
            mapping
                .categories
                .iter()
                .find(|kind| kind.id == id)
                .unwrap()
        };
        assert_eq!(kind("hoc_ba").workflows.len(), 2);
        assert_eq!(kind("hoc_ba").scans, Scans::Refused);
        assert_eq!(kind("so_ghi_chep").scans, Scans::Allowed);
        assert_eq!(kind("cong_van_den").signature, SignatureNeed::NotNeeded);
    }

    #[test]
    fn fe7b_2_a_mapping_of_the_school_alone_keeps_the_kinds_that_schools_keep() {
        for text in ["school_name = \"Trường A\"", "level = \"thcs\"", ""] {
            let mapping = Mapping::from_toml(text).unwrap();
            assert_eq!(mapping.categories, Mapping::default().categories, "{text}");
        }
    }

    #[test]
    fn fe7b_10_lines_of_many_categories_are_counted_once() {
        let category = |number: u32| {
            format!("[[category]]\nid = \"c{number}\"\ntitle = \"C\"\nfolders = [\"c{number}\"]\n")
        };
        let mut text: String = (0..50).map(category).collect();
        text.push_str(&category(7));
        let error = Mapping::from_toml(&text).unwrap_err();
        let (first, second) = (7 * 4 + 2, 50 * 4 + 2);
        assert!(
            matches!(error, MappingError::CategoryTwice { first_line, line, .. }
                if (first_line, line) == (first, second)),
            "{error:?}"
        );
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let with = |line: &str| {
            let text = format!("[[category]]\nid = \"a\"\ntitle = \"A\"\n{line}\n");
            Mapping::from_toml(&text)
        };
        assert!(with("folders = [\"a\"]").is_ok());
        assert!(with("folders = [\"a\"]\ndeadline = \"2026-05-31\"").is_ok());
        assert!(matches!(
            with("folders = [\"a\"]\ndeadline = \"31/5\""),
            Err(MappingError::Deadline { .. })
        ));
        assert!(with("folders = [\"a\"]\ndeadline = \"31/5/2026\"").is_ok());
        let twice =
            with("folders = [\"a\"]\n[[category]]\ntitle = \"B\"\nid = \"a\"\nfolders = [\"b\"]");
        assert!(matches!(
            twice,
            Err(MappingError::CategoryTwice { id, first_line: 2, line: 7 }) if id == "a"
        ));
        assert!(matches!(
            with("folders = [\"--\"]"),
            Err(MappingError::Folders { .. })
        ));
        assert!(matches!(
            with("folders = [\"a\"]\nworkflow = \"none-such\""),
            Err(MappingError::WorkflowUnknown { .. })
        ));
        assert!(matches!(
            with("folders = [\"a\"]\nworkflows = \"x\""),
            Err(MappingError::Form(_))
        ));
    }
}
