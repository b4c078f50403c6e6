//! Sample records as schools keep them: a học bạ, a class's forty-five of them, a scan of 100 MB, a
//! register of 20,000 pages. The same arguments give the same octets on a machine with the same
//! fonts.
//!
//! Knows nothing of signatures; prepared fields are empty.

mod archive;
mod assemble;
pub(crate) mod document;
mod error;
mod fonts;
mod large;
mod letter;
mod lettering;
mod noise;
mod page;
mod picture;
mod pupil;
mod school_report;
mod sparse;

pub use document::PlainDocument;
pub use error::RecordError;
pub use fonts::SystemFonts;
pub use large::{OBJECTS_PER_PAGE, many_pages, scanned_pages};
pub use letter::{PageShape, official_letter};
pub use noise::noise;
pub use page::Rectangle;
pub use picture::Picture;
pub use sparse::sparse_scan;

use assemble::{About, assemble};
use page::{Faces, Page};
use pupil::Pupil;
use school_report::{Grade, Portrait};
use trien_pdf::appearance::Image;

/// Whether empty signature fields stand at the places for signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureFields {
    /// No form at all.
    Absent,
    /// One field for each [`SignaturePlace`].
    Prepared,
}

/// What the file claims to conform to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conformance {
    /// Nothing beyond PDF 1.7.
    Plain,
    /// PDF/A-2b (ISO 19005-2): metadata and output intent.
    PdfA2b,
}

/// Where a signature belongs on a record.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SignaturePlace {
    /// Name of the field: the label of the role that signs, on class reports with the page.
    pub field: String,
    /// Page, from 0.
    pub page: usize,
    /// Left, bottom, right and top in points.
    pub rectangle: Rectangle,
}

/// A record and the places for its signatures.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Record {
    /// The document; `structures` writes it as a file.
    pub document: PlainDocument,
    /// Places for signatures, in the order in which they are signed.
    pub places: Vec<SignaturePlace>,
}

/// A học bạ: a cover and one page for each of `grades` (1 to 4) grades, one pupil. The last page
/// has the fields `GiaoVienChuNhiem`, `HieuTruong` and `ConDau`.
///
/// # Errors
/// No font is installed.
pub fn school_report(
    grades: u16,
    fields: SignatureFields,
    conformance: Conformance,
) -> Result<Record, RecordError> {
    report_of(&Pupil::number(1), grades, fields, conformance)
}

/// A pupil who does not exist, and the học bạ.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PupilReport {
    /// Full name.
    pub name: String,
    /// Day of birth, as it is written in Vietnam: `31/05/2014`.
    pub born: String,
    /// Personal identification number, beginning with 000, which no person's does.
    pub identifier: String,
    /// The học bạ: cover and one grade.
    pub record: Record,
}

/// The học bạ of the pupil of a number, as [`school_report()`] makes it of one grade.
///
/// # Errors
/// No font is installed.
pub fn pupil_report(
    number: u32,
    fields: SignatureFields,
    conformance: Conformance,
) -> Result<PupilReport, RecordError> {
    let pupil = Pupil::number(number);
    let record = report_of(&pupil, 1, fields, conformance)?;
    Ok(PupilReport {
        name: pupil.name,
        born: pupil.born,
        identifier: pupil.identifier,
        record,
    })
}

fn report_of(
    pupil: &Pupil,
    grades: u16,
    fields: SignatureFields,
    conformance: Conformance,
) -> Result<Record, RecordError> {
    let fonts = SystemFonts::find()?;
    let faces = Faces::parse(&fonts)?;
    let last = 2026_u16;
    let grades: Vec<Grade> = (0..grades.clamp(1, 4))
        .map(|years| Grade {
            number: 6_u16.saturating_add(years),
            ends: last
                .saturating_add(years)
                .saturating_sub(grades.clamp(1, 4).saturating_sub(1)),
        })
        .collect();
    let mut pages = vec![school_report::cover(&faces, pupil, &grades, 0)?];
    for grade in &grades {
        let number = pages.len().saturating_add(1);
        let what = (Portrait::Absent, number, "");
        let mut page = school_report::grade_page(&faces, pupil, *grade, what)?;
        if number <= grades.len() {
            page.fields.clear();
        }
        pages.push(page);
    }
    let portrait = Image::parse(&Picture::portrait(pupil.seed, 360, 480).to_jpeg(88)?)?;
    let title = format!("Học bạ: {}", pupil.name);
    finish(
        &pages,
        &[portrait],
        &faces,
        About {
            title: &title,
            fields,
            conformance,
        },
    )
}

/// The học bạ pages of a whole class, one page and one portrait for each of `pupils`: 45 pupils
/// make a file of about 2 MB. The name of a field ends in the page: `HieuTruong-7`.
///
/// # Errors
/// No font is installed.
pub fn class_reports(
    pupils: u16,
    fields: SignatureFields,
    conformance: Conformance,
) -> Result<Record, RecordError> {
    let fonts = SystemFonts::find()?;
    let faces = Faces::parse(&fonts)?;
    let grade = Grade {
        number: 6,
        ends: 2026,
    };
    let mut pages = Vec::new();
    let mut portraits = Vec::new();
    for number in 1..=pupils {
        let pupil = Pupil::number(number.into());
        let index = portraits.len();
        let suffix = format!("-{number}");
        let what = (Portrait::Shown(index), usize::from(number), suffix.as_str());
        pages.push(school_report::grade_page(&faces, &pupil, grade, what)?);
        let portrait = Picture::portrait(number.into(), 360, 480).to_jpeg(88)?;
        portraits.push(Image::parse(&portrait)?);
    }
    let title = "Học bạ lớp 6A1, năm học 2025 - 2026";
    finish(
        &pages,
        &portraits,
        &faces,
        About {
            title,
            fields,
            conformance,
        },
    )
}

fn finish(
    pages: &[Page],
    pictures: &[Image],
    faces: &Faces<'_>,
    about: About<'_>,
) -> Result<Record, RecordError> {
    let places = pages
        .iter()
        .enumerate()
        .flat_map(|(page, content)| {
            content
                .fields
                .iter()
                .map(move |(field, rectangle)| SignaturePlace {
                    field: field.clone(),
                    page,
                    rectangle: *rectangle,
                })
        })
        .collect();
    let document = assemble(pages, pictures, faces, about)?;
    Ok(Record { document, places })
}
