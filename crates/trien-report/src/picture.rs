//! Pictures of the pages of a document, with the places of its marks and of later changes.
//! Draws in processes of their own, a bounded number of times; judges nothing.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use trien::archive::Record;
use trien::{ChangeVerdict, Document, Limits, MappedFile, PageView};
use trien_preview::{DrawFault, draw_page, run_page_drawer};

use crate::view::is_objected_to;

/// Documents with pictures unless it is said otherwise: some minutes of drawing, some 30 MB.
pub const PICTURED_DOCUMENTS: usize = 200;

/// Pages of a document that are drawn: those with marks or changes first.
pub const PICTURED_PAGES: usize = 4;

/// Width of a picture in pixels: text can be read, and a page has some 60 kB.
const WIDTH: u16 = 560;

/// Outlines on a page: whoever adds 100,000 annotations shall not make the report unreadable.
const OUTLINES: usize = 100;

/// The word that makes a program draw a page; see [`draw_if_asked`].
const DRAWER: &str = "page-drawer";

/// Which documents have pictures of their pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Thumbnails {
    /// None.
    None,
    /// Those that somebody has to look at, the first [`PICTURED_DOCUMENTS`].
    #[default]
    Objections,
    /// All.
    All,
}

/// Whether the program was started to draw a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DrawRequest {
    /// It was not: go on.
    NotAsked,
    /// It was, and has drawn: end with this status.
    Ended(u8),
}

/// Draws a page where the arguments of the program (without its name) say so. A program that makes
/// reports with pictures calls this first of all.
#[must_use]
pub fn draw_if_asked(arguments: impl IntoIterator<Item = OsString>) -> DrawRequest {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let [word, page, width] = arguments.as_slice() else {
        return DrawRequest::NotAsked;
    };
    let after = |argument: &OsString, name: &str| {
        argument
            .to_str()
            .and_then(|text| text.strip_prefix(name)?.parse::<u16>().ok())
    };
    match (after(page, "--page="), after(width, "--width=")) {
        (Some(page), Some(width)) if word == DRAWER => DrawRequest::Ended(
            run_page_drawer(page.into(), width).map_or_else(DrawFault::status, |()| 0),
        ),
        _ => DrawRequest::NotAsked,
    }
}

/// A page as it is shown in the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DocumentPicture {
    /// The page, from 1.
    pub page: usize,
    /// Width of the page over its height.
    pub proportion: f64,
    /// The picture as a data address; `None` where it could not be drawn.
    pub image: Option<String>,
    /// Where marks and changes are.
    pub outlines: Vec<Outline>,
}

/// A place on a page as it is shown, in parts of its width and height from the upper left corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Outline {
    /// The signature, from 0.
    pub signature: usize,
    /// What is there.
    pub kind: OutlineKind,
    /// Left, top, width, height, each 0 to 1.
    pub area: [f64; 4],
}

/// What is outlined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OutlineKind {
    /// The mark of a signature.
    Mark,
    /// A change that may follow the signature.
    Permitted,
    /// A change that may not.
    Forbidden,
}

/// Has pages drawn.
#[derive(Debug)]
pub struct Illustrator {
    program: PathBuf,
    which: Thumbnails,
    left: usize,
}

impl Illustrator {
    /// With drawing processes of the running program, which must call [`draw_if_asked`].
    ///
    /// # Errors
    /// The system does not tell which program runs.
    pub fn new(which: Thumbnails) -> std::io::Result<Self> {
        Ok(Self::of_program(std::env::current_exe()?, which))
    }

    /// With drawing processes of another program that calls [`draw_if_asked`].
    #[must_use]
    pub const fn of_program(program: PathBuf, which: Thumbnails) -> Self {
        Self {
            program,
            which,
            left: PICTURED_DOCUMENTS,
        }
    }

    /// Whether this document has pictures: whoever must first unpack it asks before.
    #[must_use]
    pub fn wants(&self, record: &Record) -> bool {
        match self.which {
            Thumbnails::None => false,
            Thumbnails::Objections => {
                self.left > 0 && is_objected_to(record) && !record.signatures.is_empty()
            }
            Thumbnails::All => true,
        }
    }

    /// The pictures of a document; none where none are wanted or it cannot be read.
    pub fn pictures(&mut self, record: &Record, document: &File) -> Vec<DocumentPicture> {
        if !self.wants(record) {
            return Vec::new();
        }
        self.left = self.left.saturating_sub(1);
        let Ok(octets) = MappedFile::map(document) else {
            return Vec::new();
        };
        let Ok(opened) = Document::open(&octets, &Limits::default()) else {
            return Vec::new();
        };
        pages_of(record)
            .into_iter()
            .filter_map(|page| {
                let index = page.checked_sub(1)?;
                let view = *opened.page(index).ok()?.view();
                let (width, height) = view.size();
                let proportion = width / height;
                (proportion.is_finite() && proportion > 0.0).then(|| DocumentPicture {
                    page,
                    proportion,
                    image: self.image(document, index),
                    outlines: outlines_of(record, page, &view),
                })
            })
            .collect()
    }

