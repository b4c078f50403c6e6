//! Mappings in TOML.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use trien_policy::{Workflow, WorkflowError};
use trien_types::UnixTime;

use super::staff::{self, StaffMember};
use super::{Category, DEFAULT_MAPPING, Mapping, Scans, School, SignatureNeed, folded};

/// A mapping cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum MappingError {
    /// A file cannot be read.
    File(PathBuf, std::io::Error),
    /// The text is no mapping.
    Form(Box<dyn Error + Send + Sync>),
    /// A kind of record names no folder, or a name without letters.
    Folders {
        /// Its id.
        category: String,
    },
    /// A workflow is neither a ready one nor a file.
    WorkflowUnknown {
        /// Its name.
        name: String,
    },
    /// A workflow's file holds none.
    Workflow {
        /// Its name.
        name: String,
        /// Why.
        error: WorkflowError,
    },
    /// A deadline is no day and no time.
    Deadline {
        /// What stands there.
        text: String,
    },
    /// The list of staff lacks a column, or is no CSV.
    Staff(Box<dyn Error + Send + Sync>),
}

impl fmt::Display for MappingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, _) => write!(
                formatter,
                "không đọc được {0} / {0} cannot be read",
                path.display()
            ),
            Self::Form(_) => formatter.write_str(
                "tệp ánh xạ thư mục không đúng dạng / the mapping of folders has a wrong form",
            ),
            Self::Folders { category } => write!(
                formatter,
                "loại hồ sơ {category} chưa có tên thư mục: thêm folders = [\"…\"] / the category \
                 {category} names no folders"
            ),
            Self::WorkflowUnknown { name } => write!(
                formatter,
                "không có quy trình {name}: dùng một trong {ready} hoặc tên tệp TOML / there is no \
                 workflow {name}",
                ready = Workflow::ready_ids().join(", ")
            ),
            Self::Workflow { name, .. } => write!(
                formatter,
                "{name} không phải là quy trình / {name} is no workflow"
            ),
            Self::Deadline { text } => write!(
                formatter,
                "hạn ký {text} không đúng: viết 2026-05-31 hoặc 2026-05-31T17:00:00+07:00 / the \
                 deadline {text} is no day"
            ),
            Self::Staff(_) => formatter.write_str(
                "danh sách nhân sự cần là tệp CSV có cột ho_ten (thêm: dinh_danh, serial, truong) \
                 / the list of staff must be CSV with a column ho_ten or name",
            ),
        }
    }
}

impl Error for MappingError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File(_, error) => Some(error),
            Self::Form(error) | Self::Staff(error) => Some(error.as_ref()),
            Self::Workflow { error, .. } => Some(error),
            Self::Folders { .. } | Self::WorkflowUnknown { .. } | Self::Deadline { .. } => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    /// `first-folder`, or left out.
    school: Option<SchoolText>,
    school_name: Option<String>,
    staff: Option<PathBuf>,
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
    id: String,
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
        let read: Text = toml::from_str(text).map_err(|error| MappingError::Form(error.into()))?;
        let staff = match read.staff {
            None => None,
            Some(path) => Some(staff::read(&text_of(&folder.join(path))?)?),
        };
        Ok(Self {
            school: match (read.school_name, read.school) {
                (Some(name), _) => School::Named(name),
                (None, Some(SchoolText::FirstFolder)) => School::FirstFolder,
                (None, None) => School::Unknown,
            },
            categories: read
                .category
                .into_iter()
                .map(|category| category.read(folder))
                .collect::<Result<_, _>>()?,
            staff,
        })
    }

    /// The same with a list of staff.
    #[must_use]
    pub fn with_staff(mut self, staff: Vec<StaffMember>) -> Self {
        self.staff = Some(staff);
        self
    }
}

impl CategoryText {
    fn read(self, folder: &Path) -> Result<Category, MappingError> {
        let folders: Vec<String> = self.folders.iter().map(|name| folded(name)).collect();
        if folders.is_empty() || folders.iter().any(String::is_empty) {
            return Err(MappingError::Folders { category: self.id });
        }
        let names = match self.workflow {
            Names::None => Vec::new(),
            Names::One(name) => vec![name],
            Names::Several(names) => names,
        };
        Ok(Category {
            title_en: self.title_en.unwrap_or_else(|| self.title.clone()),
            id: self.id,
            title: self.title,
            folders,
            workflows: names
                .into_iter()
                .map(|name| workflow(name, folder))
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
    UnixTime::from_rfc3339(&text)
        .or_else(|_| UnixTime::from_rfc3339(&format!("{text}T23:59:59+07:00")))
        .map_err(|_| MappingError::Deadline { text })
}

fn text_of(path: &Path) -> Result<String, MappingError> {
    std::fs::read_to_string(path).map_err(|error| MappingError::File(path.to_owned(), error))
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
