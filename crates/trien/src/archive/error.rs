//! Why a place in an archive was not read, in both languages.

use std::error::Error;
use std::fmt;

use trien_policy::Language;

use crate::FileError;
use crate::words::system_words;

/// A file, folder or zip archive was not read. The run goes on with the next.
#[derive(Debug)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The file cannot be opened.
    File(FileError),
    /// The folder cannot be listed, or the path is not there.
    Folder(std::io::Error),
    /// Folders stand inside one another deeper than [`super::ArchiveLimits::depth`].
    FolderDepth,
    /// A pattern with `*`, `?` or `[` cannot be read.
    Pattern,
    /// A pattern fits no file.
    PatternEmpty,
    /// The zip archive cannot be read.
    Zip(Box<dyn Error + Send + Sync>),
    /// It states more entries than [`super::ArchiveLimits::entries`].
    ZipEntries,
    /// Its directory, its entries and what they hold do not say the same, so that programs see
    /// different files.
    ZipInconsistent,
    /// Entries bear the same name, so that one hides another.
    ZipNamesTwice,
    /// The entry is encrypted.
    EntryEncrypted,
    /// The entry is packed in a way that is not read.
    EntryMethod(PackingMethod),
    /// The entry cannot be unpacked.
    Entry(Box<dyn Error + Send + Sync>),
    /// The entry unpacks to more than [`super::ArchiveLimits::entry_octets`], or to more than it
    /// states.
    EntrySize,
    /// The entry unpacks to more than [`super::ArchiveLimits::ratio`] times its size.
    EntryRatio,
    /// The entries before it used up what the archive may unpack to.
    ArchiveSize,
    /// A zip archive inside a zip archive.
    Nested,
}

impl ArchiveError {
    /// What happened and what to do, in a sentence for people.
    #[must_use]
    pub const fn sentence(&self, language: Language) -> &'static str {
        let (vi, en) = match self {
            Self::File(_) => ("không mở được tệp", "the file cannot be opened"),
            Self::Folder(_) => (
                "không xem được thư mục hoặc đường dẫn này: hãy kiểm tra tên và quyền đọc",
                "this folder or path cannot be looked into: check its name and your rights",
            ),
            Self::FolderDepth => (
                "quá nhiều thư mục lồng nhau: hãy kiểm tra riêng thư mục bên trong",
                "too many folders inside one another: verify the inner one by itself",
            ),
            Self::Pattern => (
                "mẫu tên tệp không đúng",
                "the pattern of names cannot be read",
            ),
            Self::PatternEmpty => (
                "không có tệp nào khớp với mẫu tên này",
                "no file fits this pattern",
            ),
            Self::Zip(_) => (
                "tệp zip bị hỏng, bị cắt hoặc không phải tệp zip: hãy chép lại từ nơi gửi",
                "the zip archive is damaged, cut off, or none at all: copy it again",
            ),
            Self::ZipEntries => (
                "tệp zip có quá nhiều mục: hãy giải nén rồi kiểm tra thư mục",
                "the zip archive has too many entries: unpack it and verify the folder",
            ),
            Self::ZipInconsistent => (
                "tệp zip không nhất quán: mục lục và nội dung khác nhau, hãy yêu cầu gửi lại",
                "the zip archive is inconsistent: its directory and its content differ, ask for it anew",
            ),
            Self::ZipNamesTwice => (
                "tệp zip có nhiều mục trùng tên, mục này che mục kia: hãy yêu cầu gửi lại",
                "entries of the zip archive bear the same name and hide one another: ask for it anew",
            ),
            Self::EntryEncrypted => (
                "mục trong tệp zip được đặt mật khẩu: hãy giải nén rồi kiểm tra",
                "the entry of the zip archive has a password: unpack it first",
            ),
            Self::EntryMethod(_) => (
                "mục trong tệp zip được nén bằng cách mà chương trình này không đọc: hãy giải nén \
                 bằng chương trình khác (7-Zip, WinRAR…) rồi kiểm tra thư mục",
                "the entry is packed by a method that is not read here: unpack it with another \
                 program (7-Zip, WinRAR…) and verify the folder",
            ),
            Self::Entry(_) => (
                "không giải nén được mục trong tệp zip: tệp zip bị hỏng",
                "the entry cannot be unpacked: the zip archive is damaged",
            ),
            Self::EntrySize => (
                "mục trong tệp zip quá lớn hoặc lớn hơn kích thước đã ghi",
                "the entry unpacks to more than allowed, or to more than it states",
            ),
            Self::EntryRatio => (
                "mục trong tệp zip được nén bất thường (nghi là bom zip) nên không mở",
                "the entry is packed beyond reason (a zip bomb?) and is not opened",
            ),
            Self::ArchiveSize => (
                "tệp zip giải nén ra quá lớn (nghi là bom zip): các mục còn lại không được mở",
                "the zip archive unpacks to too much (a zip bomb?): its other entries stay closed",
            ),
            Self::Nested => (
                "tệp zip nằm trong tệp zip không được mở: hãy giải nén rồi kiểm tra riêng",
                "a zip archive inside another is not opened: unpack it and verify it by itself",
            ),
        };
        match language {
            Language::En => en,
            Language::Vi | _ => vi,
        }
    }

    /// The sentence with what the system says, as a report states it.
    #[must_use]
    pub fn told(&self, language: Language) -> String {
        let sentence = self.sentence(language);
        if let Self::EntryMethod(method) = self {
            return method.told(language);
        }
        let (system, cause): (Option<&std::io::Error>, _) = match self.cause() {
            Cause::File(error) => return error.told(language),
            Cause::System(error) => (Some(error), None),
            Cause::Packed(error) => (error.downcast_ref(), Some(error)),
            Cause::None => (None, None),
        };
        match (system, cause, language) {
            (Some(error), ..) => format!("{sentence}: {}", system_words(error, language)),
            // What is packed wrongly is told by the sentence; the details are another library's.
            (None, Some(cause), Language::En) => format!("{sentence}: {cause}"),
            _ => sentence.to_owned(),
        }
    }

    /// What it came of.
    fn cause(&self) -> Cause<'_> {
        match self {
            Self::File(error) => Cause::File(error),
            Self::Folder(error) => Cause::System(error),
            Self::Zip(error) | Self::Entry(error) => Cause::Packed(error.as_ref()),
            Self::FolderDepth
            | Self::Pattern
            | Self::PatternEmpty
            | Self::ZipEntries
            | Self::ZipInconsistent
            | Self::ZipNamesTwice
            | Self::EntryEncrypted
            | Self::EntryMethod(_)
            | Self::EntrySize
            | Self::EntryRatio
            | Self::ArchiveSize
            | Self::Nested => Cause::None,
        }
    }
}