    fn image(&self, document: &File, index: usize) -> Option<String> {
        let mut again = document.try_clone().ok()?;
        // The place in the file is that of all its handles.
        again.seek(SeekFrom::Start(0)).ok()?;
        let mut drawer = Command::new(&self.program);
        let picture = draw_page(drawer.arg(DRAWER), again, index, WIDTH).ok()?;
        Some(format!(
            "data:image/png;base64,{}",
            STANDARD.encode(picture.png)
        ))
    }
}

/// The pages to draw, in order: those with marks or forbidden changes, then those with others, then
/// the first ones.
fn pages_of(record: &Record) -> Vec<usize> {
    let marks = record
        .signatures
        .iter()
        .filter_map(|signature| signature.placed.as_ref())
        .map(|placed| placed.page);
    let changes = |verdict: ChangeVerdict| {
        record
            .signatures
            .iter()
            .flat_map(|signature| &signature.change_list)
            .filter(move |change| change.verdict == verdict)
            .filter_map(|change| change.page)
    };
    let all = 1..=record.archive.pages.unwrap_or(1);
    let mut pages = Vec::new();
    for page in changes(ChangeVerdict::Forbidden)
        .chain(marks)
        .chain(changes(ChangeVerdict::Permitted))
        .chain(all)
    {
        if pages.len() == PICTURED_PAGES {
            break;
        }
        if page > 0 && !pages.contains(&page) {
            pages.push(page);
        }
    }
    pages.sort_unstable();
    pages
}

fn outlines_of(record: &Record, page: usize, view: &PageView) -> Vec<Outline> {
    let mut outlines: Vec<Outline> = Vec::new();
    for (signature, of) in record.signatures.iter().enumerate() {
        let mark = of
            .placed
            .iter()
            .filter(|placed| placed.page == page)
            .map(|placed| (OutlineKind::Mark, placed.rectangle));
        let changes = of
            .change_list
            .iter()
            .filter(|change| change.page == Some(page))
            .filter_map(|change| {
                let kind = match change.verdict {
                    ChangeVerdict::Permitted => OutlineKind::Permitted,
                    ChangeVerdict::Forbidden | _ => OutlineKind::Forbidden,
                };
                Some((kind, change.rectangle?))
            });
        for (kind, rectangle) in mark.chain(changes) {
            let Some(area) = part_of_page(view, rectangle) else {
                continue;
            };
            // The same change stands behind each of the signatures before it.
            let known = |known: &Outline| known.kind == kind && known.area == area;
            if outlines.len() < OUTLINES && !outlines.iter().any(known) {
                outlines.push(Outline {
                    signature,
                    kind,
                    area,
                });
            }
        }
    }
    outlines
}

/// `None` for what cannot be seen.
fn part_of_page(view: &PageView, rectangle: [f64; 4]) -> Option<[f64; 4]> {
    let area = view.shown(rectangle);
    let (width, height) = view.size();
    let (left, right) = (area.left.max(0.0), area.right().min(width));
    let (top, bottom) = (area.top.max(0.0), area.bottom().min(height));
    let parts = [
        left / width,
        top / height,
        (right - left) / width,
        (bottom - top) / height,
    ];
    let seen = right > left && bottom > top && parts.iter().all(|part| part.is_finite());
    seen.then_some(parts.map(|part| (part * 10_000.0).round() / 10_000.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::{SIGNATURE, record};

    fn signed(pages: usize, mark: usize, change: usize) -> Record {
        let signature = SIGNATURE.replacen(
            '{',
            &format!(
                r#"{{"placed":{{"page":{mark},"rectangle":[0,0,9,9]}},"change_list":[{{
                "revision":2,"object":null,"kind":"field-filled","field":null,"page":{change},
                "rectangle":null,"old_value":null,"new_value":null,"covers":null,
                "verdict":"forbidden"}}],"#
            ),
            1,
        );
        let mut record = record("invalid", &signature, "");
        record.archive.pages = Some(pages);
        record
    }

    #[test]
    fn pages_with_something_to_see_come_first() {
        assert_eq!(pages_of(&signed(300, 40, 41)), [1, 2, 40, 41]);
        assert_eq!(pages_of(&signed(2, 1, 0)), [1, 2]);
        assert_eq!(pages_of(&record("unsigned", "", "")), [1]);
    }

    #[test]
    fn only_exact_words_make_a_program_draw() {
        let asked = |words: &[&str]| draw_if_asked(words.iter().map(OsString::from));
        assert_eq!(asked(&["page-drawer"]), DrawRequest::NotAsked);
        assert_eq!(
            asked(&["page-drawer", "a.pdf", "b.pdf"]),
            DrawRequest::NotAsked
        );
        assert_eq!(
            asked(&["a.pdf", "--page=0", "--width=100"]),
            DrawRequest::NotAsked
        );
    }

    #[test]
    fn no_more_documents_are_drawn_than_may() {
        let mut illustrator = Illustrator::of_program("/nowhere".into(), Thumbnails::Objections);
        let record = signed(1, 1, 1);
        assert!(illustrator.wants(&record));
        illustrator.left = 0;
        assert!(!illustrator.wants(&record));
        illustrator.which = Thumbnails::All;
        assert!(illustrator.wants(&record));
    }
}
