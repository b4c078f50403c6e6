//! What the tests sign with and what they sign: the test PKI's keys, the school's records.
//! Knows nothing of how a judge is asked.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use trien::appearance::{Border, Colour, EmbeddedFont, FontFace, Image, ImagePlace, Line, Mark};
use trien::token::SoftKey;
use trien::trust::{AnchorFolder, FolderLimits, TrustAnchors};
use trien::{
    Conclusion, Document, DocumentConclusion, Drawing, Finding, IntegrityFact, Level, Limits,
    Outcome, Report, SignatureRequest, SigningKey, UnixTime, Verification,
};
use trien_policy::{ChangesFact, CoverageFact, IndeterminateBecause, PathFact};
use trien_testkit::pki::{Identity, PkiSettings, Role, TestPki};
use trien_testkit::records::{
    Conformance, Picture, PlainDocument, Record, RecordError, SignatureFields, SystemFonts,
    school_report,
};
use trien_testkit::structures::{Structure, write};

use crate::judges::{Case, Exception, Trust};

/// 2026-05-31T08:00:00+07:00: inside every validity of the test PKI.
pub(crate) const SIGNED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200);

/// A year later, still inside.
pub(crate) const JUDGED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200 + 365 * 86_400);

/// Who signs a học bạ, in this order: the seal comes last.
pub(crate) const SIGNERS: [Role; 3] = [Role::HomeroomTeacher, Role::Principal, Role::SchoolSeal];

/// A folder below the target folder that is kept between runs.
pub(crate) fn kept_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The test PKI; its keys are made once and shared with the tests of the test kit.
pub(crate) fn pki() -> &'static TestPki {
    static PKI: OnceLock<TestPki> = OnceLock::new();
    PKI.get_or_init(|| TestPki::open_or_make(&kept_folder("keys"), PkiSettings::default()).unwrap())
}

/// The roots of the test PKI in a folder, for us and for the judges.
pub(crate) fn anchor_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = kept_folder("trien-anchors");
        pki().write_anchors(&folder).unwrap();
        folder
    })
}

pub(crate) fn anchors() -> &'static TrustAnchors {
    static ANCHORS: OnceLock<TrustAnchors> = OnceLock::new();
    ANCHORS.get_or_init(|| {
        let AnchorFolder {
            anchors, problems, ..
        } = TrustAnchors::read_dir(anchor_folder(), &FolderLimits::default()).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(anchors.len(), Role::ANCHORS.len());
        anchors
    })
}

/// Every judge accepts every case, told to trust the roots of the test PKI.
pub(crate) fn assert_accepted(cases: &[Case], exceptions: &[Exception]) {
    crate::judges::assert_accepted(trust(), cases, exceptions);
}

pub(crate) fn trust() -> Trust<'static> {
    Trust {
        anchors: anchor_folder(),
        moment: JUDGED_AT,
    }
}

/// The key of an identity, with its certificate and those of its issuers.
pub(crate) fn key_of(identity: &Identity) -> SoftKey {
    SoftKey::new(identity.key().to_owned(), &identity.path_der().unwrap()).unwrap()
}

pub(crate) fn key(role: Role) -> SoftKey {
    key_of(pki().identity(role).unwrap())
}

/// `None`, said aloud, on a machine without a font for the records.
pub(crate) fn unless_fontless<T>(made: Result<T, RecordError>) -> Option<T> {
    match made {
        Err(RecordError::FontMissing) => {
            println!("SKIPPED: no record, {}", RecordError::FontMissing);
            None
        }
        made => Some(made.unwrap()),
    }
}

pub(crate) fn record(fields: SignatureFields, conformance: Conformance) -> Option<Record> {
    unless_fontless(school_report(1, fields, conformance))
}

/// A học bạ of two pages without a form.
pub(crate) fn plain_record(structure: Structure) -> Option<Vec<u8>> {
    let record = record(SignatureFields::Absent, Conformance::Plain)?;
    Some(write(&record.document, structure))
}