/// A method that entries of zip archives are packed by, as they state it (APPNOTE 4.4.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackingMethod(u16);

impl PackingMethod {
    pub(super) const fn new(number: u16) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// Its name as programs that pack call it; `None` where it has none.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "Stored",
            1 => "Shrink",
            2..=5 => "Reduce",
            6 => "Implode",
            8 => "Deflate",
            9 => "Deflate64",
            10 => "PKWARE DCL Implode",
            12 => "bzip2",
            14 => "LZMA",
            16 => "IBM z/OS CMPSC",
            18 => "IBM TERSE",
            19 => "IBM LZ77",
            20 | 93 => "Zstandard",
            94 => "MP3",
            95 => "XZ",
            96 => "JPEG",
            97 => "WavPack",
            98 => "PPMd",
            _ => return None,
        })
    }

    fn told(self, language: Language) -> String {
        let number = self.0;
        match (self.name(), language) {
            (Some(name), Language::En) => format!(
                "the entry of the zip archive is packed by {name} (method {number}), which is not \
                 read here: unpack the archive with another program (7-Zip, WinRAR…) and verify \
                 the folder"
            ),
            (None, Language::En) => format!(
                "the entry of the zip archive is packed by method {number}, which is not read here: \
                 unpack the archive with another program (7-Zip, WinRAR…) and verify the folder"
            ),
            (Some(name), _) => format!(
                "mục trong tệp zip được nén theo {name} (cách nén {number}), chương trình này không \
                 đọc được: hãy giải nén tệp zip bằng chương trình khác (7-Zip, WinRAR…) rồi kiểm \
                 tra thư mục"
            ),
            (None, _) => format!(
                "mục trong tệp zip được nén theo cách nén {number}, chương trình này không đọc được: \
                 hãy giải nén tệp zip bằng chương trình khác (7-Zip, WinRAR…) rồi kiểm tra thư mục"
            ),
        }
    }
}

/// What an error came of.
enum Cause<'e> {
    None,
    File(&'e FileError),
    System(&'e std::io::Error),
    /// What the reader of zip archives says.
    Packed(&'e (dyn Error + Send + Sync + 'static)),
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.sentence(Language::En))
    }
}

impl Error for ArchiveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.cause() {
            Cause::None => None,
            Cause::File(error) => Some(error),
            Cause::System(error) => Some(error),
            Cause::Packed(error) => Some(error),
        }
    }
}
