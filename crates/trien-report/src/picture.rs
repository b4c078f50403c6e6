//! Pictures of the pages of a document, with the places of its marks and of later changes.
//! Draws in processes of their own, a bounded number of times; judges nothing.

use std::collections::BTreeSet;
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

/// Pages of a document that are drawn where fewer have marks or changes: its first ones are added.
pub const PICTURED_PAGES: usize = 4;

/// Pages with marks or changes that are drawn of one document: a class's school reports in one file
/// have some hundred, 3 MB of pictures. The report says how many more there are.
pub const PICTURED_MARKED_PAGES: usize = 40;

/// Pages drawn in all unless it is said otherwise: some 100 MB. A document that is begun keeps its
/// pages.
const PICTURED_PAGES_IN_ALL: usize = 1_200;

/// Width over height of A4, for a page of which nobody knows how large it is.
const A4: f64 = 210.0 / 297.0;

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
    documents_left: usize,
    pages_left: usize,
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
            documents_left: PICTURED_DOCUMENTS,
            pages_left: PICTURED_PAGES_IN_ALL,
        }
    }

    /// Whether this document has pictures: whoever must first unpack it asks before.
    #[must_use]
    pub fn wants(&self, record: &Record) -> bool {
        match self.which {
            Thumbnails::None => false,
            Thumbnails::Objections => {
                self.documents_left > 0
                    && self.pages_left > 0
                    && is_objected_to(record)
                    && !record.signatures.is_empty()
            }
            Thumbnails::All => true,
        }
    }

    /// The pictures of a document; none where none are wanted or it cannot be read.
    pub fn pictures(&mut self, record: &Record, document: &File) -> Vec<DocumentPicture> {
        if !self.wants(record) {
            return Vec::new();
        }
        let Ok(octets) = MappedFile::map(document) else {
            return Vec::new();
        };
        let Ok(opened) = Document::open(&octets, &Limits::default()) else {
            return Vec::new();
        };
        self.documents_left = self.documents_left.saturating_sub(1);
        let pages = pages_of(record);
        self.pages_left = self.pages_left.saturating_sub(pages.len());
        pages
            .into_iter()
            .filter_map(|page| Some((page, page.checked_sub(1)?)))
            .map(|(page, index)| {
                let view = opened.page(index).ok().map(|page| *page.view());
                let proportion = view.as_ref().and_then(proportion);
                DocumentPicture {
                    page,
                    proportion: proportion.unwrap_or(A4),
                    image: proportion.and_then(|_| self.image(document, index)),
                    outlines: view
                        .filter(|_| proportion.is_some())
                        .map(|view| outlines_of(record, page, &view))
                        .unwrap_or_default(),
                }
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

/// Width over height, where both are something.
fn proportion(view: &PageView) -> Option<f64> {
    let (width, height) = view.size();
    let proportion = width / height;
    (proportion.is_finite() && proportion > 0.0).then_some(proportion)
}

/// The pages to draw: every one with a mark or a change, then the first ones. Where there are too
/// many of the former, forbidden changes go before marks, and those before what is permitted.
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
    // How many there are may not be known; a page that a mark stands on is there.
    let is_there = |page: usize| page > 0 && record.archive.pages.is_none_or(|last| page <= last);
    let count = record.archive.pages.unwrap_or(1);
    let mut seen = BTreeSet::new();
    let mut pages: Vec<usize> = changes(ChangeVerdict::Forbidden)
        .chain(marks)
        .chain(changes(ChangeVerdict::Permitted))
        .filter(|page| is_there(*page) && seen.insert(*page))
        .take(PICTURED_MARKED_PAGES)
        .collect();
    pages.sort_unstable();
    let first = PICTURED_PAGES.saturating_sub(pages.len());
    let unmarked: Vec<usize> = (1..=count)
        .filter(|page| !pages.contains(page))
        .take(first)
        .collect();
    pages.extend(unmarked);
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
        assert_eq!(pages_of(&signed(300, 40, 41)), [40, 41, 1, 2]);
        assert_eq!(pages_of(&signed(2, 2, 0)), [2, 1]);
        // A page that the document does not have is none.
        assert_eq!(pages_of(&signed(2, 1, 7)), [1, 2]);
        assert_eq!(pages_of(&record("unsigned", "", "")), [1]);
    }

    #[test]
    fn every_page_with_a_mark_or_a_change_is_drawn_up_to_a_bound() {
        let many = |count: usize| {
            let mut record = signed(300, 200, 1);
            let one = record.signatures.first().cloned();
            record.signatures = (0..count)
                .filter_map(|place| {
                    let mut one = one.clone()?;
                    one.placed.as_mut()?.page = place.saturating_add(10);
                    one.change_list.first_mut()?.page = Some(300_usize.saturating_sub(place));
                    Some(one)
                })
                .collect();
            record
        };
        let expected: Vec<usize> = (10..=15).chain(295..=300).collect();
        assert_eq!(pages_of(&many(6)), expected);
        let bounded = pages_of(&many(100));
        assert_eq!(bounded.len(), PICTURED_MARKED_PAGES);
        // Forbidden changes went before marks.
        assert_eq!(bounded.first(), Some(&261));
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
        illustrator.documents_left = 0;
        assert!(!illustrator.wants(&record));
        illustrator.documents_left = 1;
        illustrator.pages_left = 0;
        assert!(!illustrator.wants(&record));
        illustrator.which = Thumbnails::All;
        assert!(illustrator.wants(&record));
    }
}
