//! The files, made anew from the test PKI and the test kit's makers.

use std::error::Error;
use std::fs;
use std::path::Path;

use trien::token::SoftKey;
use trien::{Document, Limits, SignatureRequest, SignedDocument};
use trien_testkit::pki::{Identity, PkiSettings, Role, TestPki};
use trien_testkit::records::{self, PlainDocument, noise};
use trien_testkit::services::{CrlPlan, make_crl};
use trien_testkit::structures::{Structure, write};

use crate::{JUDGED_AT, SIGNED_AT};

/// Different files of one row: so many that no two in succession are the same.
const FILES: u32 = 32;
/// Octets of the picture that makes a page a file of 50 kB.
const PICTURE_OCTETS: usize = 49_000;

pub(crate) fn pki(folder: &Path) -> Result<TestPki, Box<dyn Error>> {
    Ok(TestPki::open_or_make(
        &folder.join("keys"),
        PkiSettings::default(),
    )?)
}

pub(crate) fn key(identity: &Identity) -> Result<SoftKey, Box<dyn Error>> {
    Ok(SoftKey::new(
        identity.key().to_owned(),
        &identity.path_der()?,
    )?)
}

pub(crate) fn make(folder: &Path) -> Result<(), Box<dyn Error>> {
    let pki = pki(folder)?;
    pki.write_certificates(folder)?;
    // For programs that sign whole files.
    let signer = pki.identity(Role::Principal)?;
    let authority = pki.identity(Role::Principal.issuer())?;
    let (own, issuer) = (signer.certificate_pem()?, authority.certificate_pem()?);
    fs::write(
        folder.join("signer.pem"),
        [signer.key_pem()?, own.clone(), issuer.clone()].concat(),
    )?;
    fs::write(folder.join("signer.key.pem"), signer.key_pem()?)?;
    fs::write(folder.join("signer.certificate.pem"), own)?;
    fs::write(folder.join("signer.authority.pem"), issuer)?;
    let evidence = folder.join("evidence");
    fs::create_dir_all(&evidence)?;
    for role in Role::ANCHORS
        .into_iter()
        .chain(Role::SIGNERS.map(Role::issuer))
    {
        let plan = CrlPlan::new(JUDGED_AT.plus_seconds(-3_600));
        let list = make_crl(pki.identity(role)?, &plan)?;
        fs::write(evidence.join(format!("{}.crl", role.label())), list)?;
    }
    for row in ["plain", "one", "ten", "three"] {
        fs::create_dir_all(folder.join(row))?;
    }
    for number in 0..FILES {
        let name = format!("{number:02}.pdf");
        let page = write(&page(number, PICTURE_OCTETS), Structure::ClassicTable);
        fs::write(folder.join("plain").join(&name), &page)?;
        let one = signed(&pki, page.clone(), 1)?;
        fs::write(folder.join("one").join(&name), one)?;
        let ten = signed(&pki, page, 10)?;
        fs::write(folder.join("ten").join(&name), ten)?;
        let small = write(&self::page(number, 3_000), Structure::ClassicTable);
        let three = signed(&pki, small, 3)?;
        fs::write(folder.join("three").join(&name), three)?;
    }
    let scans = write(&records::scanned_pages(9), Structure::ClassicTable);
    row(&pki, folder, "scans", scans)?;
    let mut pages = Vec::new();
    records::many_pages(&mut pages, 20_000)?;
    row(&pki, folder, "pages", pages)?;
    let stream = write(&many_objects(30_000), Structure::ObjectStreams);
    row(&pki, folder, "stream", stream)
}

/// A file of its own, signed not at all, once and twice.
fn row(pki: &TestPki, folder: &Path, name: &str, file: Vec<u8>) -> Result<(), Box<dyn Error>> {
    let folder = folder.join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("0.pdf"), &file)?;
    let once = signed(pki, file, 1)?;
    fs::write(folder.join("1.pdf"), &once)?;
    let twice = signed_from(pki, once, 1, 2)?;
    fs::write(folder.join("2.pdf"), twice)?;
    Ok(())
}

pub(crate) fn signed(
    pki: &TestPki,
    file: Vec<u8>,
    times: usize,
) -> Result<Vec<u8>, Box<dyn Error>> {
    signed_from(pki, file, 0, times)
}

/// Bears `until` signatures when it bore `from`.
fn signed_from(
    pki: &TestPki,
    file: Vec<u8>,
    from: usize,
    until: usize,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = file;
    let roles = [Role::HomeroomTeacher, Role::Principal, Role::SchoolSeal];
    for number in from..until {
        // The seal comes last.
        let role = match number {
            _ if number + 1 == until && until > 2 => roles[2],
            _ => roles[number % 2],
        };
        let time = SIGNED_AT.plus_seconds(60 * i64::try_from(number)?);
        let request = SignatureRequest::new(format!("Signature{}", number + 1), time)
            .with_reason("Ký duyệt học bạ");
        let document = Document::open(&file, &Limits::default())?;
        let signed = trien::sign(&document, &mut key(pki.identity(role)?)?, request)
            .map(|signed: SignedDocument<'_>| signed.to_vec())?;
        file = signed;
    }
    Ok(file)
}

/// One page with a picture of so many octets that no filter makes smaller.
pub(crate) fn page(number: u32, octets: usize) -> PlainDocument {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let image = document.add_stream(
        &format!(
            "/Type /XObject /Subtype /Image /Width {} /Height 100 /ColorSpace /DeviceGray \
             /BitsPerComponent 8",
            octets / 100
        ),
        &noise(number, octets),
    );
    let font = document.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    let text = format!(
        "q 400 0 0 200 80 100 cm /Picture Do Q BT /F 14 Tf 72 760 Td (Hoc ba {number}) Tj ET"
    );
    let content = document.add_stream("", text.as_bytes());
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 595 842 ] /Contents {content} 0 R \
         /Resources << /Font << /F {font} 0 R >> /XObject << /Picture {image} 0 R >> >> >>"
    ));
    document.set(
        pages,
        format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>"),
    );
    let catalogue = format!("<< /Type /Catalog /Pages {pages} 0 R >>");
    document.set(document.root, catalogue);
    document
}

/// One page, and so many more objects in one list that the catalogue leads to.
pub(crate) fn many_objects(count: u32) -> PlainDocument {
    let mut document = page(0, 100);
    let mut list = String::from("[");
    for number in 0..count {
        let object = document.add(format!("<< /Number {number} /Text (Dong {number}) >>"));
        list.push_str(&format!(" {object} 0 R"));
    }
    list.push_str(" ]");
    let list = document.add(list);
    let catalogue = format!("<< /Type /Catalog /Pages 2 0 R /Rows {list} 0 R >>");
    document.set(document.root, catalogue);
    document
}
