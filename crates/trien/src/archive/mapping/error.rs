//! Why a mapping is not used, in both languages.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use trien_policy::{Language, Workflow, WorkflowError, toml_words};

use super::StaffError;
use crate::FileError;

/// A mapping cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum MappingError {
    /// A file cannot be read.
    File(FileError),
    /// The text is no mapping.
    Form(Box<toml::de::Error>),
    /// A kind of record names no folder, or a name without letters.
    Folders {
        /// Its id.
        category: String,
    },
    /// Two kinds of record have the same id.
    CategoryTwice {
        /// The id.
        id: String,
        /// The line of the first, from 1.
        first_line: usize,
        /// The line of the second, from 1.
        line: usize,
    },
    /// A level of schooling is none of those that are known.
    Level {
        /// What stands there.
        name: String,
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
    /// The list of staff cannot be used.
    Staff {
        /// Its file.
        path: PathBuf,
        /// Why.
        error: StaffError,
    },
}

impl MappingError {
    /// What is wrong and what to do, in a sentence for people.
    #[must_use]
    pub fn told(&self, language: Language) -> String {
        match language {
            Language::En => self.english(),
            Language::Vi | _ => self.vietnamese(),
        }
    }

    fn vietnamese(&self) -> String {
        match self {
            Self::File(error) => error.told(Language::Vi),
            Self::Form(error) => format!(
                "tệp ánh xạ thư mục không đúng dạng: {}",
                toml_words(error, Language::Vi)
            ),
            Self::Folders { category } => {
                format!("loại hồ sơ {category} chưa có tên thư mục: thêm folders = [\"…\"]")
            }
            Self::CategoryTwice {
                id,
                first_line,
                line,
            } => format!(
                "dòng {line}: đã có loại hồ sơ {id} ở dòng {first_line}: hãy đặt id khác, hoặc gộp \
                 folders của hai loại"
            ),
            Self::Level { name } => {
                format!("không có cấp học {name}: viết tieu-hoc, thcs hoặc thpt")
            }
            Self::WorkflowUnknown { name } => format!(
                "không có quy trình {name}: dùng một trong {} hoặc tên tệp TOML",
                Workflow::ready_ids().join(", ")
            ),
            Self::Workflow { name, error } => format!(
                "{name} không phải là quy trình: {}",
                error.sentence(Language::Vi)
            ),
            Self::Deadline { text } => format!(
                "hạn ký {text} không đúng: viết 31/05/2026, 2026-05-31 hoặc \
                 2026-05-31T17:00:00+07:00"
            ),
            Self::Staff { path, error } => format!(
                "danh sách nhân sự {}: {}",
                path.display(),
                error.told(Language::Vi)
            ),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::File(error) => error.told(Language::En),
            Self::Form(error) => format!(
                "the mapping of folders has a wrong form: {}",
                toml_words(error, Language::En)
            ),
            Self::Folders { category } => {
                format!("the category {category} names no folders: add folders = [\"…\"]")
            }
            Self::CategoryTwice {
                id,
                first_line,
                line,
            } => format!(
                "line {line}: the category {id} is there already, in line {first_line}: give it \
                 another id, or put both folders under one"
            ),
            Self::Level { name } => {
                format!("there is no level {name}: write tieu-hoc, thcs or thpt")
            }
            Self::WorkflowUnknown { name } => format!(
                "there is no workflow {name}: name one of {} or a TOML file",
                Workflow::ready_ids().join(", ")
            ),
            Self::Workflow { name, error } => format!("{name} is no workflow: {error}"),
            Self::Deadline { text } => format!(
                "the deadline {text} is no day: write 31/05/2026, 2026-05-31 or a time with its \
                 offset"
            ),
            Self::Staff { path, error } => {
                format!("the list of staff {}: {error}", path.display())
            }
        }
    }
}

impl fmt::Display for MappingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.english())
    }
}

impl Error for MappingError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File(error) => Some(error),
            Self::Form(error) => Some(error),
            Self::Workflow { error, .. } => Some(error),
            // Told in the sentence itself.
            Self::Staff { .. }
            | Self::Folders { .. }
            | Self::CategoryTwice { .. }
            | Self::Level { .. }
            | Self::WorkflowUnknown { .. }
            | Self::Deadline { .. } => None,
        }
    }
}
