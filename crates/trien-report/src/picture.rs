//! Pictures of the pages of a document, with the places of its marks and of later changes.
//! Draws in processes of their own, a bounded number of times; judges nothing.

mod drawing;
mod outline;
mod pages;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use trien::archive::Record;
use trien::{Document, Limits, MappedFile};
use trien_preview::{DrawFault, PagePicture, run_page_drawer};

use crate::view::is_objected_to;
use drawing::Drawers;
use outline::{outlines_of, proportion};
use pages::pages_of;

pub use outline::{Outline, OutlineKind};

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
    let [word, page, width, seconds] = arguments.as_slice() else {
        return DrawRequest::NotAsked;
    };
    let after = |argument: &OsString, name: &str| {
        argument
            .to_str()
            .and_then(|text| text.strip_prefix(name)?.parse::<u16>().ok())
    };
    let asked = (
        after(page, "--page="),
        after(width, "--width="),
        after(seconds, "--seconds="),
    );
    match asked {
        (Some(page), Some(width), Some(seconds)) if word == DRAWER => DrawRequest::Ended(
            run_page_drawer(page.into(), width, seconds.into())
                .map_or_else(DrawFault::status, |()| 0),
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
    /// Why it was not drawn; `None` where it was, or where nothing can be drawn.
    pub not_drawn: Option<NotDrawn>,
    /// Where marks and changes are.
    pub outlines: Vec<Outline>,
}

/// Why a page that could be drawn was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotDrawn {
    /// It took too long, or the time for the pictures of the whole run was over.
    Time,
}

/// Has pages drawn, several at a time, within a time that grows with the number of files: what is
/// left over when it ends has no pictures, and says so.
#[derive(Debug)]
pub struct Illustrator {
    drawers: Drawers,
    which: Thumbnails,
    documents_left: usize,
    pages_left: usize,
    /// In the order in which they were begun.
    begun: VecDeque<Begun>,
}

/// A document whose pages are being drawn.
#[derive(Debug)]
struct Begun {
    number: usize,
    pictures: Vec<DocumentPicture>,
    drawn: Receiver<(usize, Result<PagePicture, DrawFault>)>,
}

impl Begun {
    /// The pictures, when the last page is drawn.
    fn ended(mut self) -> (usize, Vec<DocumentPicture>) {
        for (place, drawn) in self.drawn {
            let Some(picture) = self.pictures.get_mut(place) else {
                continue;
            };
            if drawn != Err(DrawFault::TooMuch) {
                picture.not_drawn = None;
            }
            picture.image = drawn
                .ok()
                .map(|drawn| format!("data:image/png;base64,{}", STANDARD.encode(drawn.png)));
        }
        (self.number, self.pictures)
    }
}

impl Illustrator {
    /// With drawing processes of the running program, which must call [`draw_if_asked`].
    ///
    /// # Errors
    /// The system does not tell which program runs.
    pub fn new(which: Thumbnails) -> io::Result<Self> {
        Ok(Self::of_program(std::env::current_exe()?, which))
    }

