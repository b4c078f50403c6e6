//! What the tests of the pages in `web/tests` need on a desk: a drawer of software tokens with
//! certificates of the test PKI, and records to sign.
//!
//! `page-desk FOLDER` makes `FOLDER/softhsm`, `FOLDER/hoc-ba.pdf` and `FOLDER/cong-van.pdf`, unless
//! they are there. The PIN of each token is `12345678`.

use std::error::Error;
use std::path::{Path, PathBuf};

use trien_testkit::pki::{PkiSettings, Role, TestPki};
use trien_testkit::records::{
    Conformance, PageShape, Record, SignatureFields, official_letter, school_report,
};
use trien_testkit::structures::{Structure, write};
use trien_testkit::tokens::{
    ContextLogin, FillRequest, Filler, TEST_PIN, TokenPlan, TokenSet, fill_if_asked,
};

fn main() -> Result<(), Box<dyn Error>> {
    if fill_if_asked()? == FillRequest::Filled {
        return Ok(());
    }
    let folder = std::env::args_os()
        .nth(1)
        .ok_or("usage: page-desk FOLDER")?;
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder)?;
    if !folder.join("softhsm/softhsm2.conf").is_file() {
        make_tokens(&folder)?;
    }
    let save = |name: &str, record: &Record| {
        let octets = write(&record.document, Structure::ClassicTable);
        std::fs::write(folder.join(name), octets)
    };
    let (fields, conformance) = (SignatureFields::Absent, Conformance::PdfA2b);
    save("hoc-ba.pdf", &school_report(2, fields, conformance)?)?;
    let letter = official_letter(PageShape::A4, 1, conformance)?;
    std::fs::write(
        folder.join("cong-van.pdf"),
        write(&letter, Structure::ClassicTable),
    )?;
    Ok(())
}

/// The principal's token alone: a school has one for each signer.
fn make_tokens(folder: &Path) -> Result<(), Box<dyn Error>> {
    let pki = TestPki::open_or_make(&folder.join("pki"), PkiSettings::default())?;
    let role = Role::Principal;
    let authority = pki.identity(role.issuer())?;
    let plan = TokenPlan::new(role.label(), TEST_PIN)
        .with_identity(pki.identity(role)?, ContextLogin::NotAsked)?
        .with_certificate(authority.name(), &authority.certificate_der()?);
    TokenSet::make(&folder.join("softhsm"), &[plan], &Filler::ThisProgram)?;
    Ok(())
}
