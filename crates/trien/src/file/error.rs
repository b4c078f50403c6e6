//! Why a file was not read or written, in sentences for people.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use trien_policy::Language;

use crate::words::system_words;

/// A file was not read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// It could not be opened or mapped.
    Open(PathBuf, std::io::Error),
    /// It is no regular file.
    NotAFile(PathBuf),
    /// The folder for the result is not there.
    NoSuchFolder(PathBuf),
    /// It could not be written; nothing is left of it.
    Write(PathBuf, std::io::Error),
    /// It would replace the file it was made from.
    WouldReplaceInput(PathBuf),
    /// It is no text in UTF-8.
    NotText(PathBuf),
    /// It goes on behind the octets that such a file may have.
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The octets that it may have.
        most: u64,
    },
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(path, _) => write!(formatter, "{} cannot be opened", path.display()),
            Self::NoSuchFolder(path) => {
                write!(
                    formatter,
                    "the folder {} is not there: make it first",
                    path.display()
                )
            }
            Self::NotAFile(path) => write!(formatter, "{} is no regular file", path.display()),
            Self::Write(path, _) => {
                write!(
                    formatter,
                    "{} cannot be written; nothing was changed",
                    path.display()
                )
            }
            Self::WouldReplaceInput(path) => write!(
                formatter,
                "{} is the input itself, which is never changed: name another output",
                path.display()
            ),
            Self::NotText(path) => write!(
                formatter,
                "{} is no text: save it as UTF-8, or check that it is the right file",
                path.display()
            ),
            Self::TooLarge { path, most } => write!(
                formatter,
                "{} has more than {} MB and was not read: check that it is the right file",
                path.display(),
                most >> 20
            ),
        }
    }
}

impl FileError {
    /// What happened and what to do, in a sentence for people that begins with the path.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let (path, vi) = match self {
            Self::Open(path, _) => (path, "không mở được tệp"),
            Self::NotAFile(path) => (
                path,
                "không phải là tệp thường (mà là thư mục, thiết bị hoặc liên kết): hãy chọn tên \
                 khác",
            ),
            Self::NoSuchFolder(path) => (path, "thư mục chưa có, hãy tạo trước"),
            Self::Write(path, _) => (path, "không ghi được tệp; chưa có gì thay đổi"),
            Self::WouldReplaceInput(path) => (
                path,
                "chính là tệp đầu vào, không được ghi đè: hãy chọn tên khác",
            ),
            Self::NotText(path) => (
                path,
                "không phải tệp văn bản: hãy lưu lại theo mã UTF-8, hoặc kiểm tra có đúng tệp không",
            ),
            Self::TooLarge { path, most } => {
                return match language {
                    Language::En => self.to_string(),
                    Language::Vi | _ => format!(
                        "{}: tệp lớn hơn {} MB nên không đọc: hãy kiểm tra có đúng tệp không",
                        path.display(),
                        most >> 20
                    ),
                };
            }
        };
        match language {
            Language::En => self.to_string(),
            Language::Vi | _ => format!("{}: {vi}", path.display()),
        }
    }

    /// The sentence with what the system says.
    #[must_use]
    pub fn told(&self, language: Language) -> String {
        let sentence = self.sentence(language);
        match self {
            Self::Open(_, error) | Self::Write(_, error) => {
                format!("{sentence}: {}", system_words(error, language))
            }
            Self::NoSuchFolder(_)
            | Self::NotAFile(_)
            | Self::NotText(_)
            | Self::TooLarge { .. }
            | Self::WouldReplaceInput(_) => sentence,
        }
    }
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Open(_, error) | Self::Write(_, error) => Some(error),
            Self::NoSuchFolder(_)
            | Self::NotAFile(_)
            | Self::NotText(_)
            | Self::TooLarge { .. }
            | Self::WouldReplaceInput(_) => None,
        }
    }
}