    /// With drawing processes of another program that calls [`draw_if_asked`].
    #[must_use]
    pub fn of_program(program: PathBuf, which: Thumbnails) -> Self {
        Self {
            drawers: Drawers::new(program),
            which,
            documents_left: PICTURED_DOCUMENTS,
            pages_left: PICTURED_PAGES_IN_ALL,
            begun: VecDeque::new(),
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

    /// Another file was verified: pictures may take some more time.
    pub fn note_file(&self) {
        self.drawers.extend();
    }

    /// Begins to draw a document that the caller knows by `number`; nothing where no pictures are
    /// wanted or it cannot be read. `open` opens it, several times for one of many pages.
    pub fn begin(
        &mut self,
        number: usize,
        record: &Record,
        mut open: impl FnMut() -> io::Result<File>,
    ) {
        if !self.wants(record) {
            return;
        }
        let Ok(document) = open() else {
            return;
        };
        let Some(pictures) = undrawn(record, &document) else {
            return;
        };
        self.documents_left = self.documents_left.saturating_sub(1);
        self.pages_left = self.pages_left.saturating_sub(pictures.len());
        let (sender, drawn) = mpsc::channel();
        let mut pages = pictures
            .iter()
            .enumerate()
            .filter(|(_, picture)| picture.not_drawn.is_some())
            .filter_map(|(place, picture)| Some((place, picture.page.checked_sub(1)?)))
            .peekable();
        let mut document = Some(document);
        while pages.peek().is_some() {
            let lane = pages.by_ref().take(PICTURED_PAGES).collect();
            // Each has a place in the file of its own.
            if let Some(document) = document.take().or_else(|| open().ok()) {
                self.drawers.draw(document, lane, sender.clone());
            }
        }
        self.begun.push_back(Begun {
            number,
            pictures,
            drawn,
        });
    }

    /// The document that was begun first, with its pictures, where more are begun than processes
    /// draw: whoever asks after each that was begun holds few of them at a time.
    pub fn next_due(&mut self) -> Option<(usize, Vec<DocumentPicture>)> {
        if self.begun.len() > self.drawers.count() {
            self.next_left()
        } else {
            None
        }
    }

    /// The document that was begun first, with its pictures.
    pub fn next_left(&mut self) -> Option<(usize, Vec<DocumentPicture>)> {
        Some(self.begun.pop_front()?.ended())
    }
}

/// The pages of a document that are to be drawn; none of one that cannot be read.
fn undrawn(record: &Record, document: &File) -> Option<Vec<DocumentPicture>> {
    let octets = MappedFile::map(document).ok()?;
    let opened = Document::open(&octets, &Limits::default()).ok()?;
    let of = |page: usize| {
        let view = opened.page(page.checked_sub(1)?).ok();
        let view = view.map(|page| *page.view());
        let proportion = view.as_ref().and_then(proportion);
        Some(DocumentPicture {
            page,
            proportion: proportion.unwrap_or(A4),
            image: None,
            // Until it is drawn, and where nobody says that it is.
            not_drawn: proportion.map(|_| NotDrawn::Time),
            outlines: view
                .filter(|_| proportion.is_some())
                .map(|view| outlines_of(record, page, &view))
                .unwrap_or_default(),
        })
    };
    Some(pages_of(record).into_iter().filter_map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::pages::tests::signed;
    use super::*;

    #[test]
    fn only_exact_words_make_a_program_draw() {
        let asked = |words: &[&str]| draw_if_asked(words.iter().map(OsString::from));
        assert_eq!(asked(&["page-drawer"]), DrawRequest::NotAsked);
        assert_eq!(
            asked(&["page-drawer", "a.pdf", "b.pdf"]),
            DrawRequest::NotAsked
        );
        assert_eq!(
            asked(&["a.pdf", "--page=0", "--width=100", "--seconds=3"]),
            DrawRequest::NotAsked
        );
    }

    /// A document of one empty page.
    fn document() -> Vec<u8> {
        use pdf_writer::{Pdf, Rect, Ref};
        let mut pdf = Pdf::new();
        let (catalog, pages, page) = (Ref::new(1), Ref::new(2), Ref::new(3));
        pdf.catalog(catalog).pages(pages);
        pdf.pages(pages).kids([page]).count(1);
        let size = Rect::new(0.0, 0.0, 595.0, 842.0);
        pdf.page(page).parent(pages).media_box(size);
        pdf.finish()
    }

    #[test]
    fn when_the_time_is_over_documents_come_in_order_and_say_why_they_are_not_drawn() {
        let mut illustrator = Illustrator::of_program("/nowhere".into(), Thumbnails::All);
        let open = || {
            let mut file = tempfile::tempfile()?;
            io::Write::write_all(&mut file, &document())?;
            Ok(file)
        };
        illustrator.begin(7, &signed(1, 1, 1), open);
        // It could not be drawn at all, which no time would mend.
        let (_, pictures) = illustrator.next_left().unwrap();
        assert_eq!(pictures.first().unwrap().not_drawn, None);
        illustrator.drawers.stop();
        let many = illustrator.drawers.count() + 2;
        for number in 0..many {
            illustrator.begin(number, &signed(1, 1, 1), open);
        }
        let due: Vec<_> = std::iter::from_fn(|| illustrator.next_due()).collect();
        let left: Vec<_> = std::iter::from_fn(|| illustrator.next_left()).collect();
        assert_eq!((due.len(), left.len()), (2, many - 2));
        for (number, (known, pictures)) in due.iter().chain(&left).enumerate() {
            assert_eq!(number, *known);
            assert_eq!(pictures.len(), 1);
            assert_eq!(pictures.first().unwrap().not_drawn, Some(NotDrawn::Time));
        }
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
