//! What is wrong with a configuration file, in the words of who wrote it.
//! Does not know how it is read.

use std::fmt;

use trien::Language;

/// The file is no configuration: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub(super) faults: Vec<ConfigFault>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigFault {
    /// The line, from 1.
    pub line: usize,
    /// The key with the tables it is in, such as `limits.job-seconds`; empty where the text is no
    /// TOML.
    pub key: String,
    /// What.
    pub kind: ConfigFaultKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigFaultKind {
    /// The file is no text in UTF-8.
    NotText,
    /// The text is no TOML; the message of its reader.
    NotToml(String),
    /// There is no such key; the one that was perhaps meant.
    UnknownKey(Option<&'static str>),
    /// The value is another one than expected.
    Value(Expected),
}

/// What a key expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// An absolute path.
    AbsolutePath,
    /// A list of absolute paths.
    AbsolutePaths,
    /// A list of http or https addresses.
    Addresses,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A whole number in this range.
    Number {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
    },
    /// A table: `[name]` and its keys below.
    Table,
    /// A list of texts that are not empty.
    Texts,
}

impl ConfigError {
    /// The file is no text from behind these octets on.
    pub(super) fn not_text(before: &[u8]) -> Self {
        let ends = before.iter().filter(|octet| **octet == b'\n').count();
        Self {
            faults: vec![ConfigFault {
                line: ends.saturating_add(1),
                key: String::new(),
                kind: ConfigFaultKind::NotText,
            }],
        }
    }

    /// What is wrong, in the order of the file.
    #[must_use]
    pub fn faults(&self) -> &[ConfigFault] {
        &self.faults
    }
}

impl ConfigFault {
    /// One line that says where, what, and what is expected.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let Self { line, key, kind } = self;
        if language == Language::En {
            return match kind {
                ConfigFaultKind::NotText => {
                    format!("line {line}: not UTF-8: save the file as UTF-8")
                }
                ConfigFaultKind::NotToml(message) => format!("line {line}: not TOML: {message}"),
                ConfigFaultKind::UnknownKey(None) => format!("line {line}: there is no key {key}"),
                ConfigFaultKind::UnknownKey(Some(meant)) => {
                    format!("line {line}: there is no key {key}; perhaps {meant} is meant")
                }
                ConfigFaultKind::Value(expected) => {
                    format!("line {line}: {key} expects {}", expected.english())
                }
            };
        }
        match kind {
            ConfigFaultKind::NotText => {
                format!("dòng {line}: không phải UTF-8: hãy lưu tệp dạng UTF-8")
            }
            // The reader speaks English; what it says most is told apart.
            ConfigFaultKind::NotToml(message) if message.contains("duplicate key") => {
                format!("dòng {line}: khóa này đã có ở trên")
            }
            ConfigFaultKind::NotToml(_) => format!(
                "dòng {line}: không đúng dạng TOML: hãy xem dấu bằng, ngoặc kép và ngoặc vuông"
            ),
            ConfigFaultKind::UnknownKey(None) => format!("dòng {line}: không có khóa {key}"),
            ConfigFaultKind::UnknownKey(Some(meant)) => {
                format!("dòng {line}: không có khóa {key}; có phải là {meant}?")
            }
            ConfigFaultKind::Value(expected) => {
                format!("dòng {line}: {key} cần {}", expected.vietnamese())
            }
        }
    }
}

impl Expected {
    fn english(self) -> String {
        match self {
            Self::AbsolutePath => "an absolute path in quotes".to_owned(),
            Self::AbsolutePaths => "a list of absolute paths: [\"/usr/lib/x.so\"]".to_owned(),
            Self::Addresses => "a list of addresses: [\"http://tsa.example/\"]".to_owned(),
            Self::OneOf(words) => format!("one of: {}", words.join(", ")),
            Self::Number { least, most } => format!("a whole number from {least} to {most}"),
            Self::Table => "a table: its name in brackets on a line, its keys below".to_owned(),
            Self::Texts => "a list of texts: [\"firefox\", \"--new-window\"]".to_owned(),
        }
    }

    fn vietnamese(self) -> String {
        match self {
            Self::AbsolutePath => "đường dẫn đầy đủ trong ngoặc kép".to_owned(),
            Self::AbsolutePaths => "danh sách đường dẫn đầy đủ: [\"/usr/lib/x.so\"]".to_owned(),
            Self::Addresses => "danh sách địa chỉ: [\"http://tsa.example/\"]".to_owned(),
            Self::OneOf(words) => format!("một trong: {}", words.join(", ")),
            Self::Number { least, most } => format!("số nguyên từ {least} đến {most}"),
            Self::Table => "một bảng: tên trong ngoặc vuông, các khóa ở dưới".to_owned(),
            Self::Texts => "danh sách chữ: [\"firefox\", \"--new-window\"]".to_owned(),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the configuration cannot be used: ")?;
        for (number, fault) in self.faults.iter().enumerate() {
            if number > 0 {
                formatter.write_str("; ")?;
            }
            formatter.write_str(&fault.sentence(Language::En))?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
