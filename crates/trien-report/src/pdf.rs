//! The report as a PDF to be signed: the numbers, the five questions, and what is to be looked at.
//! Knows nothing of keys: whoever makes it signs it as any document.
//!
//! A signed report must show the same everywhere and for long: PDF/A-2b, its font embedded.

mod contents;
mod file;
mod further;
mod manifest;
mod questions;
mod sheets;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use trien::Language;
use trien::appearance::{AppearanceError, EmbeddedFont};
use trien::archive::{Record, Summary, Verdict};
use trien::mark::{MarkError, SerifFont};

use crate::view::{is_objected_to, reason, spoken, word_of};
use file::{About, Attachment};
use sheets::{Mark, Sheets};

pub use manifest::manifest;

/// Files that are listed as to be looked at: some hundred sheets. The report says how many more
/// there are.
const LISTED: usize = 2_000;

/// Workflows whose titles are kept: a school has some ten.
const WORKFLOWS: usize = 1_000;

/// A file that is to be looked at.
struct Objection {
    file: String,
    conclusion: String,
    why: String,
}

/// A report that is being gathered.
pub struct PdfReport {
    language: Language,
    title: Option<String>,
    objections: Vec<Objection>,
    further: usize,
    /// Titles of workflows by their ids.
    workflows: BTreeMap<String, String>,
    /// Titles of rules by their ids.
    profiles: BTreeMap<String, String>,
}

impl fmt::Debug for PdfReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PdfReport")
            .field("objections", &self.objections.len())
            .finish_non_exhaustive()
    }
}

/// Why there is no report.
#[derive(Debug)]
#[non_exhaustive]
pub enum PdfError {
    /// The font cannot be used.
    Font(MarkError),
    /// A text cannot be written with the font.
    Text(AppearanceError),
    /// The list of a manifest cannot be written.
    List(serde_json::Error),
}

impl fmt::Display for PdfError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Font(_) => "the report's font cannot be used: install Liberation Serif",
            Self::Text(_) => {
                "the report cannot be written with this font: install Liberation Serif"
            }
            Self::List(_) => "the list of records cannot be written: make it anew",
        })
    }
}

impl Error for PdfError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Font(source) => Some(source),
            Self::Text(source) => Some(source),
            Self::List(source) => Some(source),
        }
    }
}

impl From<MarkError> for PdfError {
    fn from(error: MarkError) -> Self {
        Self::Font(error)
    }
}

impl From<AppearanceError> for PdfError {
    fn from(error: AppearanceError) -> Self {
        Self::Text(error)
    }
}

impl PdfReport {
    /// A report in a language, under the name of what was verified where it has one.
    #[must_use]
    pub const fn new(language: Language, title: Option<String>) -> Self {
        Self {
            language,
            title,
            objections: Vec::new(),
            further: 0,
            workflows: BTreeMap::new(),
            profiles: BTreeMap::new(),
        }
    }

    /// Takes a record up, where it is to be looked at.
    pub fn record(&mut self, record: &Record) {
        if let Some(workflow) = &record.workflow
            && self.workflows.len() < WORKFLOWS
            && !self.workflows.contains_key(&workflow.id)
        {
            self.workflows
                .insert(workflow.id.clone(), workflow.title.clone());
        }
        let profiles = record
            .signatures
            .iter()
            .filter_map(|one| one.profile.as_ref());
        for profile in profiles {
            if self.profiles.len() < WORKFLOWS && !self.profiles.contains_key(&profile.id) {
                self.profiles
                    .insert(profile.id.clone(), profile.title.clone());
            }
        }
        if !is_objected_to(record) {
            return;
        }
        if self.objections.len() >= LISTED {
            self.further = self.further.saturating_add(1);
            return;
        }
        self.objections.push(Objection {
            file: record.file.clone(),
            conclusion: word_of(&Verdict::of(record)),
            why: spoken(&reason(record, self.language).unwrap_or_default()),
        });
    }

    /// The report as a PDF file.
    ///
    /// # Errors
    /// The font cannot be used.
    pub fn write(&self, summary: &Summary, font: &SerifFont) -> Result<Vec<u8>, PdfError> {
        let mut sheets = Sheets::new(font.face()?);
        contents::write(&mut sheets, self, summary)?;
        let title = self.title.as_deref();
        let title = title.unwrap_or(contents::title(self.language));
        written(sheets, font, (title, self.language), None)
    }
}

/// The sheets as a file, with feet.
fn written(
    sheets: Sheets<'_>,
    font: &SerifFont,
    (title, language): (&str, Language),
    attachment: Option<Attachment<'_>>,
) -> Result<Vec<u8>, PdfError> {
    let sheets = sheets.finish(|number, count| match language {
        Language::En => format!("Page {number} of {count}"),
        Language::Vi | _ => format!("Trang {number}/{count}"),
    })?;
    let texts = sheets.iter().flat_map(|sheet| &sheet.marks);
    let texts = texts.filter_map(|mark| match mark {
        Mark::Text { text, .. } => Some(text.as_str()),
        Mark::Area { .. } => None,
    });
    let embedded = EmbeddedFont::new(&font.face()?, texts)?;
    let about = About {
        title,
        language: match language {
            Language::En => "en",
            Language::Vi | _ => "vi",
        },
        attachment,
    };
    Ok(file::write(&sheets, &embedded, &about)?)
}
