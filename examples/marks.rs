//! Every kind of mark on the page, on letters of the test kit: signs them with the test PKI and
//! draws each page with poppler and `MuPDF`, so that eyes can judge what tests only measure.
//!
//! `marks [FOLDER]`, `target/marks` when none is named. Exit status: 0 when all pages were drawn
//! by both programs, 2 otherwise.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program prints; the library it shows does not"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use trien::mark::{
    CopyKind, InkRule, MarkError, Marks, Occurrence, Place, SealImage, SerifFont, SignatureImage,
    TextMark,
};
use trien::token::SoftKey;
use trien::{Document, Language, Limits, SignatureRequest, UnixTime, WhereShown};
use trien_examples::{Ending, mark_words, print_chain};
use trien_testkit::pki::{PkiSettings, Role, TestPki};
use trien_testkit::records::{
    Conformance, PageShape, Picture, SignatureFields, official_letter, school_report,
};
use trien_testkit::renderings::Renderer;
use trien_testkit::structures::{Structure, write};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// 2026-05-28T09:15:07+07:00: inside every validity of the test PKI.
const SIGNED_AT: UnixTime = UnixTime::from_seconds(1_779_934_507);

/// How finely pages are drawn.
const DOTS_PER_INCH: u16 = 150;

/// The seal's diameter in millimetres, as a school measures it on its own.
const DIAMETER: f64 = 36.0;

const TITLE: &str = "HIỆU TRƯỞNG";
const SCHOOL: &str = "Trường THCS Thử Nghiệm";

fn main() -> ExitCode {
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/marks"), PathBuf::from);
    match run(&folder) {
        Ok(()) => Ending::Well.into(),
        Err(error) => {
            match error.downcast_ref::<MarkError>() {
                Some(error) => eprintln!("marks: {}", mark_words(error, Language::Vi)),
                None => print_chain("marks", error.as_ref()),
            }
            Ending::Unable.into()
        }
    }
}

/// What marks are made of.
struct Maker {
    folder: PathBuf,
    pki: TestPki,
    font: SerifFont,
    signature: SignatureImage,
    seal: SealImage,
}

fn run(folder: &Path) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    let handwriting = Picture::handwriting(11, 300).to_png()?;
    let seal = Picture::lettered_seal(700)?.to_png()?;
    let maker = Maker {
        folder: folder.to_owned(),
        pki: TestPki::open_or_make(&folder.join("pki"), PkiSettings::default())?,
        font: SerifFont::find()?,
        signature: SignatureImage::parse(&handwriting, 45.0, InkRule::AsTheDecreeSays)?,
        seal: SealImage::parse(&seal, DIAMETER, InkRule::AsTheDecreeSays)?,
    };
    for (name, shape) in [
        ("a4", PageShape::A4),
        ("a4-ngang", PageShape::A4_LANDSCAPE),
        ("a5", PageShape::A5),
        ("xoay-90", PageShape::A4.rotated(90)),
        ("xoay-180", PageShape::A4.rotated(180)),
        (
            "xoay-270-cat-le",
            PageShape::A4
                .rotated(270)
                .cropped(40.0)
                .moved((-200.0, 55.0)),
        ),
        (
            "don-vi-2",
            PageShape::A4.in_units(2.0).moved((100.0, 100.0)),
        ),
    ] {
        maker.letter(name, shape)?;
    }
    maker.copies()?;
    maker.attachment()?;
    maker.information()?;
    maker.across_pages()?;
    maker.in_fields()
}

impl Maker {
    /// The road that all sheets take.
    fn sign(
        &self,
        file: &[u8],
        role: Role,
        field: &str,
        place: impl FnOnce(&mut Marks<'_, '_>) -> Outcome<()>,
    ) -> Outcome<Vec<u8>> {
        let document = Document::open(file, &Limits::default())?;
        let mut marks = Marks::on(&document, self.font.clone());
        place(&mut marks)?;
        let shown: WhereShown = marks.shown()?;
        let identity = self.pki.identity(role)?;
        let mut key = SoftKey::new(identity.key().to_owned(), &identity.path_der()?)?;
        let request = SignatureRequest::new(field, SIGNED_AT).shown(shown);
        Ok(trien::sign(&document, &mut key, request)?.to_vec())
    }

    fn finish(&self, name: &str, file: &[u8], pages: usize) -> Outcome<()> {
        let path = self.folder.join(format!("{name}.pdf"));
        fs::write(&path, file)?;
        for page in 0..pages {
            for renderer in Renderer::ALL {
                let number = page.saturating_add(1);
                let picture = self.folder.join(format!("{name}-{number}-{renderer}.png"));
                renderer.draw(&path, page, DOTS_PER_INCH, &picture)?;
                println!("{}", picture.display());
            }
        }
        Ok(())
    }

    fn empty(&self, shape: PageShape, pages: u16) -> Outcome<Vec<u8>> {
        let letter = official_letter(shape, pages, Conformance::PdfA2b)?;
        Ok(write(&letter, Structure::ClassicTable))
    }

