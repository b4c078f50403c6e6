//! Writes seeds of the fuzz targets into a folder, one folder for each kind of octets: PDF files
//! of every structure, files of other folders named behind it, read in place, and what is inside.

#![expect(
    clippy::print_stderr,
    reason = "a program for people: what it leaves out goes to standard error"
)]

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use trien_testkit::parts::Parts;
use trien_testkit::records::{self, Conformance, PlainDocument, SignatureFields};
use trien_testkit::seeds;
use trien_testkit::structures::{Structure, write};

/// Larger files make a fuzzer slow, not wise.
const LARGEST_SEED: usize = 48 * 1024;

/// What is inside a larger file is not looked at.
const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// Stands in every file that has a signature.
const SIGNED: &[u8] = b"/ByteRange";

/// Objects of one file written as seeds of the object target, and its cross-reference sections.
const FRAGMENTS: usize = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments
        .next()
        .ok_or("usage: make-seeds FOLDER [FOLDER_OF_PDF_FILES]…")?;
    let mut files = own_files();
    for other in arguments {
        collect(&other, &mut files)?;
    }
    let mut parts = Parts::default();
    let mut objects = BTreeSet::new();
    let mut sections = BTreeSet::new();
    let mut fonts = BTreeSet::new();
    let mut images = seeds::images()?;
    let mut prepared = BTreeSet::from([seeds::STAGE.to_vec()]);
    for file in &files {
        parts.join(Parts::of_pdf(file));
        objects.extend(pieces(file, b" obj", 8));
        sections.extend(pieces(file, b"\nxref", 0));
        sections.extend(pieces(file, b"/XRef", 400));
        let (more_fonts, more_images) = seeds::fonts_and_images(file);
        fonts.extend(more_fonts);
        images.extend(more_images);
        if file.windows(SIGNED.len()).any(|window| window == SIGNED) {
            prepared.insert(file.clone());
        }
    }
    files.retain(|file| file.len() <= LARGEST_SEED);
    for (name, seeds) in [
        ("anchor", seeds::anchors(&parts)?),
        ("certificate", parts.certificates),
        ("cms", parts.cms),
        ("crl", parts.crls),
        ("font", fonts),
        ("image", images),
        ("object", objects),
        ("ocsp", parts.ocsp_responses),
        ("pdf", files),
        ("prepared", prepared),
        ("private_key", seeds::private_keys()?),
        ("profile", seeds::profiles()),
        ("time_stamp", parts.time_stamps),
        ("xref", sections),
    ] {
        save(&folder.join(name), &seeds)?;
    }
    Ok(())
}

/// A page with an empty field in every structure, and a record with fields.
fn own_files() -> BTreeSet<Vec<u8>> {
    let mut files = BTreeSet::new();
    for structure in Structure::ALL {
        files.insert(write(&small(), structure));
    }
    let report = records::school_report(1, SignatureFields::Prepared, Conformance::Plain);
    match report {
        Ok(report) => {
            for structure in Structure::ALL {
                files.insert(write(&report.document, structure));
            }
        }
        Err(error) => eprintln!("SKIPPED: seeds with fonts: {error}"),
    }
    files
}

fn small() -> PlainDocument {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let page = document.allocate();
    let field = document.add(format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Chu ky) /F 132 /Rect [ 9 9 90 40 ] \
         /P {page} 0 R /Lock << /Type /SigFieldLock /Action /Include /Fields [ (Chu ky) ] >> >>"
    ));
    let text = document.add(format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Diem) /V (9) /Rect [ 9 50 90 80 ] \
         /P {page} 0 R >>"
    ));
    let content = document.add_stream("", b"0 0 m 9 9 l S");
    document.set(
        page,
        format!(
            "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 99 99 ] /Contents {content} 0 R \
             /Resources << >> /Annots [ {field} 0 R {text} 0 R ] >>"
        ),
    );
    let tree = format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>");
    document.set(pages, tree);
    let catalogue = format!(
        "<< /Type /Catalog /Pages {pages} 0 R \
         /AcroForm << /SigFlags 3 /Fields [ {field} 0 R {text} 0 R ] >> >>"
    );
    document.set(document.root, catalogue);
    document
}

/// Every PDF file below `folder`.
fn collect(folder: &Path, files: &mut BTreeSet<Vec<u8>>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            let mut file = Vec::new();
            let open = std::fs::File::open(&path)?;
            open.take(LARGEST_FILE).read_to_end(&mut file)?;
            files.insert(file);
        }
    }
    Ok(())
}

/// Up to 2 kB of the file from `before` octets ahead of each `mark`.
fn pieces(file: &[u8], mark: &[u8], before: usize) -> Vec<Vec<u8>> {
    let places = file
        .windows(mark.len())
        .enumerate()
        .filter(|(_, window)| *window == mark)
        .map(|(place, _)| place);
    places
        .take(FRAGMENTS)
        .map(|place| {
            let rest = file.get(place.saturating_sub(before)..).unwrap_or_default();
            let start = rest.iter().take_while(|octet| !octet.is_ascii_graphic());
            let rest = rest.get(start.count()..).unwrap_or_default();
            rest.get(..2048).unwrap_or(rest).to_vec()
        })
        .collect()
}

/// Numbers as names: libFuzzer renames what it keeps.
fn save(folder: &Path, seeds: &BTreeSet<Vec<u8>>) -> Result<(), Box<dyn Error>> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        if seed.len() <= LARGEST_SEED {
            std::fs::write(folder.join(format!("{number:05}")), seed)?;
        }
    }
    Ok(())
}
