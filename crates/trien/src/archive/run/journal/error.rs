//! Why a journal, or the key that binds it, is not used.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use trien_policy::Language;

use crate::system_words;

/// A journal cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be opened or read.
    Read(PathBuf, std::io::Error),
    /// It cannot be written.
    Write(PathBuf, std::io::Error),
    /// The file is no journal.
    NoJournal(PathBuf),
    /// It is of a run with other settings or at another time.
    OtherSettings(PathBuf),
    /// Another run writes to it.
    InUse(PathBuf),
    /// It is somebody else's file, or others may write to it.
    OthersMayWrite(PathBuf),
    /// The key cannot be read or made.
    Key(PathBuf, std::io::Error),
    /// The key is somebody else's file, or others may read it.
    KeyExposed(PathBuf),
    /// The file of the key holds none.
    KeyMalformed(PathBuf),
    /// The system gives no random octets for a key.
    NoRandomness,
}

impl JournalError {
    const fn words(&self) -> (Option<&PathBuf>, &'static str, &'static str) {
        match self {
            Self::Read(path, _) => (
                Some(path),
                "không đọc được nhật ký",
                "the journal cannot be read",
            ),
            Self::Write(path, _) => (
                Some(path),
                "không ghi được nhật ký",
                "the journal cannot be written",
            ),
            Self::NoJournal(path) => (
                Some(path),
                "tệp này không phải nhật ký của verify: hãy chọn tên khác",
                "this file is no journal: name another",
            ),
            Self::OtherSettings(path) => (
                Some(path),
                "nhật ký thuộc lần kiểm tra với thiết lập khác (--anchors, --profile, --at, --evidence, \
                 --online, --mapping hoặc --lang): kết luận có thể khác nên không dùng chung; hãy dùng \
                 đúng thiết lập cũ, hoặc chọn tên nhật ký mới",
                "the journal is of a run with other settings (--anchors, --profile, --at, --evidence, \
                 --online, --mapping or --lang), under which verdicts may differ: use the same, or \
                 name another journal",
            ),
            Self::InUse(path) => (
                Some(path),
                "một lần kiểm tra khác đang ghi nhật ký này",
                "another run writes to this journal",
            ),
            Self::OthersMayWrite(path) => (
                Some(path),
                "nhật ký thuộc người khác hoặc người khác ghi được vào: hãy chọn tên khác, trong \
                 thư mục của riêng mình",
                "the journal is somebody else's, or others may write to it: name another, in a \
                 folder of your own",
            ),
            Self::Key(path, _) => (
                Some(path),
                "không đọc hoặc không tạo được khóa của nhật ký",
                "the key of journals cannot be read or made",
            ),
            Self::KeyExposed(path) => (
                Some(path),
                "khóa của nhật ký thuộc người khác hoặc người khác đọc được: hãy xóa tệp này để tạo \
                 khóa mới (các nhật ký cũ sẽ được kiểm tra lại từ đầu)",
                "the key of journals is somebody else's, or others may read it: delete this file \
                 for a new one (what old journals tell is then judged again)",
            ),
            Self::KeyMalformed(path) => (
                Some(path),
                "tệp khóa của nhật ký bị hỏng: hãy xóa tệp này để tạo khóa mới (các nhật ký cũ sẽ \
                 được kiểm tra lại từ đầu)",
                "the key of journals is damaged: delete this file for a new one (what old journals \
                 tell is then judged again)",
            ),
            Self::NoRandomness => (
                None,
                "hệ thống không cho số ngẫu nhiên để tạo khóa của nhật ký: hãy thử lại sau",
                "the system gives no random octets for a key: try again later",
            ),
        }
    }
}

impl JournalError {
    /// What happened and what to do, with what the system says, for people.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let (path, vi, en) = self.words();
        let mut said = path.map_or_else(String::new, |path| format!("{}: ", path.display()));
        said.push_str(match language {
            Language::En => en,
            Language::Vi | _ => vi,
        });
        if let Self::Read(_, error) | Self::Write(_, error) | Self::Key(_, error) = self {
            said.push_str(": ");
            said.push_str(&system_words(error, language));
        }
        said
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, vi, en) = self.words();
        if let Some(path) = path {
            write!(formatter, "{}: ", path.display())?;
        }
        write!(formatter, "{vi} / {en}")
    }
}

impl Error for JournalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read(_, error) | Self::Write(_, error) | Self::Key(_, error) => Some(error),
            Self::NoJournal(_)
            | Self::OtherSettings(_)
            | Self::InUse(_)
            | Self::OthersMayWrite(_)
            | Self::KeyExposed(_)
            | Self::KeyMalformed(_)
            | Self::NoRandomness => None,
        }
    }
}