    /// The principal signs under the title, the clerk seals over it.
    fn signed_and_sealed(&self, file: &[u8], page: usize) -> Outcome<Vec<u8>> {
        let signed = self.sign(file, Role::Principal, "HieuTruong", |marks| {
            let title = TITLE.to_owned();
            let occurrence = Occurrence::Only;
            let place = Place::Below {
                page,
                title,
                occurrence,
            };
            marks.signature(&self.signature, &place)?;
            Ok(())
        })?;
        self.sign(&signed, Role::SchoolSeal, "ConDau", |marks| {
            let field = "HieuTruong".to_owned();
            marks.seal(&self.seal, &Place::OverSignature { field })?;
            Ok(())
        })
    }

    fn letter(&self, name: &str, shape: PageShape) -> Outcome<()> {
        let file = self.signed_and_sealed(&self.empty(shape, 1)?, 0)?;
        let copy = TextMark::copy(CopyKind::SaoY, Some("05/SY-THCS"), SCHOOL, SIGNED_AT);
        let file = self.sign(&file, Role::SchoolSeal, "SaoY", |marks| {
            marks.text(&copy, &Place::UpperRight { page: 0 })?;
            Ok(())
        })?;
        self.finish(&format!("cong-van-{name}"), &file, 1)
    }

    fn copies(&self) -> Outcome<()> {
        for (name, kind) in [
            ("sao-luc", CopyKind::SaoLuc),
            ("trich-sao", CopyKind::TrichSao),
        ] {
            let copy = TextMark::copy(kind, None, SCHOOL, SIGNED_AT);
            let empty = self.empty(PageShape::A4, 1)?;
            let file = self.sign(&empty, Role::SchoolSeal, "BanSao", |marks| {
                marks.text(&copy, &Place::UpperRight { page: 0 })?;
                Ok(())
            })?;
            self.finish(name, &file, 1)?;
        }
        Ok(())
    }

    fn attachment(&self) -> Outcome<()> {
        let text = TextMark::attachment("12/THCS-VP", Some(SCHOOL), SIGNED_AT);
        let empty = self.empty(PageShape::A4, 1)?;
        let file = self.sign(&empty, Role::SchoolSeal, "PhuLuc", |marks| {
            marks.text(&text, &Place::UpperRight { page: 0 })?;
            Ok(())
        })?;
        self.finish("phu-luc", &file, 1)
    }

    fn information(&self) -> Outcome<()> {
        let reason = Some("Phát hành học bạ");
        let text = TextMark::information("Phạm Đức Thắng", Some(SCHOOL), reason, SIGNED_AT)
            .with_qr("https://tracuu.example.edu.vn/vb/2026/12-THCS-VP", 24.0)?;
        let empty = self.empty(PageShape::A4, 1)?;
        let place = Place::At {
            page: 0,
            left: 30.0,
            top: 200.0,
        };
        let file = self.sign(&empty, Role::Principal, "HieuTruong", |marks| {
            marks.text(&text, &place)?;
            Ok(())
        })?;
        self.finish("thong-tin", &file, 1)
    }

    /// One signature whose seal stands over the principal's and across all pages.
    fn across_pages(&self) -> Outcome<()> {
        let pages: u16 = 6;
        let empty = self.empty(PageShape::A4, pages)?;
        let last = usize::from(pages).saturating_sub(1);
        let signed = self.sign(&empty, Role::Principal, "HieuTruong", |marks| {
            let title = TITLE.to_owned();
            let occurrence = Occurrence::Last;
            let place = Place::Below {
                page: last,
                title,
                occurrence,
            };
            marks.signature(&self.signature, &place)?;
            Ok(())
        })?;
        let file = self.sign(&signed, Role::SchoolSeal, "ConDau", |marks| {
            let field = "HieuTruong".to_owned();
            marks.seal(&self.seal, &Place::OverSignature { field })?;
            marks.seal_across_pages(&self.seal, 120.0)?;
            Ok(())
        })?;
        self.finish("giap-lai", &file, pages.into())
    }

    /// A học bạ with fields that wait for their signatures.
    fn in_fields(&self) -> Outcome<()> {
        let record = school_report(1, SignatureFields::Prepared, Conformance::PdfA2b)?;
        let mut file = write(&record.document, Structure::ClassicTable);
        for role in [Role::HomeroomTeacher, Role::Principal, Role::SchoolSeal] {
            let field = role.label().to_owned();
            let place = Place::Field { field };
            // The field's rectangle has 102 points, 35.98 mm.
            let seal = SealImage::parse(
                &Picture::lettered_seal(700)?.to_png()?,
                35.9,
                InkRule::AsTheDecreeSays,
            )?;
            file = self.sign(&file, role, role.label(), |marks| {
                if role == Role::SchoolSeal {
                    marks.seal(&seal, &place)?;
                } else {
                    marks.signature(&self.signature, &place)?;
                }
                Ok(())
            })?;
        }
        self.finish("hoc-ba", &file, 2)
    }
}
