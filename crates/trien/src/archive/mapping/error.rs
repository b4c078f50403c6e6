//! Why a mapping is not used, in both languages.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use crate::words::system_words;
use trien_policy::{Language, Workflow, WorkflowError};

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
    /// The list of staff lacks a column, or is no CSV.
    Staff(Box<dyn Error + Send + Sync>),
}

impl MappingError {
    /// What happened, with what the system says, in one language where that is known.
    #[must_use]
    pub fn told(&self, language: Language) -> String {
        match (self, language) {
            (Self::File(path, error), Language::En) => format!(
                "{} cannot be read: {}",
                path.display(),
                system_words(error, language)
            ),
            (Self::File(path, error), _) => format!(
                "không đọc được {}: {}",
                path.display(),
                system_words(error, language)
            ),
            _ => self.to_string(),
        }
    }
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
            Self::CategoryTwice {
                id,
                first_line,
                line,
            } => write!(
                formatter,
                "dòng {line}: đã có loại hồ sơ {id} ở dòng {first_line}: hãy đặt id khác, hoặc gộp \
                 folders của hai loại / line {line}: the category {id} is there already, in line \
                 {first_line}"
            ),
            Self::Level { name } => write!(
                formatter,
                "không có cấp học {name}: viết tieu-hoc, thcs hoặc thpt / there is no level {name}: \
                 write tieu-hoc, thcs or thpt"
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
                "hạn ký {text} không đúng: viết 31/05/2026, 2026-05-31 hoặc \
                 2026-05-31T17:00:00+07:00 / the deadline {text} is no day"
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
            Self::Folders { .. }
            | Self::CategoryTwice { .. }
            | Self::Level { .. }
            | Self::WorkflowUnknown { .. }
            | Self::Deadline { .. } => None,
        }
    }
}