/// One empty page, for tests that need many small files.
pub(crate) fn empty_page() -> PlainDocument {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 595 842 ] /Resources << >> >>"
    ));
    document.set(
        pages,
        format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>"),
    );
    let catalogue = format!("<< /Type /Catalog /Pages {pages} 0 R >>");
    document.set(document.root, catalogue);
    document
}

/// A framed mark of these measures with a line of Vietnamese text and the seal behind it.
pub(crate) fn drawing(width: f32, height: f32) -> Option<Drawing> {
    let fonts = unless_fontless(SystemFonts::find())?;
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let seal = Image::parse(&Picture::seal(60).to_png().unwrap()).unwrap();
    let mark = Mark::new(width, height)
        .unwrap()
        .with_border(Border::new(0.75, Colour::RED))
        .unwrap()
        .with_line(Line::new("Ký bởi: Trường THCS Thử Nghiệm", 7.0))
        .unwrap()
        .with_image(seal, ImagePlace::Behind);
    let font = EmbeddedFont::new(&face, mark.texts()).unwrap();
    Some(Drawing::new(mark, font))
}

/// The road in one call, as a program would walk it.
pub(crate) fn sign(
    file: &[u8],
    key: &mut dyn SigningKey,
    request: SignatureRequest,
) -> Result<Vec<u8>, trien::Error> {
    let document = Document::open(file, &Limits::default()).unwrap();
    Ok(trien::sign(&document, key, request)?.to_vec())
}

/// Signed by a role in the field of its label.
pub(crate) fn signed_by(file: &[u8], role: Role) -> Vec<u8> {
    let request = SignatureRequest::new(role.label(), SIGNED_AT);
    sign(file, &mut key(role), request).unwrap()
}

pub(crate) fn verify(file: &[u8]) -> Report {
    trien::verify(file, &Verification::new(anchors(), JUDGED_AT))
}

/// Every signature holds, covers its revision, was followed by nothing forbidden, and leads to
/// an anchor; nothing in the judgement fails. Says what is wrong.
pub(crate) fn sound(report: &Report, fields: &[&str]) -> Result<(), String> {
    let found: Vec<&str> = report
        .signatures
        .iter()
        .map(|signature| signature.facts.field.as_str())
        .collect();
    if found != fields {
        return Err(format!("fields {found:?} instead of {fields:?}"));
    }
    for (index, signature) in report.signatures.iter().enumerate() {
        let facts = &signature.facts;
        let (coverage, changes) = if index + 1 == fields.len() {
            (CoverageFact::WholeFile, ChangesFact::None)
        } else {
            (CoverageFact::Revision, ChangesFact::Permitted)
        };
        let failed =
            |finding: &&Finding| finding.outcome == Outcome::Fail && finding.level == Level::Fail;
        if facts.integrity != IntegrityFact::Intact
            || facts.coverage != coverage
            || ChangesFact::of(&facts.changes) != changes
            || !matches!(facts.path, PathFact::Found { .. })
            || facts.level.as_deref() != Some("PAdES-B-B")
            || signature.findings.iter().any(|finding| failed(&finding))
        {
            return Err(format!(
                "{}: {:?} {:?} {:?} {:?}",
                facts.field, facts.integrity, facts.coverage, facts.changes, facts.path,
            ));
        }
        // Whether a certificate was revoked is not asked yet, so nothing passes altogether.
        if !matches!(
            signature.conclusion,
            Conclusion::Passed | Conclusion::Indeterminate(IndeterminateBecause::TryLater)
        ) {
            return Err(format!("{}: {:?}", facts.field, signature.conclusion));
        }
    }
    match report.conclusion {
        DocumentConclusion::Valid | DocumentConclusion::Indeterminate => Ok(()),
        _ => Err(format!("{:?}: {:?}", report.conclusion, report.document)),
    }
}

pub(crate) fn assert_sound(file: &[u8], fields: &[&str], what: &str) {
    if let Err(wrong) = sound(&verify(file), fields) {
        panic!("{what}: {wrong}");
    }
}
